package dev.understudy.transfer.route;

import dev.understudy.transfer.files.Piece;
import java.nio.ByteBuffer;

/** Takes the bytes of pieces as a reader pushes them: {@code begin}, any number of {@code accept}, {@code end}. */
public interface PieceReceiver {
    void begin(Piece piece);

    /** Takes all remaining bytes of the buffer, the next ones of the piece. The buffer may be used again afterwards. */
    void accept(ByteBuffer bytes);

    /** The piece is over; fewer bytes than planned mean that the file has become shorter. */
    void end();

    /** The piece's file is not there any more; called instead of {@code begin}. */
    void vanished(Piece piece);
}
