package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStart;
import dev.understudy.server.backup.BackupStop;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.files.FileEntry;
import dev.understudy.server.files.FileListing;
import dev.understudy.server.files.FileRange;
import dev.understudy.server.files.SqlFiles;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every major must do for us, asked of a real server of each. */
@ParameterizedClass
@MethodSource("majors")
final class ServerContractIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static EmbeddedPostgres server;
    private static Conninfo conninfo;

    private final ServerMajor major;

    ServerContractIT(ServerMajor major) {
        this.major = major;
    }

    static List<ServerMajor> majors() {
        return EmbeddedBinaries.majors();
    }

    @BeforeParameterizedClassInvocation
    static void startServer(ServerMajor major) {
        server = EmbeddedPostgres.of(major).start();
        conninfo = Conninfo.parse(server.conninfo());
        String location = server.scratch("a tablespace\n\\n").toString();
        server.execute("create tablespace outside location E'"
                + location.replace("\\", "\\\\").replace("\n", "\\n") + "'");
        server.execute("create table elsewhere tablespace outside as select generate_series(1, 1000) a");
    }

    @AfterParameterizedClassInvocation
    static void stopServer() {
        server.close();
    }

    @Test
    void aSessionKnowsItsServerAndIsSafeToHold() {
        try (Session session = Session.open(conninfo)) {
            assertThat(session.major()).isEqualTo(major);
            assertThat(session.pooler()).isEmpty();
            session.ping(Duration.ofSeconds(2));
            String path = session.one(row -> row.text("s"), "SELECT current_setting('search_path') AS s");
            assertThat(path).isEqualTo("pg_catalog, pg_temp");
            assertThat(session.list(
                            row -> row.text("name"),
                            "SELECT name FROM pg_settings WHERE name LIKE '%timeout' AND setting <> '0'"
                                    + " AND context = 'user' AND name NOT LIKE 'wal%' AND name <> 'deadlock_timeout'"))
                    .isEmpty();
        }
    }

    @Test
    void aUnixSocketWorks() {
        try (Session session = Session.open(Conninfo.parse(server.socketConninfo()))) {
            assertThat(session.major()).isEqualTo(major);
            session.cancel();
            session.ping(Duration.ofSeconds(2));
        }
    }

    @Test
    void aBackupStartsHoldsAndStops() throws IOException {
        try (BackupSession backup = BackupSession.open(conninfo)) {
            BackupStart start = backup.start("understudy ümläut", CheckpointMode.FAST, LIMIT);
            backup.heartbeat();
            assertThat(start.onStandby()).isFalse();
            assertThat(start.segment().name()).startsWith("00000001");
            BackupStop stop = backup.stop(true, LIMIT);

            assertThat(stop.stopLsn()).isGreaterThan(start.startLsn());
            String label = new String(stop.label(), StandardCharsets.UTF_8);
            assertThat(label)
                    .contains("START WAL LOCATION: " + start.startLsn() + " (file " + start.segment() + ")")
                    .contains("LABEL: understudy ümläut\n");
            String map = new String(stop.tablespaceMap(), StandardCharsets.UTF_8);
            assertThat(map).contains("/a tablespace\\\n");
            assertThat(stop.notices()).extracting(Notice::message).anyMatch(text -> text.contains("archiv"));
            assertThat(backup.open()).isEmpty();
        }
    }

    @Test
    void aKilledBackupSessionIsNoticed() {
        try (BackupSession backup = BackupSession.open(conninfo)) {
            backup.start("to be killed", CheckpointMode.FAST, LIMIT);
            server.query("select pg_terminate_backend(" + backup.backendPid() + ")");
            assertThatThrownBy(backup::heartbeat)
                    .isInstanceOfSatisfying(
                            UnderstudyException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_SESSION_LOST));
        }
    }

    @Test
    void slotsAreMadeFoundAndDropped() {
        try (Session session = Session.open(conninfo)) {
            Slots slots = new Slots(session);
            Lsn restart = slots.createPhysical("one");
            ReplicationSlot slot = slots.find("one").orElseThrow();
            assertThat(slot.restartLsn()).hasValue(restart);
            assertThat(slot.isPhysical()).isTrue();
            assertThat(slot.temporary() || slot.active()).isFalse();
            assertThat(slot.walStatus().isPresent()).isEqualTo(major.isAtLeast(ServerMajor.V13));
            assertThatThrownBy(() -> slots.createPhysical("one")).hasMessage("replication slot \"one\" already exists");
            assertThat(slots.drop("one")).isTrue();
            assertThat(slots.drop("one")).isFalse();
        }
    }

    @Test
    void filesAreListedReadAndDigested() throws IOException, GeneralSecurityException {
        server.execute("checkpoint");
        Files.writeString(server.dataDirectory().resolve("base/ünï 'quoted' \\n\nname"), "odd");
        try (Session session = Session.open(conninfo)) {
            SqlFiles files = new SqlFiles(session, LIMIT);
            FileListing listing = files.list(".", List.of(WalDirectory.of(major)));
            List<String> paths =
                    listing.requireUsable().stream().map(FileEntry::path).toList();
            assertThat(paths)
                    .contains("PG_VERSION", "base/1", "global/pg_control", "base/ünï 'quoted' \\n\nname")
                    .anyMatch(path -> path.matches("pg_tblspc/\\d+/PG_.*/\\d+/\\d+"))
                    .noneMatch(path -> path.startsWith(WalDirectory.of(major) + "/"));

            byte[] version = Files.readAllBytes(server.dataDirectory().resolve("PG_VERSION"));
            assertThat(files.read(new FileRange("PG_VERSION", 0, 100))).hasValue(version);
            assertThat(files.read(new FileRange("nothing", 0, 100))).isEmpty();
            assertThat(files.find("nothing")).isEmpty();
            assertThat(files.find("base").orElseThrow().directory()).isTrue();

            List<Optional<byte[]>> contents =
                    files.readAll(List.of("base/ünï 'quoted' \\n\nname", "nothing", "PG_VERSION"), 100);
            assertThat(contents.get(0)).hasValue("odd".getBytes(StandardCharsets.UTF_8));
            assertThat(contents.get(1)).isEmpty();
            assertThat(contents.get(2)).hasValue(version);

            var digests = files.digest(List.of(
                    new FileRange("nothing", 0, 8),
                    new FileRange("PG_VERSION", 0, 1),
                    new FileRange("PG_VERSION", 1, 8192)));
            MessageDigest digest = MessageDigest.getInstance(files.digestAlgorithm());
            assertThat(digests.get(0)).isEmpty();
            assertThat(digests.get(1).orElseThrow().digest()).isEqualTo(digest.digest(new byte[] {version[0]}));
            assertThat(digests.get(2).orElseThrow().length()).isEqualTo(version.length - 1);
        } finally {
            Files.delete(server.dataDirectory().resolve("base/ünï 'quoted' \\n\nname"));
        }
    }

    @Test
    void aNameThatIsNotUtf8IsNamedAndRefused() throws IOException, InterruptedException {
        String file = server.dataDirectory().resolve("base") + "/latin1-";
        assertThat(new ProcessBuilder("sh", "-c", "touch \"$0$(printf '\\374')\"", file)
                        .start()
                        .waitFor())
                .isZero();
        try (Session session = Session.open(conninfo)) {
            FileListing listing = new SqlFiles(session, LIMIT).list(".", List.of());
            assertThat(listing.unusable()).containsExactly("base/latin1-\\374");
            assertThat(listing.entries().stream().map(FileEntry::path).collect(Collectors.toSet()))
                    .contains("global/pg_control");
            assertThatThrownBy(listing::requireUsable).hasMessage("1 file names cannot be read over SQL");
        } finally {
            new ProcessBuilder("sh", "-c", "rm \"$0$(printf '\\374')\"", file)
                    .start()
                    .waitFor();
        }
    }
}
