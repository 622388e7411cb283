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
import dev.understudy.provision.preflight.check.wal.ArchiveHealthCheck;
import dev.understudy.provision.preflight.check.wal.IdleSlotTimeoutCheck;
import dev.understudy.provision.preflight.check.wal.PrimaryWalSpaceCheck;
import dev.understudy.provision.preflight.check.wal.ReplicationSlotsCheck;
import dev.understudy.provision.preflight.check.wal.RestoreCommandCheck;
import dev.understudy.provision.preflight.check.wal.SlotLimitCheck;
import dev.understudy.provision.preflight.check.wal.SlotNameCheck;
import dev.understudy.provision.preflight.check.wal.WalKeepCheck;
import dev.understudy.provision.preflight.check.wal.WalLevelCheck;
import dev.understudy.provision.preflight.check.wal.WalSendersCheck;
import dev.understudy.provision.preflight.facts.ArchiveProbe;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the checks of WAL, slots and archive say. */
final class WalChecksTest {
    private final SampleFacts facts = new SampleFacts();

    @Test
    void walLevelMustBeReplicaOrLogical() {
        PreflightCheck check = new WalLevelCheck();
        passes(check, facts, "wal_level is replica");
        facts.set("wal_level", "minimal");
        fails(check, facts, "wal_level is minimal on the primary; a backup and a standby need replica or logical");
        facts.refusal = Known.of("no answer");
        skips(check, facts, "no answer");
    }

    @Test
    void aWalSenderMustBeFree() {
        PreflightCheck check = new WalSendersCheck();
        passes(check, facts, "10 of 10 WAL senders are free, 1 needed");
        facts.set("max_wal_senders", "1");
        facts.senders = Known.of(List.of(SampleFacts.sender(12, "standby_a", "streaming", "10.0.0.3")));
        PreflightResult result = fails(check, facts, "0 of 1 WAL senders are free on the primary, and 1 is needed");
        assertThat(result.seen().get(0).claim()).isEqualTo("\"standby_a\" (pid 12, 10.0.0.3) streaming");
        assertThat(result.hints())
                .containsExactly("On the primary run: ALTER SYSTEM SET max_wal_senders = 4; then restart it.");
        facts.senders = Known.unknown("permission denied");
        skips(check, facts, "permission denied");
    }

    @Test
    void aSlotMustBeFree() {
        PreflightCheck check = new ReplicationSlotsCheck();
        passes(check, facts, "10 of 10 replication slots are free");
        facts.set("max_replication_slots", "1");
        facts.slots = Known.of(List.of(SampleFacts.slot("old", false, "reserved")));
        PreflightResult result = fails(check, facts, "all 1 replication slots of the primary are in use");
        assertThat(result.hints().get(0))
                .isEqualTo("If nothing needs the slot \"old\" any more: SELECT pg_drop_replication_slot('old');");
        facts.slots = Known.of(List.of(SampleFacts.slot("understudy", false, "reserved")));
        passes(check, facts, "the slot \"understudy\" exists already; no further one is needed");
        facts.intent = facts.intent.withSlot(Optional.empty());
        skips(check, facts, "the plan uses no slot");
    }

    @Test
    void aSlotsNameMustBeValidAndFree() {
        PreflightCheck check = new SlotNameCheck();
        passes(check, facts, "no slot has the name \"understudy\" yet");
        facts.slots = Known.of(List.of(SampleFacts.slot("understudy", true, "reserved")));
        fails(check, facts, "the slot \"understudy\" is in use by another standby (pid 99 on the primary)");
        facts.slots = Known.of(List.of(SampleFacts.slot("understudy", "logical", false, "reserved")));
        fails(check, facts, "the slot \"understudy\" exists and is a logical one");
        facts.slots = Known.of(List.of(SampleFacts.slot("understudy", false, "reserved")));
        PreflightResult result =
                fails(check, facts, "the slot \"understudy\" exists already and may be another standby's");
        assertThat(result.hints())
                .contains("If nothing needs it, drop it with: SELECT pg_drop_replication_slot('understudy');");
        assertThat(result.seen().get(0).claim())
                .isEqualTo("slot \"understudy\": physical, inactive, restart_lsn 0/2000028, wal_status reserved");
        facts.intent = facts.intent.withSlot(Optional.of("Slot 1"));
        fails(check, facts, "\"Slot 1\" cannot be the name of a replication slot");
        facts.intent = facts.intent.withSlot(Optional.empty());
        skips(check, facts, "the plan uses no slot");
    }

    @Test
    void anExistingStandbysOwnSlotIsUsedAgainUnlessItIsLost() {
        PreflightCheck check = new SlotNameCheck();
        facts.intent = facts.intent.withTarget(facts.intent.target().ontoExisting());
        facts.slots = Known.of(List.of(SampleFacts.slot("understudy", false, "extended")));
        passes(check, facts, "the slot \"understudy\" is inactive and is used again for this standby");
        facts.slots = Known.of(List.of(SampleFacts.slot("understudy", false, "lost")));
        fails(check, facts, "the slot \"understudy\" has lost WAL and can never be used again");
        facts.intent = facts.intent.withTarget(facts.intent.target().ownedByThisRun());
        passes(check, facts, "the slot \"understudy\" is this run's own");
    }

    @Test
    void aLimitOnSlotsMustLeaveRoomForTheCopy() {
        PreflightCheck check = new SlotLimitCheck();
        passes(
                check,
                facts,
                "a slot may keep any amount of WAL (max_slot_wal_keep_size = -1 or not known to this version)");
        facts.set("max_slot_wal_keep_size", "100");
        PreflightResult result = fails(
                check,
                facts,
                "max_slot_wal_keep_size is 100 MB, and the primary may write 204 MB of WAL while the copy runs");
        assertThat(result.seen().get(0).claim())
                .isEqualTo(
                        "10 GB at 100 MB/s take about 1 min 42 s; WAL at 1 MB/s (measured over 1 s), doubled to be safe");
        facts.set("max_slot_wal_keep_size", "300");
        warns(
                check,
                facts,
                "max_slot_wal_keep_size is 300 MB, not much more than the 204 MB of WAL expected while the copy runs");
        facts.set("max_slot_wal_keep_size", "4096");
        passes(check, facts, "max_slot_wal_keep_size is 4 GB, the copy is expected to need 204 MB");
        facts.dataBytes = Known.unknown("permission denied");
        warns(check, facts, "max_slot_wal_keep_size is 4 GB, and how much WAL the copy needs is not known");
        facts.intent = facts.intent.withSlot(Optional.empty());
        skips(check, facts, "the plan uses no slot");
    }

    @Test
    void anIdleSlotMustOutliveTheCopy() {
        PreflightCheck check = new IdleSlotTimeoutCheck();
        passes(check, facts, "PostgreSQL 15 does not end idle slots");
        facts.set("idle_replication_slot_timeout", "0");
        passes(check, facts, "idle_replication_slot_timeout is 0: idle slots are kept");
        facts.set("idle_replication_slot_timeout", "60");
        fails(
                check,
                facts,
                "idle_replication_slot_timeout is 1 min, and the copy may take 1 min 42 s: the slot would be invalidated"
                        + " before the standby streams from it");
        facts.set("idle_replication_slot_timeout", "86400");
        warns(check, facts, "idle_replication_slot_timeout is 1 d: the slot is idle until the standby streams from it");
        facts.intent = facts.intent.withSlot(Optional.empty());
        skips(check, facts, "the plan uses no slot");
    }

    @Test
    void withoutASlotSomethingElseMustKeepTheWal() {
        PreflightCheck check = new WalKeepCheck();
        skips(check, facts, "a slot keeps the WAL");
        facts.intent = facts.intent.withSlot(Optional.empty());
        warns(
                check,
                facts,
                "no slot and no archive: the primary keeps 0 bytes of WAL, and about 204 MB are written until the standby"
                        + " follows");
        facts.set("wal_keep_size", "1024");
        passes(check, facts, "the primary keeps 1 GB of WAL for whoever comes late");
        facts.unset("wal_keep_size").set("wal_keep_segments", "64");
        passes(check, facts, "the primary keeps 1 GB of WAL for whoever comes late");
        facts.intent = facts.intent.withWalArchive("cp /a/%f %p");
        passes(check, facts, "the standby's restore_command fetches what the primary has recycled");
    }

    @Test
    void aFailingArchiverIsNamed() {
        PreflightCheck check = new ArchiveHealthCheck();
        passes(check, facts, "archive_mode is off: stopping the backup waits for no archiver");
        facts.set("archive_mode", "on").set("archive_command", "cp %p /a/%f");
        warns(check, facts, "archiving is on, and nothing has been archived yet");
        facts.archiver = Known.of(SampleFacts.archiver("000000010000000000000004", 1000, "", 0, 0));
        passes(check, facts, "the archiver works: \"000000010000000000000004\" was its last file");
        facts.archiver =
                Known.of(SampleFacts.archiver("000000010000000000000004", 1000, "000000010000000000000005", 2000, 7));
        warns(
                check,
                facts,
                "the primary's archiver fails on \"000000010000000000000005\" (7 failures, the last at"
                        + " 1970-01-01T00:33:20Z): the backup is stopped without waiting for it where the WAL comes"
                        + " another way");
        facts.version = new ServerVersion(90_624);
        fails(
                check,
                facts,
                "the primary's archiver fails on \"000000010000000000000005\" (7 failures, the last at"
                        + " 1970-01-01T00:33:20Z): on 9.6 stopping the backup would wait for it until cancelled");
        facts.set("archive_command", "");
        warns(
                check,
                facts,
                "archive_mode is on and archive_command is empty: WAL piles up on the primary, and stopping the backup"
                        + " would wait for ever");
        facts.archiver = Known.unknown("no answer");
        facts.set("archive_command", "true");
        skips(check, facts, "no answer");
    }

    @Test
    void withoutAnArchiveNothingCanComeFromIt() {
        facts.intent = facts.intent.withWalArchive("cp /a/%f %p");
        fails(
                new ArchiveHealthCheck(),
                facts,
                "the standby is to take its WAL from an archive, and archive_mode is off on the primary");
    }

    @Test
    void aRestoreCommandMustDeliverAndMustRefuse() {
        PreflightCheck check = new RestoreCommandCheck();
        skips(check, facts, "the plan has no restore_command");
        facts.intent = facts.intent.withWalArchive("cp /a/%f %p");
        String segment = "000000010000000000000004";
        facts.archiveProbe = Optional.of(Known.of(new ArchiveProbe(segment, 0, 16 << 20, 1, "")));
        passes(
                check,
                facts,
                "restore_command delivered \"000000010000000000000004\" and refused a file that does not exist");
        facts.archiveProbe = Optional.of(Known.of(new ArchiveProbe(segment, 0, 16 << 20, 0, "")));
        fails(check, facts, "restore_command ends with status 0 for a file that does not exist");
        facts.archiveProbe = Optional.of(Known.of(new ArchiveProbe(segment, 1, -1, 1, "cp: cannot stat")));
        fails(check, facts, "restore_command does not deliver \"000000010000000000000004\": status 1");
        facts.archiveProbe = Optional.of(Known.of(new ArchiveProbe(segment, 0, 0, 1, "")));
        fails(
                check,
                facts,
                "restore_command delivered \"000000010000000000000004\" with 0 bytes; a segment has 16777216");
        facts.archiveProbe = Optional.of(Known.unknown("nothing is archived"));
        skips(check, facts, "nothing is archived");
    }

    @Test
    void thePrimaryMustHaveRoomForTheWalItKeeps() {
        PreflightCheck check = new PrimaryWalSpaceCheck();
        passes(
                check,
                facts,
                "100 GB are free for WAL on the primary (\"/mount107374182400\"), and it may have to keep 204 MB while"
                        + " the copy runs");
        facts.primaryWal = Known.of(SampleFacts.directory("/primary/data/pg_wal", 400L << 20));
        warns(
                check,
                facts,
                "400 MB are free for WAL on the primary (\"/mount419430400\"), and it may have to keep 204 MB while the"
                        + " copy runs");
        facts.primaryWal = Known.of(SampleFacts.directory("/primary/data/pg_wal", 100L << 20));
        fails(
                check,
                facts,
                "100 MB are free for WAL on the primary (\"/mount104857600\"), and it may have to keep 204 MB while the"
                        + " copy runs");
        facts.filesRefusal = Known.of("no host was given for them");
        skips(
                check,
                facts,
                "the primary's free space cannot be seen from here (no host was given for them); about 204 MB are needed");
    }
}
