package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * What one side has of a stretch of a file.
 *
 * @param length bytes that are there, 0 where the file ends before
 * @param digest in the algorithm of the comparison; empty where there is no such file
 * @param known whether the bytes came by here, so that the rest is known, too
 * @param checksum CRC-32C
 * @param suspects pages that fail
 */
record StretchScan(
        Piece stretch, long length, byte[] digest, boolean known, int checksum, List<PageScan.Suspect> suspects) {
    static StretchScan hashed(Piece stretch, long length, byte[] digest) {
        return new StretchScan(stretch, length, digest, false, 0, List.of());
    }

    StretchScan withoutSuspects() {
        return new StretchScan(stretch, length, digest, known, checksum, List.of());
    }

    /** Reads stretches. */
    interface Reader {
        /** How many bytes there were, -1 if there is no such file. */
        long read(Piece stretch, Consumer<ByteBuffer> receiver);
    }

    /** Reads one side for one worker. */
    static final class Scanner implements TargetScan {
        private final CopyContext context;
        private final Reader reader;
        private final Runnable closing;
        private final MessageDigest digest;
        private final PageScan pages;
        private final CRC32C crc = new CRC32C();

        Scanner(CopyContext context, Reader reader, String algorithm, Runnable closing) {
            this.context = context;
            this.reader = reader;
            this.closing = closing;
            this.pages = new PageScan(context.pages);
            try {
                this.digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public List<StretchScan> scan(List<Piece> stretches, boolean countPages) {
            List<StretchScan> scans = new ArrayList<>(stretches.size());
            for (Piece stretch : stretches) {
                scans.add(scan(stretch));
                if (countPages) {
                    context.pagesChecked.add(pages.pages());
                }
            }
            return scans;
        }

        @Override
        public List<StretchScan> rescan(List<Piece> stretches) {
            return scan(stretches, false);
        }

        private StretchScan scan(Piece stretch) {
            context.checkAlive();
            crc.reset();
            digest.reset();
            pages.begin(context.listing.files().path(stretch.file()), stretch.offset());
            long length = reader.read(stretch, bytes -> {
                crc.update(bytes.duplicate());
                digest.update(bytes.duplicate());
                pages.update(bytes);
            });
            pages.end();
            byte[] digested = digest.digest();
            return new StretchScan(
                    stretch,
                    Math.max(0, length),
                    length < 0 ? new byte[0] : digested,
                    true,
                    (int) crc.getValue(),
                    pages.suspects());
        }

        @Override
        public boolean readsBytes() {
            return true;
        }

        @Override
        public void close() {
            closing.run();
        }
    }
}
