package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Cluster;
import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
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
    private final Cluster empty;

    public Overhead(Yard yard) {
        this.yard = yard;
        this.empty = yard.emptyCluster();
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
        Pair<Double> seconds = Pair.hold(number, this::peer, this::ours);
        return List.of(new Reading(seconds.peer(), seconds.ours(), seconds.ours() - seconds.peer()));
    }

    private double peer() {
        Path room = yard.serverRoom("peer");
        yard.settle();
        double copy = yard.program()
                .run(yard.asServer(
                        "pg_basebackup",
                        "-d",
                        empty.socketConninfo(),
                        "-D",
                        room.resolve("data").toString(),
                        "-R",
                        "-X",
                        "stream",
                        "-c",
                        "fast"))
                .seconds();
        double start = yard.program()
                .run(yard.asServer(
                        "pg_ctl",
                        "start",
                        "-w",
                        "-D",
                        room.resolve("data").toString(),
                        "-l",
                        room.resolve("log").toString(),
                        "-o",
                        "-p %d -k %s".formatted(EmbeddedPostgres.freePort(), room)))
                .seconds();
        stop(room);
        return copy + start;
    }

    private double ours() {
        Path room = yard.serverRoom("ours");
        yard.settle();
        double seconds = yard.program()
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
                        "port=" + EmbeddedPostgres.freePort())))
                .seconds();
        stop(room);
        empty.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
        return seconds;
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

    @Override
    public void finish() {
        empty.close();
    }
}
