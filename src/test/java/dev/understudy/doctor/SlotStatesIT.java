package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.state;

import dev.understudy.doctor.BrokenPair.With;
import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slots that are missing, taken, shared, or have lost what they should keep. */
final class SlotStatesIT {
    private static final String RENEW =
            "SELECT pg_drop_replication_slot('{slot}'); SELECT pg_create_physical_replication_slot('{slot}', true);";

    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(ServerMajor.V18, ServerMajor.V13);

    static final List<PairState> STATES = List.of(
            state("slot-missing")
                    .by(pair -> pair.restartWith("primary_slot_name = 'absent'"))
                    .says("The primary has no slot \"absent\", which is to be used")
                    .evidence(
                            "replication slot \"absent\" does not exist",
                            "pg_replication_slots of the primary: has no slot \"absent\"")
                    .remedy("create-slot", "SELECT pg_create_physical_replication_slot('absent', true);"),
            state("slot-missing")
                    .form("dropped, and its WAL gone")
                    .by(pair -> {
                        pair.stopStandby();
                        pair.primary().execute(pair.fill("SELECT pg_drop_replication_slot('{slot}')"));
                        leaveBehind(pair);
                        pair.standby().start();
                    })
                    .repairedBy("reseed")
                    .says(
                            "The primary has no slot \"{slot}\", which is to be used, and not the WAL that it should have kept")
                    .evidence("pg_ls_waldir() of the primary: has no segment 0000000100000000000000"),
            state("slot-name-taken")
                    .by(pair -> {
                        pair.stopStandby();
                        pair.streamAs("archiver", pair.slot());
                        pair.standby().start();
                    })
                    .thenMend(BrokenPair::release)
                    .evidence(
                            "replication slot \"{slot}\" is ",
                            "active for PID ",
                            "pg_stat_replication of the primary: \"archiver\" (pid ")
                    .remedy(
                            "own-slot",
                            "SELECT pg_create_physical_replication_slot('NAME', true);  -- and primary_slot_name = 'NAME'"),
            state("slot-shared")
                    .form("one slot")
                    .by(pair -> {
                        pair.stopStandby();
                        pair.streamAs("standby", pair.slot());
                        pair.standby().start();
                    })
                    .thenMend(BrokenPair::release)
                    .followedBy("slot-name-taken")
                    .says(
                            "Two standbys use slot \"{slot}\", or the primary has not yet given up an old connection of this one")
                    .evidence("pg_stat_replication of the primary: \"standby\" (pid "),
            state("slot-shared")
                    .form("one name")
                    .by(pair -> pair.streamAs("standby", ""))
                    .thenMend(BrokenPair::release)
                    .says("2 standbys call themselves \"standby\"")
                    .remedy("own-name", "ALTER SYSTEM SET primary_conninfo = '… application_name=NAME';  -- on each"),
            state("slot-inactive-retaining")
                    .by(pair -> {
                        pair.setOnPrimary("max_wal_size = '32MB'");
                        pair.primary().execute("SELECT pg_create_physical_replication_slot('nobody', true)");
                        for (int i = 0; i < 4; i++) {
                            pair.switchWal();
                        }
                    })
                    .thenMend(pair -> pair.primary().execute("SELECT pg_drop_replication_slot('nobody')"))
                    .evidence(
                            "\"nobody\": inactive, restart_lsn ",
                            "WAL kept for it: ",
                            " MB; at the rate since then, the disk is full in ")
                    .remedy("drop-slot", "SELECT pg_drop_replication_slot('nobody');")
                    .remedy("start-its-user", "pg_ctl start, on the standby that has primary_slot_name = 'nobody'"),
            state("synchronized-standby-slots-blocked")
                    .form("of a standby that is down")
                    .since(ServerMajor.V17)
                    .by(pair -> {
                        pair.primary().execute("SELECT pg_create_physical_replication_slot('nobody', true)");
                        pair.setOnPrimary("synchronized_standby_slots = '" + pair.slot() + ", nobody'");
                    })
                    .thenMend(pair -> pair.primary().execute("SELECT pg_drop_replication_slot('nobody')"))
                    .says("Logical decoding on the primary waits for slot \"nobody\", which is not in use")
                    .evidence(
                            "synchronized_standby_slots of the primary: {slot}, nobody",
                            "pg_replication_slots of the primary: \"nobody\" is inactive")
                    .remedy(
                            "correct-synchronized-slots",
                            "ALTER SYSTEM SET synchronized_standby_slots = '{slot}'; SELECT pg_reload_conf();"),
            state("synchronized-standby-slots-blocked")
                    .form("of a slot that was dropped")
                    .since(ServerMajor.V17)
                    .by(pair -> {
                        pair.primary().execute("SELECT pg_create_physical_replication_slot('nobody', true)");
                        pair.setOnPrimary("synchronized_standby_slots = 'nobody'");
                        pair.primary().execute("SELECT pg_drop_replication_slot('nobody')");
                    })
                    .evidence("pg_replication_slots of the primary: there is no \"nobody\"")
                    .remedy(
                            "correct-synchronized-slots",
                            "ALTER SYSTEM SET synchronized_standby_slots = ''; SELECT pg_reload_conf();"),
            state("slot-idle-timeout")
                    .since(ServerMajor.V18)
                    .by(pair -> {
                        pair.setOnPrimary("idle_replication_slot_timeout = '1s'");
                        pair.stopStandby();
                        Awaitility.await("the slot to be invalidated").until(() -> {
                            pair.primary().execute("CHECKPOINT");
                            return "idle_timeout"
                                    .equals(pair.primary()
                                            .query("SELECT invalidation_reason FROM pg_replication_slots"));
                        });
                        pair.standby().start();
                    })
                    .thenMend(pair -> pair.primary().execute(pair.fill(RENEW).split("(?<=;) ")))
                    .says("The primary has invalidated slot \"{slot}\", since nobody used it for long")
                    .evidence(
                            "invalidation_reason idle_timeout",
                            "idle_replication_slot_timeout of the primary: 1 s",
                            "inactive since ")
                    .remedy("renew-slot", RENEW),
            slotLost()
                    .form("and asked for its WAL nevertheless")
                    .since(ServerMajor.V13)
                    .until(ServerMajor.V17)
                    .followedBy("wal-segment-removed"),
            slotLost().since(ServerMajor.V18),
            state("slot-wal-removed")
                    .by(pair -> {
                        pair.stopStandby();
                        loseTheWalOfTheSlot(pair);
                        pair.standby().start();
                    })
                    .repairedBy("reseed")
                    .afterRepair(SlotStatesIT::dropTheOldSlot)
                    .followedBy("wal-segment-removed")
                    .evidence("\"{slot}\": inactive, restart_lsn ", " is not there; the oldest is ")
                    .remedy("drop-slot", "SELECT pg_drop_replication_slot('{slot}');"));

    private static PairState slotLost() {
        return state("slot-lost")
                .by(pair -> {
                    pair.setOnPrimary("max_slot_wal_keep_size = '16MB'", "max_wal_size = '32MB'");
                    pair.stopStandby();
                    leaveBehind(pair);
                    pair.standby().start();
                })
                .firstByHand(pair -> pair.setOnPrimary("max_slot_wal_keep_size = -1"))
                .repairedBy("reseed")
                .afterRepair(SlotStatesIT::dropTheOldSlot)
                .says("The primary has invalidated slot \"{slot}\": its WAL was removed")
                .evidence("wal_status lost", "max_slot_wal_keep_size of the primary: 16 MB")
                .remedy(
                        "raise-slot-limit",
                        "ALTER SYSTEM SET max_slot_wal_keep_size = '32MB'; SELECT pg_reload_conf();")
                .remedy("drop-slot", "SELECT pg_drop_replication_slot('{slot}');");
    }

    private static void dropTheOldSlot(BrokenPair pair) {
        pair.primary()
                .execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active"
                        + " AND slot_name <> '" + pair.slot() + "'");
    }

    private static void leaveBehind(BrokenPair pair) {
        for (int i = 0; i < 5; i++) {
            pair.switchWal();
            pair.primary().execute("CHECKPOINT");
        }
    }

    /** As after a data directory was restored: the server still believes in a slot whose WAL is gone. */
    private static void loseTheWalOfTheSlot(BrokenPair pair) throws IOException {
        leaveBehind(pair);
        String current = pair.primary()
                .query(
                        pair.isAtLeast(ServerMajor.V10)
                                ? "SELECT pg_walfile_name(redo_lsn) FROM pg_control_checkpoint()"
                                : "SELECT pg_xlogfile_name(redo_location) FROM pg_control_checkpoint()");
        pair.primary().stop();
        try (Stream<Path> files = Files.list(pair.primary().dataDirectory().resolve(pair.fill("pg_{wal}")))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.length() == 24 && name.compareTo(current) < 0) {
                    Files.delete(file);
                }
            }
        }
        pair.primary().start();
    }

    static Stream<ServerMajor> majors() {
        return PairStates.majors(MAJORS).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (BrokenPair pair = BrokenPair.start(major, With.SLOT)) {
            PairStates.take(pair, PairStates.dealt(PairStates.oneOfEach(STATES, MAJORS), major, MAJORS));
        }
    }
}
