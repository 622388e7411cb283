package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Yard;
import java.nio.file.Path;

/** A full copy over SSH, by rsync. */
public final class RsyncCopy extends Rival {
    public RsyncCopy(Yard yard) {
        super(
                yard,
                "rival-rsync",
                "rsync",
                "ssh",
                "ssh route, full copy",
                "rsync -a -e ssh between pg_backup_start and pg_backup_stop, sync -f");
    }

    @Override
    Program.Ran peer() {
        Path room = yard().room("peer");
        Program.Ran ran = new Rsync(yard()).copy(room);
        yard().clear(room);
        return ran;
    }
}
