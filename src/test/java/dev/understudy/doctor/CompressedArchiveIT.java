package dev.understudy.doctor;

import static dev.understudy.doctor.DoctorFixture.assertEvidence;
import static dev.understudy.doctor.DoctorFixture.requireCause;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What real receivers leave in one directory over the years: every compression, partial files, a change of timeline. */
final class CompressedArchiveIT {
    private static final Path RECEIVER = Path.of("/usr/lib/postgresql/15/bin/pg_receivewal");
    private static final Pattern ASKED =
            Pattern.compile("starting log streaming at ([0-9A-F]+/[0-9A-F]+) \\(timeline (\\d+)\\)");

    private EmbeddedPostgres primary;
    private Path archive;

    @Test
    void everyCompressionAndBothTimelinesAreReadAndTheNextRequestIsTheReceiversOwn() throws Exception {
        Required.part(
                "postgresql-15", Files.exists(RECEIVER), "there is no pg_receivewal; install postgresql-client-15");
        try (EmbeddedPostgres server = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary = server;
            archive = primary.scratch("archive");
            primary.execute(
                    "CREATE TABLE t AS SELECT 1 AS a", "SELECT pg_create_physical_replication_slot('archiver', true)");
            receive("none", 2);
            compressAsAnArchiveCommandDoes();
            receive("gzip", 2);
            receive("lz4", 1);
            changeTimeline();
            receive("lz4", 2);

            DoctorFixture doctor = new DoctorFixture().primary(primary).receiver(archive);
            Facts facts = doctor.facts();
            SegmentDirectory found = facts.receiver().value().orElseThrow();

            assertThat(Doctor.examine(facts).findings()).isEmpty();
            assertThat(found.files()).extracting(SegmentFile::compression).contains("none", "gzip", "lz4", "zstd");
            assertThat(found.files()).filteredOn(SegmentFile::partial).isNotEmpty();
            assertThat(found.timelines()).extracting(TimelineId::toString).containsExactly("1", "2");
            assertThat(found.files())
                    .filteredOn(file -> !file.partial())
                    .allSatisfy(file -> assertThat(file.header().isKnown())
                            .as(file.toString())
                            .isTrue());
            WalSegment next = found.next().orElseThrow();
            assertThat(next).isEqualTo(asked(receive("lz4", 1)));

            damagedAndMissingOnesAreFound(doctor);
        }
    }

    private void damagedAndMissingOnesAreFound(DoctorFixture doctor) throws IOException {
        for (String suffix : List.of(".gz", ".lz4", ".zst")) {
            Path file = first(suffix);
            byte[] sound = Files.readAllBytes(file);
            byte[] damaged = sound.clone();
            damaged[0] ^= 0x55;
            Files.write(file, damaged);
            Finding cause = requireCause(doctor.examine(), "archive-foreign-segment");
            assertEvidence(cause)
                    .as(suffix)
                    .anySatisfy(
                            line -> assertThat(line).startsWith(file + ": it is not compressed as its name says: "));
            Files.write(file, sound);
        }
        Path gone = first(".gz");
        Path aside = primary.scratch("aside").resolve(gone.getFileName());
        Files.move(gone, aside);
        Finding gap = requireCause(doctor.examine(), "archive-gap");
        assertThat(gap.summary()).contains(gone.getFileName().toString().substring(0, 24));
        Files.move(aside, gone);
        assertThat(doctor.examine().findings()).isEmpty();
    }

    /** The oldest one of a kind. */
    private Path first(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(archive)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Runs pg_receivewal until it has so many more segments, and begun another; what it said. */
    private String receive(String compression, int segments) {
        for (int i = 0; i < segments; i++) {
            primary.execute("INSERT INTO t VALUES (2)", "SELECT pg_switch_wal()");
        }
        primary.execute("INSERT INTO t VALUES (3)");
        String end = primary.query("SELECT pg_current_wal_lsn()");
        List<String> line = new ArrayList<>(List.of(
                RECEIVER.toString(),
                "-D",
                archive.toString(),
                "-d",
                primary.conninfo(),
                "-S",
                "archiver",
                "--no-loop",
                "-v",
                "--endpos=" + end));
        if (!compression.equals("none")) {
            line.add("--compress=" + compression);
        }
        return Account.run(Account.asServer(line), Map.of("LC_ALL", "C"));
    }

    private static WalSegment asked(String said) {
        Matcher matcher = ASKED.matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        return WalSegment.containing(
                new TimelineId(Integer.parseInt(matcher.group(2))),
                Lsn.parse(matcher.group(1)),
                WalSegmentSize.DEFAULT);
    }

    /** An archive_command may leave what no receiver makes. */
    private void compressAsAnArchiveCommandDoes() throws IOException {
        try (Stream<Path> files = Files.list(archive)) {
            Path whole = files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .sorted()
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
            Path compressed = Path.of(whole + ".zst");
            Files.write(compressed, Zstd.compress(Files.readAllBytes(whole)));
            Files.delete(whole);
            Account.give(compressed);
        }
    }

    /** Recovery to the end of its own WAL, as after a restore. */
    private void changeTimeline() throws IOException {
        primary.stop();
        primary.configure("restore_command = 'false'");
        Path signal = primary.dataDirectory().resolve("recovery.signal");
        Files.writeString(signal, "");
        Account.give(signal);
        primary.start();
        Awaitility.await("the end of recovery").until(() -> "f".equals(primary.query("SELECT pg_is_in_recovery()")));
    }
}
