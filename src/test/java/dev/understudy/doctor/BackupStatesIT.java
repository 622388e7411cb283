package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.state;
import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V13;

import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Labels that are missing, stale, foreign, or without a signal file, and copies that were made without one. */
final class BackupStatesIT {
    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(V13, ServerMajor.V9_6);

    private static final String LABEL = "backup_label";
    private static final String CONTROL = "global/pg_control";

    private byte[] control = new byte[0];

    static Stream<ServerMajor> majors() {
        return PairStates.majors(MAJORS).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (BrokenPair pair = BrokenPair.start(major, keepingWal(major))) {
            PairStates.take(pair, PairStates.dealt(states(), major, MAJORS));
        }
    }

    static List<PairState> states() {
        BackupStatesIT deeds = new BackupStatesIT();
        return Stream.of(deeds.labels(), deeds.copies()).flatMap(List::stream).toList();
    }

    /** The pair has no slot, and the states leave the standby behind for a while. */
    private static Map<String, String> keepingWal(ServerMajor major) {
        return major.isAtLeast(V13) ? Map.of("wal_keep_size", "256MB") : Map.of("wal_keep_segments", "16");
    }

    private List<PairState> labels() {
        return List.of(
                state("backup-label-stale")
                        .by(pair -> {
                            String old = Labels.online(pair.primary(), () -> {});
                            pair.switchWal();
                            pair.primary().execute("CHECKPOINT");
                            pair.awaitReplay();
                            pair.standby().execute("CHECKPOINT");
                            pair.write(LABEL, old);
                        })
                        .thenMend(BackupStatesIT::removeLabel)
                        .says("A backup_label lies in a directory whose recovery has passed it already")
                        .evidence("backup_label: START WAL LOCATION: ", "LABEL: by hand")
                        .evidence("pg_control: state \"in archive recovery\", minimum recovery ending location ")
                        .remedy("set-label-aside", "mv -n {data}/backup_label {data}/backup_label.stale"),
                state("backup-label-foreign")
                        .form("of a later copy")
                        .by(pair -> {
                            pair.stopStandby();
                            pair.switchWal();
                            pair.write(LABEL, Labels.online(pair.primary(), () -> {}));
                        })
                        .thenMend(BackupStatesIT::removeLabel)
                        .alsoRepairedBy("reseed")
                        .followedBy("not-started")
                        .says("The backup_label does not fit the pg_control beside it: they are of different copies")
                        .evidence("backup_label: CHECKPOINT LOCATION: ")
                        .evidence("pg_control: Latest checkpoint location "),
                state("backup-label-foreign")
                        .form("of a standby, beside a primary's pg_control")
                        .by(pair -> {
                            keepControl(pair);
                            String label = Labels.online(pair.primary(), () -> takeControl(pair));
                            pair.write(LABEL, label.replaceFirst("BACKUP FROM: \\w+", "BACKUP FROM: standby"));
                            pair.startInVain();
                        })
                        .thenMend(pair -> {
                            putControlBack(pair);
                            removeLabel(pair);
                        })
                        .alsoRepairedBy("reseed")
                        .followedBy("not-started")
                        .evidence("backup_label contains data inconsistent with control file"),
                state("backup-label-without-signal")
                        .by(pair -> {
                            keepControl(pair);
                            pair.write(LABEL, Labels.online(pair.primary(), () -> takeControl(pair)));
                            Files.delete(file(pair, pair.isAtLeast(V12) ? "standby.signal" : "recovery.conf"));
                        })
                        .thenMend(pair -> {
                            putControlBack(pair);
                            removeLabel(pair);
                        })
                        .followedBy("not-started")
                        .evidence("{data}: backup_label is there, "));
    }

    private List<PairState> copies() {
        return List.of(
                state("clone-unsealed")
                        .by(pair -> {
                            pair.stopStandby();
                            copyWithoutLabel(pair, true);
                        })
                        .alsoRepairedBy("reseed")
                        .mend(BrokenPair::rebuild)
                        .followedBy("not-started")
                        .evidence("pg_control: state \"in production\", latest checkpoint location ")
                        .evidence("{data}: neither backup_label nor backup_label.old is there")
                        .remedy("seal", "understudy seal --bundle DIR -D {data}"),
                state("backup-label-missing")
                        .form("loud: without its WAL")
                        .by(pair -> {
                            pair.stopStandby();
                            copyWithoutLabel(pair, false);
                            pair.restoreConfiguration();
                            pair.startInVain();
                        })
                        .alsoRepairedBy("reseed")
                        .mend(BrokenPair::rebuild)
                        .followedBy("not-started")
                        .evidence("{data}: neither backup_label nor backup_label.old is there")
                        .evidence("could not locate a valid checkpoint record"),
                state("backup-label-missing")
                        .form("silent: it opens")
                        .by(pair -> {
                            pair.stopStandby();
                            copyWithoutLabel(pair, true);
                            pair.restoreConfiguration();
                            pair.standby().start();
                            pair.awaitStreaming();
                        })
                        .repairedBy("reseed")
                        .says("The copy was made of a running server without a backup_label; it opens, and cannot be"
                                + " trusted")
                        .evidence("{data}: neither backup_label nor backup_label.old is there")
                        .evidence("database system was not properly shut down; automatic recovery in progress"));
    }

    private static Path file(BrokenPair pair, String name) {
        return pair.standby().dataDirectory().resolve(name);
    }

    /** As {@code cp -a} of a running primary leaves it, some WAL after its last checkpoint. */
    private static void copyWithoutLabel(BrokenPair pair, boolean withWal) throws IOException {
        pair.primary().execute("CHECKPOINT", "INSERT INTO t VALUES (4)");
        pair.copyAgain();
        Path wal = file(pair, pair.isAtLeast(V10) ? "pg_wal" : "pg_xlog");
        try (Stream<Path> files = Files.list(wal)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!withWal) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void removeLabel(BrokenPair pair) throws IOException {
        Files.deleteIfExists(file(pair, LABEL));
    }

    /** Stops the standby, and remembers its pg_control. */
    private void keepControl(BrokenPair pair) throws IOException {
        pair.stopStandby();
        control = Files.readAllBytes(file(pair, CONTROL));
    }

    /** As a copy of the running primary has it. */
    private static void takeControl(BrokenPair pair) throws IOException {
        Files.write(
                file(pair, CONTROL),
                Files.readAllBytes(pair.primary().dataDirectory().resolve(CONTROL)));
    }

    private void putControlBack(BrokenPair pair) throws IOException {
        pair.stopStandby();
        Files.write(file(pair, CONTROL), control);
    }
}
