package dev.understudy.transfer.ssh;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has another machine hash: whole files by one process, stretches by one process each. */
final class SshHashes {
    private static final byte[] NONE = new byte[0];

    private final SshReader reader;
    private final FileTable files;

    SshHashes(SshReader reader, FileTable files) {
        this.reader = reader;
        this.files = files;
    }

    List<byte[]> of(List<Piece> pieces) {
        Map<Piece, byte[]> digests = new HashMap<>();
        List<Piece> whole = new ArrayList<>();
        List<Piece> ranges = new ArrayList<>();
        for (Piece piece : pieces) {
            boolean all = piece.offset() == 0 && piece.length() >= files.size(piece.file());
            (all ? whole : ranges).add(piece);
        }
        if (!whole.isEmpty()) {
            hashWhole(whole, digests);
        }
        if (!ranges.isEmpty()) {
            hashRanges(ranges, digests);
        }
        return pieces.stream().map(piece -> digests.getOrDefault(piece, NONE)).toList();
    }

    /** A file that has grown beyond its piece gives a digest that fits nothing, and is copied anew: that is right too. */
    private void hashWhole(List<Piece> pieces, Map<Piece, byte[]> digests) {
        Map<String, Piece> byName = new LinkedHashMap<>();
        pieces.forEach(piece -> byName.put("./" + files.path(piece.file()), piece));
        String output = reader.hashFiles(files, pieces);
        for (int at = 0; at < output.length(); ) {
            int end = output.indexOf('\0', at);
            int space = output.indexOf(' ', at);
            if (end < 0 || space < 0 || space + 2 > end) {
                break;
            }
            Piece piece = byName.remove(output.substring(space + 2, end));
            if (piece != null) {
                digests.put(piece, HexFormat.of().parseHex(output, at, space));
            }
            at = end + 1;
        }
        reader.requireGone(files, byName.values(), "");
    }

    private void hashRanges(List<Piece> pieces, Map<Piece, byte[]> digests) {
        String[] lines = reader.hashRanges(files, pieces).split("\n");
        List<Piece> missing = new ArrayList<>();
        for (int piece = 0; piece < pieces.size(); piece++) {
            String line = piece < lines.length ? lines[piece] : "-";
            int space = line.indexOf(' ');
            if (space < 0) {
                missing.add(pieces.get(piece));
            } else {
                digests.put(pieces.get(piece), HexFormat.of().parseHex(line, 0, space));
            }
        }
        reader.requireGone(files, missing, "");
    }
}
