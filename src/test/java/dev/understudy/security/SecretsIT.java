package dev.understudy.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Needle;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A password that a run was given, in each of the ways there are, is afterwards in no file of the run, no log, no report,
 * no message, and at no moment on any command line: only in the standby's own password file, where it needs one.
 */
final class SecretsIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;
    private static final Needle NEEDLE = new Needle();
    private static EmbeddedPostgres primary;

    @TempDir
    Path home;

    private Path work;
    private Path target;
    private Needle.Watch watch;
    private BuiltStandby standby;

    @BeforeAll
    static void start() {
        primary = EmbeddedPostgres.of(MAJOR)
                .withSetting("log_statement", "all")
                .withSetting("log_connections", "on")
                .withSetting("password_encryption", "md5")
                .start();
        // The literal stands in the log already; the log is emptied before anything is looked for.
        primary.execute("CREATE ROLE keeper LOGIN SUPERUSER REPLICATION PASSWORD " + NEEDLE.literal());
        primary.admit(
                "local all all trust",
                "local replication all trust",
                "host all keeper 127.0.0.1/32 md5",
                "host replication keeper 127.0.0.1/32 md5",
                "host all all 127.0.0.1/32 trust",
                "host replication all 127.0.0.1/32 trust");
        primary.reload();
    }

    @AfterAll
    static void stop() {
        primary.close();
    }

    @BeforeEach
    void watch() throws IOException {
        Files.writeString(primary.logFile(), "");
        work = primary.scratch("work-" + home.getFileName());
        target = work.resolve("standby");
        watch = NEEDLE.watch();
    }

    @AfterEach
    void end() throws InterruptedException {
        watch.close();
        if (standby != null) {
            standby.close();
        }
        primary.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
    }

    private static String keeper(String password) {
        return "host=127.0.0.1 port=%d user=keeper dbname=postgres %s".formatted(primary.port(), password);
    }

    private Map<String, String> parameters(Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(Map.of(
                "primary", keeper(""),
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
        parameters.putAll(more);
        return parameters;
    }

    /** Runs in this process, whose own command line is none of the run's. */
    private void prove(RunFixture fixture, String playbook, Map<String, String> more) throws Exception {
        RunState end = fixture.prove(playbook, parameters(more));
        standby = BuiltStandby.of(end, MAJOR, target);
        isNowhere(fixture.said() + end);
        isNotInSettings();
    }

    /** In all that is left, but for the standby's password file, which nobody else may read. */
    private void isNowhere(String said, Path... given) throws Exception {
        Path passFile = target.resolve("understudy.pgpass");
        Set<Path> allowed = new TreeSet<>(List.of(given));
        if (Files.exists(passFile)) {
            allowed.add(passFile);
            assertThat(mode(passFile)).isEqualTo("rw-------");
        }
        assertThat(NEEDLE.isIn(said)).as("in what was said: %s", said).isFalse();
        Set<Path> found = new TreeSet<>(NEEDLE.filesBelow(home));
        found.addAll(NEEDLE.filesBelow(work));
        found.addAll(NEEDLE.filesBelow(primary.dataDirectory()));
        found.addAll(NEEDLE.filesBelow(primary.logFile()));
        found.addAll(temporaryFilesWithIt());
        found.removeAll(allowed);
        assertThat(found).isEmpty();
        assertThat(watch.found()).isEmpty();
        assertThat(openFilesBelow(home.resolve("state"))).isEmpty();
    }

    /** Those of the machine's temporary directory itself. */
    private static Set<Path> temporaryFilesWithIt() throws IOException {
        Set<Path> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                found.addAll(NEEDLE.filesBelow(file));
            }
        }
        return found;
    }

    /** Files of runs that others than their owner may read, and directories that others may enter. */
    private static List<String> openFilesBelow(Path state) throws IOException {
        List<String> open = new ArrayList<>();
        if (!Files.exists(state)) {
            return open;
        }
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.toList()) {
                String right = Files.isDirectory(file) ? "rwx------" : "rw-------";
                if (!mode(file).equals(right)) {
                    open.add(mode(file) + " " + file);
                }
            }
        }
        return open;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** What every superuser's query shows, and what the server's own children inherit. */
    private void isNotInSettings() throws Exception {
        assertThat(NEEDLE.isIn(String.valueOf(
                        standby.query("SELECT string_agg(name || '=' || setting, E'\\n') FROM pg_settings"))))
                .isFalse();
        Path environment = work.resolve("environment");
        standby.execute("COPY (SELECT 1) TO PROGRAM 'env > " + environment + "'");
        assertThat(environment).isNotEmptyFile();
        assertThat(NEEDLE.isIn(Files.readString(environment)))
                .as("in the environment of the standby's children")
                .isFalse();
    }

    @Test
    void inAUriAndAroundAHook() throws Exception {
        Path hooked = home.resolve("hooked");
        Path playbook = home.resolve("hooked.yaml");
        String standard = Files.readString(Path.of("playbooks/standby.yaml"));
        Files.writeString(
                playbook,
                standard.replace(
                        "  - start-backup:", "  - run: {command: \"env > " + hooked + "\"}\n  - start-backup:"));

        prove(
                new RunFixture(home.resolve("state")),
                playbook.toString(),
                Map.of(
                        "primary_host",
                        "local",
                        "via",
                        "local",
                        "primary",
                        "postgresql://keeper:%s@127.0.0.1:%d/postgres".formatted(NEEDLE.encoded(), primary.port())));

        assertThat(hooked).content().contains("UNDERSTUDY_DATA_DIRECTORY=" + target);
    }

    @Test
    void inKeywordsAndValues() throws Exception {
        prove(
                new RunFixture(home.resolve("state")),
                "standby",
                Map.of("primary", keeper("password=" + NEEDLE.quoted()), "via", "sql"));
    }

    @Test
    void forPgBasebackup() throws Exception {
        prove(
                new RunFixture(home.resolve("state")),
                "basebackup",
                Map.of(
                        "primary", keeper("password=" + NEEDLE.quoted()),
                        "bin_directory", Oracles.binDirectory().toString()));
    }

    @Test
    void inTheReplicationParameterOverSsh() throws Exception {
        try (SshServer sshd = SshServer.start(work.resolve("sshd"))) {
            prove(
                    new RunFixture(home.resolve("state"), sshd.options()),
                    "standby",
                    Map.of(
                            "primary", primary.conninfo(),
                            "primary_host", sshd.address(),
                            "via", "ssh",
                            "replication", keeper("password=" + NEEDLE.quoted())));
        }
    }

    @Test
    void inTheEnvironment() throws Exception {
        Understudy understudy = new Understudy(home).with("PGPASSWORD", NEEDLE.secret());

        Ended planned = understudy.run(Understudy.command("plan", "standby", parameters(Map.of())));
        Ended run = understudy.runPlaybook("standby", parameters(Map.of()));

        assertThat(run.status()).as(run.said()).isZero();
        standby = BuiltStandby.at(MAJOR, target, port());
        isNowhere(planned.said() + run.said());
        isNotInSettings();
    }

    @Test
    void inAServiceFile() throws Exception {
        Path service = home.resolve("services");
        Files.writeString(
                service,
                "[keeper]\nhost=127.0.0.1\nport=%d\nuser=keeper\ndbname=postgres\npassword=%s\n"
                        .formatted(primary.port(), NEEDLE.secret()));
        Understudy understudy = new Understudy(home).with("PGSERVICEFILE", service.toString());

        List<String> words =
                new ArrayList<>(Understudy.command("run", "standby", parameters(Map.of("primary", "service=keeper"))));
        words.addAll(List.of("--format", "json"));
        Ended run = understudy.run(words);

        assertThat(run.status()).as(run.said()).isZero();
        standby = BuiltStandby.at(MAJOR, target, port());
        isNowhere(run.said(), service);
        isNotInSettings();
    }

    /** Everything works until somebody else's file is found in the way; then the run is looked at in every way. */
    @Test
    void inAPasswordFileOfARunThatFails() throws Exception {
        Path passFile = home.resolve(".pgpass");
        Files.writeString(passFile, "127.0.0.1:%d:*:keeper:%s\n".formatted(primary.port(), NEEDLE.escaped()));
        Files.setPosixFilePermissions(passFile, PosixFilePermissions.fromString("rw-------"));
        Understudy understudy = new Understudy(home);

        Ended run = understudy.runPlaybook("standby", parameters(Map.of("settings", "shared_buffers=lots")));
        Ended runs = understudy.run("runs");
        String id = runs.out()
                .lines()
                .filter(line -> line.contains("-standby-"))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
        Ended report = understudy.run("report", id, "--format", "html");

        assertThat(run.status()).as(run.said()).isEqualTo(4);
        isNowhere(run.said() + runs.said() + report.said(), passFile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=127.0.0.1 port=1 user=keeper password=%s",
                "host=127.0.0.1 user=keeper password='%s",
                "host=127.0.0.1 user=keeper password=first %s",
                "host=127.0.0.1 user=keeper pasword=%s",
                "postgresql://keeper:%s@127.0.0.1:1/postgres",
                "postgresql://keeper:%s@127.0.0.1:none/postgres",
                "postgresql://keeper:%%%s@127.0.0.1/postgres",
                "postgresql://127.0.0.1:1/postgres?password=%s",
                "postgresql://127.0.0.1/postgres?password=%s=%s",
                "postgresql://127.0.0.1/postgres?pasword=%s"
            })
    void inAConnectionStringThatLeadsNowhere(String conninfo) throws Exception {
        RunFixture fixture = new RunFixture(home.resolve("state"));
        String core = NEEDLE.secret().replaceAll("[^A-Za-z0-9]", "");
        String said = "";
        try {
            RunState end = fixture.run("standby", parameters(Map.of("primary", conninfo.replace("%s", core))));
            assertThat(end.outcome()).isNotEqualTo(Outcome.PROVEN);
            said = end.toString();
        } catch (UnderstudyException refused) {
            said = refused.describe();
        }
        assertThat(said).isNotEmpty();
        isNowhere(said + fixture.said());
    }

    private int port() throws IOException {
        return Integer.parseInt(
                Files.readAllLines(target.resolve("postmaster.pid")).get(3).strip());
    }
}
