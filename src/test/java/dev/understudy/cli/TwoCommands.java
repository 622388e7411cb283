package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The commands {@code backup} and {@code seal} on one bundle, with a keeper in a process of its own. */
final class TwoCommands {
    private final TestServer primary;
    private final ServerMajor major;
    private final String conninfo;
    private final Path bundle;
    private final String slot;

    private TwoCommands(TestServer primary, ServerMajor major, String conninfo, Path bundle, String slot) {
        this.primary = primary;
        this.major = major;
        this.conninfo = conninfo;
        this.bundle = bundle;
        this.slot = slot;
    }

    TwoCommands(EmbeddedPostgres primary, Path bundle, String slot) {
        this(primary, primary.major(), primary.conninfo(), bundle, slot);
    }

    /** With a standby as the source. */
    TwoCommands(BuiltStandby standby, Path bundle, String slot) {
        this(
                standby::jdbcUrl,
                standby.major(),
                "host=127.0.0.1 user=postgres dbname=postgres port=" + standby.port(),
                bundle,
                slot);
    }

    Captured begin(String... more) {
        List<String> line = new ArrayList<>(
                List.of("backup", "begin", "--primary", conninfo, "--bundle", bundle.toString(), "--slot", slot));
        line.addAll(List.of(more));
        return Captured.run(line.toArray(String[]::new));
    }

    TwoCommands begun(String... more) {
        Captured begun = begin(more);
        assertThat(begun.status()).as(begun.out() + begun.err()).isZero();
        return this;
    }

    Captured end() {
        return Captured.run("backup", "end", "--bundle", bundle.toString());
    }

    TwoCommands ended() {
        Captured ended = end();
        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        return this;
    }

    Captured drop() {
        return Captured.run("backup", "drop", "--bundle", bundle.toString());
    }

    JsonNode status() {
        return json(Captured.run("backup", "status", "--bundle", bundle.toString(), "--format", "json"));
    }

    static JsonNode json(Captured printed) {
        try {
            return new ObjectMapper().readTree(printed.out());
        } catch (IOException e) {
            throw new UncheckedIOException(printed.out() + printed.err(), e);
        }
    }

    void awaitState(String state) {
        Awaitility.await("the backup to be " + state)
                .atMost(Duration.ofSeconds(60))
                .until(() -> status().path("state").asText().equals(state));
    }

    void killKeeper(String signal) {
        long pid = status().path("keeper").path("pid").asLong();
        Account.run(List.of("kill", "-" + signal, Long.toString(pid)), Map.of());
        Awaitility.await("the end of the keeper")
                .atMost(Duration.ofSeconds(60))
                .until(() -> ProcessHandle.of(pid).isEmpty());
    }

    Captured seal(Path dataDirectory, String... more) {
        List<String> line = new ArrayList<>(List.of(
                "seal",
                "--bundle",
                bundle.toString(),
                "-D",
                dataDirectory.toString(),
                "--bin-directory",
                EmbeddedBinaries.installation(major).resolve("bin").toString()));
        line.addAll(List.of(more));
        return Captured.run(line.toArray(String[]::new));
    }

    /** Seals and starts, on another port. */
    BuiltStandby standby(Path dataDirectory, String... more) {
        int port = EmbeddedPostgres.freePort();
        List<String> options = new ArrayList<>(List.of("--port", Integer.toString(port)));
        options.addAll(List.of(more));
        Captured sealed = seal(dataDirectory, options.toArray(String[]::new));
        assertThat(sealed.status()).as(sealed.out() + sealed.err()).isZero();
        BuiltStandby standby = BuiltStandby.at(major, dataDirectory, port);
        standby.start();
        return standby;
    }

    /** No label, no slot, no session: nothing that a person could take for a backup, or that keeps WAL. */
    void isGivenUpBecause(String reason) {
        Captured end = end();
        assertThat(end.status()).as(end.out() + end.err()).isEqualTo(4);
        assertThat(end.err()).contains("what was cloned during it is worthless").contains(reason);
        assertThat(bundle.resolve("backup_label")).doesNotExist();
        assertThat(bundle.resolve("bundle.json")).doesNotExist();
        assertThat(primary.query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + slot + "'"))
                .isEqualTo("0");
        assertThat(status().path("leftovers")).isEmpty();
        assertThat(seal(bundle).status()).isEqualTo(3);
    }
}
