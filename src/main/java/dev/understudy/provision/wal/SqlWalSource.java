package dev.understudy.provision.wal;

import dev.understudy.pgfile.wal.SegmentInput;
import dev.understudy.pgfile.wal.WalSegmentBytes;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.Session;
import dev.understudy.server.files.FileRange;
import dev.understudy.server.files.SqlFiles;
import java.time.Duration;
import java.util.Optional;

/** WAL segments of a running server, read through its own file functions. */
public final class SqlWalSource implements WalSource {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final SqlFiles files;
    private final String directory;

    public SqlWalSource(Session session) {
        this.files = new SqlFiles(session, LIMIT);
        this.directory = WalDirectory.of(session.major());
    }

    @Override
    public Optional<SegmentInput> open(WalSegment segment) {
        String path = directory + "/" + segment.name();
        return files.find(path)
                .map(entry -> new WalSegmentBytes(
                        segment.name(),
                        false,
                        (offset, length) ->
                                files.read(new FileRange(path, offset, length)).orElse(new byte[0])));
    }
}
