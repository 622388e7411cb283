package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.backup.ManifestFile;
import dev.understudy.pgfile.backup.WalRange;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.SshServer;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.pipeline.PageRules;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies a real cluster while it is written to, over every route. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransferIT {
    private static final CopyRules RULES = CopyRules.of(ServerMajor.V15);
    private EmbeddedPostgres primary;
    private Path space;
    private SshServer sshServer;
    private Host sshHost;

    @TempDir
    static Path temporary;

    /** The ways to read the primary. The shell of this machine stands for that of another. */
    enum Route {
        LOCAL,
        SHELL,
        SSH,
        SQL
    }

    @BeforeAll
    void start() {
        primary = EmbeddedPostgres.of(ServerMajor.V15)
                .withChecksums()
                .withSetting("autovacuum", "off")
                .withSetting("wal_keep_size", "1GB")
                .start();
        space = primary.scratch("space");
        primary.execute(
                "create tablespace space location '" + space + "'",
                "create table ledger (id int primary key, amount int)",
                "insert into ledger select i, 0 from generate_series(1, 20000) i",
                "create table wide tablespace space as select i, repeat(md5(i::text), 20) t"
                        + " from generate_series(1, 100000) i",
                "create unlogged table scratchpad as select generate_series(1, 1000) i",
                "checkpoint");
    }

    @AfterAll
    void stop() {
        primary.close();
        if (sshServer != null) {
            sshHost.close();
            sshServer.close();
        }
    }

    private Source source(Route route) {
        return switch (route) {
            case LOCAL -> Routes.local(primary.dataDirectory().toString());
            case SHELL -> Routes.ssh(Hosts.local(), primary.dataDirectory().toString());
            case SSH -> Routes.ssh(ssh(), primary.dataDirectory().toString());
            case SQL -> Routes.sql(() -> Session.open(Conninfo.parse(primary.conninfo())), "test");
        };
    }

    private Host ssh() {
        if (sshServer == null) {
            sshServer = SshServer.start(temporary);
            sshHost = Hosts.open(sshServer.address(), sshServer.options());
        }
        return sshHost;
    }

    private Account owner() throws IOException {
        int uid = (Integer) Files.getAttribute(primary.dataDirectory(), "unix:uid");
        int gid = (Integer) Files.getAttribute(primary.dataDirectory(), "unix:gid");
        return new Account("server", uid, gid, "/");
    }

    private TargetLayout layout(Path target) {
        Oid oid = Oid.parse(String.valueOf(primary.query("select oid from pg_tablespace where spcname = 'space'")));
        return new TargetLayout(
                target.resolve("data").toString(),
                Map.of(oid, target.resolve("space").toString()),
                Optional.empty(),
                "pg_wal");
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void copyUnderLoadRecoversToAConsistentCluster(Route route) throws Exception {
        Path target = primary.scratch("copy-" + route);
        TargetLayout layout = layout(target);
        CopyReport full = backUp(route, layout, false, true);
        assertThat(full.via())
                .isEqualTo(route == Route.SHELL ? "ssh" : route.name().toLowerCase(Locale.ROOT));
        assertThat(full.pagesChecked()).isGreaterThan(8000);
        verifyBackup(layout);
        CopyReport delta = backUp(route, layout, true, true);
        assertThat(delta.bytesTransferred()).isLessThan(full.bytesTransferred() / 2);
        assertThat(delta.pagesChecked()).isGreaterThan(8000);
        verifyBackup(layout);
        opensConsistent(layout);
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void deltaOfAQuietClusterMakesTheFilesEqual(Route route) throws Exception {
        Path target = primary.scratch("quiet-" + route);
        TargetLayout layout = layout(target);
        backUp(route, layout, false, true);
        primary.execute("update wide set t = t || 'x' where i % 1000 = 0", "checkpoint");
        CopyReport delta = backUp(route, layout, true, false);
        Map<String, String> expected = comparable(primary.dataDirectory(), delta);
        assertThat(comparable(Path.of(layout.dataDirectory()), delta)).isEqualTo(expected);
    }

    /** The files that the copy says it made, by contents. */
    private static Map<String, String> comparable(Path directory, CopyReport report) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        var files = report.inventory().files();
        for (int file = 0; file < files.count(); file++) {
            byte[] bytes = Files.readAllBytes(directory.resolve(files.path(file)));
            contents.put(files.path(file), bytes.length + " " + Crc32c.of(bytes, 0, bytes.length));
        }
        return contents;
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void deltaOntoAnotherMachineSaysWhichPagesItDidNotCheck(Route route) throws Exception {
        TargetLayout layout = layout(primary.scratch("remote-" + route));
        CopyReport full = backUp(route, layout, Routes.sink(ssh(), layout, () -> {}), false, true);
        assertThat(full.pagesNotChecked()).isZero();
        CopyReport delta = backUp(route, layout, Routes.sink(ssh(), layout, () -> {}), true, true);
        assertThat(delta.bytesTransferred()).isLessThan(full.bytesTransferred() / 2);
        assertThat(delta.pagesChecked() + delta.pagesNotChecked()).isGreaterThan(8000);
        if (route == Route.LOCAL) {
            assertThat(delta.pagesNotChecked()).isZero();
        } else {
            assertThat(delta.pagesNotChecked()).isPositive();
        }
        verifyBackup(layout);
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void corruptPageFailsTheCopyNamingIt(Route route) throws Exception {
        String name = "broken_" + route.name().toLowerCase(Locale.ROOT);
        primary.execute("create table " + name + " as select generate_series(1, 100000) i", "checkpoint");
        String path = String.valueOf(primary.query("select pg_relation_filepath('" + name + "')"));
        Path file = primary.dataDirectory().resolve(path);
        byte[] good = flip(file, 8192L * 17 + 4000);
        TargetLayout layout = layout(primary.scratch("broken-" + route));
        try {
            assertThatThrownBy(() -> backUp(route, layout, false, false))
                    .isInstanceOfSatisfying(UnderstudyException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.PAGE_CORRUPT);
                        assertThat(failure.message())
                                .startsWith(
                                        "page checksum verification failed in file \"" + path + "\", block 17, on the");
                    });
        } finally {
            Files.write(file, good, StandardOpenOption.WRITE);
            primary.execute("drop table " + name, "checkpoint");
        }
    }

    private static byte[] flip(Path file, long offset) throws IOException {
        byte[] good = Files.readAllBytes(file);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(good[(int) offset] ^ 0x10);
        }
        return good;
    }

    /** A whole backup, but for the WAL: start, copy, control file, stop, label, manifest. */
    private CopyReport backUp(Route route, TargetLayout layout, boolean delta, boolean load) throws Exception {
        return backUp(route, layout, Routes.localSink(layout, owner(), () -> {}), delta, load);
    }

    private CopyReport backUp(Route route, TargetLayout layout, Sink opened, boolean delta, boolean load)
            throws Exception {
        try (Connection backup = primary.connect();
                Statement statement = backup.createStatement();
                Source source = source(route);
                Sink sink = opened) {
            Lsn start = Lsn.parse(single(statement, "select pg_backup_start('test', true)"));
            CopyRequest request =
                    CopyRequest.full(RULES, 3).withPages(PageRules.of(start)).withKeep(Set.of());
            CopyReport report;
            byte[] control;
            try (Load writers = load ? new Load() : null) {
                report = DataDirectoryCopy.run(delta ? request.asDelta() : request, source, sink, CopyListener.NONE);
                control = DataDirectoryCopy.copyControlFile(source, sink, false);
            }
            try (ResultSet stopped = statement.executeQuery("select lsn, labelfile from pg_backup_stop(false)")) {
                stopped.next();
                byte[] label = stopped.getString(2).getBytes(StandardCharsets.UTF_8);
                complete(layout, sink, report, control, label, start, Lsn.parse(stopped.getString(1)));
            }
            return report;
        }
    }

    private static void complete(
            TargetLayout layout, Sink sink, CopyReport report, byte[] control, byte[] label, Lsn start, Lsn stop)
            throws IOException {
        Path data = Path.of(layout.dataDirectory());
        Files.move(data.resolve(TargetLayout.PENDING_CONTROL_FILE), data.resolve(TargetLayout.CONTROL_FILE));
        sink.writeFlushed("backup_label", label, 0600);
        List<ManifestFile> extra = List.of(entry("global/pg_control", control), entry("backup_label", label));
        var decoded = ControlFileReader.read(control);
        try (OutputStream out = Files.newOutputStream(data.resolve("backup_manifest"))) {
            ManifestFiles.write(
                    out,
                    ServerMajor.V15,
                    decoded.systemIdentifier(),
                    report.inventory(),
                    extra,
                    List.of(new WalRange(decoded.timeline(), start, stop)));
        }
    }

    private static ManifestFile entry(String path, byte[] contents) {
        return ManifestFile.of(path, contents.length, Instant.EPOCH, Crc32c.of(contents, 0, contents.length));
    }

    private static String single(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void verifyBackup(TargetLayout layout) {
        Oracles.runAsOurselves("pg_verifybackup", "-n", "-e", layout.dataDirectory());
    }

    private void opensConsistent(TargetLayout layout) throws Exception {
        Path data = Path.of(layout.dataDirectory());
        try (var segments = Files.newDirectoryStream(primary.dataDirectory().resolve("pg_wal"), "0*")) {
            for (Path segment : segments) {
                Files.copy(segment, data.resolve("pg_wal").resolve(segment.getFileName()));
            }
        }
        Files.delete(data.resolve("backup_manifest"));
        try (EmbeddedPostgres standby =
                EmbeddedPostgres.of(ServerMajor.V15).onDataDirectory(data).start()) {
            assertThat(standby.query("select sum(amount) from ledger")).isEqualTo("0");
            assertThat(standby.query("select count(*) from wide")).isEqualTo("100000");
            assertThat(standby.query("select count(*) from scratchpad")).isEqualTo("0");
            standby.stop();
            Oracles.runAsOurselves("pg_checksums", "--check", "-D", data.toString());
        }
    }

    /** Moves amounts about in the ledger, whose sum stays 0, and makes and drops tables. */
    private final class Load implements AutoCloseable {
        private volatile boolean stopped;
        private volatile Throwable failure;
        private final Thread thread = new Thread(this::write, "load");

        Load() {
            thread.start();
        }

        private void write() {
            try (Connection connection = primary.connect();
                    Statement statement = connection.createStatement()) {
                for (int round = 0; !stopped; round++) {
                    int from = round * 7919 % 20000 + 1;
                    int to = (from + 777) % 20000 + 1;
                    statement.execute("begin; update ledger set amount = amount - 1 where id = " + from
                            + "; update ledger set amount = amount + 1 where id = " + to + "; commit");
                    if (round % 10 == 0) {
                        statement.execute("create table t" + round + " as select generate_series(1, 3000) i");
                        statement.execute("drop table t" + round);
                    }
                    if (round % 100 == 0) {
                        statement.execute("checkpoint");
                    }
                }
            } catch (SQLException problem) {
                failure = problem;
            }
        }

        @Override
        public void close() throws Exception {
            stopped = true;
            thread.join(TimeUnit.SECONDS.toMillis(30));
            assertThat(failure).isNull();
        }
    }
}
