package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Yard;

/** An older copy brought up to date by way of a pgBackRest repository: an incremental backup and a restore by delta. */
public final class PgBackRestDelta extends RivalDelta {
    private final PgBackRest pgBackRest;

    public PgBackRestDelta(Yard yard) {
        super(yard, "rival-pgbackrest-delta", "pgbackrest", "local", "pgbackrest backup --type=incr, restore --delta");
        this.pgBackRest = new PgBackRest(yard);
    }

    @Override
    void first() {
        pgBackRest.make();
        pgBackRest.backup("full");
        pgBackRest.restore();
    }

    @Override
    Program.Ran peer() {
        return pgBackRest.backup("incr").then(pgBackRest.restore("--delta"));
    }

    @Override
    public void finish() {
        super.finish();
        pgBackRest.clear();
    }
}
