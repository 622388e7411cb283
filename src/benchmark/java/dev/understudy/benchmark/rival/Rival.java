package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Copy;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A contest with a program that may not be there: a copy by it, and the same copy by Understudy. */
abstract class Rival implements Contest {
    /** A tie, within what one copy differs from the next. */
    static final double GOAL = 1.0;

    private final Yard yard;
    private final String id;
    private final String program;
    private final Heading heading;
    private final String route;

    /**
     * @param route Understudy's route that reaches the files in the way the rival does
     * @param peer what the rival does, in a line
     */
    Rival(Yard yard, String id, String program, String route, String work, String peer) {
        this.yard = yard;
        this.id = id;
        this.program = program;
        this.route = route;
        this.heading = Heading.ratio(id, work, peer, GOAL);
    }

    final Yard yard() {
        return yard;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public List<Heading> headings() {
        return List.of(heading);
    }

    @Override
    public Optional<String> missing() {
        return isInstalled(program) ? Optional.empty() : Optional.of(program + " is not installed");
    }

    static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Override
    public List<Reading> round(int number) {
        return List.of(Reading.ratio(Pair.hold(number, this::peer, this::ours)));
    }

    /** The rival's copy, all that a user would have to wait for. */
    abstract Program.Ran peer();

    /** A full copy; a contest of deltas has another. */
    Program.Ran ours() {
        Path room = yard.room("ours");
        Program.Ran made = new Copy(yard, room).by(route).make();
        yard.clear(room);
        return made;
    }
}
