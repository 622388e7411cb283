package dev.understudy.transfer.pipeline;

import dev.understudy.pgfile.Crc32c;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.route.SinkWriter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Puts together files whose pieces several workers copied. Whoever brings the last piece finishes the file. */
final class SplitFiles {
    private static final int ZEROS = 1 << 20;

    private final CopyContext context;
    private final Map<Integer, SplitFile> open = new HashMap<>();

    SplitFiles(CopyContext context) {
        this.context = context;
    }

    private static final class SplitFile {
        final int[] checksums;
        final long[] lengths;
        boolean known = true;
        int remaining;
        boolean vanished;

        SplitFile(int units) {
            this.checksums = new int[units];
            this.lengths = new long[units];
            this.remaining = units;
        }
    }

    void complete(PieceOutcome outcome, SinkWriter writer, FileSums sums) {
        int file = outcome.piece().file();
        SplitFile last;
        synchronized (this) {
            SplitFile split = split(file);
            int unit = unit(outcome.piece().offset());
            FileChecksum checksum = outcome.checksum();
            split.known &= checksum != null && checksum.isCrc32c();
            split.checksums[unit] =
                    split.known ? java.util.Objects.requireNonNull(checksum).crc32c() : 0;
            split.lengths[unit] = outcome.length();
            if (--split.remaining > 0) {
                return;
            }
            last = split;
            open.remove(file);
        }
        finish(file, last, writer, sums);
    }

    void vanished(int file, SinkWriter writer, FileSums sums) {
        SplitFile last;
        synchronized (this) {
            SplitFile split = split(file);
            split.vanished = true;
            if (--split.remaining > 0) {
                return;
            }
            last = split;
            open.remove(file);
        }
        finish(file, last, writer, sums);
    }

    private SplitFile split(int file) {
        return open.computeIfAbsent(
                file,
                number -> new SplitFile(
                        UnitPlanner.unitsOf(context.listing.files().size(number))));
    }

    private static int unit(long offset) {
        return Math.toIntExact(offset / UnitPlanner.UNIT_BYTES);
    }

    private void finish(int file, SplitFile split, SinkWriter writer, FileSums sums) {
        FileTable files = context.listing.files();
        String path = files.path(file);
        context.fileDone();
        if (split.vanished) {
            writer.discard(path);
            context.results.vanished(file);
            return;
        }
        int lastWithData = split.lengths.length - 1;
        while (lastWithData > 0 && split.lengths[lastWithData] == 0) {
            lastWithData--;
        }
        int checksum = 0;
        for (int unit = 0; unit < lastWithData; unit++) {
            checksum = Crc32c.combine(checksum, split.checksums[unit], split.lengths[unit]);
            checksum = fillGap(path, file, split, unit, checksum, writer);
        }
        checksum = Crc32c.combine(checksum, split.checksums[lastWithData], split.lengths[lastWithData]);
        long size = lastWithData * UnitPlanner.UNIT_BYTES + split.lengths[lastWithData];
        writer.finish(path, size, context.listing.fileMode(file), files.modifiedSeconds(file));
        sums.finished(file, size, split.known ? FileChecksum.crc32c(checksum) : null);
    }

    /**
     * A piece came short and a later one did not: the file was cut and grew again in between. What lies between is zeros;
     * replay does the same to the standby's file.
     */
    private int fillGap(String path, int file, SplitFile split, int unit, int checksumBefore, SinkWriter writer) {
        long offset = unit * UnitPlanner.UNIT_BYTES + split.lengths[unit];
        long end = (unit + 1) * UnitPlanner.UNIT_BYTES;
        byte[] zeros = new byte[offset < end ? ZEROS : 0];
        int checksum = checksumBefore;
        while (offset < end) {
            int count = (int) Math.min(zeros.length, end - offset);
            writer.patch(path, offset, ByteBuffer.wrap(zeros, 0, count), context.listing.fileMode(file));
            checksum = Crc32c.combine(checksum, Crc32c.of(zeros, 0, count), count);
            offset += count;
        }
        return checksum;
    }
}
