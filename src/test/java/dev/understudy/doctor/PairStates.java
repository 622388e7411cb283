package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a pair through a table of states: each is made, examined until it is found, mended, and found healthy again.
 *
 * <p>{@code -Dunderstudy.doctor.majors=9.6,12,18} names the majors, instead of the few that a test names itself. {@code
 * -Dunderstudy.doctor.states=slot-} takes only the states whose name holds one of the texts. {@code -Dunderstudy.corpus=write} saves the
 * facts of each state for {@link SavedFactsTest}. {@code -Dunderstudy.doctor.tell=true} prints each state as it is done, and
 * {@code -Dunderstudy.doctor.limit=8} has a state that is not found given up after so many seconds.
 */
final class PairStates {
    private static final Duration LIMIT = Duration.ofSeconds(Long.getLong("understudy.doctor.limit", 40));

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** Characters of a log that are shown. */
    private static final int TAIL = 3_000;

    private final List<PairState> states;
    private final List<AssertionError> wrong = new ArrayList<>();

    private PairStates(List<PairState> states) {
        this.states = states;
    }

    /** The majors that were asked for, else these. */
    static List<ServerMajor> majors(ServerMajor... otherwise) {
        return majors(List.of(otherwise));
    }

    static List<ServerMajor> majors(List<ServerMajor> otherwise) {
        String asked = System.getProperty("understudy.doctor.majors", "");
        return asked.isEmpty()
                ? otherwise
                : Arrays.stream(asked.split(",", -1)).map(ServerMajor::parse).toList();
    }

    /**
     * The part of the states that a major takes where a build has time for each once: dealt out in turn over the majors.
     * Where majors were asked for each of them takes all.
     *
     * @param states such as {@link #oneOfEach} of a table
     * @param majors of the build
     */
    static List<PairState> dealt(List<PairState> states, ServerMajor major, List<ServerMajor> majors) {
        if (!System.getProperty("understudy.doctor.majors", "").isEmpty()) {
            return states;
        }
        List<PairState> part = new ArrayList<>();
        for (int turn = 0; turn < states.size(); turn++) {
            PairState state = states.get(turn);
            int first = turn;
            IntStream.range(0, majors.size())
                    .mapToObj(i -> majors.get((first + i) % majors.size()))
                    .filter(state::isOf)
                    .findFirst()
                    .filter(major::equals)
                    .ifPresent(mine -> part.add(state));
        }
        return part;
    }

    /**
     * One state of each cause, the first that one of the majors knows, unless majors were asked for: a build has no time
     * for all of them.
     */
    static List<PairState> oneOfEach(List<PairState> states, List<ServerMajor> majors) {
        if (!System.getProperty("understudy.doctor.majors", "").isEmpty()) {
            return states;
        }
        Set<String> seen = new HashSet<>();
        return states.stream()
                .filter(state -> majors.stream().anyMatch(state::isOf))
                .filter(state -> seen.add(state.cause()))
                .toList();
    }

    /** Takes a pair through the states that its major knows; fails with all that went wrong, not the first alone. */
    static void take(BrokenPair pair, List<PairState> states) {
        List<String> parts =
                List.of(System.getProperty("understudy.doctor.states", "").split(",", -1));
        PairStates run = new PairStates(states.stream()
                .filter(state -> state.isOf(pair.major()) && parts.stream().anyMatch(state.toString()::contains))
                .toList());
        run.take(pair);
        assertThat(run.wrong).isEmpty();
    }

    private void take(BrokenPair pair) {
        for (PairState state : states) {
            try {
                take(pair, state);
            } catch (Unmended e) {
                tell(e.getMessage() + "\n" + e.getCause());
                throw e;
            } catch (AssertionError | RuntimeException e) {
                AssertionError named =
                        new AssertionError("PostgreSQL " + pair.major() + ", " + state + ": " + e.getMessage(), e);
                wrong.add(named);
                tell(named.getMessage());
            } catch (Exception e) {
                throw new IllegalStateException(state.toString(), e);
            }
        }
    }

    private static void take(BrokenPair pair, PairState state) throws Exception {
        long start = System.nanoTime();
        boolean repaired = false;
        Throwable first = null;
        try {
            state.make(pair);
            Diagnosis found = await(pair, state);
            if (!state.repair().isEmpty()) {
                state.prepareRepair(pair);
                repair(pair, found, state.repair());
                repaired = true;
            }
        } catch (AssertionError | RuntimeException e) {
            first = e;
            throw e;
        } finally {
            mend(pair, repaired ? state::finishRepair : state::takeBack, state, first);
        }
        awaitHealth(pair);
        tell("%s %s: %d ms".formatted(pair.major(), state, (System.nanoTime() - start) / 1_000_000));
    }

    /** A pair that cannot be mended is no good for the states behind. */
    private static void mend(BrokenPair pair, PairState.Deed mending, PairState state, @Nullable Throwable first) {
        try {
            mending.to(pair);
        } catch (Exception e) {
            String log = pair.standby().log();
            Unmended unmended = new Unmended(
                    state + " could not be mended: " + e + "\n" + log.substring(Math.max(0, log.length() - TAIL)),
                    first == null ? e : first);
            unmended.addSuppressed(e);
            throw unmended;
        }
    }

    /** What ends a table. */
    private static final class Unmended extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Unmended(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** For who waits at a screen. */
    private static void tell(String line) {
        if (Boolean.getBoolean("understudy.doctor.tell")) {
            System.err.println(line);
        }
    }

    private static Diagnosis await(BrokenPair pair, PairState state) throws InterruptedException {
        return await(() -> {
            Facts facts = state.doctor(pair).facts();
            Diagnosis found = Doctor.examine(facts);
            state.require(pair, found);
            SavedFacts.write(state.cause(), pair.major(), facts, pair.primary(), pair.standby());
            return found;
        });
    }

    private static void awaitHealth(BrokenPair pair) throws InterruptedException {
        await(() -> {
            Diagnosis found = pair.doctor().examine();
            DoctorFixture.requireHealthy(found);
            return found;
        });
    }

    /** Looks until what is asserted is so, at least twice, and fails with what was wrong in the end. */
    private static Diagnosis await(Supplier<Diagnosis> look) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (int looks = 1; ; looks++) {
            try {
                return look.get();
            } catch (AssertionError e) {
                if (looks > 1 && System.nanoTime() > end) {
                    throw e;
                }
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private static void repair(BrokenPair pair, Diagnosis found, String id) {
        Finding cause = found.causes().get(0);
        Remedy remedy = cause.remedies().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no remedy " + id + " in " + cause));
        try {
            Path state = Files.createTempDirectory("us-state");
            pair.repair(remedy, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
