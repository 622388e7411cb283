package dev.understudy.benchmark;

import dev.understudy.benchmark.contest.DeltaCopy;
import dev.understudy.benchmark.contest.FullCopy;
import dev.understudy.benchmark.contest.Overhead;
import dev.understudy.benchmark.contest.Resumed;
import dev.understudy.benchmark.contest.SlowLink;
import dev.understudy.benchmark.contest.WalSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Holds the contests that are asked for. It asserts nothing: a figure is for a person to judge, and machines differ. */
final class Benchmarks {
    private static final Map<String, Function<Yard, Contest>> CONTESTS = contests();

    private static Map<String, Function<Yard, Contest>> contests() {
        Map<String, Function<Yard, Contest>> contests = new LinkedHashMap<>();
        contests.put("copy-local", FullCopy::local);
        contests.put("copy-ssh", FullCopy::ssh);
        contests.put("copy-sql", FullCopy::sql);
        contests.put("delta-sql-scattered", DeltaCopy::sql);
        contests.put("delta-ssh-runs", DeltaCopy::ssh);
        contests.put("delta-ssh-scattered", DeltaCopy::sshScattered);
        contests.put("link-ssh", yard -> new SlowLink(yard, "ssh"));
        contests.put("link-sql", yard -> new SlowLink(yard, "sql"));
        contests.put("wal-summary", WalSummary::new);
        contests.put("overhead", Overhead::new);
        contests.put("resumed-local", yard -> new Resumed(yard, "local"));
        contests.put("resumed-sql", yard -> new Resumed(yard, "sql"));
        return contests;
    }

    @Test
    void hold() throws IOException {
        Settings settings = Settings.read();
        if (CONTESTS.keySet().stream().noneMatch(settings::wants)) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        Surroundings surroundings;
        try (Yard yard = Yard.open(settings)) {
            surroundings = Surroundings.of(settings, yard.cluster());
            for (Map.Entry<String, Function<Yard, Contest>> each : CONTESTS.entrySet()) {
                if (settings.wants(each.getKey())) {
                    rows.addAll(hold(each.getValue().apply(yard), settings.rounds()));
                    write(settings.directory(), surroundings, rows);
                }
            }
        }
        System.out.println(ResultTable.of(surroundings, rows));
    }

    @Test
    void loops() throws IOException {
        Settings settings = Settings.read();
        if (!settings.wants("loops")) {
            return;
        }
        String table = "| loop | one thread | |%n|---|---|---|%n%s%n"
                .formatted(String.join(System.lineSeparator(), InnerLoops.run()));
        Files.createDirectories(settings.directory());
        Files.writeString(settings.directory().resolve("loops.md"), table);
        System.out.println(table);
    }

    private static List<Row> hold(Contest contest, int rounds) {
        List<List<Reading>> readings = new ArrayList<>();
        contest.prepare();
        try {
            for (int round = 0; round < rounds; round++) {
                List<Reading> reading = contest.round(round);
                readings.add(reading);
                System.out.printf("%s, round %d: %s%n", contest.id(), round + 1, reading);
            }
        } finally {
            contest.finish();
        }
        List<Row> rows = new ArrayList<>();
        for (int heading = 0; heading < contest.headings().size(); heading++) {
            int at = heading;
            rows.add(new Row(
                    contest.headings().get(at),
                    readings.stream().map(reading -> reading.get(at)).toList()));
        }
        return rows;
    }

    /** After each contest, so that what was measured is there whatever comes after. */
    private static void write(Path directory, Surroundings surroundings, List<Row> rows) throws IOException {
        Files.writeString(directory.resolve("benchmarks.md"), ResultTable.of(surroundings, rows));
        Files.writeString(directory.resolve("benchmarks.json"), ResultJson.of(surroundings, rows));
        Files.writeString(directory.resolve("benchmarks.svg"), ResultPicture.of(surroundings, rows));
    }
}
