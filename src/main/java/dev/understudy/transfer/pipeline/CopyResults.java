package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileChecksums;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;

/** What became of each file, in arrays over the listing. Each file is settled by one thread, once. */
public final class CopyResults {
    private static final byte OPEN = 0;
    private static final byte WRITTEN = 1;
    private static final byte VANISHED = 2;

    private final FileTable files;
    private final byte[] states;
    private final FileChecksums checksums = new FileChecksums();
    private final long[] sizes;

    CopyResults(FileTable files) {
        this.files = files;
        this.states = new byte[files.count()];
        this.sizes = new long[files.count()];
    }

    synchronized void written(int file, long size, FileChecksum checksum) {
        states[file] = WRITTEN;
        sizes[file] = size;
        checksums.set(file, checksum);
    }

    synchronized void vanished(int file) {
        states[file] = VANISHED;
    }

    /**
     * The target's files.
     *
     * @throws IllegalStateException if a file was neither written nor found vanished
     */
    public synchronized TargetInventory inventory() {
        TargetInventory inventory = new TargetInventory();
        for (int file = 0; file < states.length; file++) {
            if (states[file] == OPEN) {
                throw new IllegalStateException("file never dealt with: " + files.path(file));
            }
            if (states[file] == WRITTEN) {
                inventory.add(files.path(file), sizes[file], files.modifiedSeconds(file), checksums.get(file));
            }
        }
        return inventory;
    }
}
