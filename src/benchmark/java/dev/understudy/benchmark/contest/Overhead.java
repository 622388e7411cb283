package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Cluster;
import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import java.nio.file.Path;
import java.util.List;

/** All that is not copying: a standby of an empty database, from the command to the proof, or to an answer. */
public final class Overhead implements Contest {
    private static final double SECONDS_ON_TOP = 3;

    private final Yard yard;

    public Overhead(Yard yard) {
        this.yard = yard;
    }

    @Override
    public String id() {
        return "overhead";
    }

    @Override
    public List<Heading> headings() {
        return List.of(new Heading(
                id(),
                "standby of an empty database, proven",
                "pg_basebackup -R and pg_ctl start",
                "s",
                "s on top",
                SECONDS_ON_TOP));
    }

    @Override
    public List<Reading> round(int number) {
        try (Cluster empty = yard.emptyCluster()) {
            Pair<Program.Ran> pair = Pair.hold(number, () -> peer(empty), () -> ours(empty));
            double ours = pair.ours().seconds();
            double peer = pair.peer().seconds();
            return List.of(new Reading(peer, ours, ours - peer, pair.ours().peakMegabytes()));
        }
    }

    private Program.Ran peer(Cluster empty) {
        Path room = yard.serverRoom("peer");
        Path data = room.resolve("data");
        yard.settle();
        Program.Ran copy = yard.program()
                .run(yard.asServer(
                        "pg_basebackup",
                        "-d",
                        empty.socketConninfo(),
                        "-D",
                        data.toString(),
                        "-R",
                        "-X",
                        "stream",
                        "-c",
                        "fast"));
        Program.Ran start = yard.program()
                .run(yard.asServer(
                        "pg_ctl",
                        "start",
                        "-w",
                        "-D",
                        data.toString(),
                        "-l",
                        room.resolve("log").toString(),
                        "-o",
                        "-p %d -k %s".formatted(EmbeddedPostgres.freePort(), room)));
        stop(room);
        return copy.then(start);
    }

    private Program.Ran ours(Cluster empty) {
        Path room = yard.serverRoom("ours");
        yard.settle();
        Program.Ran ran = yard.program()
                .run(yard.understudy(List.of(
                        "run",
                        "standby",
                        "-e",
                        "primary=" + empty.socketConninfo(),
                        "-e",
                        "primary_host=local",
                        "-e",
                        "data_directory=" + room.resolve("data"),
                        "-e",
                        "bin_directory=" + Oracles.binDirectory(),
                        "-e",
                        "socket_directory=" + room,
                        "-e",
                        "port=" + EmbeddedPostgres.freePort())));
        stop(room);
        empty.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
        return ran;
    }

    private void stop(Path room) {
        yard.program()
                .run(yard.asServer(
                        "pg_ctl",
                        "stop",
                        "-w",
                        "-m",
                        "immediate",
                        "-D",
                        room.resolve("data").toString()));
        yard.clear(room);
    }
}
