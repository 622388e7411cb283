package dev.understudy.host;

final class LocalHostTest extends HostContract {
    @Override
    protected Host host() {
        return Hosts.local();
    }
}
