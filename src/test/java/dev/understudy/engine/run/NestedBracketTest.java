package dev.understudy.engine.run;

import static dev.understudy.engine.run.EngineFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.Probe;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup within the reservation of its WAL: what loses the one leaves the other alone, but not the other way round. */
@Timeout(30)
final class NestedBracketTest {
    private static final ErrorCode SESSION_LOST = ErrorCode.CONNECTION_FAILED;
    private static final ErrorCode WAL_LOST = ErrorCode.WAL_REMOVED;

    @TempDir
    private Path directory;

    private EngineFixture fixture;
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    private static final class Reservation implements AutoCloseable {
        private final List<String> closed;

        Reservation(List<String> closed) {
            this.closed = closed;
        }

        @Override
        public void close() {
            closed.add("reservation");
        }
    }

    private static final class Session implements AutoCloseable {
        private final List<String> closed;

        Session(List<String> closed) {
            this.closed = closed;
        }

        @Override
        public void close() {
            closed.add("session");
        }
    }

    @BeforeEach
    void prepare() {
        fixture = new EngineFixture(directory);
        Patience patience = new Patience(3, Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofHours(1));
        fixture.brackets = List.of(
                new Bracket("backup", "start", "stop", Set.of(SESSION_LOST), patience, ""),
                new Bracket("reservation", "reserve", "stop", Set.of(WAL_LOST), patience, "Keep more."));
    }

    private FakeStep always(String name) {
        return fixture.step(name).probing(context -> new Probe.Pending("make " + name));
    }

    private FakeStep reserve() {
        return always("reserve").applying(context -> context.keep(Reservation.class, new Reservation(closed)));
    }

    private FakeStep start() {
        return always("start").applying(context -> context.keep(Session.class, new Session(closed)));
    }

    private List<String> applied() {
        return fixture.heard(JournalEvent.StepApplying.class).stream()
                .map(JournalEvent.StepApplying::step)
                .toList();
    }

    private List<String> restarted() {
        return fixture.heard(JournalEvent.BracketRestarted.class).stream()
                .map(JournalEvent.BracketRestarted::bracket)
                .toList();
    }

    @Test
    void whatLosesTheInnerOneLeavesTheOuterOneAlone() {
        AtomicInteger copies = new AtomicInteger();
        FakeStep copy = always("copy").applying(context -> {
            if (copies.incrementAndGet() == 1) {
                throw error(SESSION_LOST, "session lost");
            }
        });

        RunState state = fixture.run(reserve(), start(), copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(applied()).containsExactly("reserve", "start", "copy", "start", "copy", "stop");
        assertThat(restarted()).containsExactly("backup");
        assertThat(closed).containsExactly("session", "session", "reservation");
    }

    @Test
    void whatLosesTheOuterOneTakesTheInnerOneWithIt() {
        AtomicInteger copies = new AtomicInteger();
        FakeStep copy = always("copy").applying(context -> {
            if (copies.incrementAndGet() == 1) {
                throw error(WAL_LOST, "the WAL is gone");
            }
        });

        RunState state = fixture.run(always("before"), reserve(), start(), copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(applied()).containsExactly("before", "reserve", "start", "copy", "reserve", "start", "copy", "stop");
        assertThat(restarted()).containsExactly("reservation");
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class).get(0).steps())
                .containsExactly("reserve", "start", "copy", "stop");
        assertThat(closed).containsExactly("session", "reservation", "session", "reservation");
    }

    /** The two come together: the primary was away for so long that it has removed what was to be sent. */
    @Test
    void aGuardOfTheOuterOneThatFailsWhileTheInnerOneIsBegunAgainStartsBothOver() {
        AtomicBoolean gone = new AtomicBoolean();
        AtomicInteger starts = new AtomicInteger();
        FakeStep reserve = always("reserve").applying(context -> {
            gone.set(false);
            context.guard("reception", Duration.ofMillis(1), () -> {
                if (gone.get()) {
                    throw error(WAL_LOST, "the WAL is gone");
                }
            });
        });
        FakeStep start = always("start").applying(context -> {
            if (starts.incrementAndGet() == 2) {
                gone.set(true);
                Awaitility.await()
                        .until(() ->
                                !fixture.heard(JournalEvent.GuardFailed.class).isEmpty());
            }
        });
        FakeStep copy = always("copy").applying(context -> {
            if (starts.get() == 1) {
                throw error(SESSION_LOST, "session lost");
            }
        });

        RunState state = fixture.run(reserve, start, copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(applied()).containsExactly("reserve", "start", "copy", "start", "reserve", "start", "copy", "stop");
        assertThat(restarted()).containsExactly("backup", "reservation");
    }

    @Test
    void whileTheOuterOneIsBegunAgainAPrimaryThatIsAwayIsWaitedFor() {
        AtomicInteger reservations = new AtomicInteger();
        FakeStep reserve = always("reserve").applying(context -> {
            int number = reservations.incrementAndGet();
            if (number > 1 && number < 5) {
                throw error(SESSION_LOST, "could not reach the server");
            }
        });
        FakeStep copy = always("copy").applying(context -> {
            if (reservations.get() == 1) {
                throw error(WAL_LOST, "the WAL is gone");
            }
        });

        RunState state = fixture.run(reserve, start(), copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.time.slept()).extracting(Duration::toSeconds).containsExactly(2L, 4L, 8L, 16L);
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class))
                .extracting(JournalEvent.BracketRestarted::attempt)
                .containsOnly(2);
    }

    /** Before it was there once, nothing is waited for: the run has made nothing that would be lost. */
    @Test
    void aPrimaryThatIsAwayWhenTheOuterOneIsFirstBegunIsNot() {
        FakeStep reserve = always("reserve").applying(context -> {
            throw error(SESSION_LOST, "could not reach the server");
        });

        RunState state = fixture.run(reserve, start(), always("copy"), always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(restarted()).isEmpty();
    }

    @Test
    void theOuterOneLostTooOftenFailsTheRun() {
        FakeStep copy = always("copy").applying(context -> {
            throw error(WAL_LOST, "the WAL is gone");
        });

        RunState state = fixture.run(reserve(), start(), copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error())
                .map(Failure::message)
                .contains("the reservation was lost 3 times, which is the limit");
        assertThat(state.error()).map(Failure::detail).contains("the WAL is gone");
        assertThat(state.error()).map(Failure::hints).contains(List.of("Keep more."));
    }
}
