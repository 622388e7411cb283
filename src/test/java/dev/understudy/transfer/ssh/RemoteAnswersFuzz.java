package dev.understudy.transfer.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.fuzz.Fuzz;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.route.PieceReceiver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** What a primary's machine answers when it is asked for a listing, and for files in an archive. */
public final class RemoteAnswersFuzz {
    private static final Set<ErrorCode> DOCUMENTED = Set.of(ErrorCode.SOURCE_NAME_UNSAFE);
    private static final int BLOCK = 512;

    private RemoteAnswersFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(DOCUMENTED, () -> garbledOr(() -> list(bytes)));
        Fuzz.reading(DOCUMENTED, () -> garbledOr(() -> unpack(bytes)));
        Fuzz.reading(DOCUMENTED, () -> garbledOr(() -> unpack(withRightChecksums(bytes))));
    }

    /** An answer that cannot be understood is one of the documented ends. */
    private static void garbledOr(Fuzz.Reading reading) {
        try {
            reading.run();
        } catch (IOException garbled) {
            if (garbled.getMessage() == null) {
                throw new AssertionError("an end without a reason", garbled);
            }
        }
    }

    private static void list(byte[] bytes) throws IOException {
        ListingBuilder listing = new ListingBuilder(CopyRules.of(ServerMajor.V18), "primary");
        try (FindOutput output = new FindOutput(entry -> add(listing, entry))) {
            output.write(bytes, 0, bytes.length);
        }
        SourceListing found = listing.build();
        for (int file = 0; file < found.files().count(); file++) {
            requireInside(found.files().path(file));
        }
        found.directories().forEach(RemoteAnswersFuzz::requireInside);
    }

    private static void add(ListingBuilder listing, FindOutput.Entry entry) {
        listing.add(
                entry.path(), entry.kind(), entry.size(), entry.modifiedSeconds(), entry.mode(), entry.linkTarget());
    }

    private static void requireInside(String path) {
        if (!java.nio.file.Path.of("/target", path).normalize().startsWith("/target/" + path.split("/", -1)[0])) {
            throw new AssertionError("leads out of the target: " + RelativePath.printable(path));
        }
    }

    private static void unpack(byte[] bytes) throws IOException {
        FileTable asked = new FileTable();
        asked.add("PG_VERSION", 3, 0, 0600);
        asked.add("base/5/1259", 8192, 0, 0600);
        List<Piece> pieces = List.of(Piece.whole(asked, 0), Piece.whole(asked, 1));
        TarPushParser parser = new TarPushParser(new TarPieces(asked, pieces, new Counting(), "primary"));
        parser.write(bytes, 0, bytes.length);
        parser.close();
    }

    /** Takes pieces, and holds the parser to begin, accept, end. */
    private static final class Counting implements PieceReceiver {
        private boolean within;

        @Override
        public void begin(Piece piece) {
            require(!within);
            within = true;
        }

        @Override
        public void accept(ByteBuffer bytes) {
            require(within && bytes.hasRemaining());
        }

        @Override
        public void end() {
            require(within);
            within = false;
        }

        @Override
        public void vanished(Piece piece) {
            require(!within);
        }

        private static void require(boolean condition) {
            if (!condition) {
                throw new AssertionError("pieces out of order");
            }
        }
    }

    /** Every block gets the checksum that it would need as a header. */
    private static byte[] withRightChecksums(byte[] bytes) {
        byte[] right = bytes.clone();
        for (int block = 0; block + BLOCK <= right.length; block += BLOCK) {
            Arrays.fill(right, block + 148, block + 156, (byte) ' ');
            int sum = 0;
            for (int at = block; at < block + BLOCK; at++) {
                sum += right[at] & 0xFF;
            }
            byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, right, block + 148, text.length);
        }
        return right;
    }

    public static List<byte[]> seeds() {
        String find = "d 4096 1763625060.5 700 .\0\0f 3 1763625060.0 600 ./PG_VERSION\0\0"
                + "l 4 0 777 ./pg_tblspc/16384\0/srv\0f 1 -1.5 640 ./pg_tblspc/16384/PG_18_202506291/5/1259\0\0";
        return List.of(
                find.getBytes(StandardCharsets.UTF_8), archive("./PG_VERSION"), archive("./base/" + "x".repeat(200)));
    }

    private static byte[] archive(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, BLOCK)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(3);
            tar.putArchiveEntry(entry);
            tar.write(new byte[] {'1', '8', '\n'});
            tar.closeArchiveEntry();
        } catch (IOException | UnderstudyException failure) {
            throw new UncheckedIOException(new IOException(failure));
        }
        return bytes.toByteArray();
    }
}
