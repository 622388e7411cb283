package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Copy;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A whole copy by one route, on one machine, and the memory it takes. */
public final class FullCopy implements Contest {
    /** What Understudy may have at most, whatever the route and the database. */
    private static final double MEMORY_MB = 400;

    private final Yard yard;
    private final String route;
    private final double goal;
    private final String peerName;
    private final Function<BaseBackup, Program.Ran> peer;

    private FullCopy(Yard yard, String route, double goal, String peerName, Function<BaseBackup, Program.Ran> peer) {
        this.yard = yard;
        this.route = route;
        this.goal = goal;
        this.peerName = peerName;
        this.peer = peer;
    }

    public static FullCopy local(Yard yard) {
        return new FullCopy(
                yard, "local", 0.75, "pg_basebackup -X stream -c fast, Unix socket", BaseBackup::overSocket);
    }

    public static FullCopy ssh(Yard yard) {
        return new FullCopy(yard, "ssh", 1.0, "pg_basebackup -X stream -c fast, TLS", BaseBackup::overTls);
    }

    public static FullCopy sql(Yard yard) {
        return new FullCopy(yard, "sql", 1.0, "pg_basebackup -X stream -c fast, TLS", BaseBackup::overTls);
    }

    @Override
    public String id() {
        return "copy-" + route;
    }

    @Override
    public List<Heading> headings() {
        return List.of(
                Heading.ratio(id(), "%s route, full copy".formatted(route), peerName, goal),
                new Heading(
                        id() + "-memory",
                        "%s route, full copy, peak memory".formatted(route),
                        "",
                        "MB",
                        "MB",
                        MEMORY_MB));
    }

    @Override
    public List<Reading> round(int number) {
        Pair<Program.Ran> pair = Pair.hold(number, () -> peer.apply(new BaseBackup(yard)), () -> {
            Path room = yard.room("ours");
            Program.Ran made = new Copy(yard, room).by(route).make();
            yard.clear(room);
            return made;
        });
        double memory = pair.ours().peakMegabytes();
        return List.of(Reading.ratio(pair), new Reading(Double.NaN, memory, memory, memory));
    }
}
