package dev.understudy.doctor;

import static dev.understudy.doctor.DoctorFixture.assertEvidence;
import static dev.understudy.doctor.DoctorFixture.requireCause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SmallFileSystem;
import dev.understudy.testing.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States that need places of their own: a tablespace, a small disk, another cluster, other programs, another host. */
final class PlacesIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path temporary;

    static Stream<ServerMajor> forTablespaces() {
        return PairStates.majors(ServerMajor.V14).stream();
    }

    static Stream<ServerMajor> forDisks() {
        return PairStates.majors(ServerMajor.V18).stream();
    }

    static Stream<ServerMajor> forClusters() {
        return PairStates.majors(ServerMajor.V10).stream();
    }

    @ParameterizedTest
    @MethodSource("forTablespaces")
    void aTablespaceThatIsThePrimarysOwnOrNowhereIsFoundAndSeededAnew(ServerMajor major) throws IOException {
        try (BrokenPair pair = BrokenPair.start(major)) {
            Path theirs = pair.primary().scratch("their_tablespace");
            Path ours = pair.primary().scratch("our_tablespace");
            pair.stopStandby();
            pair.primary()
                    .execute(
                            "CREATE TABLESPACE far LOCATION '" + theirs + "'",
                            "CREATE TABLE f TABLESPACE far AS SELECT 1 AS a");
            pair.rebuild();
            Path link = link(pair);

            Finding shared = await(
                    pair.doctor()::examine,
                    "tablespace-link-foreign",
                    found -> assertEvidence(found)
                            .containsExactly("pg_tblspc/%s: leads to \"%s\", the primary's own"
                                    .formatted(link.getFileName(), theirs)));
            Map<String, String> parameters = reseed(pair, shared);
            parameters.put("tablespaces", theirs + "=" + ours);
            new RunFixture(temporary.resolve("state")).prove("repair-standby", parameters);
            pair.standby().restart();
            assertThat(Files.readSymbolicLink(link)).isEqualTo(ours);
            assertThat(pair.standby().query("SELECT a FROM f")).isEqualTo("1");

            pair.standby().stop();
            Path aside = ours.resolveSibling("aside");
            Files.move(ours, aside);
            Finding gone = await(
                    pair.doctor()::examine,
                    "tablespace-link-missing",
                    found -> assertEvidence(found)
                            .contains("pg_tblspc/%s: leads to \"%s\", where no directory is"
                                    .formatted(link.getFileName(), ours)));
            assertThat(gone.remedies()).extracting(Remedy::id).containsExactly("restore-link", "reseed");
            Files.move(aside, ours);

            Files.delete(link);
            await(
                    pair.doctor()::examine,
                    "tablespace-link-missing",
                    found -> assertEvidence(found)
                            .contains("pg_tblspc: has no link for tablespace %s of the primary"
                                    .formatted(link.getFileName())));
            Files.createSymbolicLink(link, ours);
        }
    }

    private static Path link(BrokenPair pair) throws IOException {
        try (Stream<Path> links = Files.list(pair.standby().dataDirectory().resolve("pg_tblspc"))) {
            return links.findFirst().orElseThrow();
        }
    }

    @ParameterizedTest
    @MethodSource("forDisks")
    void aDiskThatIsFullIsFoundAndWithRoomAgainTheStandbyGoesOn(ServerMajor major) throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 96);
                BrokenPair pair = BrokenPair.start(major)) {
            pair.stopStandby();
            Path wal = pair.standby().dataDirectory().resolve(pair.isAtLeast(ServerMajor.V10) ? "pg_wal" : "pg_xlog");
            Path there = disk.mountPoint().resolve("wal");
            Account.run(List.of("cp", "-a", wal.toString(), there.toString()), Map.of());
            Account.run(List.of("rm", "-r", wal.toString()), Map.of());
            Files.createSymbolicLink(wal, there);
            pair.standby().start();
            pair.awaitStreaming();
            Path ballast = disk.fill(0);
            for (int i = 0; i < 3; i++) {
                pair.switchWal();
            }

            Finding cause = await(
                    pair.doctor()::examine,
                    "disk-full",
                    found -> assertEvidence(found)
                            .anySatisfy(line -> assertThat(line)
                                    .startsWith(disk.mountPoint() + ": ")
                                    .endsWith(" bytes are available for the WAL")));
            assertThat(cause.remedies()).extracting(Remedy::command).containsExactly("df -h " + disk.mountPoint());

            Files.delete(ballast);
            if (!pair.standby().isRunning()) {
                pair.standby().start();
            }
            Awaitility.await("healthy")
                    .atMost(LIMIT)
                    .untilAsserted(
                            () -> DoctorFixture.requireHealthy(pair.doctor().examine()));
            pair.stopStandby();
        }
    }

    @ParameterizedTest
    @MethodSource("forClusters")
    void aPrimaryOfAnotherClusterIsNamedAndItsStandbySeededFromIt(ServerMajor major) {
        try (BrokenPair pair = BrokenPair.start(major);
                EmbeddedPostgres other = EmbeddedPostgres.of(major).start()) {
            other.execute("CREATE ROLE follower LOGIN REPLICATION");
            pair.follow("port=" + other.port());
            DoctorFixture doctor = DoctorFixture.of(pair.standby()).primary(other);

            Finding cause = await(
                    doctor::examine,
                    "system-identifier-mismatch",
                    found -> assertEvidence(found)
                            .anySatisfy(line -> assertThat(line).startsWith("system identifier of the standby: "))
                            .anySatisfy(line -> assertThat(line).startsWith("system identifier of the primary: "))
                            .anySatisfy(line -> assertThat(line)
                                    .contains("database system identifier differs between the primary and standby")));
            assertThat(cause.remedies())
                    .extracting(Remedy::id, Remedy::losesData)
                    .containsExactly(tuple("name-the-right-primary", false), tuple("reseed", true));
        }
    }

    @Test
    void programsOlderThanThePrimarysAreAWarning() throws IOException {
        Path programs = Path.of("/usr/lib/postgresql/15/bin");
        Required.part("postgresql-15", Files.exists(programs), "there is no PostgreSQL 15; install postgresql-15");
        try (BrokenPair pair = BrokenPair.start(ServerMajor.V15)) {
            String installed = Account.run(List.of(programs + "/postgres", "--version"), Map.of())
                    .replaceFirst("(?s).*?(\\d+\\.\\d+).*", "$1");
            String embedded = pair.primary().query("SHOW server_version").split(" ", 2)[0];
            Required.part(
                    "postgresql-15",
                    minor(installed) != minor(embedded),
                    "the installed PostgreSQL is " + installed + ", as the embedded one; the test needs another minor");
            boolean older = minor(installed) < minor(embedded);
            pair.stopStandby();
            if (older) {
                start(programs, pair.standby());
            } else {
                pair.primary().stop();
                start(programs, pair.primary());
                pair.standby().start();
            }
            pair.awaitStreaming();

            // The programs may bring collations of another version as well.
            Finding running = pair.doctor().examine().findings().stream()
                    .filter(found -> found.id().equals("minor-version-behind"))
                    .findFirst()
                    .orElseThrow();
            assertEvidence(running)
                    .containsExactly(
                            "standby: PostgreSQL " + (older ? installed : embedded),
                            "primary: PostgreSQL " + (older ? embedded : installed));
            pair.stopStandby();
            // Down, it is told by the programs that ran it last.
            assertThat(pair.doctor().examine().findings())
                    .extracting(Finding::id)
                    .contains("minor-version-behind", "not-started");
        }
    }

    private static void start(Path programs, EmbeddedPostgres server) {
        String start =
                "%s/pg_ctl start -w -s -D %s -l %s".formatted(programs, server.dataDirectory(), server.logFile());
        Account.run(Account.asServer(List.of("sh", "-c", start)), Map.of("LC_ALL", "C"));
    }

    private static int minor(String version) {
        return Integer.parseInt(version.substring(version.indexOf('.') + 1));
    }

    @Test
    void aBrokenStandbyIsExaminedWhollyOverSsh() {
        try (SshServer sshd = SshServer.start(temporary.resolve("sshd"));
                BrokenPair pair = BrokenPair.start(ServerMajor.V17, BrokenPair.With.ARCHIVE)) {
            pair.stopStandby();
            pair.switchWal();
            pair.switchWal();
            pair.restartWith(
                    "primary_conninfo = ''", "restore_command = 'case %f in *.history) exit 1;; *) : > %p;; esac'");
            // No connection to the standby: what is known of it comes through its host alone.
            DoctorFixture near = new DoctorFixture()
                    .directory(pair.standby().dataDirectory())
                    .log(pair.standby().logFile())
                    .archive(pair.archive());
            Finding here = await(near::examine, "restore-command-empty-file", found -> {});

            Finding there = requireCause(near.over(sshd).examine(), "restore-command-empty-file");

            assertThat(there.summary()).isEqualTo(here.summary());
            assertThat(there.evidence()).isEqualTo(here.evidence());
            pair.stopStandby();
            Finding down = requireCause(near.over(sshd).primary(pair.primary()).examine(), "not-started");
            assertEvidence(down)
                    .contains(pair.standby().dataDirectory() + "/postmaster.pid: is not there")
                    .anySatisfy(
                            line -> assertThat(line).startsWith(pair.standby().logFile() + ": "));
        }
    }

    private static Finding await(Supplier<Diagnosis> look, String id, Consumer<Finding> also) {
        Finding[] found = new Finding[1];
        Awaitility.await(id).atMost(LIMIT).pollDelay(Duration.ZERO).untilAsserted(() -> {
            found[0] = requireCause(look.get(), id);
            also.accept(found[0]);
        });
        return found[0];
    }

    private static Map<String, String> reseed(BrokenPair pair, Finding cause) {
        Map<String, String> parameters = new HashMap<>(cause.remedies().stream()
                .filter(each -> each.id().equals("reseed"))
                .findFirst()
                .orElseThrow()
                .parameters());
        parameters.put("primary", pair.primary().conninfo());
        parameters.put("bin_directory", pair.primary().binDirectory().toString());
        parameters.put("port", Integer.toString(pair.standby().port()));
        parameters.put("socket_directory", pair.standby().socketDirectory().toString());
        return parameters;
    }
}
