package dev.understudy.host;

import dev.understudy.host.open.Hosts;

final class LocalHostTest extends HostContract {
    @Override
    protected Host host() {
        return Hosts.local();
    }
}
