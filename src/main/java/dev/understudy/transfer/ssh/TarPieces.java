package dev.understudy.transfer.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.route.PieceReceiver;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Matches the entries of a tar stream to the pieces that were asked for; nothing else is taken. */
final class TarPieces implements TarPushParser.Handler {
    private final Map<String, Piece> expected = new LinkedHashMap<>();
    private final PieceReceiver receiver;
    private final String side;

    TarPieces(FileTable files, List<Piece> pieces, PieceReceiver receiver, String side) {
        pieces.forEach(piece -> expected.put("./" + files.path(piece.file()), piece));
        this.receiver = receiver;
        this.side = side;
    }

    @Override
    public void begin(String name, long size) {
        Piece piece = expected.remove(name);
        if (piece == null) {
            throw UnderstudyException.of(
                            ErrorCode.SOURCE_NAME_UNSAFE,
                            "%s sent a file that was not asked for: \"%s\"",
                            side,
                            RelativePath.printable(name))
                    .build();
        }
        receiver.begin(piece);
    }

    @Override
    public void bytes(ByteBuffer bytes) {
        receiver.accept(bytes);
    }

    @Override
    public void end() {
        receiver.end();
    }

    /** Pieces that did not come. */
    Collection<Piece> missing() {
        return List.copyOf(expected.values());
    }
}
