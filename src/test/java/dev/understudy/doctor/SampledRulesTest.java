package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts.NotExamined;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Severity;
import dev.understudy.doctor.finding.Sign;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules on facts of a healthy pair of which one thing was changed; the states that are dear to make on a real server. */
final class SampledRulesTest {
    private static final String VIEW = "/standby/value/view";
    private static final String PRIMARY = "/primary/value/view";
    private static final String CONTROL = "/directory/value/control/value";

    private static Finding requireCause(SampleFacts facts, String id) {
        Diagnosis diagnosis = facts.examine();
        assertThat(diagnosis.causes())
                .as(String.valueOf(diagnosis.findings()))
                .extracting(Finding::id)
                .containsExactly(id);
        return diagnosis.causes().get(0);
    }

    @Test
    void theSampleItselfIsHealthy() {
        DoctorFixture.requireHealthy(SampleFacts.healthy().examine());
    }

    /** Messages of a receiver or of recovery, on a standby that is not open. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password-wrong|could not connect to the primary server: connection to server at \"p\" (1.2.3.4), port 5432 failed: FATAL:  password authentication failed for user \"r\"",
                "password-missing|could not connect to the primary server: connection to server at \"p\" (1.2.3.4), port 5432 failed: fe_sendauth: no password supplied",
                "wal-segment-removed|could not receive data from WAL stream: ERROR:  requested WAL segment 0000000100000000000000AD has already been removed",
                "slot-name-taken|could not start WAL streaming: ERROR:  replication slot \"standby\" is active for PID 4711",
                "timeline-diverged|new timeline 2 forked off current database system timeline 1 before current recovery point 0/5000A98",
                "timeline-not-a-child|requested timeline 3 is not a child of this server's history",
                "timeline-history-missing|recovery target timeline 7 does not exist",
                "standby-ahead-of-primary|could not receive data from WAL stream: ERROR:  requested starting point 0/9000000 is ahead of the WAL flush position of this server 0/3000148",
                "wal-foreign|WAL file is from different database system: WAL file database system identifier is 1, pg_control database system identifier is 2",
                "restore-command-failing|could not restore file \"000000010000000000000004\" from archive: command not found",
                "restore-command-empty-file|archive file \"000000010000000000000004\" has wrong size: 0 instead of 16777216",
                "conninfo-invalid|could not connect to the primary server: invalid connection option \"channel_binding\"",
            })
    void aMessageOfAStandbyThatIsNotOpenIsItsCause(String id, String message) {
        Finding cause = requireCause(SampleFacts.starting("2026-11-20 10:00:00.000 UTC [77] FATAL:  " + message), id);

        assertThat(cause.evidence())
                .anySatisfy(sign -> assertThat(sign.source()).isEqualTo("/srv/standby/log"));
    }

    /** Messages of a start that failed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shared-memory-conflict|pre-existing shared memory block (key 5432001, ID 7) is still in use",
                "disk-full|could not write to file \"pg_wal/xlogtemp.77\": No space left on device",
                "page-corrupt|WAL contains references to invalid pages",
                "major-version-mismatch|database files are incompatible with server",
                "backup-label-foreign|backup_label contains data inconsistent with control file",
            })
    void aMessageOfAFailedStartIsItsCause(String id, String message) {
        requireCause(SampleFacts.down("2026-11-20 10:00:00.000 UTC [77] FATAL:  " + message), id);
    }

    @Test
    void aStandbyThatAnswersAndReceivesNothingIsNotWell() {
        Diagnosis diagnosis = SampleFacts.healthy()
                .set(VIEW + "/receiver", "{\"value\": null}")
                .examine();

        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.state()).isEqualTo(Diagnosis.State.UNDER_WAY);
        assertThat(diagnosis.isHealthy()).isFalse();
    }

    @Test
    void theSameFatalMessageAgainAndAgainIsACrashLoop() {
        String line = "2026-11-20 10:00:00.000 UTC [77] FATAL:  startup process (PID 78) exited with exit code 1\n";
        Diagnosis diagnosis = SampleFacts.down(line.repeat(4)).examine();

        assertThat(diagnosis.findings()).extracting(Finding::id).containsExactly("crash-loop", "not-started");
        assertThat(diagnosis.findings().get(1).followsFrom()).contains("crash-loop");
    }

    @Test
    void timeOutsAgainAndAgainAreALoop() {
        requireCause(
                SampleFacts.starting(
                        "2026-11-20 10:00:00.000 UTC [77] FATAL:  terminating walreceiver due to timeout",
                        "2026-11-20 10:01:00.000 UTC [78] FATAL:  terminating walreceiver due to timeout",
                        "2026-11-20 10:02:00.000 UTC [79] FATAL:  terminating walreceiver due to timeout"),
                "replication-timeout-loop");
    }

    @Test
    void timelinesThatNoArchiveHasBetrayARestoreCommandThatAlwaysSucceeds() {
        StringBuilder log = new StringBuilder();
        for (int i = 2; i < 9; i++) {
            log.append(
                    "2026-11-20 10:00:00 UTC [7] LOG:  restored log file \"%08X.history\" from archive\n".formatted(i));
        }
        requireCause(SampleFacts.starting(log.toString()), "restore-command-always-succeeds");
    }

    @Test
    void aCopyWithoutLabelOpensAndIsNotToBeTrusted() {
        Finding cause = requireCause(
                SampleFacts.healthy()
                        .log(
                                "2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode",
                                "2026-11-20 10:00:00 UTC [7] LOG:  database system was not properly shut down; automatic recovery in progress"),
                "backup-label-missing");
        assertThat(cause.summary()).endsWith("it opens, and cannot be trusted");
        requireCause(
                SampleFacts.down("2026-11-20 10:00:00 UTC [7] PANIC:  could not locate a valid checkpoint record"),
                "backup-label-missing");
    }

    private static SampleFacts withLabel(SampleFacts facts, String start) {
        return facts.set(
                        "/directory/value/labels/backup_label",
                        "\"START WAL LOCATION: %1$s (file 000000010000000000000002)\\nCHECKPOINT LOCATION: %1$s\\nBACKUP METHOD: streamed\\nBACKUP FROM: primary\\nLABEL: x\\nSTART TIMELINE: 1\\n\""
                                .formatted(start))
                .set("/directory/value/entries", "[\"backup_label\", \"standby.signal\", \"PG_VERSION\"]");
    }

    @Test
    void aLabelThatRecoveryHasPassedIsStale() {
        requireCause(
                withLabel(SampleFacts.healthy(), "0/1000028").set(CONTROL + "/minRecoveryPoint", "\"0/9000028\""),
                "backup-label-stale");
    }

    @Test
    void aLabelWithoutASignalFileWouldMakeASecondPrimary() {
        Diagnosis diagnosis = withLabel(SampleFacts.down(), "0/1000028")
                .set("/directory/value/entries", "[\"backup_label\", \"PG_VERSION\"]")
                .set("/directory/value/settings", "{\"value\": []}")
                .set(CONTROL + "/state", "\"IN_PRODUCTION\"")
                .examine();
        assertThat(diagnosis.causes()).extracting(Finding::id).containsExactly("backup-label-without-signal");
    }

    @Test
    void aCloneOfTheRunningPrimaryWithoutLabelIsUnsealed() {
        requireCause(SampleFacts.down().set(CONTROL + "/state", "\"IN_PRODUCTION\""), "clone-unsealed");
    }

    @Test
    void aServerThatIsNotInRecoveryIsNoStandby() {
        requireCause(SampleFacts.healthy().set(VIEW + "/identity/inRecovery", "false"), "ran-as-primary");
    }

    @Test
    void anotherSystemIdentifierIsAnotherCluster() {
        requireCause(
                SampleFacts.starting("2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode")
                        .set(PRIMARY + "/identity/systemIdentifier", "\"42\""),
                "system-identifier-mismatch");
    }

    @Test
    void anOlderMinorOfTheStandbyIsAWarning() {
        requireCause(SampleFacts.healthy().set(PRIMARY + "/identity/version", "\"160099\""), "minor-version-behind");
    }

    @Test
    void aTargetThatIsLeftIsAWarning() {
        requireCause(
                SampleFacts.healthy()
                        .set(
                                "/directory/value/settings",
                                "{\"value\": [{\"name\": \"recovery_target_name\", \"value\": \"x\", \"file\": \"/srv/standby/postgresql.auto.conf\", \"line\": 3}, {\"name\": \"port\", \"value\": \"1\", \"file\": \"f\", \"line\": 1}]}")
                        .set(VIEW + "/settings", "{\"unknown\": \"no permission\"}"),
                "recovery-target-left");
    }

    @Test
    void manySubtransactionsKeepAConsistentStandbyClosed() {
        Finding cause = requireCause(
                SampleFacts.starting(
                                "2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode",
                                "2026-11-20 10:00:00 UTC [7] LOG:  consistent recovery state reached at 0/3000060")
                        .set(
                                PRIMARY + "/longTransactions",
                                "{\"value\": [{\"pid\": 99, \"user\": \"app\", \"applicationName\": \"\", \"started\": null, \"subtransactions\": 70, \"statement\": \"\"}]}"),
                "recovery-snapshot-not-ready");
        assertThat(cause.evidence())
                .anySatisfy(sign -> assertThat(sign.detail())
                        .contains("process 99 of role \"app\"", "more than 64 subtransactions"));
    }

    /** The slot that the standby uses, changed while nobody streams through it. */
    private static SampleFacts slot(String change) {
        return SampleFacts.starting("2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode")
                .set(PRIMARY + "/slots/value/0/active", "false")
                .set(PRIMARY + "/senders", "{\"value\": []}")
                .set(PRIMARY + "/slots/value/0/" + change.split("=", 2)[0], change.split("=", 2)[1]);
    }

    @Test
    void slotsThatTheServerGaveUpSayWhy() {
        requireCause(slot("walStatus=\"lost\""), "slot-lost");
        requireCause(slot("invalidationReason=\"idle_timeout\""), "slot-idle-timeout");
        requireCause(
                slot("restartLsn=\"0/1000000\"")
                        .set(
                                PRIMARY + "/walFiles",
                                "{\"value\": [{\"name\": \"000000010000000000000009\", \"sizeBytes\": 16777216, \"modification\": \"2026-11-20T10:00:00Z\"}]}"),
                "slot-wal-removed");
    }

    @Test
    void anInactiveSlotThatKeepsMuchIsAWarning() {
        requireCause(
                slot("restartLsn=\"0/1000000\"")
                        .set(PRIMARY + "/positions/value/current", "\"1/1000000\"")
                        .set(PRIMARY + "/walFiles", "{\"unknown\": \"no permission\"}"),
                "slot-inactive-retaining");
    }

    private static void requireNothing(SampleFacts facts) {
        assertThat(facts.examine().findings()).isEmpty();
    }

    private static SampleFacts bundle(String condition, String endedAt, String startLsn, boolean slotLeft) {
        return slot("restartLsn=\"0/2000028\"").set("/bundles", """
                        {"value": [{"path": "/srv/bundles/b 1", "condition": "%s", "beganAt": "2026-11-20T08:00:00Z",
                          "limitAt": "2026-11-20T20:00:00Z", "endedAt": %s, "systemIdentifier": "7710265650476070067",
                          "startLsn": "%s", "slot": "standby", "slotLeft": %s, "problem": ""}]}
                        """.formatted(condition, endedAt, startLsn, slotLeft));
    }

    @Test
    void aSlotThatNobodyUsesSinceItsBackupEndedIsAWarningThatNamesTheBundle() {
        Finding cause =
                requireCause(bundle("complete", "\"2026-11-20T09:00:00Z\"", "0/2000028", false), "bundle-slot-unused");

        assertThat(cause.summary())
                .isEqualTo(
                        "The primary keeps 0 MB of WAL for the clones of a backup that ended 5 h 49 min ago, and none"
                                + " streams");
        assertThat(cause.remedies())
                .extracting(Remedy::command)
                .containsExactly(
                        "understudy seal --bundle '/srv/bundles/b 1' -D /srv/primary/clones/clone",
                        "understudy backup drop --bundle '/srv/bundles/b 1'");
    }

    @Test
    void aSlotThatAStandbyHasMovedOnIsNoBundlesAnyMore() {
        requireNothing(bundle("complete", "\"2026-11-20T09:00:00Z\"", "0/2000020", false));
    }

    @Test
    void aSlotOfABackupThatHasJustEndedIsNoWarningYet() {
        requireNothing(bundle("complete", "\"2026-11-20T14:00:00Z\"", "0/2000028", false));
    }

    @Test
    void aBackupWhoseKeeperDiedAndOneThatIsOpenTooLongAreLeft() {
        assertThat(requireCause(bundle("lost", "null", "0/2000028", true), "backup-left")
                        .remedies())
                .extracting(Remedy::command)
                .containsExactly("understudy backup drop --bundle '/srv/bundles/b 1'");
        assertThat(requireCause(bundle("open", "null", "0/2000028", false), "backup-left")
                        .summary())
                .isEqualTo(
                        "A backup that \"backup begin\" started is open since 2026-11-20T08:00:00Z, and is given up at"
                                + " 2026-11-20T20:00:00Z");
    }

    @Test
    void aBundleOfAnotherClusterIsNoneOfItsBusiness() {
        SampleFacts facts = bundle("lost", "null", "0/2000028", true);
        requireNothing(facts.set("/bundles/value/0/systemIdentifier", "\"1\""));
    }

    @Test
    void logicalDecodingThatWaitsForASlotNotInUseIsAWarning() {
        requireCause(
                SampleFacts.healthy()
                        .set(
                                PRIMARY + "/settings/value/synchronized_standby_slots",
                                "{\"name\": \"synchronized_standby_slots\", \"value\": \"absent\", \"unit\": \"\", \"type\": \"string\", \"context\": \"sighup\", \"source\": \"\", \"bootValue\": \"\", \"sourceFile\": null, \"sourceLine\": \"\", \"pendingRestart\": false}"),
                "synchronized-standby-slots-blocked");
    }

    @Test
    void twoStandbysOfOneNameAreAWarning() {
        SampleFacts facts = SampleFacts.healthy();
        String sender =
                "{\"pid\": %d, \"user\": \"postgres\", \"applicationName\": \"standby\", \"client\": null, \"startedAt\": null, \"state\": \"streaming\", \"syncState\": \"async\", \"sent\": null, \"written\": null, \"flushed\": null, \"replayed\": null, \"replayLag\": null}";
        requireCause(
                facts.set(
                        PRIMARY + "/senders", "{\"value\": [" + sender.formatted(1) + "," + sender.formatted(2) + "]}"),
                "slot-shared");
    }

    @Test
    void aStandbyThatStreamsFromSomewhereElseIsAWarning() {
        requireCause(SampleFacts.healthy().set(PRIMARY + "/senders", "{\"value\": []}"), "unexpected-sender");
    }

    @Test
    void tablespaceLinksThatLeadNowhereOrToThePrimarysAreFound() {
        requireCause(
                SampleFacts.healthy()
                        .set(
                                "/directory/value/tablespaces",
                                "{\"value\": [{\"oid\": \"16400\", \"target\": \"/gone\", \"targetThere\": false, \"realTarget\": null}]}"),
                "tablespace-link-missing");
        requireCause(
                SampleFacts.healthy()
                        .set(
                                "/directory/value/tablespaces",
                                "{\"value\": [{\"oid\": \"16400\", \"target\": \"/srv/t\", \"targetThere\": true, \"realTarget\": \"/srv/t\"}]}")
                        .set(PRIMARY + "/tablespaces", "{\"value\": [{\"oid\": \"16400\", \"location\": \"/srv/t\"}]}"),
                "tablespace-link-foreign");
    }

    @Test
    void tablesThatEndBeforeThePrimarysRowsAreFound() {
        requireCause(
                SampleFacts.healthy()
                        .set(
                                "/cutShort",
                                "{\"value\": [\"public.t (base/5/16384), which ends after 8192 bytes in database \\\"app\\\"\"]}"),
                "relation-cut-short");
    }

    @Test
    void checksumFailuresCollationsAndConflictsOfTheStandbyAreFound() {
        requireCause(
                SampleFacts.healthy()
                        .set(
                                VIEW + "/checksumFailures",
                                "{\"value\": [{\"database\": \"app\", \"count\": 3, \"last\": null}]}"),
                "page-corrupt");
        requireCause(
                SampleFacts.healthy()
                        .set(
                                VIEW + "/collations",
                                "{\"value\": [{\"name\": \"de-x-icu\", \"recorded\": \"153.14\", \"actual\": \"153.112\"}]}"),
                "collation-version-mismatch");
        requireCause(
                SampleFacts.healthy()
                        .set(
                                VIEW + "/conflicts",
                                "{\"value\": [{\"database\": \"app\", \"total\": 12, \"snapshot\": 11, \"lock\": 1, \"since\": null}]}"),
                "standby-query-conflicts");
    }

    @Test
    void anXminIsHeldBackByAStandbyOnlyWhereNothingOfThePrimarysOwnIsOlder() {
        String slot =
                "{\"kind\": \"SLOT\", \"name\": \"standby\", \"pid\": \"77\", \"xmin\": \"800\", \"age\": %d, \"since\": null}";
        String session =
                "{\"kind\": \"SESSION\", \"name\": \"app\", \"pid\": \"78\", \"xmin\": \"790\", \"age\": 1500000, \"since\": null}";
        String dead =
                "{\"value\": [{\"name\": \"public.t\", \"dead\": 200000, \"live\": 10, \"vacuumed\": \"2026-11-20T10:00:00Z\"}]}";

        Finding cause = requireCause(holding(slot.formatted(1_400_000)), "hot-standby-feedback-bloat");
        assertThat(cause.summary())
                .isEqualTo("The primary keeps rows that died in the last 1,400,000 transactions, for queries on standby"
                        + " \"standby\"");
        requireCause(holding(slot.formatted(100_000)).set(PRIMARY + "/deadRows", dead), "hot-standby-feedback-bloat");
        requireCause(holding(slot.formatted(100_000).replace("\"77\"", "\"\"")), "hot-standby-feedback-bloat");
        DoctorFixture.requireHealthy(holding(slot.formatted(999_999)).examine());
        DoctorFixture.requireHealthy(
                holding(session + ", " + slot.formatted(1_400_000)).examine());
    }

    @Test
    void aStandbyThatCouldNotBeLookedAtIsNotHealthyForItsPrimarysSake() {
        Diagnosis diagnosis = SampleFacts.healthy()
                .set("/directory", "{\"unknown\": \"no such file or directory\"}")
                .set("/standby", "{\"unknown\": \"not given\"}")
                .set("/log", "{\"unknown\": \"not given\"}")
                .set("/given/standby", "null")
                .examine();

        assertThat(diagnosis.isHealthy()).as(diagnosis.toString()).isFalse();
    }

    @Test
    void aPrimaryThatIsGivenAsItsOwnStandbyIsNotSeededFromItself() {
        Finding cause = requireCause(
                SampleFacts.healthy()
                        .set(VIEW + "/identity/inRecovery", "false")
                        .set(VIEW + "/identity/startedAt", "\"2026-11-20T10:00:00Z\"")
                        .set(PRIMARY + "/identity/startedAt", "\"2026-11-20T10:00:00Z\""),
                "ran-as-primary");

        assertThat(cause.summary()).isEqualTo("This is the primary itself, given as its own standby");
        assertThat(cause.remedies()).extracting(Remedy::id).containsExactly("name-the-standby");
    }

    private static SampleFacts holding(String holders) {
        return SampleFacts.healthy().set(PRIMARY + "/xminHolders", "{\"value\": [" + holders + "]}");
    }

    /** An archive of segments by their last two digits; the header of each says what its name does unless told otherwise. */
    private static String archive(String... files) {
        StringBuilder entries = new StringBuilder();
        for (String file : files) {
            String[] parts = file.split("@", 2);
            String system = parts.length > 1
                    ? parts[1]
                    : SampleFacts.healthy()
                            .facts()
                            .directory()
                            .value()
                            .orElseThrow()
                            .control()
                            .value()
                            .orElseThrow()
                            .systemIdentifier()
                            .toString();
            entries.append(entries.isEmpty() ? "" : ",")
                    .append(
                            "{\"segment\": \"0000000100000000000000%1$s\", \"file\": \"0000000100000000000000%1$s\", \"compression\": \"none\", \"partial\": false, \"sizeBytes\": 16777216, \"header\": {\"value\": {\"major\": \"16\", \"timeline\": 1, \"start\": \"0/%1$s000000\", \"systemIdentifier\": \"%2$s\", \"segmentSize\": \"16777216\", \"pageBytes\": 8192}}}"
                                    .formatted(parts[0], system));
        }
        return "{\"value\": {\"path\": \"/srv/archive\", \"segmentBytes\": 16777216, \"files\": [" + entries
                + "], \"histories\": {}, \"others\": [], \"usage\": {\"unknown\": \"x\"}}}";
    }

    @Test
    void gapsAndForeignSegmentsOfAnArchiveAreFound() {
        DoctorFixture.requireHealthy(
                SampleFacts.healthy().set("/archive", archive("01", "02", "03")).examine());
        Finding gap = requireCause(SampleFacts.healthy().set("/archive", archive("01", "04")), "archive-gap");
        assertThat(gap.summary())
                .isEqualTo(
                        "WAL segments 000000010000000000000002 to 000000010000000000000003 are missing in the archive");
        Finding foreign =
                requireCause(SampleFacts.healthy().set("/archive", archive("01", "02@42")), "archive-foreign-segment");
        assertThat(foreign.evidence())
                .anySatisfy(sign -> assertThat(sign.detail()).startsWith("system identifier 42, the cluster's is "));
    }

    @Test
    void walThatIsBrokenBeforeItsEndIsCorruptAndAtItsEndIsNot() {
        String tail =
                "{\"value\": {\"from\": \"0/2000000\", \"timeline\": \"1\", \"lastRecord\": \"0/2000100\", \"endLsn\": \"0/2000180\", \"end\": {\"lsn\": \"0/2000180\", \"reason\": \"CRC_WRONG\", \"text\": \"wrong checksum\"}, \"segments\": [{\"name\": \"000000010000000000000002\", \"source\": \"standby\"}], \"goesOn\": %s, \"nextSegment\": \"\", \"copies\": [{\"source\": \"archive\", \"good\": true, \"detail\": \"whole\"}]}}";
        SampleFacts broken = SampleFacts.starting("2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode")
                .set("/directory/value/walEnd", tail.formatted("true"));
        Finding cause = requireCause(broken, "wal-corrupt");
        assertThat(cause.remedies().get(0).id()).isEqualTo("take-the-good-copy");
        assertThat(SampleFacts.starting("2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode")
                        .set("/directory/value/walEnd", tail.formatted("false"))
                        .set(CONTROL + "/minRecoveryPoint", "\"0/2000100\"")
                        .examine()
                        .findings())
                .isEmpty();
    }

    @Test
    void aLogInAnotherLanguageIsUnderstoodByItsSqlStatesAndTheDiagnosisSaysSo() {
        Diagnosis diagnosis = SampleFacts.down(
                        "2026-11-20 10:00:00 UTC [7] 53100 PANIK:  konnte nicht in Datei »pg_wal/xlogtemp.7« schreiben: Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
                        "2026-11-20 10:00:00 UTC [7] 00000 HINWEIS:  x")
                .examine();

        assertThat(diagnosis.causes()).extracting(Finding::id).containsExactly("disk-full");
        assertThat(diagnosis.notExamined())
                .contains(new NotExamined(
                        "most of the log's messages",
                        "they are in another language; only SQLSTATEs, as far as the log has them, and what the primary said in"
                                + " English could be understood"));
    }

    @Test
    void theEndOfALongLogDoesNotTellWhetherAPrimaryCrashedHere() {
        Finding found = requireCause(
                SampleFacts.healthy()
                        .endOfLog(
                                "2026-11-20 10:00:00 UTC [7] LOG:  entering standby mode",
                                "2026-11-20 10:00:00 UTC [7] LOG:  database system was not properly shut down; automatic recovery in progress"),
                "backup-label-missing");
        assertThat(found.severity()).isEqualTo(Severity.WARNING);
        assertThat(found.summary()).startsWith("Either this is a copy of a running server");
    }

    @Test
    void anAbortedBackupIsToldByTheTitleOfTheWalReceiverWhereThereIsNoLog() {
        SampleFacts facts = SampleFacts.starting()
                .set("/log", "{\"unknown\": \"not given\"}")
                .set("/primary", "{\"unknown\": \"not given\"}")
                .set(CONTROL + "/backupStartPoint", "\"0/2000028\"")
                .set(CONTROL + "/backupEndRequired", "true")
                .set(
                        "/directory/value/backupEnd",
                        "{\"value\": {\"startLsn\": \"0/2000028\", \"found\": null, \"foreignStarts\": [], \"shutdownCheckpoints\": [], \"end\": {\"lsn\": \"0/3000000\", \"reason\": \"ZEROES\", \"text\": \"x\"}}}");
        assertThat(facts.examine().findings()).isEmpty();

        Finding cause = requireCause(
                facts.set(
                        "/directory/value/process/value/children",
                        "{\"value\": [\"postgres: startup recovering 000000010000000000000003\", \"postgres: walreceiver streaming 0/3000000\"]}"),
                "backup-aborted");

        assertThat(cause.evidence()).contains(new Sign("title of the standby's WAL receiver", "streaming 0/3000000"));
    }
}
