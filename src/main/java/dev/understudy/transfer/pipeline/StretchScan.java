package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.TargetReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What the target has of a stretch of a file.
 *
 * @param length bytes that are there, 0 where the file ends before
 * @param digest in the source's algorithm
 * @param checksum CRC-32C
 * @param suspects pages that fail
 */
record StretchScan(Piece stretch, long length, byte[] digest, int checksum, List<PageScan.Suspect> suspects) {

    /** Scans a target for one worker. */
    static final class Scanner {
        private final CopyContext context;
        private final TargetReader reader;
        private final MessageDigest digest;
        private final PageScan pages;
        private final CRC32C crc = new CRC32C();

        Scanner(CopyContext context, TargetReader reader, String algorithm) {
            this.context = context;
            this.reader = reader;
            this.pages = new PageScan(context.pages);
            try {
                this.digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException failure) {
                throw new IllegalStateException(failure);
            }
        }

        /** @param countPages whether these pages count as checked; not where they are scanned again */
        List<StretchScan> scan(List<Piece> stretches, boolean countPages) {
            List<StretchScan> scans = new ArrayList<>(stretches.size());
            for (Piece stretch : stretches) {
                scans.add(scan(stretch));
                if (countPages) {
                    context.pagesChecked.add(pages.pages());
                }
            }
            return scans;
        }

        private StretchScan scan(Piece stretch) {
            context.checkAlive();
            String path = context.listing.files().path(stretch.file());
            crc.reset();
            digest.reset();
            pages.begin(path, stretch.offset());
            long length = reader.read(path, stretch.offset(), stretch.length(), bytes -> {
                crc.update(bytes.duplicate());
                digest.update(bytes.duplicate());
                pages.update(bytes);
            });
            pages.end();
            return new StretchScan(
                    stretch, Math.max(0, length), digest.digest(), (int) crc.getValue(), pages.suspects());
        }
    }
}
