package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Contents;
import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Copy;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import dev.understudy.testing.Account;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A copy onto an older one, after a hundredth of the pages changed, from another host; what crosses the cable is counted
 * at the network card, headers and checksums included.
 */
public final class DeltaCopy implements Contest {
    private static final double SHARE = 0.01;

    private final Yard yard;
    private final String route;
    private final boolean scattered;
    private final double goal;
    private final double bytesGoal;
    private final Path target;

    private DeltaCopy(Yard yard, String route, boolean scattered, double goal, double bytesGoal) {
        this.yard = yard;
        this.route = route;
        this.scattered = scattered;
        this.goal = goal;
        this.bytesGoal = bytesGoal;
        this.target = yard.room(id());
    }

    public static DeltaCopy sql(Yard yard) {
        return new DeltaCopy(yard, "sql", true, 0.4, 2);
    }

    public static DeltaCopy ssh(Yard yard) {
        return new DeltaCopy(yard, "ssh", false, 0.5, 3);
    }

    /** Without a goal: the figure is stated. */
    public static DeltaCopy sshScattered(Yard yard) {
        return new DeltaCopy(yard, "ssh", true, Double.NaN, Double.NaN);
    }

    @Override
    public String id() {
        return "delta-%s-%s".formatted(route, scattered ? "scattered" : "runs");
    }

    @Override
    public List<Heading> headings() {
        String work = "%s route, delta, 1 %% of the pages changed %s"
                .formatted(route, scattered ? "anywhere" : "at the tables' ends");
        return List.of(
                Heading.ratio(id(), work, "pg_basebackup -X stream -c fast, TLS, full", goal),
                new Heading(id() + "-bytes", work + ", on the wire", "the database's bytes", "MB", "%", bytesGoal));
    }

    @Override
    public Optional<String> missing() {
        return yard.lackOfNetwork();
    }

    @Override
    public void prepare() {
        copy().make();
    }

    @Override
    public List<Reading> round(int number) {
        if (scattered) {
            Contents.scatter(yard.cluster(), SHARE, number);
        } else {
            Contents.changeRuns(yard.cluster(), SHARE);
        }
        long[] wire = new long[1];
        Pair<Program.Ran> pair = Pair.hold(number, () -> new BaseBackup(yard).overCable("require"), () -> {
            long before = Wire.received(yard);
            Program.Ran taken = copy().onto().make();
            wire[0] = Wire.received(yard) - before;
            return taken;
        });
        double whole = yard.cluster().bytes();
        return List.of(
                Reading.ratio(pair),
                new Reading(
                        whole / 1e6,
                        wire[0] / 1e6,
                        100.0 * wire[0] / whole,
                        pair.ours().peakMegabytes()));
    }

    private Copy copy() {
        return new Copy(yard, target).fromStandby().by(route);
    }

    @Override
    public void finish() {
        yard.clear(target);
    }

    /** What came in at the other host's card. */
    private static final class Wire {
        private Wire() {}

        static long received(Yard yard) {
            return Long.parseLong(Account.run(
                            yard.network()
                                    .inside(Yard.STANDBY, List.of("cat", "/sys/class/net/eth0/statistics/rx_bytes")),
                            Map.of())
                    .strip());
        }
    }
}
