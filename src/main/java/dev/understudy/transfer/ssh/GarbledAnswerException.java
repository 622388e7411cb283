package dev.understudy.transfer.ssh;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The other machine's programs answered what cannot be understood; the stream itself is whole. */
final class GarbledAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    GarbledAnswerException(String message) {
        this(message, null);
    }

    GarbledAnswerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
