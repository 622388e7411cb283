package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.util.List;

/** A standby by way of a pgBackRest repository: backup and restore; and the restore alone, where a backup is there. */
public final class PgBackRestCopy extends Rival {
    private static final String WORK = "local route, full copy";

    private final PgBackRest pgBackRest;
    private double restoreSeconds;

    public PgBackRestCopy(Yard yard) {
        super(yard, "rival-pgbackrest", "pgbackrest", "local", WORK, "pgbackrest backup, restore --type=standby");
        this.pgBackRest = new PgBackRest(yard);
    }

    @Override
    public List<Heading> headings() {
        return List.of(
                super.headings().get(0),
                Heading.ratio(
                        id() + "-restore", WORK, "pgbackrest restore --type=standby, the backup being there", GOAL));
    }

    @Override
    public List<Reading> round(int number) {
        Pair<Program.Ran> pair = Pair.hold(number, this::peer, this::ours);
        return List.of(Reading.ratio(pair), Reading.ratio(restoreSeconds, pair.ours()));
    }

    @Override
    Program.Ran peer() {
        pgBackRest.make();
        Program.Ran backup = pgBackRest.backup("full");
        Program.Ran restore = pgBackRest.restore();
        pgBackRest.clear();
        restoreSeconds = restore.seconds();
        return backup.then(restore);
    }

    @Override
    public void finish() {
        pgBackRest.clear();
    }
}
