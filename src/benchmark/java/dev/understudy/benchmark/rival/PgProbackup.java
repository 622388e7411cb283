package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.util.List;
import java.util.Optional;

/** pg_probackup is in no Debian release; the table says so rather than nothing. */
public final class PgProbackup implements Contest {
    public PgProbackup(Yard yard) {}

    @Override
    public String id() {
        return "rival-pg_probackup";
    }

    @Override
    public List<Heading> headings() {
        return List.of(Heading.ratio(id(), "local route, full copy", "pg_probackup backup, restore", Double.NaN));
    }

    @Override
    public Optional<String> missing() {
        return Optional.of("pg_probackup is not among Debian's packages");
    }

    @Override
    public List<Reading> round(int number) {
        throw new IllegalStateException("never held");
    }
}
