package dev.understudy.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Golden;
import dev.understudy.pgfile.control.ControlFileSealer;
import dev.understudy.pgfile.page.PageChecksum;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of what people and scripts see. The names in JSON are a promise. */
final class InspectCommandTest {
    private static final Golden V15 = Golden.of(ServerMajor.V15);
    private static final Golden V9_6 = Golden.of(ServerMajor.V9_6);

    private record Said(int exit, String out, String err) {}

    private static Said inspect(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words =
                java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        int exit = InspectMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
        return new Said(exit, out.toString(), err.toString());
    }

    @Test
    void controlInJson() {
        Said said = inspect("control", "--format", "json", V15.directory().resolve("pg_control"));

        assertThat(said.exit()).isZero();
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).isEqualTo("""
                        {
                          "systemIdentifier" : "%s",
                          "controlVersion" : 1300,
                          "catalogVersion" : 202209061,
                          "majorVersion" : "15",
                          "state" : "in production",
                          "checkpointLsn" : "%s",
                          "redoLsn" : "%s",
                          "redoSegment" : "00000001000000000000000E",
                          "timeline" : 1,
                          "previousTimeline" : 1,
                          "fullPageWrites" : true,
                          "minRecoveryPoint" : "0/0",
                          "minRecoveryTimeline" : 0,
                          "backupStartPoint" : "0/0",
                          "backupEndPoint" : "0/0",
                          "backupEndRequired" : false,
                          "walLevel" : "replica",
                          "walLogHints" : true,
                          "maxConnections" : 83,
                          "maxWorkerProcesses" : 9,
                          "maxWalSenders" : 7,
                          "maxPreparedTransactions" : 11,
                          "maxLocksPerTransaction" : 65,
                          "blockSize" : 8192,
                          "walBlockSize" : 8192,
                          "walSegmentSize" : 1048576,
                          "dataChecksumVersion" : 1,
                          "crcOk" : true,
                          "sealed" : false,
                          "lastModified" : "%s",
                          "checkpointTime" : "%s"
                        }
                        """.formatted(
                        expected("system", "system_identifier"),
                        expected("checkpoint", "checkpoint_lsn"),
                        expected("checkpoint", "redo_lsn"),
                        time("system", "pg_control_last_modified"),
                        time("checkpoint", "checkpoint_time")));
    }

    private static String expected(String function, String column) {
        return V15.json("expected.json").get(function).get(column).asText();
    }

    private static String time(String function, String column) {
        return java.time.OffsetDateTime.parse(expected(function, column))
                .toInstant()
                .toString();
    }

    @Test
    void controlBefore12HasNoMaxWalSenders() {
        assertThat(inspect("control", "--format=json", V9_6.directory().resolve("pg_control"))
                        .out())
                .contains("\"majorVersion\" : \"9.6\"")
                .doesNotContain("maxWalSenders");
    }

    @Test
    void controlOfADataDirectory(@TempDir Path data) throws IOException {
        Files.createDirectory(data.resolve("global"));
        byte[] file = V15.bytes("pg_control");
        Files.write(data.resolve("global/pg_control"), file);
        assertThat(inspect("control", data).exit()).isZero();

        Files.write(data.resolve("global/pg_control"), ControlFileSealer.seal(file, new Lsn(99), TimelineId.FIRST));
        assertThat(inspect("control", data).out())
                .startsWith("Sealed: no server starts from this file without its backup_label.\n");

        file[100] ^= 4;
        Files.write(data.resolve("global/pg_control"), file);
        Said text = inspect("control", data);
        assertThat(text.exit()).isEqualTo(1);
        assertThat(text.out()).startsWith("WARNING: Calculated CRC checksum does not match value stored in file.\n");
        Said json = inspect("control", data, "--format=json");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.out()).contains("\"crcOk\" : false");
        assertThat(json.err()).startsWith("incorrect checksum in control file\n");

        file[9] = 99;
        Files.write(data.resolve("global/pg_control"), file);
        Said unknown = inspect("control", data);
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).startsWith("unexpected control version = 25364 and catalog version = 202209061\n");

        assertThat(inspect("control", data.resolve("missing")).err()).startsWith("could not read file");
    }

    @Test
    void walInJson() {
        Path first = V15.directory().resolve("00000001000000000000000A.gz");
        Said said = inspect("wal", "--format=json", first);

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .startsWith("""
                        {"lsn":"0/A00028","endLsn":"0/A00060","prev":"%s","xid":0,"rmgr":"Standby","info":16,"totalLength":50,"segments":["00000001000000000000000A"]}
                        """.formatted(V15.lines("records.csv").get(1).split(",")[2]))
                .endsWith("""
                        {"lsn":"0/A22DE8","end":"record-continues","reason":"continues in 00000001000000000000000B"}
                        """);
    }

    @Test
    void walSummaryInJson() {
        Said said = inspect("wal", "--summary", "--format=json", V15.directory());

        assertThat(said.exit()).isZero();
        assertThat(said.out()).isEqualTo("""
                        {
                          "records" : 841,
                          "totalBytes" : "3156878",
                          "rmgrs" : {
                            "XLOG" : 10,
                            "Transaction" : 5,
                            "Storage" : 1,
                            "Standby" : 3,
                            "Heap2" : 2,
                            "Heap" : 506,
                            "Btree" : 313,
                            "LogicalMessage" : 1
                          },
                          "backupEnds" : [ {
                            "lsn" : "0/D018F8",
                            "endLsn" : "0/D01920",
                            "segment" : "00000001000000000000000D",
                            "startLsn" : "0/A00028"
                          } ],
                          "crossingSegments" : [ {
                            "lsn" : "0/A22DE8",
                            "endLsn" : "0/D01780",
                            "prev" : "0/A22DC0",
                            "xid" : 727,
                            "rmgr" : "LogicalMessage",
                            "info" : 0,
                            "totalLength" : 3000060,
                            "segments" : [ "00000001000000000000000A", "00000001000000000000000B", "00000001000000000000000C", "00000001000000000000000D" ]
                          } ],
                          "end" : {
                            "lsn" : "0/E03998",
                            "end" : "zeroes",
                            "reason" : "WAL ends here: zeroes follow"
                          }
                        }
                        """);
    }

    @Test
    void walFromToOneRecordALine() {
        Said said = inspect("wal", V15.directory(), "--start", "0/D018F0", "--end", "0/D01920", "--timeline", "1");

        assertThat(said.exit()).isZero();
        assertThat(said.out()).isEqualTo("""
                        rmgr: XLOG        len:     34, tx:          0, lsn: 0/D018F8, end: 0/D01920, prev %s, info: 50, segment: 00000001000000000000000D
                        end at 0/D01920: the end location 0/D01920 was reached
                        """.formatted(prevOf("0/D018F8")));
    }

    private static String prevOf(String lsn) {
        return V15.lines("records.csv").stream()
                .filter(line -> line.startsWith(lsn + ","))
                .findFirst()
                .orElseThrow()
                .split(",")[2];
    }

    @Test
    void brokenWalIsAFinding(@TempDir Path directory) throws IOException {
        byte[] bytes;
        try (var in = new java.util.zip.GZIPInputStream(
                new java.io.ByteArrayInputStream(V15.bytes("00000001000000000000000A.gz")))) {
            bytes = in.readAllBytes();
        }
        bytes[0x3000] ^= 1;
        Path file = directory.resolve("00000001000000000000000A");
        Files.write(file, bytes);
        Said said = inspect("wal", file);

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out().lines().reduce((a, b) -> b).orElseThrow())
                .matches("end at 0/A0[0-9A-F]{4}: incorrect resource manager data checksum in record of \\d+ bytes");

        Path empty = directory.resolve("00000001000000000000000F");
        Files.write(empty, new byte[1 << 20]);
        assertThat(inspect("wal", empty)).isEqualTo(new Said(0, "end at 0/F00000: WAL ends here: zeroes follow\n", ""));

        Path other = directory.resolve("000000010000000000000010");
        Files.write(
                other,
                "no WAL at all, but long enough to have been a header"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(inspect("wal", other).exit()).isEqualTo(1);
        assertThat(inspect("wal", other).err()).startsWith("unexpected WAL page magic 6F6E in ");
    }

    @Test
    void aGapIsSaid(@TempDir Path directory) throws IOException {
        for (String name : new String[] {"00000001000000000000000A.gz", "00000001000000000000000E.gz"}) {
            Files.write(directory.resolve(name), V15.bytes(name));
        }
        Said said = inspect("wal", directory, "--summary");

        assertThat(said.exit()).isZero();
        assertThat(said.out()).endsWith("end at 0/A22DE8: continues in 00000001000000000000000B\n");
        assertThat(said.err())
                .isEqualTo(
                        "1 segments from 00000001000000000000000E on were not read: a segment before them is missing\n");
    }

    @Test
    void labelAndHistory() {
        Said label = inspect("label", "--format=json", V15.directory().resolve("backup_label"));
        assertThat(label.exit()).isZero();
        assertThat(label.out()).startsWith("""
                        {
                          "startLsn" : "0/A00028",
                          "startSegment" : "00000001000000000000000A",
                          "checkpointLsn" : "0/A00060",
                          "startTimeline" : 1,
                          "method" : "streamed",
                          "from" : "primary",
                          "startTime" : \"""").endsWith("\"label\" : \"golden backup\"\n}\n");
        Said history = inspect("history", "--format=json", V15.directory().resolve("00000002.history"));
        assertThat(history.exit()).isZero();
        assertThat(history.out())
                .isEqualTo("""
                        {
                          "timeline" : 2,
                          "ancestors" : [ {
                            "timeline" : 1,
                            "switchLsn" : "%s",
                            "reason" : "no recovery target specified"
                          } ]
                        }
                        """.formatted(V15.lines("00000002.history").get(0).split("\t")[1]));
    }

    @Test
    void wrongUsageIsSaid() {
        assertThat(inspect("wal").exit()).isEqualTo(2);
        assertThat(inspect("wal", "--start", "x", V15.directory()).exit()).isEqualTo(2);
        assertThat(inspect("wal", "--timeline", "0", V15.directory()).exit()).isEqualTo(2);
        assertThat(inspect().exit()).isEqualTo(2);
        assertThat(inspect("wal", V15.directory(), "--timeline", "7").err())
                .isEqualTo("no WAL segments of timeline 7\n");
    }

    /** A directory with three right pages, the second one new, in {@code base/5/16384}. */
    private Path cluster(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("global"));
        Files.createDirectories(directory.resolve("base/5"));
        Files.copy(V15.directory().resolve("pg_control"), directory.resolve("global/pg_control"));
        byte[] pages = new byte[3 * 8192];
        for (int page : new int[] {0, 2}) {
            pages[page * 8192 + 100] = 1;
            int checksum = new PageChecksum(8192).of(pages, page * 8192, page);
            pages[page * 8192 + 8] = (byte) checksum;
            pages[page * 8192 + 9] = (byte) (checksum >> 8);
        }
        Files.write(directory.resolve("base/5/16384"), pages);
        Files.writeString(directory.resolve("base/5/PG_VERSION"), "15");
        return directory;
    }

    @Test
    void pagesOfADirectory(@TempDir Path directory) throws IOException {
        Said said = inspect("pages", cluster(directory));

        assertThat(said.exit()).isZero();
        assertThat(said.out()).isEqualTo("""
                        Directory:                            %s
                        Files:                                1
                        Pages checked:                        3
                        Wrong checksums:                      0
                        """.formatted(directory));
    }

    @Test
    void aDamagedPageIsNamed(@TempDir Path directory) throws IOException {
        Path file = cluster(directory).resolve("base/5/16384");
        byte[] pages = Files.readAllBytes(file);
        pages[8192 + 5000] = 1;
        pages[2 * 8192 + 5000] = 1;
        Files.write(file, pages);

        Said said = inspect("pages", "--format", "json", directory);

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out())
                .contains("\"pagesChecked\" : 3")
                .contains("\"pageChecksumFailures\" : 2")
                .contains("\"file\" : \"base/5/16384\"")
                .contains("\"block\" : 1")
                .contains("\"block\" : 2")
                .doesNotContain("\"block\" : 0");
    }

    @Test
    void whatIsNoDataDirectoryHasNoRightPages(@TempDir Path directory) {
        Said said = inspect("pages", directory);

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).contains("has no pg_control");
    }
}
