package dev.understudy.promotion.check.surroundings;

import static dev.understudy.promotion.check.surroundings.Sample.machine;
import static dev.understudy.promotion.check.surroundings.Sample.setting;
import static dev.understudy.promotion.check.surroundings.Sample.storage;
import static dev.understudy.promotion.check.surroundings.Sample.tablespace;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.machine.Storage;
import dev.understudy.promotion.machine.TablespaceLink;
import dev.understudy.server.surroundings.ClockReading;
import dev.understudy.server.survey.WalRate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tablespaces, disks, machine and clock. */
final class HostChecksTest {
    private final Sample sample = new Sample();

    private void link(Optional<String> real, boolean version, boolean writable) {
        sample.standby.tablespaces = Known.of(List.of(tablespace(true)));
        sample.storage = Known.of(new Storage(
                List.of(), List.of(new TablespaceLink("16400", Optional.of("/fast"), real, version, writable)), 0));
    }

    @Test
    void aTablespaceThatIsThereAndWritablePasses() {
        link(Optional.of("/mnt/fast"), true, true);
        sample.requireSays(new TablespacesCheck(), Result.PASS, "The tablespace is there");
    }

    @Test
    void aLinkThatIsMissingOrLeadsWrongFails() {
        TablespacesCheck check = new TablespacesCheck();
        link(Optional.empty(), false, false);
        sample.requireSays(check, Result.FAIL, "The link of tablespace \"fast\" leads to \"/fast\", where nothing is");
        link(Optional.of("/mnt/fast"), false, true);
        sample.requireSays(
                check,
                Result.FAIL,
                "\"/mnt/fast\" holds no directory of tablespace \"fast\" for this version of PostgreSQL");
        link(Optional.of("/mnt/fast"), true, false);
        sample.requireSays(
                check, Result.FAIL, "The server's account may not write to \"/mnt/fast\", tablespace \"fast\"");
        sample.storage = Known.of(storage(100, 50));
        sample.requireSays(check, Result.FAIL, "Tablespace \"fast\" has no link in pg_tblspc");
    }

    @Test
    void thePrimarysPathOnAnotherMachineIsAnotherDirectory() {
        link(Optional.of("/fast"), true, true);
        sample.primary.tablespaces = Known.of(List.of(tablespace(true)));
        sample.requireSays(new TablespacesCheck(), Result.PASS, "The tablespace is there");

        sample.primaryMachine = sample.machine;
        sample.requireSays(
                new TablespacesCheck(),
                Result.FAIL,
                "Tablespace \"fast\" is the primary's own directory: both servers write to \"/fast\"");
    }

    @Test
    void withoutTheFilesTheServerStillTells() {
        sample.standby.tablespaces = Known.of(List.of(tablespace(false)));
        sample.storage = Known.unknown("no -D given");
        sample.requireSays(
                new TablespacesCheck(),
                Result.FAIL,
                "Tablespace \"fast\" is not there: the server cannot open \"/fast\"");
    }

    @Test
    void roomForWhatIsKeptAndForWhatMayBePasses() {
        sample.requireSays(new DiskSpaceCheck(), Result.PASS, "Every file system has room");
    }

    @Test
    void noRoomForWhatSettingsKeepFails() {
        sample.set("wal_keep_size", "61440", "MB");
        sample.requireSays(
                new DiskSpaceCheck(),
                Result.FAIL,
                "\"/srv\" (data directory, WAL) has 50 GB of 100 GB free, and its WAL may grow by 59.9 GB");
    }

    @Test
    void segmentsAndTheUnitsOf96AreUnderstood() {
        sample.settings.remove("wal_keep_size");
        sample.settings.put("max_wal_size", setting("max_wal_size", "64", "16MB"));
        sample.settings.put("wal_keep_segments", setting("wal_keep_segments", "6400", ""));
        sample.requireSays(
                new DiskSpaceCheck(),
                Result.FAIL,
                "\"/srv\" (data directory, WAL) has 50 GB of 100 GB free, and its WAL may grow by 99.9 GB");
    }

    @Test
    void noRoomForAConsumerThatIsAwayWarns() {
        sample.walRate = Known.of(new WalRate(20L << 20, "average of pg_stat_wal"));
        sample.requireSays(
                new DiskSpaceCheck(),
                Result.WARN,
                "\"/srv\" (data directory, WAL) has 50 GB of 100 GB free: no room for 70.3 GB of WAL in 1 h, at the"
                        + " primary's 20 MB/s (average of pg_stat_wal), if a standby or the archiver is away");

        sample.policy = sample.policy.with("wal_retention", "10min");
        sample.requireSays(new DiskSpaceCheck(), Result.PASS, "Every file system has room");
    }

    @Test
    void aFileSystemThatIsNearlyFullWarnsAndAFullOneFails() {
        sample.storage = Known.of(storage(1000, 99));
        sample.requireSays(
                new DiskSpaceCheck(),
                Result.WARN,
                "\"/srv\" (data directory, WAL) has 99 GB of 1000 GB free, less than 10 %");
        sample.policy = sample.policy.with("disk_free_least", "100GB");
        sample.requireSays(
                new DiskSpaceCheck(),
                Result.FAIL,
                "\"/srv\" (data directory, WAL) has 99 GB of 1000 GB free, less than 100 GB");
    }

    @Test
    void lessMemoryThanThePrimarysWarns() {
        sample.primaryMachine = Known.of(machine("m2", 16, 4, 0, "glibc 2.36", 1024));
        sample.requireSays(new ResourcesCheck(), Result.WARN, "The machine has 8 GB of memory, the primary's 16 GB");
    }

    @Test
    void fewerProcessorsThanThePrimarysWarn() {
        sample.primaryMachine = Known.of(machine("m2", 8, 4.5, 0, "glibc 2.36", 1024));
        sample.requireSays(new ResourcesCheck(), Result.WARN, "The machine has 4 processors, the primary's 4.5");
    }

    @Test
    void sharedBuffersThatTakeTheMemoryWarn() {
        sample.set("shared_buffers", "655360", "8kB");
        sample.requireSays(
                new ResourcesCheck(), Result.WARN, "shared_buffers takes 5 GB of the machine's 8 GB of memory");
    }

    @Test
    void hugePagesThatOnlyThePrimaryHasWarn() {
        sample.primaryMachine = Known.of(machine("m2", 8, 4, 1000, "glibc 2.36", 1024));
        sample.requireSays(new ResourcesCheck(), Result.WARN, "The primary uses huge pages, and the standby has none");

        sample.settings.put("huge_pages_status", setting("huge_pages_status", "on", ""));
        sample.requireSays(new ResourcesCheck(), Result.PASS, "The machine has what the primary's has");
    }

    @Test
    void fewerFilesThanThePrimaryMayOpenWarn() {
        sample.primaryMachine = Known.of(machine("m2", 8, 4, 0, "glibc 2.36", 65536));
        sample.requireSays(
                new ResourcesCheck(),
                Result.WARN,
                "The kernel's limit \"Max open files\" is 1024, the primary's 65536");
    }

    @Test
    void whatTheNetworkMayHaveTakenIsNoDifferenceOfClocks() {
        sample.standby.clock = Known.of(new ClockReading(Duration.ofMillis(-1500), Duration.ofMillis(600)));
        sample.requireSays(new ClockCheck(), Result.PASS, "The standby's clock agrees with the primary's");
        sample.standby.clock = Known.of(new ClockReading(Duration.ofMillis(-1500), Duration.ofMillis(6)));
        sample.requireSays(new ClockCheck(), Result.WARN, "The standby's clock is 1 s behind the primary's");
    }

    @Test
    void withoutThePrimaryTheClockIsComparedWithOurs() {
        sample.primaryUnknown = "no --primary given";
        sample.standby.clock = Known.of(new ClockReading(Duration.ofMinutes(2), Duration.ofMillis(6)));
        sample.requireSays(new ClockCheck(), Result.FAIL, "The standby's clock is 2 min ahead of this machine's");
    }
}
