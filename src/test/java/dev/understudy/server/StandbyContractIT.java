package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStart;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.CatalogFacts;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.server.replication.SystemIdentity;
import dev.understudy.server.replication.WalConsumer;
import dev.understudy.server.slots.Slots;
import dev.understudy.server.wal.Canary;
import dev.understudy.server.wal.WalControl;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a primary and a standby of every major say of themselves and each other. */
final class StandbyContractIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static List<ServerMajor> majors() {
        return EmbeddedBinaries.majors();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aPairTellsTheSameStory(ServerMajor major) throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(major).start();
                EmbeddedPostgres standby = standbyOf(primary);
                Session onPrimary = Session.open(Conninfo.parse(primary.conninfo()));
                Session onStandby = Session.open(Conninfo.parse(standby.conninfo()))) {
            aCanaryIsSeen(onPrimary, onStandby);
            identitiesAgree(onPrimary, onStandby);
            bothSeeTheStream(onPrimary, onStandby);
            aPrimaryAnswersAllQuestions(primary, onPrimary);
            aBackupOfAStandbyKnowsItIsOne(standby);
            walIsStreamedByteForByte(primary, onPrimary);
            aPromotionIsNoticedAndLeavesAHistory(standby);
        }
    }

    /** A cold copy, so that it owes nothing to the code under test. */
    private static EmbeddedPostgres standbyOf(EmbeddedPostgres primary) throws IOException {
        primary.execute("select pg_create_physical_replication_slot('standby')");
        primary.stop();
        Path copy = primary.scratch("copies").resolve("standby");
        Account.run(List.of("cp", "-a", primary.dataDirectory().toString(), copy.toString()), Map.of());
        primary.start();
        String follow = "primary_conninfo = '%s application_name=follower'\nprimary_slot_name = 'standby'\n"
                .formatted(primary.conninfo().replace("dbname=postgres", ""));
        if (primary.major().isAtLeast(ServerMajor.V12)) {
            Files.writeString(copy.resolve("standby.signal"), "");
            Files.writeString(copy.resolve("postgresql.auto.conf"), follow);
        } else {
            Files.writeString(
                    copy.resolve("recovery.conf"), "standby_mode = on\nrecovery_target_timeline = 'latest'\n" + follow);
        }
        return EmbeddedPostgres.of(primary.major()).onDataDirectory(copy).start();
    }

    private static void aCanaryIsSeen(Session onPrimary, Session onStandby) {
        WalControl standby = new WalControl(onStandby);
        Canary canary = new WalControl(onPrimary).emitCanary();
        await().until(() -> standby.isVisible(canary));
        WalPositions positions = new ServerFacts(onStandby).positions();
        assertThat(positions.replayed().orElseThrow()).isGreaterThan(new Lsn(0));
        // Replay that stands still must not look like arrival.
        onStandby.list(row -> "", "SELECT 1 FROM (SELECT " + pause(onStandby) + ") p");
        Canary later = new WalControl(onPrimary).emitCanary();
        await().until(() -> new ServerFacts(onStandby)
                .positions()
                .received()
                .filter(received -> received.isAtLeast(later.lsn()))
                .isPresent());
        assertThat(standby.isVisible(later)).isFalse();
        assertThat(new ServerFacts(onStandby).positions().replayPaused()).isTrue();
        onStandby.list(row -> "", "SELECT 1 FROM (SELECT " + pause(onStandby).replace("pause", "resume") + ") p");
        await().until(() -> standby.isVisible(later));
    }

    private static String pause(Session session) {
        return session.major().isAtLeast(ServerMajor.V10) ? "pg_wal_replay_pause()" : "pg_xlog_replay_pause()";
    }

    private static void identitiesAgree(Session onPrimary, Session onStandby) {
        ServerIdentity primary = new ServerFacts(onPrimary).identity();
        ServerIdentity standby = new ServerFacts(onStandby).identity();
        assertThat(standby.systemIdentifier()).isEqualTo(primary.systemIdentifier());
        assertThat(primary.inRecovery()).isFalse();
        assertThat(standby.inRecovery()).isTrue();
        assertThat(primary.timeline()).isEqualTo(TimelineId.FIRST);
        assertThat(primary.blockSize()).isEqualTo(8192);
        assertThat(primary.dataChecksums()).isEqualTo(onPrimary.major().isAtLeast(ServerMajor.V18));
        ControlFacts.Recovery recovery = new ControlFacts(onStandby).recovery();
        assertThat(recovery.backupStartPoint().isInvalid()).isTrue();
        assertThat(recovery.backupEndRequired()).isFalse();
    }

    private static void bothSeeTheStream(Session onPrimary, Session onStandby) {
        ReplicationFacts.WalSender sender =
                new ReplicationFacts(onPrimary).senders().get(0);
        assertThat(sender.applicationName()).isEqualTo("follower");
        assertThat(sender.state()).isEqualTo("streaming");
        assertThat(sender.client()).hasValue("127.0.0.1");
        assertThat(sender.replayed()).isPresent();
        ReplicationFacts.WalReceiver receiver =
                new ReplicationFacts(onStandby).receiver().orElseThrow();
        assertThat(receiver.status()).isEqualTo("streaming");
        assertThat(receiver.slot()).isEqualTo("standby");
        assertThat(receiver.flushed()).isPresent();
        assertThat(receiver.timeline()).hasValue(TimelineId.FIRST);
        assertThat(receiver.senderHost().isPresent())
                .isEqualTo(onStandby.major().isAtLeast(ServerMajor.V11));
        UnderstudyException active =
                catchThrowableOfType(UnderstudyException.class, () -> new Slots(onPrimary).drop("standby"));
        assertThat(active.code()).isEqualTo(ErrorCode.SLOT_ACTIVE);
    }

    private static void aPrimaryAnswersAllQuestions(EmbeddedPostgres server, Session session) {
        ServerFacts facts = new ServerFacts(session);
        assertThat(facts.setting("data_directory"))
                .hasValue(server.dataDirectory().toString());
        assertThat(facts.setting("hba_file")).isPresent();
        assertThat(facts.setting("no_such_setting")).isEmpty();
        assertThat(facts.settings().get("shared_buffers").unit()).isEqualTo("8kB");
        assertThat(facts.settings().get("shared_buffers").pendingRestart()).isFalse();
        assertThat(facts.tablespaces()).isEmpty();
        assertThat(facts.addresses().client()).hasValue("127.0.0.1");
        assertThat(facts.positions().current()).isPresent();
        assertThat(new ReplicationFacts(session).receiver()).isEmpty();
        assertThat(new ReplicationFacts(session).archiver().isFailing()).isFalse();
        ControlFacts control = new ControlFacts(session);
        assertThat(control.checkpoint().redoSegment())
                .isEqualTo(WalSegment.containing(
                                TimelineId.FIRST,
                                control.checkpoint().redoLsn(),
                                facts.identity().walSegmentSize())
                        .name());
        assertThat(control.init().blockSize()).isEqualTo(8192);
        assertThat(control.system().controlVersion()).isGreaterThanOrEqualTo(960);
        CatalogFacts catalog = new CatalogFacts(session);
        assertThat(catalog.databases()).extracting(CatalogFacts.Database::name).contains("postgres", "template1");
        assertThat(catalog.databases().get(0).sizeBytes().orElseThrow()).isPositive();
        assertThat(catalog.extensions())
                .extracting(CatalogFacts.Extension::name)
                .contains("plpgsql");
        assertThat(catalog.collations()).isNotNull();
        assertThat(catalog.checksumFailures()).isEmpty();
        assertThat(catalog.actualDatabaseCollationVersion()).isNotNull();
        AccessFacts access = new AccessFacts(session);
        assertThat(access.currentRole().superuser()).isTrue();
        assertThat(access.currentRole().passwordKind()).hasValue("none");
        assertThat(access.role("nobody")).isEmpty();
        assertThat(access.mayExecute("pg_ls_dir(text)")).isTrue();
        assertThat(access.mayExecute("no_such_function()")).isFalse();
        assertThat(access.activity(session.backendPid()).orElseThrow().state()).isEqualTo("active");
        assertThat(access.hbaRules().isPresent()).isEqualTo(session.major().isAtLeast(ServerMajor.V10));
        access.hbaRules()
                .ifPresent(rules -> assertThat(rules.get(0).databases()).containsExactly("all"));
        WalControl wal = new WalControl(session);
        assertThat(wal.createRestorePoint("here")).isGreaterThan(Lsn.INVALID);
        Lsn end = wal.switchWal();
        assertThat(new BackupFacts(session)
                        .hasWalFile(WalSegment.endingAt(
                                        TimelineId.FIRST, end, facts.identity().walSegmentSize())
                                .name()))
                .isTrue();
        wal.checkpoint(LIMIT);
        if (session.major().isAtLeast(ServerMajor.V12)) {
            Slots slots = new Slots(session);
            assertThat(slots.copyPhysical("standby", "heir")).isGreaterThan(Lsn.INVALID);
            assertThat(slots.drop("heir")).isTrue();
        }
    }

    private static void aBackupOfAStandbyKnowsItIsOne(EmbeddedPostgres standby) {
        try (BackupSession backup = BackupSession.open(Conninfo.parse(standby.conninfo()))) {
            BackupStart start = backup.start("of a standby", CheckpointMode.FAST, LIMIT);
            assertThat(start.onStandby()).isTrue();
            backup.heartbeat();
            assertThat(new String(backup.stop(true, LIMIT).label(), StandardCharsets.UTF_8))
                    .contains("BACKUP FROM: standby");
        }
    }

    private static void walIsStreamedByteForByte(EmbeddedPostgres primary, Session session) throws IOException {
        WalControl wal = new WalControl(session);
        ServerIdentity identity = new ServerFacts(session).identity();
        wal.switchWal();
        primary.execute("create table streamed as select generate_series(1, 10000) a");
        Lsn end = wal.currentLsn();
        WalSegment segment = WalSegment.containing(TimelineId.FIRST, end, identity.walSegmentSize());
        Collector collector = new Collector(segment.start());
        new Slots(session).createPhysical("stream");
        try (ReplicationSession replication = ReplicationSession.open(Conninfo.parse(primary.conninfo()))) {
            SystemIdentity system = replication.identifySystem();
            assertThat(system.systemIdentifier()).isEqualTo(identity.systemIdentifier());
            ReplicationSession.StreamEnd how = replication.stream(
                    segment.start(), Optional.of("stream"), collector, () -> collector.end.isAtLeast(end));
            assertThat(how).isEqualTo(ReplicationSession.StreamEnd.STOPPED);
        }
        Path file = primary.dataDirectory()
                .resolve(WalDirectory.of(primary.major()))
                .resolve(segment.name());
        byte[] received = collector.bytes.toByteArray();
        int length = (int) end.minus(segment.start());
        assertThat(Arrays.equals(received, 0, length, Files.readAllBytes(file), 0, length))
                .isTrue();
        await().until(() -> !new Slots(session).find("stream").orElseThrow().active());
        assertThat(new Slots(session).find("stream").orElseThrow().restartLsn().orElseThrow())
                .isGreaterThanOrEqualTo(end);
        try (ReplicationSession replication = ReplicationSession.open(Conninfo.parse(primary.conninfo()))) {
            UnderstudyException removed = catchThrowableOfType(
                    UnderstudyException.class,
                    () -> replication.stream(new Lsn(0x10), Optional.empty(), new Collector(Lsn.INVALID), () -> false));
            assertThat(removed.code()).isEqualTo(ErrorCode.WAL_REMOVED);
        }
        assertThat(new Slots(session).drop("stream")).isTrue();
        whatIsNotFlushedIsKept(primary, session, segment.start(), end);
    }

    private static void whatIsNotFlushedIsKept(EmbeddedPostgres primary, Session session, Lsn start, Lsn end) {
        Lsn reserved = new Slots(session).createPhysical("kept");
        Collector collector = new Collector(start) {
            @Override
            public Lsn flushed() {
                return start;
            }
        };
        try (ReplicationSession replication = ReplicationSession.open(Conninfo.parse(primary.conninfo()))) {
            replication.stream(start, Optional.of("kept"), collector, () -> collector.end.isAtLeast(end));
        }
        await().until(() -> !new Slots(session).find("kept").orElseThrow().active());
        assertThat(new Slots(session).find("kept").orElseThrow().restartLsn().orElseThrow())
                .isIn(reserved, start);
        assertThat(new Slots(session).drop("kept")).isTrue();
    }

    private static class Collector implements WalConsumer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Lsn end;

        Collector(Lsn start) {
            this.end = start;
        }

        @Override
        public void accept(Lsn start, ByteBuffer part) {
            assertThat(start).isEqualTo(end);
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
            end = end.plus(copy.length);
        }

        @Override
        public Lsn flushed() {
            return end;
        }
    }

    private static void aPromotionIsNoticedAndLeavesAHistory(EmbeddedPostgres standby) {
        try (BackupSession backup = BackupSession.open(Conninfo.parse(standby.conninfo()));
                Session session = Session.open(Conninfo.parse(standby.conninfo()))) {
            backup.start("across a promotion", CheckpointMode.FAST, LIMIT);
            Account.run(
                    Account.asServer(List.of(
                            standby.binDirectory().resolve("pg_ctl").toString(),
                            "promote",
                            "-D",
                            standby.dataDirectory().toString())),
                    Map.of());
            await().until(() -> !new ServerFacts(session).isInRecovery());
            assertThat(catchThrowableOfType(UnderstudyException.class, backup::heartbeat)
                            .code())
                    .isEqualTo(ErrorCode.BACKUP_ABORTED);
        }
        try (ReplicationSession replication = ReplicationSession.open(Conninfo.parse(standby.conninfo()))) {
            assertThat(replication.identifySystem().timeline()).isEqualTo(new TimelineId(2));
            assertThat(new String(replication.timelineHistory(new TimelineId(2)), StandardCharsets.UTF_8))
                    .matches("1\t[0-9A-F]+/[0-9A-F]+\tno recovery target specified\n");
            assertThat(catchThrowableOfType(
                                    UnderstudyException.class, () -> replication.timelineHistory(new TimelineId(7)))
                            .code())
                    .isEqualTo(ErrorCode.TIMELINE_UNKNOWN);
        }
    }
}
