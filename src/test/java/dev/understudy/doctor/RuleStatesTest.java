package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.rule.Rule;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which rule is seen in which states of real servers, and on which majors: a rule without a state, without a test of its
 * own and without a reason for that fails here. {@code -Dunderstudy.corpus=write} writes the table anew.
 */
final class RuleStatesTest {
    private static final Path TABLE = Path.of("src/test/resources/dev/understudy/doctor/states.md");
    private static final Path TESTS = Path.of("src/test/java/dev/understudy");

    /** Tables of states by the test that takes a pair through them. */
    private static final Map<String, Table> TABLES = tables();

    /** Rules whose states are made by tests that tell a story. */
    private static final Map<String, String> STORIES = Map.ofEntries(
            Map.entry("backup-aborted", "doctor/BackupStoryIT"),
            Map.entry("backup-never-stopped", "doctor/BackupStoryIT"),
            Map.entry("backup-left", "cli/TwoCommandsIT"),
            Map.entry("bundle-slot-unused", "cli/TwoCommandsIT"),
            Map.entry("disk-full", "doctor/PlacesIT"),
            Map.entry("minor-version-behind", "doctor/PlacesIT"),
            Map.entry("record-split-across-segments", "doctor/SplitRecordIT"),
            Map.entry("relation-cut-short", "promotion/WholeStatesIT"),
            Map.entry("standby-ahead-of-primary", "doctor/TimelineStatesIT"),
            Map.entry("system-identifier-mismatch", "doctor/PlacesIT"),
            Map.entry("tablespace-link-foreign", "doctor/PlacesIT"),
            Map.entry("tablespace-link-missing", "doctor/PlacesIT"),
            Map.entry("timeline-diverged", "doctor/TimelineStatesIT"),
            Map.entry("timeline-history-missing", "doctor/TimelineStatesIT"),
            Map.entry("timeline-not-a-child", "doctor/TimelineStatesIT"));

    /** Rules of one major alone, for whose state there cannot be a second. */
    private static final Map<String, String> ONE_MAJOR =
            Map.of("slot-idle-timeout", "idle_replication_slot_timeout is of 18 and newer");

    /** What a test's states are, and the majors that a build takes them on. */
    private record Table(List<PairState> states, List<ServerMajor> majors, boolean oneOfEach) {
        /** The states of a cause. */
        List<PairState> of(String cause) {
            return states.stream().filter(state -> state.cause().equals(cause)).toList();
        }

        /** Where a build makes a state. */
        List<ServerMajor> built(PairState state) {
            List<PairState> all = oneOfEach ? PairStates.oneOfEach(states, majors) : states;
            return majors.stream()
                    .filter(major -> PairStates.dealt(all, major, majors).contains(state))
                    .toList();
        }
    }

    private static Map<String, Table> tables() {
        Map<String, Table> tables = new LinkedHashMap<>();
        tables.put("BackupStatesIT", new Table(BackupStatesIT.states(), BackupStatesIT.MAJORS, false));
        tables.put(
                "ConfigurationStatesIT", new Table(ConfigurationStatesIT.STATES, ConfigurationStatesIT.MAJORS, true));
        tables.put("ConnectionStatesIT", new Table(ConnectionStatesIT.STATES, ConnectionStatesIT.MAJORS, true));
        tables.put("DirectoryStatesIT", new Table(DirectoryStatesIT.states(), DirectoryStatesIT.MAJORS, false));
        tables.put("ServerStatesIT", new Table(ServerStatesIT.STATES, ServerStatesIT.MAJORS, true));
        tables.put("SlotStatesIT", new Table(SlotStatesIT.STATES, SlotStatesIT.MAJORS, true));
        tables.put("WalStatesIT", new Table(WalStatesIT.states(), WalStatesIT.MAJORS, false));
        return tables;
    }

    private static List<String> rules() {
        return RuleCatalogue.all().stream().map(Rule::id).toList();
    }

    @Test
    void everyRuleIsSeenOnARealServer() throws IOException {
        assertThat(rules()).allSatisfy(rule -> {
            boolean tabled =
                    TABLES.values().stream().anyMatch(table -> !table.of(rule).isEmpty());
            assertThat(tabled || STORIES.containsKey(rule))
                    .as("%s: there is neither a state of it nor a story", rule)
                    .isTrue();
        });
        assertThat(STORIES.keySet()).isSubsetOf(rules());
        for (Map.Entry<String, String> story : STORIES.entrySet()) {
            assertThat(Files.readString(TESTS.resolve(story.getValue() + ".java")))
                    .as(story.getValue())
                    .contains('"' + story.getKey() + '"');
        }
    }

    @Test
    void everyRuleOfATableCanBeSeenOnTwoMajors() {
        assertThat(rules().stream().filter(rule -> !STORIES.containsKey(rule)))
                .allSatisfy(rule -> assertThat(majorsOf(rule).count() > 1 || ONE_MAJOR.containsKey(rule))
                        .as(rule)
                        .isTrue());
    }

    @Test
    void aBuildSeesEveryRuleOfATable() {
        assertThat(rules().stream().filter(rule -> !STORIES.containsKey(rule)))
                .allSatisfy(rule -> assertThat(TABLES.values().stream()
                                .flatMap(
                                        table -> table.of(rule).stream().flatMap(state -> table.built(state).stream())))
                        .as(rule)
                        .isNotEmpty());
    }

    private static Stream<ServerMajor> majorsOf(String rule) {
        return EmbeddedBinaries.majors().stream()
                .filter(major -> TABLES.values().stream()
                        .flatMap(table -> table.of(rule).stream())
                        .anyMatch(state -> state.isOf(major)));
    }

    @Test
    void theTableIsOfTheseStates() throws IOException {
        String table = table();
        if ("write".equals(System.getProperty("understudy.corpus"))) {
            Files.writeString(TABLE, table);
        }

        assertThat(Files.readString(TABLE)).isEqualTo(table);
    }

    private static String table() {
        List<String> lines = new ArrayList<>(List.of(
                "# Rules of the doctor, and the states of real servers in which they are seen",
                "",
                "Written by `RuleStatesTest`. \"Majors\" are those that the state can be made on, with",
                "`-Dunderstudy.doctor.majors=…`; \"build\" the ones that each build makes it on.",
                "",
                "| rule | state | test | majors | build |",
                "|---|---|---|---|---|"));
        for (String rule : rules()) {
            TABLES.forEach((test, table) -> table.of(rule)
                    .forEach(state -> lines.add("| %s | %s | %s | %s | %s |"
                            .formatted(rule, state.form(), test, range(state), list(table.built(state))))));
            Optional.ofNullable(STORIES.get(rule))
                    .ifPresent(test -> lines.add("| %s | a story | %s | as the test says | |"
                            .formatted(rule, test.substring(test.indexOf('/') + 1))));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String range(PairState state) {
        List<ServerMajor> majors =
                EmbeddedBinaries.majors().stream().filter(state::isOf).toList();
        ServerMajor first = majors.get(0);
        ServerMajor last = majors.get(majors.size() - 1);
        return first.equals(last) ? first.toString() : first + " to " + last;
    }

    private static String list(List<ServerMajor> majors) {
        return majors.stream().map(ServerMajor::toString).collect(Collectors.joining(", "));
    }
}
