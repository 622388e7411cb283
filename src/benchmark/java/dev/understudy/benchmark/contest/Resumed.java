package dev.understudy.benchmark.contest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Copy;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import dev.understudy.testing.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A copy killed at half and resumed: how much of what was there is sent again. */
public final class Resumed implements Contest {
    private static final double GOAL_PERCENT = 5;
    private static final int TWENTY = 20;
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Yard yard;
    private final String name;
    private final List<String> routes;

    private Resumed(Yard yard, String name, List<String> routes) {
        this.yard = yard;
        this.name = name;
        this.routes = routes;
    }

    public Resumed(Yard yard, String route) {
        this(yard, route, List.of(route));
    }

    /** Twenty copies of one database, by each route in turn, whatever the number of rounds. */
    public static Resumed twenty(Yard yard) {
        return new Resumed(yard, "twenty", List.of("local", "ssh", "sql"));
    }

    @Override
    public String id() {
        return "resumed-" + name;
    }

    @Override
    public List<Heading> headings() {
        String what = routes.size() == 1 ? routes.get(0) + " route" : "20 copies, the routes in turn";
        return List.of(new Heading(
                id(),
                what + ", killed at half and resumed: sent again of what was there",
                "the half that was there",
                "MB",
                "%",
                GOAL_PERCENT));
    }

    @Override
    public int rounds(int asked) {
        return routes.size() == 1 ? asked : TWENTY;
    }

    @Override
    public List<Reading> round(int number) {
        Path room = yard.room("ours");
        Copy copy = new Copy(yard, room).by(routes.get(number % routes.size()));
        double whole = yard.cluster().bytes();
        kill(copy, room, whole / 2);
        double there = size(room);
        Program.Ran ran = yard.program().run(yard.understudy(List.of("resume", newest(), "--format", "json")));
        copy.dropSlot();
        yard.clear(room);
        double sent = ran.report().path("copy").path("bytesTransferred").asDouble();
        double again = Math.max(0, sent - (whole - there));
        return List.of(new Reading(there / 1e6, again / 1e6, 100 * again / there, ran.peakMegabytes()));
    }

    /** Runs the copy until so much is there, and kills it with all it started. */
    private void kill(Copy copy, Path room, double bytes) {
        Process process = yard.program().start(yard.inOwnGroup(copy.command()));
        try {
            while (size(room) < bytes) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the run ended before half was there");
                }
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
            Account.run(List.of("kill", "-KILL", "--", "-" + process.pid()), Map.of());
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String newest() {
        Program.Ran runs = yard.program().run(yard.understudy(List.of("runs", "--format", "json")));
        try {
            JsonNode first = JSON.readTree(runs.output()).path(0);
            return first.path("run").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that a directory takes on the disk: a file that is written in pieces has holes. */
    private static double size(Path room) {
        String said =
                Account.run(List.of("sh", "-c", "du -sB1 \"$1\" 2>/dev/null || :", "du", room.toString()), Map.of());
        return said.isBlank() ? 0 : Double.parseDouble(said.split("\t", -1)[0]);
    }
}
