package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Yard;
import java.nio.file.Path;

/** An older copy brought up to date over SSH, by rsync. */
public final class RsyncDelta extends RivalDelta {
    private final Path room;

    public RsyncDelta(Yard yard) {
        super(yard, "rival-rsync-delta", "rsync", "ssh", "rsync -a -e ssh onto its older copy, sync -f");
        this.room = yard.room("peer");
    }

    @Override
    void first() {
        peer();
    }

    @Override
    Program.Ran peer() {
        return new Rsync(yard()).copy(room);
    }

    @Override
    public void finish() {
        super.finish();
        yard().clear(room);
    }
}
