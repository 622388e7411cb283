package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import java.util.ArrayList;
import java.util.List;

/** Cuts and joins stretches of files. */
final class Pieces {
    private Pieces() {}

    /** The stretch in parts of at most {@code bytes}; an empty one is one empty part. */
    static List<Piece> cut(Piece stretch, int bytes) {
        List<Piece> parts = new ArrayList<>();
        long offset = stretch.offset();
        do {
            parts.add(Piece.range(stretch.file(), offset, Math.min(bytes, stretch.end() - offset)));
            offset += bytes;
        } while (offset < stretch.end());
        return parts;
    }

    /** Neighbours made one. */
    static List<Piece> joined(List<Piece> stretches) {
        List<Piece> joined = new ArrayList<>();
        for (Piece stretch : stretches) {
            int last = joined.size() - 1;
            if (last >= 0
                    && joined.get(last).file() == stretch.file()
                    && joined.get(last).end() == stretch.offset()) {
                Piece before = joined.get(last);
                joined.set(last, Piece.range(before.file(), before.offset(), before.length() + stretch.length()));
            } else {
                joined.add(stretch);
            }
        }
        return joined;
    }
}
