package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup in two commands and the clone in between, through the commands as people type them. */
final class TwoCommandsIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    private static EmbeddedPostgres primary;
    private static Path tablespace;
    private static Ledger ledger;

    @TempDir
    Path bundles;

    @BeforeAll
    static void start() {
        primary = EmbeddedPostgres.of(MAJOR)
                .withChecksums()
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .withSetting("cluster_name", "source")
                .start();
        tablespace = primary.scratch("tablespace");
        ledger = Ledger.create(primary.jdbcUrl(), tablespace.toString()).start();
    }

    @AfterAll
    static void stop() {
        if (ledger != null) {
            ledger.close();
        }
        if (primary != null) {
            primary.close();
        }
    }

    private static void copy(Path from, Path to) {
        // Files vanish under cp, which says so by its status.
        Account.run(
                List.of("sh", "-c", "cp -a \"$1\" \"$2\" || test -e \"$2\"", "sh", from.toString(), to.toString()),
                Map.of());
    }

    private static void awaitTransfers(int count) {
        long target = ledger.transfers() + count;
        Awaitility.await("transfers").atMost(Duration.ofSeconds(60)).until(() -> ledger.transfers() >= target);
    }

    @Test
    void aCloneWhoseVolumesAreOfDifferentMomentsIsSealedStartedAndRight() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "apart").begun("--label", "nightly");
        assertThat(commands.status().path("state").asText()).isEqualTo("open");
        isASessionOfItsOwn(commands.status().path("keeper").path("pid").asLong());
        assertThat(commands.begin().status()).as("begun twice").isEqualTo(3);
        Path work = primary.scratch("apart");
        copy(tablespace, work.resolve("archive"));
        awaitTransfers(500);
        primary.execute("CHECKPOINT");
        copy(primary.dataDirectory(), work.resolve("data"));
        awaitTransfers(200);
        JsonNode complete = TwoCommands.json(
                Captured.run("backup", "end", "--bundle", bundles.resolve("b").toString(), "--format", "json"));
        assertThat(complete.path("state").asText()).isEqualTo("complete");
        assertThat(commands.end().status()).as("ended twice").isZero();

        String mapping = tablespace + "=" + work.resolve("archive");
        try (BuiltStandby standby = commands.standby(work.resolve("data"), "-T", mapping)) {
            isARightStandby(standby, commands.status(), work);
            isNotDropped(commands);
            assertThat(commands.seal(work.resolve("data"), "-T", mapping).err()).contains("a server is running in");
            standby.stop();
            assertThat(commands.seal(work.resolve("data"), "-T", mapping).out()).contains("a standby already");
        }
        primary.execute("SELECT pg_drop_replication_slot('apart')");
        ledger.requireRunning();
    }

    /** The slot is the standby's by now. */
    private static void isNotDropped(TwoCommands commands) {
        Captured drop = commands.drop();
        assertThat(drop.status()).as(drop.out() + drop.err()).isEqualTo(3);
        assertThat(drop.err()).contains("a standby that was made with this bundle uses replication slot \"apart\"");
        JsonNode status = commands.status();
        assertThat(status.path("state").asText()).isEqualTo("complete");
        assertThat(status.path("slotState").path("use").asText()).isEqualTo("streaming");
    }

    /** Neither this process's session nor its group, and no terminal: fields of proc(5)'s stat. */
    private static void isASessionOfItsOwn(long pid) {
        String[] keeper = stat(pid);
        String[] ours = stat(ProcessHandle.current().pid());
        assertThat(keeper[0]).as("process group").isNotEqualTo(ours[0]);
        assertThat(keeper[1]).as("session").isNotEqualTo(ours[1]);
        assertThat(keeper[2]).as("terminal").isEqualTo("0");
    }

    private static String[] stat(long pid) {
        String stat = Account.run(List.of("cat", "/proc/" + pid + "/stat"), Map.of());
        return Arrays.copyOfRange(stat.substring(stat.lastIndexOf(')') + 2).split(" "), 2, 5);
    }

    private static void isARightStandby(BuiltStandby standby, JsonNode status, Path work) {
        Lsn stop = Lsn.parse(status.path("stopLsn").asText());
        assertThat(status.path("label").asText()).startsWith("nightly understudy ");
        Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), MAJOR).requireRight();
        assertThat(reading.replayed().orElseThrow()).isGreaterThanOrEqualTo(stop);
        Awaitility.await("streaming through the slot")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        "t".equals(primary.query("SELECT active FROM pg_replication_slots WHERE slot_name = 'apart'")));
        assertThat(standby.query("SHOW archive_mode")).isEqualTo("off");
        assertThat(standby.query("SHOW cluster_name")).isEmpty();
        assertThat(standby.query("SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
        assertThat(standby.query("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'archive'"))
                .isEqualTo(work.resolve("archive").toString());
        assertThat(work.resolve("data/backup_label.old")).exists();
    }

    @Test
    void sealingTwiceIsSealingOnceAndNeedsNeitherThePrimaryNorPrograms() throws IOException {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "twice").begun();
        Path work = primary.scratch("twice");
        copy(primary.dataDirectory(), work.resolve("data"));
        copy(tablespace, work.resolve("archive"));
        commands.ended();
        String[] line = {
            "seal",
            "--bundle",
            bundles.resolve("b").toString(),
            "-D",
            work.resolve("data").toString(),
            "--primary",
            "host=192.0.2.1 user=nobody",
            "-T",
            tablespace + "=" + work.resolve("archive")
        };

        // Data files cannot even be listed: what sealing does cannot depend on how many there are, or how large.
        List<Path> databases = directories(work.resolve("data/base"));
        databases.forEach(directory -> mode(directory, "000"));
        Captured first = Captured.run(line);
        databases.forEach(directory -> mode(directory, "700"));
        Map<String, String> sealed = contents(work);
        Captured second = Captured.run(line);

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(contents(work)).isEqualTo(sealed);
        assertThat(Files.readString(work.resolve("data/postgresql.auto.conf")))
                .contains("primary_slot_name = 'twice'")
                .contains("host=192.0.2.1")
                .contains("archive_mode = 'off'")
                .contains("archive_command = ''");
        assertThat(work.resolve("data/pg_replslot")).isEmptyDirectory();
        assertThat(work.resolve("data/postmaster.pid")).doesNotExist();
        theLastOrderCounts(line, work, sealed);
        primary.execute("SELECT pg_drop_replication_slot('twice')");
    }

    /** Sealed to archive, and not to, as often as somebody changes their mind. */
    private static void theLastOrderCounts(String[] line, Path work, Map<String, String> sealed) throws IOException {
        String[] keep = Arrays.copyOf(line, line.length + 2);
        keep[line.length] = "--archive-mode";
        keep[line.length + 1] = "keep";

        Captured kept = Captured.run(keep);
        assertThat(kept.status()).as(kept.err()).isZero();
        assertThat(Files.readString(work.resolve("data/postgresql.auto.conf")))
                .contains("primary_slot_name = 'twice'")
                .doesNotContain("archive_mode", "archive_command");
        Captured off = Captured.run(line);
        assertThat(off.status()).as(off.err()).isZero();
        assertThat(off.out()).contains("set archive_mode = 'off': it would archive beside its source");
        assertThat(contents(work)).isEqualTo(sealed);
    }

    private static List<Path> directories(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private static void mode(Path directory, String mode) {
        Account.run(List.of("chmod", mode, directory.toString()), Map.of());
    }

    /** Without the times of change, which a second writing of the same moves. */
    private static Map<String, String> contents(Path directory) {
        Map<String, String> lines = TreeDigest.of(directory);
        lines.replaceAll((path, line) -> line.replaceAll(" \\d{4}-\\S+Z ", " "));
        return lines;
    }

    @Test
    void aKilledKeeperLeavesASlotThatEndDropsAndNoLabel() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "killed").begun();

        commands.killKeeper("KILL");

        JsonNode status = commands.status();
        assertThat(status.path("state").asText()).isEqualTo("lost");
        assertThat(status.path("leftovers").path(0).asText()).contains("killed");
        Captured all = Captured.run("backup", "status");
        assertThat(all.status()).isEqualTo(1);
        assertThat(all.out())
                .contains(bundles.resolve("b") + ": left over: replication slot \"killed\" on the primary");
        assertThat(Captured.run("doctor", "--primary", primary.conninfo()).out())
                .contains("backup-left")
                .contains("understudy backup drop --bundle " + bundles.resolve("b"));
        assertThat(primary.query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'killed'"))
                .isEqualTo("1");
        commands.isGivenUpBecause("has died");
    }

    @Test
    void anEndedBackupThatNobodyNeedsIsGivenUp() throws IOException {
        TwoCommands commands =
                new TwoCommands(primary, bundles.resolve("b"), "unused").begun().ended();
        JsonNode slot = commands.status().path("slotState");
        assertThat(slot.path("use").asText()).isEqualTo("unused");
        assertThat(slot.path("retainedBytes").asLong()).isPositive();
        Captured status = Captured.run(
                "backup", "status", "--bundle", bundles.resolve("b").toString());
        assertThat(status.status()).isZero();
        assertThat(status.out())
                .contains("slot       unused: no standby has used it yet; it keeps ")
                .contains("give it up with \"understudy backup drop --bundle " + bundles.resolve("b") + "\"");
        assertThat(examinedTwoHoursLater())
                .contains("bundle-slot-unused")
                .contains("understudy backup drop --bundle " + bundles.resolve("b"));

        assertThat(commands.drop().status()).isZero();
        assertThat(commands.drop().status()).as("dropped twice").isZero();
        commands.isGivenUpBecause("it was given up by \"understudy backup drop\"");
    }

    /** What the doctor says of this moment's facts when they are old enough. */
    private String examinedTwoHoursLater() throws IOException {
        Path facts = bundles.resolve("facts.json");
        Captured.run("doctor", "--primary", primary.conninfo(), "--collect", facts.toString());
        String later = Instant.now().plus(Duration.ofHours(2)).toString();
        Files.writeString(
                facts,
                Files.readString(facts)
                        .replaceFirst("\"examinedAt\" : \"[^\"]*\"", "\"examinedAt\" : \"" + later + "\""));
        return Captured.run("doctor", "--from", facts.toString()).out();
    }

    @Test
    void anOpenBackupThatNobodyNeedsIsGivenUp() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "dropped").begun();

        Captured drop = commands.drop();

        assertThat(drop.status()).as(drop.err()).isZero();
        commands.isGivenUpBecause("it was given up by \"understudy backup drop\"");
    }

    @Test
    void aSlotThatIsGoneAfterTheEndIsSaid() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "vanished")
                .begun()
                .ended();
        primary.execute("SELECT pg_drop_replication_slot('vanished')");

        Captured status = Captured.run(
                "backup", "status", "--bundle", bundles.resolve("b").toString());

        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("vanished: there is no slot \"vanished\" on the primary");
    }

    @Test
    void aKeeperThatIsToldToStopLeavesNothing() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "stopped").begun();

        commands.killKeeper("TERM");

        assertThat(commands.status().path("state").asText()).isEqualTo("failed");
        commands.isGivenUpBecause("the keeper was told to stop");
    }

    @Test
    void aKilledSessionIsNoticed() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "session").begun();

        primary.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'understudy'");

        commands.awaitState("failed");
        commands.isGivenUpBecause("lost the session that holds the backup");
    }

    @Test
    void aBackupThatIsNotEndedInTimeIsGivenUp() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "late").begun("--limit", "5s");

        commands.awaitState("failed");

        commands.isGivenUpBecause("before its time limit");
        Captured inspected = Captured.run(
                "inspect",
                "directory",
                primary.dataDirectory().toString(),
                "--bundle",
                bundles.resolve("b").toString());
        assertThat(inspected.status()).isEqualTo(1);
        assertThat(inspected.out())
                .contains("backup-aborted")
                .contains("a clone of a backup that was given up is worthless: the backup was not ended before");
    }

    @Test
    void aSlotThatSomebodyHasIsRefusedAndNothingIsLeft() {
        primary.execute("SELECT pg_create_physical_replication_slot('mine', true)");

        Captured refused = new TwoCommands(primary, bundles.resolve("b"), "mine").begin();

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("replication slot \"mine\" already exists");
        assertThat(bundles.resolve("b")).doesNotExist();
        primary.execute("SELECT pg_drop_replication_slot('mine')");
    }

    @Test
    void aTablespaceThatIsStillTheSourcesIsRefused() {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "links").begun();
        Path work = primary.scratch("links");
        copy(primary.dataDirectory(), work.resolve("data"));
        commands.ended();
        Map<String, String> before = contents(work);

        Captured refused = commands.seal(work.resolve("data"));

        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("is the source's own");
        assertThat(contents(work)).isEqualTo(before);
        primary.execute("SELECT pg_drop_replication_slot('links')");
    }
}
