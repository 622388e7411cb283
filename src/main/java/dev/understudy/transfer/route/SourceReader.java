package dev.understudy.transfer.route;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import java.util.List;

/** Reads a source's files for one worker; not for use by several threads. */
public interface SourceReader extends AutoCloseable {
    /**
     * Reads pieces and pushes their bytes into the receiver, in any order of pieces. A file that is no longer there is told
     * to the receiver; one that has become shorter gives fewer bytes.
     *
     * @throws dev.understudy.error.UnderstudyException naming file and side if a file that is there cannot be read
     */
    void read(FileTable files, List<Piece> pieces, PieceReceiver receiver);

    /**
     * The digests of pieces, each by {@link #digest}, of the bytes that are there within the piece.
     *
     * @return one for each piece in the same order; empty where the file is not there
     */
    List<byte[]> hash(FileTable files, List<Piece> pieces);

    /** How this reader hashes. */
    Digest digest();

    /** {@code global/pg_control} as it is now, at most 8192 bytes; perhaps torn. */
    byte[] readControlFile();

    @Override
    void close();

    /**
     * The digest of a source, as {@link java.security.MessageDigest} names it.
     *
     * @param coarseBytes the stretch compared first; a multiple of fineBytes
     * @param fineBytes the stretch compared where coarse ones differ; a multiple of the page size
     */
    record Digest(String algorithm, int coarseBytes, int fineBytes) {
        /** No digests: reading costs no more than hashing, so the bytes themselves are compared. */
        public static final Digest DIRECT = new Digest("", 0, 0);

        public boolean isDirect() {
            return algorithm.isEmpty();
        }
    }
}
