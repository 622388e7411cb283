package dev.understudy.provision.wal;

import dev.understudy.host.Host;
import dev.understudy.pgfile.wal.ResourceManager;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.nio.charset.StandardCharsets;

/**
 * Looks whether a logical message is in WAL at the very place where the primary wrote it. Numbers of transactions and
 * locations can be those of another server that went on by itself from the same past; the text of a message cannot.
 *
 * @param timeline that the primary writes
 * @param size of the cluster's segments
 */
public record WalMessageLookup(TimelineId timeline, WalSegmentSize size) {
    /** A message of ours is far smaller; reading from the start of a segment of 1 GB would be long. */
    private static final int WINDOW_BYTES = 64 << 10;

    private static final int RECORD_ROOM = 1 << 10;

    /**
     * Whether the directory's WAL has it.
     *
     * @param end where the message's record ends, or shortly behind it
     */
    public boolean isIn(Host host, String directory, Lsn end, String message) {
        HostWalSource source = new HostWalSource(host, directory);
        Lsn segment = WalSegment.endingAt(timeline, end, size).start();
        if (isBetween(source, latest(segment, end.plus(-WINDOW_BYTES)), end, message)) {
            return true;
        }
        // The record can begin in the segment before; where that was ended early, nothing is to be read there.
        boolean mayCross = end.minus(segment) < RECORD_ROOM;
        return mayCross && isBetween(source, end.plus(-WINDOW_BYTES), end, message);
    }

    private static Lsn latest(Lsn one, Lsn other) {
        return one.isBefore(other) ? other : one;
    }

    private boolean isBetween(HostWalSource source, Lsn from, Lsn end, String message) {
        byte[] sought = message.getBytes(StandardCharsets.UTF_8);
        try (WalReader reader = WalReader.open(source, WalTimelines.only(timeline), size)) {
            reader.limitTo(end);
            reader.seekFirstFrom(from);
            while (reader.next()) {
                if (reader.resourceManager() == ResourceManager.LOGICAL_MESSAGE
                        && contains(reader.recordBytes(), sought)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean contains(byte[] record, byte[] sought) {
        String bytes = new String(record, StandardCharsets.ISO_8859_1);
        return bytes.contains(new String(sought, StandardCharsets.ISO_8859_1));
    }
}
