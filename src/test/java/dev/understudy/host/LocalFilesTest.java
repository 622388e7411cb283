package dev.understudy.host;

import dev.understudy.host.open.Hosts;

final class LocalFilesTest extends HostFilesContract {
    @Override
    protected Host host() {
        return Hosts.local();
    }
}
