package dev.understudy.pgfile.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Postgres15;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the reader against pg_waldump, record by record. */
final class WalReaderIT {
    private static final Pattern WALDUMP = Pattern.compile(
            "rmgr: (\\S+) +len \\(rec/tot\\): +\\d+/ *(\\d+), tx: +(\\d+), lsn: ([0-9A-F]+)/([0-9A-F]+), prev ([0-9A-F]+)/([0-9A-F]+), desc.*");

    private static List<String> waldump(Postgres15 postgres, String from, String to) {
        String text = postgres.program("pg_waldump", "-p", postgres.wal().toString(), "-s", from, "-e", to);
        List<String> records = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher matcher = WALDUMP.matcher(line);
            if (matcher.matches()) {
                Lsn lsn = Lsn.parse(matcher.group(4) + "/" + matcher.group(5));
                Lsn prev = Lsn.parse(matcher.group(6) + "/" + matcher.group(7));
                records.add(
                        "%s %s %s %s %s".formatted(matcher.group(1), matcher.group(2), matcher.group(3), lsn, prev));
            }
        }
        return records;
    }

    /** Shows the first difference alone; the lists are long. */
    private static void assertSame(List<String> ours, List<String> theirs) {
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            assertThat(ours.get(i))
                    .as("record %d, after %s", i, i == 0 ? "" : ours.get(i - 1))
                    .isEqualTo(theirs.get(i));
        }
        int common = Math.min(ours.size(), theirs.size());
        assertThat(ours.subList(common, ours.size())).as("only ours").isEmpty();
        assertThat(theirs.subList(common, theirs.size())).as("only theirs").isEmpty();
    }

    private static WalReader reader(Postgres15 postgres, int segmentMegabytes) {
        return WalReader.open(
                WalFiles.ofDirectory(postgres.wal()),
                WalTimelines.only(TimelineId.FIRST),
                new WalSegmentSize(segmentMegabytes << 20));
    }

    private static List<String> ours(WalReader reader, String from, String to) {
        reader.limitTo(Lsn.parse(to));
        reader.seekFirstFrom(Lsn.parse(from));
        List<String> records = new ArrayList<>();
        while (reader.next()) {
            WalRecord record = reader.record();
            records.add("%s %d %s %s %s"
                    .formatted(
                            record.resourceManagerName(),
                            record.totalLength(),
                            Integer.toUnsignedString(record.xid()),
                            record.lsn(),
                            record.prev()));
        }
        return records;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 64})
    void readsTheRecordsThatPgWaldumpReads(int segmentMegabytes) throws IOException {
        try (Postgres15 postgres = Postgres15.create("--wal-segsize=" + segmentMegabytes)) {
            postgres.start("wal_keep_size=2GB", "max_wal_size=4GB", "wal_level=logical");
            String from = postgres.sql("select pg_current_wal_flush_lsn()");
            postgres.sql(
                    "create table t as select g, md5(g::text) m from generate_series(1, 60000) g",
                    "create index on t (m)",
                    "checkpoint",
                    "update t set m = m || 'x' where g % 3 = 0",
                    "select pg_logical_emit_message(false, 'x', repeat('y', 40000000))",
                    "select pg_switch_wal()",
                    "create index on t using hash (m)",
                    "delete from t where g % 5 = 0",
                    "vacuum t",
                    "checkpoint");
            String to = postgres.sql("select pg_current_wal_flush_lsn()");

            try (WalReader reader = reader(postgres, segmentMegabytes)) {
                List<String> ours = ours(reader, from, to);
                assertThat(ours).hasSizeGreaterThan(50_000);
                assertSame(ours, waldump(postgres, from, to));
                assertThat(reader.end().reason()).isEqualTo(WalEndReason.LIMIT);
            }
            postgres.stop("fast");
        }
    }

    @Test
    void goesOnAfterARecordThatACrashCutShort() throws IOException {
        try (Postgres15 postgres = Postgres15.create("--wal-segsize=1")) {
            postgres.start("wal_keep_size=1GB");
            postgres.sql("create table t (a int)");
            String from = postgres.sql("select pg_switch_wal()", "select pg_current_wal_flush_lsn()")
                    .lines()
                    .reduce((a, b) -> b)
                    .orElseThrow();
            postgres.sql("insert into t select generate_series(1, 1000)");
            String cut = postgres.sql("select pg_current_wal_insert_lsn()");
            postgres.sql("select pg_logical_emit_message(false, 'x', repeat('y', 5000000))");
            postgres.sql("insert into t values (1)");
            postgres.stop("immediate");
            WalSegmentSize size = new WalSegmentSize(1 << 20);
            WalSegment kept = WalSegment.containing(TimelineId.FIRST, Lsn.parse(cut), size);
            removeAfter(postgres, kept);

            try (WalReader reader = reader(postgres, 1)) {
                reader.seekFirstFrom(Lsn.parse(from));
                while (reader.next()) {
                    assertThat(reader.lsn().isBefore(Lsn.parse(cut))).isTrue();
                }
                assertThat(reader.end())
                        .isEqualTo(new WalEnd(
                                Lsn.parse(cut),
                                WalEndReason.RECORD_CONTINUES,
                                "continues in " + kept.next().name()));
            }
            postgres.start("wal_keep_size=1GB");
            postgres.sql("insert into t select generate_series(1, 1000)", "checkpoint");
            String to = postgres.sql("select pg_current_wal_flush_lsn()");
            try (WalReader reader = reader(postgres, 1)) {
                List<String> ours = ours(reader, from, to);
                assertSame(ours, waldump(postgres, from, to));
                reader.seekFirstFrom(Lsn.parse(from));
                List<Lsn> abandoned = new ArrayList<>();
                while (reader.next()) {
                    reader.abandoned().ifPresent(abandoned::add);
                }
                assertThat(abandoned).containsExactly(Lsn.parse(cut));
            }
            postgres.stop("fast");
        }
    }

    private static void removeAfter(Postgres15 postgres, WalSegment kept) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(postgres.wal())) {
            for (java.nio.file.Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (WalSegment.isName(name) && name.compareTo(kept.name()) > 0) {
                    Files.delete(file);
                }
            }
        }
    }
}
