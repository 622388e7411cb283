package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code inspect wal --summary} of a gigabyte of WAL, each time in a new process. */
public final class WalSummary implements Contest {
    private static final int SEGMENTS = 64;

    private final Yard yard;
    private Path kept = Path.of("");

    public WalSummary(Yard yard) {
        this.yard = yard;
    }

    @Override
    public String id() {
        return "wal-summary";
    }

    @Override
    public List<Heading> headings() {
        return List.of(Heading.ratio(id(), "inspect wal --summary of 1 GB", "pg_waldump --stats", 1.0));
    }

    /** Writes WAL as rows come and change, and keeps it aside, since a checkpoint recycles it. */
    @Override
    public void prepare() {
        kept = yard.room("wal");
        try {
            Files.createDirectories(kept);
            yard.cluster()
                    .execute(
                            "CREATE TABLE IF NOT EXISTS written (id int PRIMARY KEY, body text)",
                            "TRUNCATE written",
                            "CHECKPOINT");
            String first = String.valueOf(yard.cluster().query("SELECT pg_walfile_name(pg_switch_wal())"));
            for (int batch = 0; batch < 100 && segments(first).size() <= SEGMENTS; batch++) {
                yard.cluster()
                        .execute("INSERT INTO written SELECT i, md5(i::text) FROM generate_series(%d, %d) i"
                                .formatted(batch * 100_000, batch * 100_000 + 99_999));
            }
            List<Path> segments = segments(first);
            if (segments.size() < SEGMENTS) {
                throw new IllegalStateException("a checkpoint recycled WAL that was to be kept");
            }
            for (Path segment : segments.subList(0, SEGMENTS)) {
                Files.copy(segment, kept.resolve(segment.getFileName()));
            }
            // A copy by root has the server's mode, and pg_waldump runs as the server's account.
            yard.cluster().give(kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> segments(String first) throws IOException {
        String current = String.valueOf(yard.cluster().query("SELECT pg_walfile_name(pg_current_wal_lsn())"));
        try (Stream<Path> files = Files.list(yard.cluster().dataDirectory().resolve("pg_wal"))) {
            return files.filter(file -> file.getFileName().toString().length() == 24)
                    .filter(file -> file.getFileName().toString().compareTo(first) > 0)
                    .filter(file -> file.getFileName().toString().compareTo(current) < 0)
                    .sorted()
                    .toList();
        }
    }

    @Override
    public List<Reading> round(int number) {
        List<String> names;
        try (Stream<Path> files = Files.list(kept)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Pair<Program.Ran> pair = Pair.hold(
                number,
                () -> yard.program()
                        .run(yard.asServer(
                                "pg_waldump",
                                "--stats",
                                "-p",
                                kept.toString(),
                                names.get(0),
                                names.get(names.size() - 1))),
                () -> yard.program().run(yard.understudy(List.of("inspect", "wal", "--summary", kept.toString()))));
        return List.of(Reading.ratio(pair));
    }

    @Override
    public void finish() {
        // The next contest copies the database as it was.
        yard.cluster().execute("DROP TABLE IF EXISTS written", "CHECKPOINT");
        yard.clear(kept);
    }
}
