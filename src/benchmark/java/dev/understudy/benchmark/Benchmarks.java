package dev.understudy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Holds the contests that are asked for. It asserts nothing: a figure is for a person to judge, and machines differ. */
final class Benchmarks {
    private static final String LOOPS = "loops";

    @Test
    void hold() throws IOException {
        Settings settings = Settings.read();
        List<String> known = new ArrayList<>(Contests.ALL.keySet());
        known.add(LOOPS);
        settings.check(known);
        if (Contests.ALL.keySet().stream().noneMatch(settings::wants)) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        Path json = settings.directory().resolve("benchmarks.json");
        List<Run> earlier = Files.exists(json) ? ResultJson.read(Files.readString(json)) : List.of();
        List<Run> runs = earlier;
        try (Yard yard = Yard.open(settings)) {
            Surroundings surroundings = Surroundings.of(settings, yard.cluster());
            for (Map.Entry<String, Function<Yard, Contest>> each : Contests.ALL.entrySet()) {
                if (settings.wants(each.getKey())) {
                    rows.addAll(hold(each.getValue().apply(yard), settings.rounds()));
                    runs = Run.with(earlier, new Run(surroundings, rows));
                    write(settings.directory(), runs);
                }
            }
        }
        System.out.println(ResultTable.of(runs));
    }

    @Test
    void loops() throws IOException {
        Settings settings = Settings.read();
        if (!settings.wants(LOOPS)) {
            return;
        }
        String table = "| loop | one thread | |%n|---|---|---|%n%s%n"
                .formatted(String.join(System.lineSeparator(), InnerLoops.run()));
        Files.createDirectories(settings.directory());
        Files.writeString(settings.directory().resolve("loops.md"), table);
        System.out.println(table);
    }

    /** A contest that fails says so in the table, and the others go on: a full run takes an hour. */
    private static List<Row> hold(Contest contest, int asked) {
        Optional<String> missing = contest.missing();
        List<List<Reading>> readings = new ArrayList<>();
        if (missing.isEmpty()) {
            try {
                contest.prepare();
                for (int round = 0; round < contest.rounds(asked); round++) {
                    List<Reading> reading = contest.round(round);
                    readings.add(reading);
                    System.out.printf("%s, round %d: %s%n", contest.id(), round + 1, reading);
                }
            } catch (RuntimeException e) {
                e.printStackTrace(System.out);
                missing = Optional.of("failed in round " + (readings.size() + 1));
            } finally {
                contest.finish();
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int heading = 0; heading < contest.headings().size(); heading++) {
            int at = heading;
            rows.add(new Row(
                    contest.id(),
                    contest.headings().get(at),
                    readings.stream().map(reading -> reading.get(at)).toList(),
                    missing));
        }
        return rows;
    }

    /** After each contest, so that what was measured is there whatever comes after. */
    private static void write(Path directory, List<Run> runs) throws IOException {
        Files.writeString(directory.resolve("benchmarks.md"), ResultTable.of(runs));
        Files.writeString(directory.resolve("benchmarks.json"), ResultJson.of(runs));
        Files.writeString(directory.resolve("benchmarks.svg"), ResultPicture.of(runs));
    }
}
