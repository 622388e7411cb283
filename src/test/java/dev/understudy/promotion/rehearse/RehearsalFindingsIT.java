package dev.understudy.promotion.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cli.console.ExitCode;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Copies that are spoilt between two steps of a rehearsal, so that exactly one thing of what a promotion needs fails: it is
 * what the rehearsal finds, and the copy is removed all the same.
 */
final class RehearsalFindingsIT {
    /** Debian's, whose installation has pg_dump. */
    private static final ServerMajor MAJOR = ServerMajor.V15;

    @TempDir
    private static Path directory;

    private static Pair pair;

    private record Spoilt(String finding, String before, String command, Map<String, String> parameters) {
        @Override
        public String toString() {
            return finding;
        }
    }

    static Stream<Spoilt> spoilt() {
        return Stream.of(
                new Spoilt("not-started", "start-copy", setting("shared_preload_libraries", "nowhere"), Map.of()),
                new Spoilt(
                        "not-consistent", "start-copy", setting("hot_standby", "off"), Map.of("start_timeout", "4s")),
                new Spoilt(
                        "replay-stopped",
                        "start-copy",
                        setting("recovery_target", "immediate"),
                        Map.of("start_timeout", "4s")),
                new Spoilt(
                        "not-promoted",
                        "promote-copy",
                        // Until it is told to end, what replays does nothing.
                        "p=$(pgrep -P $(head -n 1 DATA/postmaster.pid) -f startup); kill -STOP $p; "
                                + "(until grep -q 'shutdown request' DATA/../server.log; do sleep 0.1; done; "
                                + "kill -CONT $p) </dev/null >/dev/null 2>&1 &",
                        Map.of("promote_timeout", "3s")),
                new Spoilt(
                        "write-failed",
                        "promote-copy",
                        setting("default_transaction_read_only", "on") + "; kill -HUP $(head -n 1 DATA/postmaster.pid)",
                        Map.of()),
                new Spoilt("checkpoint-failed", "examine-copy", "rmdir DATA/pg_logical/snapshots", Map.of()),
                new Spoilt(
                        "schema-dump-failed",
                        "examine-copy",
                        "true",
                        Map.of("bin_directory", Oracles.binDirectory().toString())));
    }

    private static String setting(String name, String value) {
        return "echo \\\"" + name + " = '" + value + "'\\\" >> DATA/postgresql.auto.conf";
    }

    @BeforeAll
    static void startPair() {
        pair = Pair.of(EmbeddedPostgres.of(MAJOR).withChecksums(), MAJOR, directory.resolve("state"));
    }

    @AfterAll
    static void stopPair() {
        if (pair != null) {
            pair.close();
        }
    }

    @ParameterizedTest
    @MethodSource("spoilt")
    void isFoundAndNothingElse(Spoilt spoilt) throws IOException {
        if (spoilt.finding().equals("schema-dump-failed")) {
            pair.primary()
                    .execute(
                            "CREATE SCHEMA gone",
                            "CREATE TABLE gone.orphan (a int)",
                            "DELETE FROM pg_namespace WHERE nspname = 'gone'");
        }
        pair.flush();
        Path scratch = pair.primary().scratch("scratch");
        Path data = scratch.resolve("understudy-rehearsal/data");
        Path playbook = Files.writeString(
                directory.resolve(spoilt.finding() + ".yaml"),
                Playbooks.load("rehearsal")
                        .text()
                        .replace(
                                "  - " + spoilt.before(),
                                "  - run: {command: \"%s\"}\n  - %s"
                                        .formatted(
                                                spoilt.command().replace("DATA", data.toString()), spoilt.before())));
        Map<String, String> parameters = pair.parameters(scratch);
        parameters.putAll(spoilt.parameters());
        RunFixture fixture = new RunFixture(directory.resolve("state-" + spoilt.finding()));

        RunState run = fixture.run(playbook.toString(), parameters);

        assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.DONE);
        assertThat(ExitCode.of(run).number()).isEqualTo(1);
        assertThat(RehearsalIT.texts(run.published().get("rehearsal"), "findings", "id"))
                .as(fixture.said())
                .isEqualTo(List.of(spoilt.finding()));
        assertThat(scratch).isEmptyDirectory();
    }
}
