package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.util.List;
import java.util.Optional;

/** All pages of the database read and their checksums compared, each time in a new process. */
public final class PageChecksums implements Contest {
    private static final double GOAL = 1.2;

    private final Yard yard;

    public PageChecksums(Yard yard) {
        this.yard = yard;
    }

    @Override
    public String id() {
        return "checksums";
    }

    @Override
    public List<Heading> headings() {
        return List.of(Heading.ratio(id(), "inspect pages of the data directory", "pg_checksums --check", GOAL));
    }

    @Override
    public Optional<String> missing() {
        boolean known = yard.program()
                .run(yard.understudy(List.of("inspect", "--help")))
                .output()
                .lines()
                .anyMatch(line -> line.strip().startsWith("pages "));
        return known ? Optional.empty() : Optional.of("Understudy has no command inspect pages");
    }

    /** {@code pg_checksums} wants the server down. */
    @Override
    public void prepare() {
        yard.cluster().close();
    }

    @Override
    public List<Reading> round(int number) {
        String directory = yard.cluster().dataDirectory().toString();
        return List.of(Reading.ratio(Pair.hold(
                number,
                () -> yard.program().run(yard.asServer("pg_checksums", "--check", "-D", directory)),
                () -> yard.program().run(yard.understudy(List.of("inspect", "pages", directory))))));
    }

    @Override
    public void finish() {
        yard.cluster().start();
    }
}
