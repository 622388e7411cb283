package dev.understudy.transfer.ssh;

import dev.understudy.host.open.Hosts;
import dev.understudy.transfer.CopyContract;
import dev.understudy.transfer.route.Source;
import java.nio.file.Path;

/** The commands of the ssh route, run by this machine's own shell. */
final class SshCopyTest extends CopyContract {
    @Override
    protected Source source(Path dataDirectory) {
        return new SshSource(Hosts.local(), dataDirectory.toString());
    }

    @Override
    protected int leastBytes() {
        return 128 << 10;
    }
}
