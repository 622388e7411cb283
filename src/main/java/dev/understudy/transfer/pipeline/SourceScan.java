package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SourceReader;
import dev.understudy.transfer.route.SourceReader.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a source has: hashed where it lies, or read, where that costs no more. */
interface SourceScan {
    List<StretchScan> scan(List<Piece> stretches, boolean countPages);

    /** Whether all bytes come by here, so that pages are checked. */
    boolean readsBytes();

    static SourceScan of(CopyContext context, SourceReader reader, Digest digest) {
        return reader.digest().isDirect() ? reading(context, reader, digest) : hashing(context, reader);
    }

    private static SourceScan hashing(CopyContext context, SourceReader reader) {
        return new SourceScan() {
            @Override
            public List<StretchScan> scan(List<Piece> stretches, boolean countPages) {
                List<byte[]> digests = reader.hash(context.listing.files(), stretches);
                List<StretchScan> scans = new ArrayList<>(stretches.size());
                for (int stretch = 0; stretch < stretches.size(); stretch++) {
                    scans.add(StretchScan.hashed(stretches.get(stretch), 0, digests.get(stretch)));
                }
                return scans;
            }

            @Override
            public boolean readsBytes() {
                return false;
            }
        };
    }

    private static SourceScan reading(CopyContext context, SourceReader reader, Digest digest) {
        StretchScan.Reader reads = (stretch, receiver) -> {
            Stretch read = new Stretch(receiver);
            reader.read(context.listing.files(), List.of(stretch), read);
            return read.length;
        };
        StretchScan.Scanner scanner = new StretchScan.Scanner(context, reads, digest.algorithm(), () -> {});
        return new SourceScan() {
            @Override
            public List<StretchScan> scan(List<Piece> stretches, boolean countPages) {
                return scanner.scan(stretches, countPages);
            }

            @Override
            public boolean readsBytes() {
                return true;
            }
        };
    }

    /** Counts the bytes of one stretch. */
    final class Stretch implements PieceReceiver {
        private final Consumer<ByteBuffer> receiver;
        private long length;

        Stretch(Consumer<ByteBuffer> receiver) {
            this.receiver = receiver;
        }

        @Override
        public void begin(Piece piece) {
            length = 0;
        }

        @Override
        public void accept(ByteBuffer bytes) {
            length += bytes.remaining();
            receiver.accept(bytes);
        }

        @Override
        public void end() {}

        @Override
        public void vanished(Piece piece) {
            length = -1;
        }
    }
}
