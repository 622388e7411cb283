package dev.understudy.provision.wal;

import dev.understudy.host.FileStatus;
import dev.understudy.host.Host;
import dev.understudy.pgfile.wal.SegmentInput;
import dev.understudy.pgfile.wal.WalSegmentBytes;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.WalSegment;
import java.util.Optional;

/**
 * WAL segments in a directory of a host.
 *
 * @param host whose directory it is
 * @param directory absolute path
 */
public record HostWalSource(Host host, String directory) implements WalSource {
    @Override
    public Optional<SegmentInput> open(WalSegment segment) {
        String path = directory + "/" + segment.name();
        return host.files()
                .status(path)
                .filter(FileStatus::isFile)
                .map(status -> new WalSegmentBytes(
                        segment.name(), false, (offset, length) -> host.files().readRange(path, offset, length)));
    }
}
