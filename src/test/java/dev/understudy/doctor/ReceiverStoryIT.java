package dev.understudy.doctor;

import static dev.understudy.doctor.DoctorFixture.assertEvidence;
import static dev.understudy.doctor.DoctorFixture.requireCause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Attempt;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.remedy.ReceiverRepair;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Interruption;
import dev.understudy.host.ShellQuote;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.report.RunReport;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead slot: an archiver that would not start, since the segment that its slot should keep is gone. */
final class ReceiverStoryIT {
    private static final Path RECEIVER = Path.of("/usr/lib/postgresql/15/bin/pg_receivewal");
    private static final String SLOT = "vpg_archiver";

    @TempDir
    private Path temporary;

    @Test
    void aSlotThatSaysReservedAndHasNoWalIsRenewedAndTheArchiveBeginsAnew() throws Exception {
        Required.part(
                "postgresql-15", Files.exists(RECEIVER), "there is no pg_receivewal; install postgresql-client-15");
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute(
                    "CREATE TABLE t AS SELECT 1 AS a",
                    "SELECT pg_create_physical_replication_slot('" + SLOT + "', true)");
            Path archive = primary.scratch("archive");
            Path pid = primary.scratch("run").resolve("pid");
            String start = command(primary, archive, pid);
            receive(primary, start, archive, 3);
            stop(pid);
            loseTheWalOfTheSlot(primary);
            DoctorFixture doctor =
                    new DoctorFixture().primary(primary).receiver(archive).slot(SLOT);

            Facts facts = doctor.facts();
            Diagnosis diagnosis = Doctor.examine(facts);

            Finding cause = requireCause(diagnosis, "slot-wal-removed");
            assertEvidence(cause)
                    .anySatisfy(line -> assertThat(line).contains("inactive", "wal_status reserved"))
                    .anySatisfy(line -> assertThat(line).contains(" is not there; the oldest is "))
                    .anySatisfy(line -> assertThat(line).contains("the receiver's next request is for "));
            assertThat(diagnosis.consequencesOf(cause)).extracting(Finding::id).containsExactly("archive-gap");
            assertThat(cause.remedies()).extracting(Remedy::id).contains("repair-archiver", "new-base-backup");
            SavedFacts.write("slot-wal-removed", ServerMajor.V15, facts, primary, null);
            List<String> before = names(archive);

            RunReport report = repair(cause, primary, start, "kill $(cat " + pid + ")");

            assertThat(report.exitCode()).as(report.toString()).isZero();
            assertThat(before).allSatisfy(name -> assertThat(aside(archive)).contains(name));
            assertThat(primary.query("SELECT active FROM pg_replication_slots")).isEqualTo("t");
            DoctorFixture.requireHealthy(doctor.examine());
            aNewBaseBackupIsTakenThatTheArchiveContinues(cause, primary, archive);
            stop(pid);
        }
    }

    private void aNewBaseBackupIsTakenThatTheArchiveContinues(Finding cause, EmbeddedPostgres primary, Path archive) {
        Path backup = primary.scratch("backups").resolve("after");
        Remedy remedy = remedy(cause, "new-base-backup");
        assertThat(remedy.automatic()).isTrue();
        assertThat(remedy.command())
                .startsWith("understudy run take-backup -e backup=DIRECTORY -e 'primary=host=127.0.0.1 ")
                .endsWith("-e receiver=" + archive);
        Map<String, String> parameters = new HashMap<>(remedy.parameters());
        parameters.put("primary", primary.conninfo());
        parameters.put("backup", backup.toString());
        parameters.put("bin_directory", RECEIVER.getParent().toString());

        RunReport taken = run(remedy, parameters);

        assertThat(taken.exitCode()).isZero();
        assertThat(backup.resolve("backup_label")).content().contains("LABEL: understudy ");
        assertThat(backup.resolve("standby.signal")).doesNotExist();
        assertThat(taken.toString())
                .containsPattern("BACKUP_END for start 0/\\w+ at 0/\\w+, ending at 0/\\w+, CRC right")
                .containsPattern("the WAL of the receiver continues the backup from \\w{24} on");
        Map<String, String> again = new HashMap<>(parameters);
        assertThat(failing(remedy, again)).contains("\"" + backup + "\" exists already");
        assertThat(backup.resolve("backup_label")).exists();
    }

    @Test
    void aDirectoryOfAnotherClusterIsNotSetAside() throws Exception {
        Required.part(
                "postgresql-15", Files.exists(RECEIVER), "there is no pg_receivewal; install postgresql-client-15");
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute(
                    "CREATE TABLE t AS SELECT 1 AS a",
                    "SELECT pg_create_physical_replication_slot('" + SLOT + "', true)");
            Path archive = primary.scratch("archive");
            Path foreign = archive.resolve("000000010000000000000001");
            byte[] segment = Files.readAllBytes(primary.dataDirectory().resolve("pg_wal/000000010000000000000001"));
            ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).putLong(24, 42);
            Files.write(foreign, segment);
            Account.give(foreign);
            Remedy remedy = Remedy.byPlaybook("repair-archiver", "x", "repair-archiver", Map.of(), Remedy.Cost.MINUTES);

            String said = failing(
                    remedy,
                    Map.of(
                            "primary",
                            primary.conninfo(),
                            "receiver",
                            archive.toString(),
                            "slot",
                            SLOT,
                            "receiver_start",
                            "false"));

            assertThat(said)
                    .contains("\"000000010000000000000001\" in \"%s\" belongs to another cluster than the primary"
                            .formatted(archive))
                    .contains("Name the directory of this primary's receiver.");
            assertThat(names(archive)).containsExactly("000000010000000000000001");
            assertThat(primary.query("SELECT count(*) FROM pg_replication_slots"))
                    .isEqualTo("1");
        }
    }

    /** In the background, as a service would. */
    private static String command(EmbeddedPostgres primary, Path archive, Path pid) {
        String script = "nohup %s -D %s -d '%s' -S %s -Z gzip -n > %s.log 2>&1 < /dev/null & echo $! > %s"
                .formatted(RECEIVER, archive, primary.conninfo(), SLOT, pid, pid);
        return ShellQuote.join(Account.asServer(List.of("/bin/sh", "-c", script)));
    }

    private static void receive(EmbeddedPostgres primary, String start, Path archive, int count) throws IOException {
        Account.run(List.of("/bin/sh", "-c", start), Map.of());
        Awaitility.await("segments").atMost(Duration.ofSeconds(60)).until(() -> {
            primary.execute("INSERT INTO t VALUES (2)", "SELECT pg_switch_wal()");
            return names(archive).stream().filter(name -> name.endsWith(".gz")).count() >= count;
        });
    }

    private static void stop(Path pid) throws IOException {
        String number = Files.readString(pid).strip();
        Account.run(Account.asServer(List.of("/bin/sh", "-c", "kill " + number)), Map.of());
        Awaitility.await("the receiver's end")
                .until(() -> ProcessHandle.of(Long.parseLong(number)).isEmpty()
                        || !ProcessHandle.of(Long.parseLong(number)).get().isAlive());
    }

    /** As after a data directory was restored: the server still believes in a slot whose WAL is gone. */
    private static void loseTheWalOfTheSlot(EmbeddedPostgres primary) throws IOException {
        Awaitility.await("the slot to be free")
                .until(() -> "f".equals(primary.query("SELECT active FROM pg_replication_slots")));
        for (int i = 0; i < 3; i++) {
            primary.execute("INSERT INTO t VALUES (3)", "SELECT pg_switch_wal()", "CHECKPOINT");
        }
        String needed = primary.query("SELECT redo_wal_file FROM pg_control_checkpoint()");
        primary.stop();
        try (Stream<Path> files = Files.list(primary.dataDirectory().resolve("pg_wal"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.length() == 24 && name.compareTo(needed) < 0) {
                    Files.delete(file);
                }
            }
        }
        primary.start();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<String> aside(Path archive) throws IOException {
        try (Stream<Path> files = Files.list(archive)) {
            Path directory = files.filter(Files::isDirectory).findFirst().orElseThrow();
            return names(directory);
        }
    }

    private RunReport repair(Finding cause, EmbeddedPostgres primary, String start, String stop) {
        Remedy remedy = remedy(cause, "repair-archiver");
        Map<String, String> parameters = new HashMap<>(remedy.parameters());
        parameters.put("primary", primary.conninfo());
        parameters.put("receiver_start", start);
        return run(remedy, parameters);
    }

    private static Remedy remedy(Finding cause, String id) {
        return cause.remedies().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private RunReport run(Remedy remedy, Map<String, String> parameters) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        RunReport report = run(remedy, parameters, said);
        assertThat(report.exitCode()).as(said.toString(StandardCharsets.UTF_8)).isZero();
        return report;
    }

    /** What a run says that is refused before anything was changed. */
    private String failing(Remedy remedy, Map<String, String> parameters) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        RunReport report = run(remedy, parameters, said);
        assertThat(report.exitCode()).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(3);
        return said.toString(StandardCharsets.UTF_8);
    }

    private RunReport run(Remedy remedy, Map<String, String> parameters, ByteArrayOutputStream said) {
        Plan plan = Playbooks.load(remedy.playbook()).resolve(parameters);
        ReceiverRepair repair = ReceiverRepair.open(plan, Hosts::open);
        Console.Stream stream = Console.Stream.plain(new PrintStream(said, true, StandardCharsets.UTF_8));
        Runs runs = new Runs(temporary.resolve("state"), Clock.systemUTC(), ProcessInfo.current("test"));
        try (Assembled assembled = new Assembled(repair.definition(), repair.target(), repair::lock, repair)) {
            return new Attempt(new Console(stream, stream), Format.TEXT, Interruption.Mode.UNDO)
                    .start(runs, plan, assembled);
        }
    }
}
