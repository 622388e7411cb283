package dev.understudy.engine.run;

import static dev.understudy.engine.run.EngineFixture.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.StepContext;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class BracketTest {
    private static final ErrorCode LOST = ErrorCode.CONNECTION_FAILED;
    private static final Duration OFTEN = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private EngineFixture fixture;
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    /** Something kept live. */
    private final class Session implements AutoCloseable {
        private final String name;
        private final CountDownLatch gone = new CountDownLatch(1);

        Session(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            closed.add(name);
            gone.countDown();
        }
    }

    private record Other(List<String> closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.add("other");
        }
    }

    @BeforeEach
    void prepare() {
        fixture = new EngineFixture(directory);
        fixture.brackets = List.of(bracket(new Patience(3, Duration.ofSeconds(2), MINUTE, Duration.ofHours(1))));
    }

    @Test
    void aLostBracketStartsOverFromItsFirstStep() {
        AtomicInteger copies = new AtomicInteger();
        FakeStep start = always("start").applying(context -> context.keep(Session.class, new Session("session")));
        FakeStep copy = always("copy").applying(context -> {
            if (copies.incrementAndGet() == 1) {
                throw error(LOST, "session lost");
            }
        });

        RunState state = fixture.run(always("before"), start, copy, always("stop"), always("after"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.heard(JournalEvent.StepApplying.class))
                .extracting(JournalEvent.StepApplying::step)
                .containsExactly("before", "start", "copy", "start", "copy", "stop", "after");
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.bracket()).isEqualTo("backup");
                    assertThat(event.steps()).containsExactly("start", "copy", "stop");
                    assertThat(event.attempt()).isEqualTo(2);
                    assertThat(event.of()).isEqualTo(3);
                    assertThat(event.error().message()).isEqualTo("session lost");
                });
        assertThat(fixture.time.slept()).containsExactly(Duration.ofSeconds(2));
        assertThat(closed).containsExactly("session", "session");
    }

    @Test
    void aBracketLostTooOftenFailsTheRun() {
        FakeStep copy = always("copy").applying(context -> {
            throw error(LOST, "session lost");
        });

        RunState state = fixture.run(always("start"), copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error()).map(Failure::message).contains("the backup was lost 3 times, which is the limit");
        assertThat(state.error()).map(Failure::detail).contains("session lost");
        assertThat(state.error()).map(Failure::hints).contains(List.of("Be more patient."));
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class)).hasSize(2);
    }

    @Test
    void whatIsAwayIsWaitedForWithGrowingPausesUntilItIsBack() {
        AtomicInteger probes = new AtomicInteger();
        FakeStep start = fixture.step("start").probing(context -> {
            if (probes.incrementAndGet() <= 8) {
                throw error(LOST, "could not reach the server");
            }
            return new dev.understudy.engine.Probe.Pending("start");
        });

        RunState state = fixture.run(start, always("copy"), always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.time.slept())
                .extracting(Duration::toSeconds)
                .containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class))
                .extracting(JournalEvent.BracketRestarted::attempt)
                .containsOnly(2);
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class))
                .extracting(event -> (long) event.leftSeconds())
                .startsWith(3600L, 3598L, 3594L);
    }

    @Test
    void whatStaysAwayIsGivenUpAtTheLimit() {
        fixture.brackets = List.of(bracket(new Patience(3, Duration.ofSeconds(2), MINUTE, Duration.ofSeconds(20))));
        FakeStep start = fixture.step("start").probing(context -> {
            throw error(LOST, "could not reach the server");
        });

        RunState state = fixture.run(fixture.step("before"), start, always("copy"), always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error())
                .map(Failure::message)
                .contains("the backup was lost, and could not be begun again within 20s");
        assertThat(state.error()).map(Failure::hints).contains(List.of("Be more patient."));
        assertThat(fixture.time.slept()).extracting(Duration::toSeconds).containsExactly(2L, 4L, 8L, 6L);
    }

    @Test
    void aBracketThatStoodForLongIsBegunAgainAtOnceAndItsAbsencesDoNotAddUp() {
        fixture.brackets = List.of(bracket(new Patience(9, Duration.ofSeconds(2), MINUTE, Duration.ofSeconds(5))));
        AtomicInteger copies = new AtomicInteger();
        FakeStep copy = always("copy").applying(context -> {
            fixture.time.pass(Duration.ofHours(1));
            if (copies.incrementAndGet() < 5) {
                throw error(LOST, "session lost");
            }
        });

        RunState state = fixture.run(always("start"), copy, always("stop"));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class))
                .extracting(event -> event.attempt() + " in " + event.pauseSeconds())
                .containsExactly("2 in 2.0", "3 in 2.0", "4 in 2.0", "5 in 2.0");
    }

    @Test
    void anotherErrorInsideOfABracketFailsTheRun() {
        FakeStep copy = always("copy").applying(context -> {
            throw error(ErrorCode.FILE_SYSTEM_FULL, "full");
        });

        RunState state = fixture.run(always("start"), copy, always("stop"));

        assertThat(state.error()).map(Failure::message).contains("full");
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class)).isEmpty();
    }

    @Test
    void theSameErrorOutsideOfTheBracketFailsTheRun() {
        FakeStep after = always("after").applying(context -> {
            throw error(LOST, "gone");
        });

        RunState state = fixture.run(always("start"), always("stop"), after);

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.heard(JournalEvent.BracketRestarted.class)).isEmpty();
    }

    @Test
    void aGuardThatFailsInterruptsTheStepAndItsErrorReplacesTheSteps() {
        fixture.brackets = List.of();
        CountDownLatch busy = new CountDownLatch(1);
        FakeStep start = always("start")
                .applying(context -> context.guard("slot", OFTEN, () -> {
                    if (busy.getCount() == 0) {
                        throw error(ErrorCode.FILE_IO, "the slot is lost");
                    }
                }));
        FakeStep copy = always("copy").applying(context -> {
            busy.countDown();
            blockUntilInterrupted();
            throw error(ErrorCode.FILE_IO, "copying failed");
        });

        RunState state = fixture.run(start, copy);

        assertThat(state.outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(state.error()).map(Failure::message).contains("the slot is lost");
        assertThat(fixture.heard(JournalEvent.GuardFailed.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.guard()).isEqualTo("slot");
                    assertThat(event.step()).isEqualTo("copy");
                });
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aGuardsErrorCanMeanThatTheBracketIsLost() {
        AtomicInteger copies = new AtomicInteger();
        AtomicBoolean dead = new AtomicBoolean();
        FakeStep start = always("start").applying(context -> {
            dead.set(false);
            context.guard("heartbeat", OFTEN, () -> {
                if (dead.get()) {
                    throw error(LOST, "the backend is gone");
                }
            });
        });
        FakeStep copy = always("copy").applying(context -> {
            if (copies.incrementAndGet() == 1) {
                dead.set(true);
                Awaitility.await().until(() -> stopped(context));
                context.checkAlive();
            }
        });

        RunState state = fixture.run(start, copy, always("stop").applying(context -> context.release("heartbeat")));

        assertThat(state.outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(copies).hasValue(2);
    }

    @Test
    void aGuardFromBeforeTheBracketWatchesOnAfterItStartedOver() {
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean dead = new AtomicBoolean();
        FakeStep before = always("before")
                .applying(context -> context.guard("slot", OFTEN, () -> {
                    if (dead.getAndSet(false)) {
                        failures.incrementAndGet();
                        throw error(LOST, "cannot see the slot");
                    }
                }));
        FakeStep copy = always("copy").applying(context -> {
            if (failures.get() < 2) {
                dead.set(true);
                Awaitility.await().until(() -> stopped(context));
                context.checkAlive();
            }
        });

        assertThat(fixture.run(before, always("start"), copy, always("stop")).outcome())
                .isEqualTo(Outcome.PROVEN);
        assertThat(failures).hasValue(2);
    }

    @Test
    void aStepThatDoesNotMindInterruptsIsFreedByClosingWhatIsKept() {
        fixture.brackets = List.of();
        Session session = new Session("session");
        CountDownLatch busy = new CountDownLatch(1);
        FakeStep start = always("start").applying(context -> {
            context.keep(Session.class, session);
            context.guard("heartbeat", OFTEN, () -> {
                if (busy.getCount() == 0) {
                    throw error(LOST, "the backend is gone");
                }
            });
        });
        FakeStep copy = always("copy").applying(context -> {
            busy.countDown();
            ignoreInterruptsUntil(session.gone);
            throw error(ErrorCode.FILE_IO, "socket closed");
        });

        RunState state = fixture.run(start, copy);

        assertThat(state.error()).map(Failure::message).contains("the backend is gone");
        assertThat(closed).containsExactly("session");
    }

    @Test
    void aReleasedGuardIsNotHeardAnyMore() {
        AtomicBoolean fail = new AtomicBoolean();
        FakeStep one = always("one").applying(context -> {
            context.guard("heartbeat", OFTEN, () -> {
                if (fail.get()) {
                    throw error(LOST, "gone");
                }
            });
            context.release("heartbeat");
            fail.set(true);
        });
        fixture.brackets = List.of();

        assertThat(fixture.run(one, always("two")).outcome()).isEqualTo(Outcome.PROVEN);
    }

    @Test
    void whatIsKeptIsClosedWhenReplacedAndAtTheEndTheLastFirst() {
        fixture.brackets = List.of();
        FakeStep one = always("one").applying(context -> {
            context.keep(Session.class, new Session("first"));
            context.keep(Session.class, new Session("second"));
            context.keep(Other.class, new Other(closed));
        });
        FakeStep two = always("two").applying(context -> {
            assertThat(closed).containsExactly("first");
            assertThat(context.kept(Session.class)).map(session -> session.name).contains("second");
        });

        assertThat(fixture.run(one, two).outcome()).isEqualTo(Outcome.PROVEN);
        assertThat(closed).containsExactly("first", "other", "second");
    }

    @Test
    void whatIsKeptIsThereWhileTheRunIsUndone() {
        fixture.brackets = List.of();
        AtomicBoolean there = new AtomicBoolean();
        FakeStep one = always("one")
                .applying(context -> context.keep(Session.class, new Session("session")))
                .undoing(context -> there.set(context.kept(Session.class).isPresent() && closed.isEmpty()));
        FakeStep two = always("two").applying(context -> {
            throw error(ErrorCode.FILE_IO, "no");
        });

        assertThat(fixture.run(one, two).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(there).isTrue();
        assertThat(closed).containsExactly("session");
    }

    @Test
    void bracketsThatOverlapAreRefused() {
        List<FakeStep> steps = List.of(always("a"), always("b"), always("c"));
        Set<ErrorCode> lost = Set.of(LOST);
        Patience patience = Patience.of(2, MINUTE);

        assertThatThrownBy(() -> new RunDefinition(
                        List.copyOf(steps),
                        List.of(
                                new Bracket("x", "a", "b", lost, patience, ""),
                                new Bracket("y", "b", "c", lost, patience, "")),
                        java.util.Map.of()))
                .hasMessage("bracket y overlaps another");
    }

    private static Bracket bracket(Patience patience) {
        return new Bracket("backup", "start", "stop", Set.of(LOST), patience, "Be more patient.");
    }

    /** A step that is pending whenever it is asked, as a backup in a dead session is. */
    private FakeStep always(String name) {
        return fixture.step(name).probing(context -> new dev.understudy.engine.Probe.Pending("make " + name));
    }

    private static boolean stopped(StepContext context) {
        try {
            context.checkAlive();
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static void blockUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ignoreInterruptsUntil(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A blocking read from a socket does not notice either.
            }
        }
    }
}
