package dev.understudy.engine.run;

import static dev.understudy.engine.run.EngineFixture.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Verdict;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.StepState;
import dev.understudy.engine.journal.StepState.Phase;
import dev.understudy.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineTest {
    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new EngineFixture(directory);
    }

    @Test
    void stepsThatHaveWorkToDoAreProbedAppliedAndVerifiedInOrder() {
        RunState state = fixture.run(fixture.step("one"), fixture.step("two"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.world).containsExactly("one", "two");
        assertThat(fixture.journal(state.run()))
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "RunStarted",
                        "StepProbing",
                        "StepProbed",
                        "StepApplying",
                        "StepApplied",
                        "StepVerified",
                        "StepProbing",
                        "StepProbed",
                        "StepApplying",
                        "StepApplied",
                        "StepVerified",
                        "RunFinished");
        assertThat(state.steps()).extracting(StepState::phase).containsOnly(Phase.VERIFIED);
        assertThat(fixture.runs.state(state.run())).isEqualTo(state);
    }

    @Test
    void aStepWhoseGoalIsMetIsOnlyVerified() {
        fixture.world.add("one");

        RunState state = fixture.run(fixture.step("one"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.heard(JournalEvent.StepApplying.class)).isEmpty();
        assertThat(state.steps().get(0).evidence())
                .extracting(evidence -> evidence.claim())
                .containsExactly("one is there", "one stands");
    }

    @Test
    void applyingIsInTheJournalBeforeTheStepActs() {
        FakeStep step = fixture.step("one");
        step.applying(context ->
                assertThat(fixture.journal(context.run())).last().isInstanceOf(JournalEvent.StepApplying.class));

        assertThat(fixture.run(step).outcome()).isEqualTo(Outcome.PROVEN);
    }

    @Test
    void aConflictBeforeAnythingWasMadeIsARefusal() {
        FakeStep step = fixture.step("one");
        step.probing(context -> new Probe.Conflicting(error(ErrorCode.PREFLIGHT_FAILED, "in the way")));

        RunState state = fixture.run(step);

        assertThat(state.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(state.error()).map(Failure::message).contains("in the way");
        assertThat(fixture.heard(JournalEvent.StepUndoing.class)).isEmpty();
    }

    @Test
    void aStepThatRefusesWhileItLooksAtThingsInApplyIsARefusalToo() {
        FakeStep step = fixture.step("preflight");
        step.applying(context -> {
            throw error(ErrorCode.PREFLIGHT_FAILED, "not ready");
        });

        assertThat(fixture.run(step).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aFailureUndoesEveryStepThatBeganTheLastFirst() {
        FakeStep failing = fixture.step("three");
        failing.verifying(context -> new Verdict.Refuted(error(ErrorCode.FILE_IO, "it does not stand")));

        RunState state = fixture.run(fixture.step("one"), fixture.step("two"), failing, fixture.step("four"));

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error()).map(Failure::message).contains("it does not stand");
        assertThat(fixture.world).isEmpty();
        assertThat(fixture.heard(JournalEvent.StepUndone.class))
                .extracting(JournalEvent.StepUndone::step)
                .containsExactly("three", "two", "one");
        assertThat(state.steps())
                .extracting(StepState::phase)
                .containsExactly(Phase.UNDONE, Phase.UNDONE, Phase.UNDONE, Phase.PENDING);
    }

    @Test
    void anUndoThatFailsIsReportedAndDoesNotStopTheOthers() {
        FakeStep stubborn = fixture.step("two");
        stubborn.undoing(context -> {
            throw error(ErrorCode.UNDO_INCOMPLETE, "slot \"s\" is left");
        });
        FakeStep failing = fixture.step("three");
        failing.applying(context -> {
            throw error(ErrorCode.FILE_SYSTEM_FULL, "no space");
        });

        RunState state = fixture.run(fixture.step("one"), stubborn, failing);

        assertThat(state.outcome()).isEqualTo(Outcome.LEFT);
        assertThat(state.error()).map(Failure::message).contains("no space");
        assertThat(state.left()).extracting(Failure::message).containsExactly("slot \"s\" is left");
        assertThat(fixture.world).containsExactly("two");
    }

    @Test
    void whatIsLeftCanBeAbortedAgain() {
        AtomicInteger undos = new AtomicInteger();
        FakeStep stubborn = fixture.step("one");
        stubborn.undoing(context -> {
            if (undos.incrementAndGet() == 1) {
                throw error(ErrorCode.UNDO_INCOMPLETE, "left");
            }
        });
        stubborn.verifying(context -> new Verdict.Refuted(error(ErrorCode.FILE_IO, "no")));
        RunState left = fixture.run(stubborn);

        RunState state = fixture.abort(left.run(), stubborn);

        assertThat(left.outcome()).isEqualTo(Outcome.LEFT);
        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.world).isEmpty();
    }

    @Test
    void aStepThatThrowsWhatItShouldNotIsADefectAndIsUndone() {
        FakeStep step = fixture.step("one");
        step.applying(context -> {
            throw new IllegalStateException("oops");
        });

        RunState state = fixture.run(fixture.step("zero"), step);

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error()).map(Failure::code).contains("DEFECT");
        assertThat(state.error()).map(Failure::detail).contains("java.lang.IllegalStateException: oops");
    }

    @Test
    void aTransientErrorIsRetriedWithGrowingPauses() {
        AtomicInteger tries = new AtomicInteger();
        FakeStep step = fixture.step("one");
        step.applying(context -> {
            if (tries.incrementAndGet() < 4) {
                throw error(ErrorCode.CONNECTION_FAILED, "try " + tries);
            }
        });
        fixture.retries = Map.of("one", retry(5, Duration.ofHours(1)));

        RunState state = fixture.run(step);

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.time.slept())
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(fixture.heard(JournalEvent.Retrying.class))
                .extracting(event -> event.attempt() + " of " + event.of() + ": "
                        + event.error().message())
                .containsExactly("2 of 5: try 1", "2 of 5: try 2", "2 of 5: try 3");
        assertThat(state.steps().get(0).attempts()).isEqualTo(4);
    }

    @Test
    void retriesEndAtTheLimitOfTime() {
        FakeStep step = fixture.step("one");
        step.applying(context -> {
            throw error(ErrorCode.CONNECTION_FAILED, "gone");
        });
        fixture.retries = Map.of("one", retry(2, Duration.ofSeconds(8)));

        assertThat(fixture.run(fixture.step("zero"), step).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.heard(JournalEvent.Retrying.class))
                .extracting(event -> event.pauseSeconds() + " of " + event.leftSeconds())
                .containsExactly("1.0 of 8.0", "2.0 of 7.0", "3.0 of 5.0", "2.0 of 2.0");
    }

    @Test
    void aStepThatGetsOnForAWhileEachTimeIsRetriedSoOften() {
        FakeStep step = fixture.step("one");
        step.applying(context -> {
            fixture.time.pass(Duration.ofMinutes(10));
            throw error(ErrorCode.CONNECTION_FAILED, "gone");
        });
        fixture.retries = Map.of("one", retry(3, Duration.ofSeconds(8)));

        assertThat(fixture.run(fixture.step("zero"), step).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.heard(JournalEvent.Retrying.class))
                .extracting(event -> event.attempt() + " of " + event.of())
                .containsExactly("2 of 3", "3 of 3");
    }

    @Test
    void undoingIsRetriedToo() {
        AtomicInteger tries = new AtomicInteger();
        FakeStep step = fixture.step("one");
        step.verifying(context -> new Verdict.Refuted(error(ErrorCode.FILE_IO, "no")));
        step.undoing(context -> {
            if (tries.incrementAndGet() < 3) {
                throw error(ErrorCode.CONNECTION_FAILED, "gone");
            }
        });
        fixture.retries = Map.of("one", retry(3, Duration.ofHours(1)));

        assertThat(fixture.run(step).outcome()).isEqualTo(Outcome.UNDONE);
    }

    @Test
    void factsAndPartsOfTheReportReachLaterStepsAndTheState() {
        FakeStep first = fixture.step("one");
        first.applying(context -> {
            context.record("start_lsn", "0/2000028");
            context.publish("copy", Map.of("files", 3, "via", "sql", "pages", List.of(1, 2)));
            context.warn("minor version behind");
            context.warn("minor version behind");
        });
        FakeStep second = fixture.step("two");
        second.applying(context -> assertThat(context.facts().lsn("start_lsn")).hasToString("0/2000028"));

        RunState state = fixture.run(first, second);

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(state.published().get("copy"))
                .containsEntry("files", 3)
                .containsEntry("via", "sql")
                .containsEntry("pages", List.of(1, 2));
        assertThat(state.warnings()).containsExactly("minor version behind");
        assertThat(fixture.heard(JournalEvent.Warned.class)).hasSize(1);
    }

    @Test
    void waitingSaysWhatItWaitsForOnceAndEndsWhenItIsThere() {
        FakeStep step = fixture.step("one");
        AtomicInteger looks = new AtomicInteger();
        step.applying(context -> context.await(
                "waiting for replay",
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                () -> looks.incrementAndGet() == 4));

        assertThat(fixture.run(step).outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.time.nanos()).isEqualTo(Duration.ofSeconds(15).toNanos());
        assertThat(fixture.heard(JournalEvent.Waiting.class))
                .extracting(wait -> wait.what() + " " + wait.leftSeconds())
                .containsExactly("waiting for replay 60.0");
    }

    @Test
    void whatIsSaidDuringAWaitHasTheRestOfItsTime() {
        FakeStep step = fixture.step("one");
        AtomicInteger looks = new AtomicInteger();
        step.applying(context -> {
            context.await("the standby to answer", Duration.ofMinutes(1), Duration.ofSeconds(20), () -> {
                if (looks.incrementAndGet() == 2) {
                    context.waiting("the standby: restored log file");
                }
                return looks.get() == 3;
            });
            context.waiting("the end");
        });

        assertThat(fixture.run(step).outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.heard(JournalEvent.Waiting.class))
                .extracting(wait -> wait.what() + " " + wait.leftSeconds())
                .containsExactly("the standby to answer 60.0", "the standby: restored log file 40.0", "the end 0.0");
    }

    @Test
    void waitingEndsAtItsLimit() {
        FakeStep step = fixture.step("one");
        step.applying(context ->
                context.await("waiting for replay", Duration.ofSeconds(90), Duration.ofMinutes(1), () -> false));

        RunState state = fixture.run(step);

        assertThat(state.error()).map(Failure::code).contains("WAIT_TIMED_OUT");
        assertThat(state.error()).map(Failure::message).contains("gave up after 90s: waiting for replay");
        assertThat(fixture.time.nanos()).isEqualTo(Duration.ofSeconds(90).toNanos());
    }

    @Test
    void aDisplayThatFailsDoesNotHurtTheRun() {
        FakeStep step = fixture.step("one");
        RunDefinition definition = RunDefinition.of(List.of(step));
        EngineListener broken = event -> {
            throw new IllegalStateException("no terminal");
        };
        try (OpenRun run = fixture.open(step)) {
            RunState state = new Engine(definition, broken, fixture.interruption, fixture.time, fixture.grace).run(run);

            assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
            assertThat(state.warnings()).containsExactly("the display failed and shows nothing more: no terminal");
        }
    }

    @Test
    void aFinishedRunCanBeNeitherResumedNorAborted() {
        RunState state = fixture.run(fixture.step("one"));

        assertThatThrownBy(() -> fixture.resume(state.run(), fixture.step("one")))
                .hasMessage("run \"" + state.run() + "\" has ended: proven");
        assertThatThrownBy(() -> fixture.abort(state.run(), fixture.step("one")))
                .hasMessage("run \"" + state.run() + "\" has ended: proven");
    }

    @Test
    void aRunGoesOnWithItsOwnStepsOnly() {
        RunState state = fixture.run(fixture.step("one"));
        String left = fixture.leave(3, state);

        assertThatThrownBy(() -> fixture.resume(left, fixture.step("other")))
                .hasMessage("the steps of run \"" + left + "\" have changed");
    }

    @Test
    void resumingAfterAnyLineOfTheJournalEndsProven() {
        RunState whole = fixture.run(fixture.step("one"), fixture.step("two"));
        int lines = fixture.journal(whole.run()).size();
        for (int line = 1; line < lines; line++) {
            fixture.world.clear();
            String left = fixture.leave(line, whole);

            RunState state = fixture.resume(left, fixture.step("one"), fixture.step("two"));

            assertThat(state.outcome()).as("after line %d", line).isEqualTo(Outcome.PROVEN);
            assertThat(fixture.world).containsExactly("one", "two");
        }
    }

    @Test
    void abortingAfterAnyLineOfTheJournalTakesEverythingBack() {
        RunState whole = fixture.run(fixture.step("one"), fixture.step("two"));
        int lines = fixture.journal(whole.run()).size();
        for (int line = 1; line < lines; line++) {
            fixture.world.clear();
            fixture.world.add("one");
            String left = fixture.leave(line, whole);
            boolean begun = fixture.runs.state(left).steps().get(0).hasBegun();

            RunState state = fixture.abort(left, fixture.step("one"), fixture.step("two"));

            assertThat(state.outcome()).as("after line %d", line).isEqualTo(Outcome.UNDONE);
            assertThat(fixture.world.contains("one")).isEqualTo(!begun);
        }
    }

    @Test
    void aResumedRunThatIsRefusedAtOnceStaysToBeResumed() {
        RunState whole = fixture.run(fixture.step("one"), fixture.step("two"));
        String left = fixture.leave(8, whole);
        FakeStep refusing = fixture.step("two");
        refusing.probing(
                context -> new Probe.Conflicting(error(ErrorCode.PREFLIGHT_FAILED, "the primary was promoted")));

        RunState state = fixture.resume(left, fixture.step("one"), refusing);

        assertThat(state.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(state.error()).map(Failure::message).contains("the primary was promoted");
        assertThat(fixture.world).contains("one");
        assertThat(fixture.resume(left, fixture.step("one"), fixture.step("two"))
                        .outcome())
                .isEqualTo(Outcome.PROVEN);
    }

    @Test
    void factsOfAnEarlierProcessAreKnownAndThoseOfUndoneStepsAreNot() {
        FakeStep one = fixture.step("one").applying(context -> context.record("kept", "1"));
        FakeStep two = fixture.step("two").applying(context -> context.record("gone", "2"));
        FakeStep three = fixture.step("three").applying(context -> {
            throw error(ErrorCode.FILE_IO, "no");
        });
        RunState whole = fixture.run(one, two, three);
        int undone = 0;
        List<JournalEvent> events = fixture.journal(whole.run());
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof JournalEvent.StepUndone event
                    && event.step().equals("two")) {
                undone = i + 1;
            }
        }
        String left = fixture.leave(undone, whole);
        FakeStep asking = fixture.step("three").applying(context -> {
            assertThat(context.facts().find("kept")).contains("1");
            assertThat(context.facts().find("gone")).isEmpty();
        });

        RunState state = fixture.resume(left, fixture.step("one"), fixture.step("two"), asking);

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
    }

    private static RetryPolicy retry(int attempts, Duration limit) {
        return new RetryPolicy(
                Set.of(ErrorCode.CONNECTION_FAILED),
                new Patience(attempts, Duration.ofSeconds(1), Duration.ofSeconds(3), limit));
    }
}
