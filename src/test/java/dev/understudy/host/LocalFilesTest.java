package dev.understudy.host;

final class LocalFilesTest extends HostFilesContract {
    @Override
    protected Host host() {
        return Hosts.local();
    }
}
