package dev.understudy.provision.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.RunState;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the sabotage matrix, done to a run of a real primary. Each row comes on one of four majors, another for
 * the next row; {@code -Dunderstudy.sabotage=all} takes every row on every major, and a list of majors takes those;
 * {@code -Dunderstudy.sabotage.row} takes only rows whose name has that in it.
 */
final class SabotageMatrixIT {
    private static final List<ServerMajor> SPREAD =
            List.of(ServerMajor.V18, ServerMajor.V9_6, ServerMajor.V15, ServerMajor.V12);

    private static final SharedPrimaries PRIMARIES = new SharedPrimaries();

    @TempDir
    private Path state;

    @AfterAll
    static void stopAll() {
        PRIMARIES.close();
    }

    static Stream<Arguments> damages() {
        return rows(false);
    }

    static Stream<Arguments> oddities() {
        return rows(true);
    }

    private static Stream<Arguments> rows(boolean harmless) {
        List<Sabotage> rows = Sabotage.all().stream()
                .filter(row -> row.isHarmless() == harmless)
                .filter(row -> row.name().contains(System.getProperty("understudy.sabotage.row", "")))
                .toList();
        List<Arguments> all = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (ServerMajor major : majors(rows.get(row), row)) {
                all.add(Arguments.of(rows.get(row), major));
            }
        }
        return all.stream();
    }

    private static List<ServerMajor> majors(Sabotage row, int number) {
        String wanted = System.getProperty("understudy.sabotage", "");
        if (wanted.isEmpty()) {
            List<ServerMajor> fit = SPREAD.stream().filter(row::happensOn).toList();
            return List.of(fit.get(number % fit.size()));
        }
        return EmbeddedBinaries.majors().stream()
                .filter(row::happensOn)
                .filter(major -> wanted.equals("all")
                        || Arrays.asList(wanted.split(",", -1)).contains(major.toString()))
                .toList();
    }

    @ParameterizedTest(name = "{0} (PostgreSQL {1})")
    @MethodSource("damages")
    void doesNotEndProvenAndNamesTheCause(Sabotage row, ServerMajor major) throws IOException {
        Scene scene = PRIMARIES.scene(major);
        RunFixture fixture = new RunFixture(state);
        RunState end = run(row, scene, fixture);

        assertThat(scene.hits()).as(fixture.said()).isEqualTo(row.hits().size());
        assertThat(end.outcome()).as(fixture.said()).isEqualTo(Outcome.UNDONE);
        Failure error = end.error().orElseThrow();
        assertThat(error.code())
                .as(fixture.said())
                .isEqualTo(row.ending().code().orElseThrow().name());
        assertThat(error.message() + "\n" + error.detail() + "\n" + error.hints())
                .contains(row.ending().words());
        requireOnlyTheSaboteursIsLeft(scene, fixture);
        LeftBehind.nothingOn(scene.primary());
    }

    /** What the run did not make it leaves, and names; nothing starts from that. */
    private static void requireOnlyTheSaboteursIsLeft(Scene scene, RunFixture fixture) {
        if (Files.exists(scene.target())) {
            assertThat(fixture.said()).contains("left in " + scene.target() + " what the run did not make: ");
            assertThat(scene.target().resolve("PG_VERSION")).doesNotExist();
            assertThat(scene.target().resolve("global/pg_control")).doesNotExist();
        }
    }

    @ParameterizedTest(name = "{0} (PostgreSQL {1})")
    @MethodSource("oddities")
    void endsProvenWithTheRightContents(Sabotage row, ServerMajor major) throws IOException {
        Scene scene = PRIMARIES.scene(major);
        RunFixture fixture = new RunFixture(state);
        RunState end = run(row, scene, fixture);

        try (BuiltStandby standby = standby(scene, end)) {
            assertThat(scene.hits()).as(fixture.said()).isEqualTo(row.hits().size());
            assertThat(end.outcome()).as(fixture.said()).isEqualTo(Outcome.PROVEN);
            hasWhatThePrimaryHas(scene, standby);
            row.ending().check().on(scene);
        } finally {
            scene.repair();
            PRIMARIES.clear(scene);
        }
    }

    @Test
    void theQuickDepthSaysWhatItDidNotLookAt() throws IOException {
        Scene scene = PRIMARIES.scene(ServerMajor.V15);
        RunFixture fixture = new RunFixture(state);
        RunState end = fixture.prove(playbook(), parameters(scene));
        BuiltStandby.of(end, scene.major(), scene.target()).close();
        PRIMARIES.clear(scene);

        assertThat(end.step("start-standby").orElseThrow().evidence().toString())
                .contains("with the size and time that the copy left")
                .contains("the others' not");
        assertThat(end.published().get("proof").toString()).contains("notExamined");
    }

    private static BuiltStandby standby(Scene scene, RunState end) {
        return BuiltStandby.at(
                scene.major(),
                scene.target(),
                Integer.parseInt(end.facts().find("port").orElse("0")));
    }

    private RunState run(Sabotage row, Scene scene, RunFixture fixture) throws IOException {
        Map<String, String> parameters = parameters(scene);
        parameters.putAll(row.parameters());
        fixture.changing(definition -> Saboteur.beside(definition, row, scene));
        RunState end = fixture.run(playbook(), parameters);
        if (!row.isHarmless()) {
            scene.repair();
            BuiltStandby.at(scene.major(), scene.target(), 0).close();
        }
        return end;
    }

    /** The shipped playbook, with shorter patience, and without the preflight, which is long over when this happens. */
    private String playbook() throws IOException {
        String line = "  - start-standby: {start: \"${start}\"}";
        String text = Playbooks.load("standby").text();
        assertThat(text).contains(line);
        Path file = state.resolve("standby.yaml");
        Files.writeString(
                file,
                text.replace("  - preflight\n", "")
                        .replace(line, "  - start-standby: {start: \"${start}\", timeout: 2min}"));
        return file.toString();
    }

    private static Map<String, String> parameters(Scene scene) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("primary", scene.primary().conninfo());
        parameters.put("primary_host", "local");
        parameters.put("via", "local");
        parameters.put("data_directory", scene.target().toString());
        parameters.put("bin_directory", scene.primary().binDirectory().toString());
        parameters.put("socket_directory", scene.primary().socketDirectory().toString());
        parameters.put("tablespaces", PRIMARIES.tablespace(scene.primary()) + "=" + scene.tablespace());
        parameters.put("timeout", "1min");
        return parameters;
    }

    private static void hasWhatThePrimaryHas(Scene scene, BuiltStandby standby) {
        Lsn written = Lsn.parse(scene.primary()
                .query("SELECT " + (scene.isModern() ? "pg_current_wal_lsn()" : "pg_current_xlog_location()")
                        + "::text"));
        String replayed = scene.isModern() ? "pg_last_wal_replay_lsn()" : "pg_last_xlog_replay_location()";
        Awaitility.await("replay up to " + written)
                .atMost(Duration.ofSeconds(60))
                .until(() -> Lsn.parse(standby.query("SELECT " + replayed + "::text"))
                        .isAtLeast(written));
        for (String sum : SharedPrimaries.SUMS) {
            assertThat(standby.query(sum)).as(sum).isEqualTo(scene.primary().query(sum));
        }
    }
}
