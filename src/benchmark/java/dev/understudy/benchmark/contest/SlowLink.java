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
import java.util.Optional;

/** A whole copy over a cable of 1 Gbit/s, where the cable should be all that one waits for. */
public final class SlowLink implements Contest {
    private static final int MEGABITS = 1000;
    private static final double BYTES_PER_SECOND = MEGABITS * 1e6 / 8;

    private final Yard yard;
    private final String route;

    public SlowLink(Yard yard, String route) {
        this.yard = yard;
        this.route = route;
    }

    @Override
    public String id() {
        return "link-" + route;
    }

    @Override
    public List<Heading> headings() {
        String work = "%s route over 1 Gbit/s".formatted(route);
        return List.of(
                Heading.ratio(id(), work, "the database's bytes at that rate", 1.1),
                Heading.ratio(id() + "-zstd", work, "pg_basebackup --compress=server-zstd", 1.0));
    }

    @Override
    public Optional<String> missing() {
        return yard.lackOfNetwork();
    }

    @Override
    public void prepare() {
        yard.network().shape(Yard.STANDBY, MEGABITS);
    }

    @Override
    public List<Reading> round(int number) {
        Path room = yard.room("ours");
        double wire = yard.cluster().bytes() / BYTES_PER_SECOND;
        Pair<Program.Ran> pair = Pair.hold(
                number,
                () -> new BaseBackup(yard).overCable("require", "--compress=server-zstd", "-F", "p"),
                () -> new Copy(yard, room).fromStandby().by(route).make());
        yard.clear(room);
        return List.of(Reading.ratio(wire, pair.ours()), Reading.ratio(pair));
    }

    @Override
    public void finish() {
        yard.network().unshape(Yard.STANDBY);
    }
}
