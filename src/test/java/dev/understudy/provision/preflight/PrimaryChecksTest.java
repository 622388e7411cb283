package dev.understudy.provision.preflight;

import static dev.understudy.provision.preflight.CheckAssert.fails;
import static dev.understudy.provision.preflight.CheckAssert.passes;
import static dev.understudy.provision.preflight.CheckAssert.skips;
import static dev.understudy.provision.preflight.CheckAssert.warns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.check.primary.ClockDifferenceCheck;
import dev.understudy.provision.preflight.check.primary.DataChecksumsCheck;
import dev.understudy.provision.preflight.check.primary.ExclusiveBackupCheck;
import dev.understudy.provision.preflight.check.primary.FileCountCheck;
import dev.understudy.provision.preflight.check.primary.FsyncCheck;
import dev.understudy.provision.preflight.check.primary.FullPageWritesCheck;
import dev.understudy.provision.preflight.check.primary.OtherBackupsCheck;
import dev.understudy.provision.preflight.check.primary.PrimaryLayoutCheck;
import dev.understudy.provision.preflight.check.primary.PrimaryLeftoversCheck;
import dev.understudy.provision.preflight.check.primary.SourceRoleCheck;
import dev.understudy.provision.preflight.check.primary.UnloggedTablesCheck;
import dev.understudy.provision.preflight.check.primary.VersionSupportedCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the checks of the primary itself say. */
final class PrimaryChecksTest {
    private final SampleFacts facts = new SampleFacts();

    @Test
    void theSourceMayBeAPrimaryOrAStandbyThatAnswers() {
        PreflightCheck check = new SourceRoleCheck();
        passes(check, facts, "the server at \"db1\", port 5432 is a primary");
        facts.inRecovery = true;
        warns(check, facts, "the source is a standby: the rules for a backup from a standby apply");
        facts.intent = facts.intent.withWalStream();
        fails(check, facts, "the source is a standby, and way \"stream\" with route \"auto\" needs a primary");
        facts.set("hot_standby", "off");
        fails(check, facts, "the source is a standby that does not answer queries (hot_standby = off)");
        facts.refusal = Known.of("no answer");
        skips(check, facts, "no answer");
    }

    @Test
    void onlyMajorsThatAreKnownPass() {
        passes(new VersionSupportedCheck(), facts, "PostgreSQL 15.10 is supported");
        facts.version = new ServerVersion(200_001);
        fails(new VersionSupportedCheck(), facts, "PostgreSQL 20.1 is not supported: Understudy knows 9.6 to 18");
    }

    @Test
    void fullPageWritesOffIsWorseOnAStandby() {
        PreflightCheck check = new FullPageWritesCheck();
        passes(check, facts, "full_page_writes is on");
        facts.set("full_page_writes", "off");
        warns(
                check,
                facts,
                "full_page_writes is off; the primary forces it while the backup runs, and a crash at any other time can"
                        + " tear pages");
        facts.inRecovery = true;
        fails(check, facts, "full_page_writes is off, and a backup from a standby cannot force it");
    }

    @Test
    void fsyncOffWarns() {
        passes(new FsyncCheck(), facts, "fsync is on");
        facts.set("fsync", "off");
        warns(
                new FsyncCheck(),
                facts,
                "fsync is off on the primary, and the standby inherits it: a crash of the machine can damage both");
    }

    @Test
    void checksumsOffWarns() {
        PreflightCheck check = new DataChecksumsCheck();
        passes(check, facts, "data checksums are on: every page is checked while it is copied");
        facts.set("data_checksums", "off");
        warns(check, facts, "data checksums are off: a damaged page of the primary would be copied unseen");
        facts.unset("data_checksums");
        skips(check, facts, "the setting data_checksums cannot be read");
    }

    @Test
    void anExclusiveBackupFailsWhereThereCanBeOne() {
        PreflightCheck check = new ExclusiveBackupCheck();
        facts.exclusive = Known.of("2026-11-20 03:00:00+00");
        passes(check, facts, "PostgreSQL 15 has no exclusive backups");
        facts.version = new ServerVersion(140_024);
        PreflightResult result =
                fails(check, facts, "an exclusive backup has been open on the primary since 2026-11-20 03:00:00+00");
        assertThat(result.hints().get(0)).endsWith("end it on the primary: SELECT pg_stop_backup();");
        facts.exclusive = Known.of("");
        passes(check, facts, "no exclusive backup is open");
        facts.exclusive = Known.unknown("permission denied");
        skips(check, facts, "permission denied");
    }

    @Test
    void otherBackupsWarn() {
        PreflightCheck check = new OtherBackupsCheck();
        passes(check, facts, "no other backup is running");
        facts.backups = Known.of(List.of("BASE_BACKUP pg_basebackup of role \"rep\" (pid 12)"));
        warns(check, facts, "1 other backup is running; the copy shares disk and network with it");
        facts.backups = Known.unknown("permission denied");
        skips(check, facts, "permission denied");
    }

    @Test
    void leftoversWarn() {
        PreflightCheck check = new PrimaryLeftoversCheck();
        passes(check, facts, "nothing unfinished lies in the primary's data directory");
        facts.leftovers = List.of("backup_label", "standby.signal");
        warns(
                check,
                facts,
                "the primary's data directory holds 2 things of an unfinished operation: backup_label, standby.signal");
        facts.filesRefusal = Known.of("no host was given");
        skips(check, facts, "the primary's data directory cannot be listed: no host was given");
    }

    @Test
    void unloggedTablesWarn() {
        PreflightCheck check = new UnloggedTablesCheck();
        passes(check, facts, "no unlogged tables were found");
        facts.unlogged = Known.of(List.of("app.public.cache"));
        warns(check, facts, "1 unlogged table will be empty after a promotion: app.public.cache");
        facts.unlogged = Known.of(List.of("a.b.c", "a.b.d", "a.b.e", "a.b.f"));
        warns(check, facts, "4 unlogged tables will be empty after a promotion: a.b.c, a.b.d, a.b.e and others");
        facts.unlogged = Known.unknown("no database could be entered");
        skips(check, facts, "no database could be entered");
    }

    @Test
    void aHugeNumberOfFilesWarns() {
        PreflightCheck check = new FileCountCheck();
        passes(check, facts, "about 400 relation files are to be copied");
        facts.relations = Known.of(2_000_000L);
        warns(
                check,
                facts,
                "about 2000000 relation files are to be copied: their number, not their size, decides how long it takes");
        facts.relations = Known.unknown("no database could be entered");
        skips(check, facts, "no database could be entered");
    }

    @Test
    void configurationOutsideWarns() {
        PreflightCheck check = new PrimaryLayoutCheck();
        passes(check, facts, "configuration and WAL are inside of \"/primary/data\"");
        facts.primaryWal = Known.of(SampleFacts.directory("/fast/wal", 1));
        passes(
                check,
                facts,
                "The primary's WAL is at \"/fast/wal\"; the standby's goes into its data directory unless wal_directory"
                        + " says otherwise.");
        facts.set("config_file", "/etc/postgresql/15/main/postgresql.conf");
        warns(
                check,
                facts,
                "1 configuration file is outside of the data directory: config_file ="
                        + " \"/etc/postgresql/15/main/postgresql.conf\"");
        facts.unset("data_directory");
        skips(check, facts, "the role may not see data_directory (it takes pg_read_all_settings)");
    }

    @Test
    void clocksMayDifferByTwoSeconds() {
        PreflightCheck check = new ClockDifferenceCheck();
        passes(check, facts, "the clocks agree within 7 ms");
        facts.primaryClock = Known.of(Duration.ofSeconds(-90));
        warns(check, facts, "the clocks differ by 1 min 30 s");
        facts.primaryClock = Known.unknown("no answer");
        facts.targetRefusal = Known.of("no host");
        skips(check, facts, "no clock could be read: no answer");
    }
}
