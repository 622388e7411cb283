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
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Yard yard;
    private final String route;

    public Resumed(Yard yard, String route) {
        this.yard = yard;
        this.route = route;
    }

    @Override
    public String id() {
        return "resumed-" + route;
    }

    @Override
    public List<Heading> headings() {
        return List.of(new Heading(
                id(),
                "%s route, killed at half and resumed: sent again of what was there".formatted(route),
                "the half that was there",
                "MB",
                "%",
                GOAL_PERCENT));
    }

    @Override
    public List<Reading> round(int number) {
        Path room = yard.room("ours");
        Copy copy = new Copy(yard, room).with("via", route);
        if (route.equals("local")) {
            copy.with("primary_host", "local");
        }
        double whole = Double.parseDouble(
                String.valueOf(yard.cluster().query("SELECT sum(pg_database_size(oid)) FROM pg_database")));
        Process process = yard.program().start(yard.inOwnGroup(copy.command()));
        try {
            while (size(room) < whole / 2) {
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
        double there = size(room);
        Program.Ran ran = yard.program().run(yard.understudy(List.of("resume", newest(), "--format", "json")));
        copy.dropSlot();
        yard.clear(room);
        double again = Math.max(0, transferred(ran.output()) - (whole - there));
        return List.of(new Reading(there / 1e6, again / 1e6, 100 * again / there));
    }

    private String newest() {
        Program.Ran runs = yard.program().run(yard.understudy(List.of("runs", "--format", "json")));
        try {
            return JSON.readTree(runs.output()).path(0).path("run").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double transferred(String output) {
        try {
            List<String> lines = output.lines().toList();
            JsonNode report = JSON.readTree(lines.get(lines.size() - 1));
            return report.path("copy").path("bytesTransferred").asDouble();
        } catch (IOException e) {
            throw new UncheckedIOException(output, e);
        }
    }

    /** Bytes that a directory takes on the disk: a file that is written in pieces has holes. */
    private static double size(Path room) {
        String said =
                Account.run(List.of("sh", "-c", "du -sB1 \"$1\" 2>/dev/null || :", "du", room.toString()), Map.of());
        return said.isBlank() ? 0 : Double.parseDouble(said.split("\t", -1)[0]);
    }
}
