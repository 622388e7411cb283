package dev.understudy.doctor;

import dev.understudy.doctor.BrokenPair.With;
import dev.understudy.postgres.ServerMajor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same states are seen whatever a server's log is like, and wherever it keeps it. */
final class LogFormsIT {
    /** States that only the log tells of. */
    private static final Set<String> TOLD_BY_THE_LOG = Set.of(
            "role-missing",
            "hba-rejects (a line rejects)",
            "primary-host-unresolved",
            "slot-shared (one slot)",
            "parameters-too-low (at start)");

    private static final Map<String, String> COLLECTED =
            Map.of("logging_collector", "on", "log_directory", "log", "log_filename", "postgresql-%H%M%S.log");

    /** A build takes the form that is furthest from text, others where majors are asked for. */
    static Stream<Arguments> forms() {
        if (System.getProperty("understudy.doctor.majors", "").isEmpty()) {
            return Stream.of(form(ServerMajor.V17, "jsonlog", Map.of("log_destination", "jsonlog")));
        }
        return PairStates.majors().stream()
                .flatMap(major -> Stream.of(
                        form(major, "no time, odd words", Map.of("log_line_prefix", "FATAL <%u> [%r] %e LOG: ")),
                        form(major, "csvlog", Map.of("log_destination", "csvlog")),
                        form(major, "jsonlog", Map.of("log_destination", "jsonlog"))))
                .filter(form ->
                        ((ServerMajor) form.get()[0]).isAtLeast(ServerMajor.V15) || !form.get()[1].equals("jsonlog"));
    }

    private static Arguments form(ServerMajor major, String name, Map<String, String> settings) {
        return Arguments.of(major, name, settings);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("forms")
    void aStateIsSeenInEachFormOfLog(ServerMajor major, String name, Map<String, String> form) {
        Map<String, String> settings = new HashMap<>(COLLECTED);
        settings.putAll(form);
        List<PairState> states = Stream.of(ConnectionStatesIT.STATES, ConfigurationStatesIT.STATES, SlotStatesIT.STATES)
                .flatMap(List::stream)
                .filter(state -> TOLD_BY_THE_LOG.contains(state.toString()))
                .toList();
        try (BrokenPair pair = BrokenPair.start(major, settings, With.SLOT)) {
            PairStates.take(pair, states);
        }
    }
}
