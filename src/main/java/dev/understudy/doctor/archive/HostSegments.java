package dev.understudy.doctor.archive;

import dev.understudy.host.Host;
import dev.understudy.pgfile.wal.SegmentInput;
import dev.understudy.pgfile.wal.WalSegmentBytes;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.WalSegment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * WAL segments in a directory of a host, compressed or not; the best copy of each: whole before partial, plain before
 * compressed. A compressed one is expanded in memory, one at a time.
 */
public final class HostSegments implements WalSource {
    private final Host host;
    private final String directory;
    private final List<String> names;

    /**
     * A directory.
     *
     * @param names the names of its files, listed once
     */
    public HostSegments(Host host, String directory, List<String> names) {
        this.host = host;
        this.directory = directory;
        this.names = List.copyOf(names);
    }

    @Override
    public Optional<SegmentInput> open(WalSegment segment) throws IOException {
        for (boolean partial : new boolean[] {false, true}) {
            for (Compression compression : Compression.values()) {
                for (String name : spelled(segment.name(), compression, partial)) {
                    if (names.contains(name)) {
                        return Optional.of(open(segment, name, compression, partial));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> spelled(String segment, Compression compression, boolean partial) {
        if (!partial) {
            return List.of(segment + compression.suffix());
        }
        return List.of(segment + compression.suffix() + ".partial", segment + ".partial" + compression.suffix());
    }

    private SegmentInput open(WalSegment segment, String name, Compression compression, boolean partial)
            throws IOException {
        String path = directory + "/" + name;
        if (compression == Compression.NONE) {
            return new WalSegmentBytes(
                    name, partial, (offset, length) -> host.files().readRange(path, offset, length));
        }
        int size = segment.size().bytes();
        byte[] compressed = host.files().read(path, size + (size >> 4) + (1 << 20));
        return new MemorySegment(name, partial, compression.expand(compressed, size));
    }
}
