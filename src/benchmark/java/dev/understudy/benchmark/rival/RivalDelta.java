package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Contents;
import dev.understudy.benchmark.Copy;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.nio.file.Path;
import java.util.List;

/** Both sides bring an older copy of theirs up to date, after a hundredth of the pages changed anywhere. */
abstract class RivalDelta extends Rival {
    private static final double SHARE = 0.01;

    private final String route;
    private final Path target;

    RivalDelta(Yard yard, String id, String program, String route, String peer) {
        super(yard, id, program, route, "%s route, delta, 1 %% of the pages changed anywhere".formatted(route), peer);
        this.route = route;
        this.target = yard.room(id + "-ours");
    }

    @Override
    public void prepare() {
        new Copy(yard(), target).by(route).make();
        first();
    }

    /** The rival's older copy. */
    abstract void first();

    @Override
    public List<Reading> round(int number) {
        Contents.scatter(yard().cluster(), SHARE, number);
        return super.round(number);
    }

    @Override
    final Program.Ran ours() {
        return new Copy(yard(), target).by(route).onto().make();
    }

    @Override
    public void finish() {
        yard().clear(target);
    }
}
