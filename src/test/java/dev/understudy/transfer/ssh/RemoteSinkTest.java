package dev.understudy.transfer.ssh;

import dev.understudy.host.open.Hosts;
import dev.understudy.transfer.CopyContract;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSource;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import java.nio.file.Path;

/** The commands of a target on another machine, run by this machine's own shell. */
final class RemoteSinkTest extends CopyContract {
    @Override
    protected Source source(Path dataDirectory) {
        return new LocalSource(dataDirectory);
    }

    @Override
    protected Sink sink(TargetLayout layout) {
        return new RemoteSink(Hosts.local(), layout, () -> {});
    }

    @Override
    protected int leastBytes() {
        return 128 << 10;
    }
}
