package dev.understudy.promotion;

import static dev.understudy.promotion.check.Result.FAIL;
import static dev.understudy.promotion.check.Result.PASS;
import static dev.understudy.promotion.check.Result.SKIPPED;
import static dev.understudy.promotion.check.Result.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.finding.Sign;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What checks say of facts that no pair of this machine has: other hosts, other minors, service managers. */
final class SettingsChecksTest {
    private static final String ARCHIVE = "/settings/archive";
    private static final String SERVICE = "/settings/service";

    private static void says(CheckResult found, Result result, String summary) {
        assertThat(found.summary()).as(String.valueOf(found)).isEqualTo(summary);
        assertThat(found.result()).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "140003 | CREATE INDEX CONCURRENTLY can make an index that misses rows | 14.4 | release/14.4/",
                "90600  | a free space map can be written wrongly on a standby, which shows after a promotion as \"could not read block\" | 9.6.1 | release/9.6.1/",
                "170008 | a standby of it can stop with \"could not access status of transaction\", and substring() refuses text that is not ASCII | 17.9 | release/17.9/",
            })
    void aMinorThatIsKnownToDoHarmIsNamedWithItsReleaseNotes(int version, String harm, String mended, String page) {
        CheckResult found = SampleCandidate.healthy().versions(version, version).check("minor-version");

        assertThat(found.result()).isEqualTo(WARN);
        assertThat(found.summary()).endsWith("is known to do harm: " + harm);
        assertThat(found.remedy())
                .isEqualTo("Update the standby's packages to " + mended + " or newer, and restart it");
        assertThat(found.evidence()).extracting(Sign::source).contains("https://www.postgresql.org/docs/" + page);
    }

    @ParameterizedTest
    @CsvSource({"90624", "100023", "110022", "120022", "130023", "140024", "150019", "160015", "170011", "180006"})
    void theNewestMinorsDoNoKnownHarm(int version) {
        assertThat(SampleCandidate.healthy()
                        .versions(version, version)
                        .check("minor-version")
                        .result())
                .isEqualTo(PASS);
    }

    @Test
    void anOlderMinorThanThePrimarysIsAWarning() {
        says(
                SampleCandidate.healthy().versions(160014, 160015).check("minor-version"),
                WARN,
                "The standby runs 16.14, older than the primary's 16.15: what was mended there would be back");
    }

    @Test
    void parametersBelowThePrimarysAreListed() {
        SampleCandidate low = SampleCandidate.healthy()
                .versions(160015, 160015)
                .here("max_connections", "50")
                .there("max_connections", "100")
                .here("max_wal_senders", "5")
                .there("max_wal_senders", "10")
                .both("max_worker_processes", "8");

        says(
                low.check("parameters-minimum"),
                FAIL,
                "Settings are below the primary's, so replay stops or the next start fails: max_connections,"
                        + " max_wal_senders");
        says(
                low.versions(110022, 110022).check("parameters-minimum"),
                FAIL,
                "Settings are below the primary's, so replay stops or the next start fails: max_connections");
        says(
                low.versions(160015, 160015)
                        .unknown("/settings/primary", "no --primary given")
                        .here("max_connections", "99")
                        .check("parameters-minimum"),
                FAIL,
                "Settings are below the primary's, so replay stops or the next start fails: max_connections,"
                        + " max_wal_senders");
    }

    @Test
    void roomThatIsEnoughForNowIsAWarning() {
        SampleCandidate fewer = SampleCandidate.healthy()
                .known("/settings/primaryServer/load", """
                        {"connections": 5, "walSenders": 2, "slots": 3, "preparedTransactions": 0, "subscriptions": 0}""")
                .both("max_logical_replication_workers", "4")
                .here("max_wal_senders", "1")
                .there("max_wal_senders", "10")
                .here("max_replication_slots", "4")
                .there("max_replication_slots", "10");

        says(
                fewer.check("replication-capacity"),
                WARN,
                "The standby has room for what the primary serves now, but less than the primary: max_replication_slots");
        says(
                fewer.versions(110022, 110022).check("replication-capacity"),
                FAIL,
                "The standby has no room for what the primary serves: max_wal_senders");
    }

    @Test
    void aServerThatNobodyCanReachIsNoPrimary() {
        says(
                SampleCandidate.healthy()
                        .here("listen_addresses", "localhost")
                        .there("listen_addresses", "*")
                        .check("settings-differ"),
                FAIL,
                "A new primary must not run like this: listen_addresses");
        says(
                SampleCandidate.healthy()
                        .here("listen_addresses", "10.0.0.2")
                        .there("listen_addresses", "10.0.0.1,localhost")
                        .check("settings-differ"),
                PASS,
                "No setting that matters differs from the primary's");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``               | ANY 1 (a, b) | WARN | Commits are synchronous on the primary and would not be on the new one",
                "``               | ``           | PASS | The new primary would wait for no standby",
                "FIRST 2 (a, \"B\")| ``         | FAIL | After the promotion every commit would wait for ever: synchronous_standby_names needs 2 standbys",
                "nobody           | nobody       | FAIL | After the promotion every commit would wait for ever: synchronous_standby_names needs 1 standby",
            })
    void synchronousNamesMustBeThere(String here, String there, Result result, String summary) {
        says(
                SampleCandidate.healthy()
                        .here("synchronous_standby_names", here.replace("\"", "\\\""))
                        .there("synchronous_standby_names", there)
                        .both("synchronous_commit", "on")
                        .check("synchronous-names"),
                result,
                summary);
    }

    @Test
    void commitsThatDoNotWaitNeedNoStandby() {
        says(
                SampleCandidate.healthy()
                        .here("synchronous_standby_names", "*")
                        .here("synchronous_commit", "local")
                        .check("synchronous-names"),
                PASS,
                "Commits wait for no standby, since synchronous_commit is local");
    }

    private static SampleCandidate archiving(String place, String program, String directory, String restore) {
        return SampleCandidate.healthy().both("archive_mode", "on").set(ARCHIVE, """
                {"value": {"place": %s, "program": %s, "directory": %s, "restore": %s}}""".formatted(
                        place, program, directory, restore));
    }

    private static String place(String kind, String program, String directory) {
        return "{\"kind\": \"%s\", \"program\": \"%s\", \"directory\": \"%s\"}".formatted(kind, program, directory);
    }

    private static String directory(boolean writable, long free, String histories, String timelines) {
        return "{\"value\": {\"path\": \"/arc\", \"writable\": %s, \"freeBytes\": %d, \"histories\": %s, \"timelines\": %s}}"
                .formatted(writable, free, histories, timelines);
    }

    @Test
    void anArchiveIsLookedAtAsFarAsItsCommandTells() {
        String none = place("NONE", "", "");
        String unknown = "{\"unknown\": \"not looked into\"}";
        String cp = place("DIRECTORY", "cp", "/arc");
        String there = "{\"value\": true}";

        says(
                archiving(place("TOOL", "pgbackrest", ""), there, unknown, none).check("archive-writable"),
                PASS,
                "\"pgbackrest\" is installed; its own check was not run");
        says(
                archiving(place("PROGRAM", "/opt/a.sh", ""), "{\"value\": false}", unknown, none)
                        .check("archive-writable"),
                FAIL,
                "archive_command runs \"/opt/a.sh\", which the standby's host does not have");
        says(
                archiving(place("OTHER_HOST", "rsync", ""), there, unknown, none)
                        .check("archive-writable"),
                SKIPPED,
                "the standby archives to another host, which was not looked into; try its command by hand");
        says(
                archiving(cp, there, "{\"value\": null}", none).check("archive-writable"),
                FAIL,
                "There is no directory \"/arc\" to archive to");
        says(
                archiving(cp, there, directory(true, 4096, "[]", "[1]"), none).check("archive-writable"),
                FAIL,
                "The archive \"/arc\" has no room for a WAL segment");
    }

    @Test
    void timelinesThatRestoreCommandShowsAreNotTakenAgain() {
        String cp = place("DIRECTORY", "cp", "/arc");
        String other = place("DIRECTORY", "cp", "/other");
        String there = "{\"value\": true}";

        says(
                archiving(cp, there, directory(true, 1L << 30, "[2, 3]", "[1, 2]"), cp)
                        .check("archive-timeline-collision"),
                PASS,
                "The promotion would make timeline 4, of which the archive holds nothing");
        says(
                archiving(cp, there, directory(true, 1L << 30, "[]", "[1, 2]"), cp)
                        .check("archive-timeline-collision"),
                FAIL,
                "The promotion would make timeline 2, and the archive holds another timeline 2");
        says(
                archiving(cp, there, directory(true, 1L << 30, "[2]", "[1]"), other)
                        .check("archive-timeline-collision"),
                FAIL,
                "The promotion would make timeline 2, and the archive holds another timeline 2");
    }

    @Test
    void archivingThatIsNowhereIsAWarning() {
        says(
                SampleCandidate.healthy().both("archive_mode", "off").check("archive-command"),
                WARN,
                "archive_mode is off, as on the primary");
        says(
                SampleCandidate.healthy()
                        .both("archive_mode", "on")
                        .both("archive_command", "/bin/true")
                        .check("archive-command"),
                WARN,
                "archive_command keeps nothing, as on the primary");
        says(
                SampleCandidate.healthy()
                        .both("archive_mode", "on")
                        .both("archive_command", "cp %p /a/%f")
                        .both("archive_library", "basic_archive")
                        .check("archive-command"),
                FAIL,
                "archive_command and archive_library are both set, with which the archiver does not run");
    }

    private static CheckResult service(String unit, String enabled, String clusters) {
        return SampleCandidate.healthy()
                .set("/servers/directory/value/path", "\"/data\"")
                .set(SERVICE, """
                        {"value": {"controlGroup": {"value": %s}, "enabled": %s, "clusters": {"value": %s}}}""".formatted(unit, enabled, clusters))
                .check("service-manager");
    }

    @Test
    void aServerIsStartedAgainByItsManager() {
        String none = "{\"unknown\": \"no systemctl\"}";
        says(
                service("\"postgresql-16.service\"", "{\"value\": \"enabled\"}", "[]"),
                PASS,
                "systemd runs the server as postgresql-16.service");
        says(
                service("\"postgresql-16.service\"", "{\"value\": \"disabled\"}", "[]"),
                WARN,
                "systemd runs the server as postgresql-16.service, and does not start it after a reboot");
        says(
                service("null", none, "[]"),
                WARN,
                "No service manager knows the server: nothing starts it after a reboot");
        says(
                service("null", none, "[{\"name\": \"16/main\", \"dataDirectory\": \"/data\", \"start\": \"manual\"}]"),
                WARN,
                "pg_ctlcluster knows the cluster 16/main and does not start it after a reboot");
        says(
                service(
                        "\"postgresql@16-main.service\"",
                        "{\"value\": \"enabled-runtime\"}",
                        "[{\"name\": \"16/main\", \"dataDirectory\": \"/data\", \"start\": \"auto\"}]"),
                PASS,
                "systemd runs the server as postgresql@16-main.service");
    }

    @Test
    void md5PasswordsAreOfNoUseInFipsMode() {
        says(
                SampleCandidate.healthy()
                        .known("/settings/fips", "true")
                        .known("/settings/standbyServer/databases", "[\"app\"]")
                        .known("/settings/standbyServer/hba", "[]")
                        .known("/settings/standbyServer/roles", """
                                [{"name": "app", "groups": ["app"], "superuser": false, "replication": false,
                                  "password": "md5", "validUntil": null}]""")
                        .check("role-passwords"),
                WARN,
                "The standby's host is in FIPS mode, and passwords are stored as MD5: app");
    }

    @Test
    void aPromotionTakesAPrivilegeOrTheHost() {
        says(
                SampleCandidate.healthy()
                        .known("/settings/standbyServer/mayPromote", "false")
                        .check("promote-permission"),
                WARN,
                "The role of the connection string may not call pg_promote()");
        says(
                SampleCandidate.healthy()
                        .known("/settings/standbyServer/mayPromote", "null")
                        .unknown("/servers/directory", "not given")
                        .check("promote-permission"),
                WARN,
                "This major is promoted on its own host only, which was not looked at");
    }

    @Test
    void aFileThatPromotesIsALeftover() {
        CheckResult found = SampleCandidate.healthy()
                .here("promote_trigger_file", "/tmp/promote")
                .known("/settings/triggerFile", "false")
                .check("leftovers");

        says(found, WARN, "Recovery settings are left: promote_trigger_file");
        assertThat(found.evidence()).contains(new Sign("trigger file", "it is not there"));
    }

    @Test
    void aLibraryThatOnlyThePrimaryPreloadsIsAWarning() {
        says(
                SampleCandidate.healthy()
                        .here("shared_preload_libraries", "")
                        .there("shared_preload_libraries", "auto_explain, \\\"$libdir/pg_hint_plan\\\"")
                        .known("/settings/libraries", "[]")
                        .check("preload-libraries"),
                WARN,
                "The primary preloads what the standby does not: auto_explain, $libdir/pg_hint_plan");
    }

    @Test
    void librariesThatTheRoleMayNotSeeAreNotTakenForNone() {
        CheckResult hidden =
                SampleCandidate.healthy().known("/settings/libraries", "[]").check("preload-libraries");

        assertThat(hidden.result()).isEqualTo(Result.SKIPPED);
        assertThat(hidden.summary())
                .isEqualTo("the role may not see shared_preload_libraries: GRANT pg_read_all_settings TO the role");
        says(
                SampleCandidate.healthy()
                        .here("shared_preload_libraries", "")
                        .unknown("/settings/primary", "no --primary given")
                        .known("/settings/libraries", "[]")
                        .check("preload-libraries"),
                Result.PASS,
                "The standby preloads no library");
    }

    @Test
    void whatWasNotSeenIsSkippedWithItsReason() {
        SampleCandidate blind = SampleCandidate.healthy();

        for (String id : new String[] {
            "replication-capacity",
            "hba-admits",
            "role-passwords",
            "extension-files",
            "publications",
            "subscriptions",
            "scheduled-jobs",
            "foreign-servers",
            "promote-permission",
            "service-manager"
        }) {
            says(blind.check(id), SKIPPED, "not among the facts");
        }
    }
}
