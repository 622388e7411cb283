package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.state;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be wrong with WAL, with the archive, and with the commands between them, each made on a real pair. */
final class WalStatesIT {
    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(ServerMajor.V13, ServerMajor.V17);

    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** Where the first page of a segment has the system identifier. */
    private static final int SYSTEM_IDENTIFIER_AT = 24;

    private static final String EMPTY_SEGMENTS = "restore_command = 'case %f in *.history) exit 1;; *) : > %p;; esac'";

    private Path changed = Path.of("");
    private byte[] kept = new byte[0];

    static Stream<ServerMajor> majors() {
        return PairStates.majors(MAJORS).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (BrokenPair pair = BrokenPair.start(major, BrokenPair.With.ARCHIVE)) {
            for (int i = 0; i < 4; i++) {
                pair.switchWal();
            }
            archived(pair, 4);
            PairStates.take(pair, PairStates.dealt(states(), major, MAJORS));
        }
    }

    static List<PairState> states() {
        WalStatesIT deeds = new WalStatesIT();
        return Stream.of(deeds.archives(), restoring(), deeds.bytes(), removed())
                .flatMap(List::stream)
                .toList();
    }

    private List<PairState> archives() {
        return List.of(
                state("archive-command-failing")
                        .by(pair -> {
                            pair.setOnPrimary("archive_command = 'false'");
                            pair.switchWal();
                        })
                        .mend(pair -> {
                            pair.mend();
                            pair.switchWal();
                        })
                        .says("The primary's archiver fails, so that the archive gets nothing and its pg_wal fills")
                        .evidence("pg_stat_archiver of the primary: failed at 0000000100000000")
                        .evidence("archive_command: false"),
                state("archive-foreign-segment")
                        .form("another place")
                        .by(pair -> replace(
                                pair, 1, Files.readAllBytes(archived(pair, 3).get(2))))
                        .thenMend(this::putBack)
                        .says("1 files in the archive are not the WAL segments that their names say")
                        .evidence("begins at 0/", ", its name says 0/"),
                state("archive-foreign-segment")
                        .form("another cluster")
                        .by(pair -> replace(
                                pair, 1, ofAnotherCluster(archived(pair, 2).get(1))))
                        .thenMend(this::putBack)
                        .evidence("system identifier 42, the cluster's is "),
                state("archive-foreign-segment")
                        .form("no WAL")
                        .by(pair -> replace(
                                pair,
                                1,
                                "no WAL at all, but some text of fifty bytes and more"
                                        .getBytes(StandardCharsets.UTF_8)))
                        .thenMend(this::putBack)
                        .evidence("unexpected WAL page magic "),
                state("archive-gap")
                        .by(pair -> {
                            changed = archived(pair, 3).get(1);
                            kept = Files.readAllBytes(changed);
                            Files.delete(changed);
                        })
                        .thenMend(this::putBack)
                        .evidence("{archive}: 0000000100000000", " is there, then 0000000100000000")
                        .evidence("pg_ls_waldir() of the primary: 0000000100000000"));
    }

    private static List<PairState> restoring() {
        return List.of(
                state("restore-command-failing")
                        .by(pair -> pair.failWith("restore_command = '/no/such/command %f %p'"))
                        .followedBy("not-started")
                        .evidence("could not restore file \"")
                        .evidence("restore_command: /no/such/command %f %p"),
                state("restore-command-empty-file")
                        .by(pair -> {
                            pair.stopStandby();
                            pair.switchWal();
                            pair.switchWal();
                            pair.restartWith("primary_conninfo = ''", EMPTY_SEGMENTS);
                        })
                        .evidence(
                                "RECOVERYXLOG in the WAL directory: 0 bytes, left by a restore_command that has ended")
                        .evidence("{archive}: has 0000000100000000")
                        .remedy("correct-restore-command", "test -s SOURCE/%f && cp SOURCE/%f %p"),
                state("restore-command-always-succeeds")
                        .by(pair -> pair.restartWith("restore_command = ': > %p'"))
                        .says("restore_command reports success for files that cannot exist")
                        .evidence("timeline history files were \"restored\"")
                        .evidence("restore_command: : > %p"));
    }

    private List<PairState> bytes() {
        return List.of(
                state("wal-corrupt")
                        .form("it streams, and has passed the place")
                        .by(pair -> damage(pair, markedSegment(pair)))
                        .thenMend(this::putBack)
                        .evidence("WAL: 0/", ": incorrect resource manager data checksum in record of "),
                state("wal-corrupt")
                        .form("it cannot pass the place")
                        .by(pair -> {
                            Path segment = markedSegment(pair);
                            pair.stopStandby();
                            damage(pair, segment);
                            pair.switchWal();
                            pair.restartWith("primary_conninfo = ''", "restore_command = ''");
                        })
                        .thenMend(pair -> {
                            pair.stopStandby();
                            putBack(pair);
                        })
                        .alsoRepairedBy("reseed")
                        .evidence("incorrect resource manager data checksum in record at 0/")
                        .evidence("copy of the segment in archive: the record at 0/", " is whole")
                        .remedy(
                                "take-the-good-copy",
                                "mv -n PGDATA/pg_wal/SEGMENT /somewhere; cp GOOD/SEGMENT PGDATA/pg_wal/"),
                state("archive-foreign-segment")
                        .form("in the standby's way")
                        .by(this::foreignSegmentInTheWay)
                        .thenMend(pair -> {
                            pair.stopStandby();
                            putBack(pair);
                        })
                        .followedBy("wal-foreign")
                        .evidence("system identifier 42, the cluster's is "),
                state("wal-foreign")
                        .by(this::foreignSegmentInTheWay)
                        .seenBy(pair -> pair.doctor().withoutArchive())
                        .thenMend(pair -> {
                            pair.stopStandby();
                            putBack(pair);
                        })
                        .evidence("WAL file is from different database system"));
    }

    private static List<PairState> removed() {
        return List.of(
                state("wal-segment-removed")
                        .form("the archive has it")
                        .by(WalStatesIT::leaveBehind)
                        .evidence("requested WAL segment 0000000100000000")
                        .evidence("{archive}: has 0000000100000000")
                        .evidence("pg_ls_waldir() of the primary: 0000000100000000", " is not there")
                        .remedy(
                                "restore-from-archive",
                                "ALTER SYSTEM SET restore_command = 'cp {archive}/%f %p'; SELECT pg_reload_conf();  --"
                                        + " restart before 14"),
                state("wal-segment-removed")
                        .form("nothing has it")
                        .by(WalStatesIT::leaveBehind)
                        .seenBy(pair -> pair.doctor().withoutArchive())
                        .repairedBy("reseed")
                        .evidence("requested WAL segment 0000000100000000"));
    }

    /** The archive's whole segments, the oldest first; waits until there are so many. */
    private static List<Path> archived(BrokenPair pair, int count) {
        return Awaitility.await("the archive")
                .atMost(LIMIT)
                .until(() -> segments(pair.archive()), found -> found.size() >= count);
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .sorted()
                    .toList();
        }
    }

    private void replace(BrokenPair pair, int number, byte[] bytes) throws IOException {
        replace(archived(pair, number + 1).get(number), bytes);
    }

    private void replace(Path file, byte[] bytes) throws IOException {
        changed = file;
        kept = Files.readAllBytes(file);
        Files.write(file, bytes);
    }

    private void putBack(BrokenPair pair) throws IOException {
        Files.write(changed, kept);
        Account.give(changed);
    }

    private static byte[] ofAnotherCluster(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(SYSTEM_IDENTIFIER_AT, 42);
        return bytes;
    }

    /** Has the standby begin at a checkpoint, and writes a long record behind it; the segment that holds it. */
    private static Path markedSegment(BrokenPair pair) {
        EmbeddedPostgres primary = pair.primary();
        pair.switchWal();
        primary.execute("CHECKPOINT");
        pair.awaitReplay();
        pair.standby().execute("CHECKPOINT");
        String name = primary.query(
                pair.isAtLeast(ServerMajor.V10)
                        ? "SELECT pg_walfile_name(pg_logical_emit_message(true, 'mark', repeat('x', 100000)))"
                        : "SELECT pg_xlogfile_name(pg_logical_emit_message(true, 'mark', repeat('x', 100000)))");
        primary.execute("INSERT INTO t VALUES (8)");
        pair.awaitReplay();
        return pair.standby()
                .dataDirectory()
                .resolve(pair.isAtLeast(ServerMajor.V10) ? "pg_wal" : "pg_xlog")
                .resolve(name);
    }

    /** Changes a byte in the middle of the long record. */
    private void damage(BrokenPair pair, Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int run = 0;
        int at = 0;
        while (run < 1000) {
            run = bytes[at++] == 'x' ? run + 1 : 0;
        }
        bytes[at - 500] = 'y';
        replace(segment, bytes);
    }

    /** The name of the segment that the primary writes. */
    private static String current(BrokenPair pair) {
        return pair.primary()
                .query(
                        pair.isAtLeast(ServerMajor.V10)
                                ? "SELECT pg_walfile_name(pg_current_wal_lsn())"
                                : "SELECT pg_xlogfile_name(pg_current_xlog_location())");
    }

    /** The next segment that the standby fetches is another cluster's. */
    private void foreignSegmentInTheWay(BrokenPair pair) throws IOException {
        pair.awaitReplay();
        pair.stopStandby();
        pair.switchWal();
        Path next = pair.archive().resolve(current(pair));
        pair.switchWal();
        Awaitility.await("the next segment in the archive").atMost(LIMIT).until(() -> Files.exists(next));
        replace(next, ofAnotherCluster(next));
        pair.restartWith("primary_conninfo = ''");
    }

    /** Stops the standby until the primary has removed what it needs next, and gives it no archive. */
    private static void leaveBehind(BrokenPair pair) {
        pair.awaitReplay();
        pair.stopStandby();
        for (int i = 0; i < 4; i++) {
            pair.switchWal();
            pair.primary().execute("CHECKPOINT");
        }
        pair.restartWith("restore_command = ''");
    }
}
