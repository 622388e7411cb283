package dev.understudy.transfer.files;

/**
 * A stretch of a file.
 *
 * @param file number of the file in its {@link FileTable}
 * @param offset in bytes
 * @param length in bytes, as planned; the file may have become shorter
 * @param whole whether this is all of the file: then what it has grown by is read too
 */
public record Piece(int file, long offset, long length, boolean whole) {
    private static final long GROWTH_BYTES = 16L << 20;

    public static Piece whole(FileTable files, int file) {
        return new Piece(file, 0, files.size(file), true);
    }

    public static Piece range(int file, long offset, long length) {
        return new Piece(file, offset, length, false);
    }

    /** The most bytes that may be taken: what was planned, and some growth where the file is read whole. */
    public long limit() {
        return whole ? length + GROWTH_BYTES : length;
    }

    public long end() {
        return offset + length;
    }
}
