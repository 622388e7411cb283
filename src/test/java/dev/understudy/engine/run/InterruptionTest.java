package dev.understudy.engine.run;

import static dev.understudy.engine.run.EngineFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class InterruptionTest {
    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new EngineFixture(directory);
    }

    @Test
    void aRequestStopsTheStepAndUndoesTheRun() {
        FakeStep two = asking("two", Interruption.Mode.UNDO);

        RunState state = fixture.run(fixture.step("one"), two);

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error()).map(Failure::code).contains("RUN_INTERRUPTED");
        assertThat(fixture.world).isEmpty();
        assertThat(fixture.heard(JournalEvent.Interrupted.class))
                .extracting(JournalEvent.Interrupted::resumable)
                .containsExactly(false);
    }

    @Test
    void aRequestToKeepLeavesTheRunResumable() {
        FakeStep two = asking("two", Interruption.Mode.KEEP);

        RunState state = fixture.run(fixture.step("one"), two);

        assertThat(state.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(fixture.world).containsExactly("one");
        assertThat(fixture.runs.state(state.run()).outcome()).isEqualTo(Outcome.INTERRUPTED);
        EngineFixture later = new EngineFixture(directory);
        later.world.addAll(fixture.world);
        assertThat(later.resume(state.run(), later.step("one"), later.step("two"))
                        .outcome())
                .isEqualTo(Outcome.PROVEN);
    }

    @Test
    void aSecondRequestStopsTheUndoAtOnceAndLeavesTheRunResumable() {
        FakeStep one = fixture.step("one");
        FakeStep two = asking("two", Interruption.Mode.UNDO).undoing(context -> {
            fixture.interruption.request(Interruption.Mode.UNDO);
            context.checkAlive();
        });

        RunState state = fixture.run(one, two);

        assertThat(state.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(fixture.world).containsExactly("one");
        EngineFixture later = new EngineFixture(directory);
        later.world.addAll(fixture.world);
        assertThat(later.abort(state.run(), later.step("one"), later.step("two"))
                        .outcome())
                .isEqualTo(Outcome.UNDONE);
        assertThat(later.world).isEmpty();
    }

    @Test
    void aFirstRequestDuringAnUndoLetsItFinish() {
        FakeStep one = fixture.step("one").undoing(context -> {
            fixture.interruption.request(Interruption.Mode.UNDO);
            context.checkAlive();
        });
        FakeStep two = fixture.step("two").applying(context -> {
            throw error(ErrorCode.FILE_IO, "no");
        });

        RunState state = fixture.run(one, two);

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error()).map(Failure::message).contains("no");
    }

    @Test
    void aRequestBeforeTheFirstStepMakesNothing() {
        fixture.interruption.request(Interruption.Mode.UNDO);

        RunState state = fixture.run(fixture.step("one"));

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.heard(JournalEvent.StepProbing.class)).isEmpty();
    }

    @Test
    void anInterruptedStepIsNotRetried() {
        FakeStep one = asking("one", Interruption.Mode.UNDO);
        fixture.retries = java.util.Map.of(
                "one",
                new RetryPolicy(java.util.Set.of(ErrorCode.RUN_INTERRUPTED), Patience.of(9, Duration.ofHours(1))));

        assertThat(fixture.run(one).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.heard(JournalEvent.Retrying.class)).isEmpty();
    }

    @Test
    void theJournalIsWrittenWhileTheThreadIsInterrupted() {
        FakeStep one = fixture.step("one").applying(context -> {
            fixture.interruption.request(Interruption.Mode.KEEP);
            context.record("half", "done");
            context.checkAlive();
        });

        RunState state = fixture.run(one);

        assertThat(fixture.runs.state(state.run()).facts().find("half")).contains("done");
    }

    /** A step that somebody asks to stop while it works. */
    private FakeStep asking(String name, Interruption.Mode mode) {
        return fixture.step(name).applying(context -> {
            fixture.interruption.request(mode);
            context.await("waiting for ever", Duration.ofDays(1), Duration.ofHours(1), () -> false);
        });
    }
}
