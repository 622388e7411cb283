package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.List;
import java.util.Locale;

/** Values of libpq's {@code target_session_attrs}. */
enum SessionAttributes {
    ANY,
    READ_WRITE,
    READ_ONLY,
    PRIMARY,
    STANDBY,
    PREFER_STANDBY;

    static SessionAttributes of(String text) {
        for (SessionAttributes attributes : values()) {
            if (attributes.printed().equals(text)) {
                return attributes;
            }
        }
        if (text.isEmpty()) {
            return ANY;
        }
        throw UnderstudyException.of(ErrorCode.CONNINFO_INVALID, "invalid target_session_attrs value: \"%s\"", text)
                .hint("Use any, read-write, read-only, primary, standby or prefer-standby.")
                .build();
    }

    String printed() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What to ask for in turn, over all hosts each time. */
    List<SessionAttributes> passes() {
        return this == PREFER_STANDBY ? List.of(STANDBY, ANY) : List.of(this);
    }

    boolean accepts(boolean inRecovery, boolean readOnlyByDefault) {
        return switch (this) {
            case ANY, PREFER_STANDBY -> true;
            case READ_WRITE -> !inRecovery && !readOnlyByDefault;
            case READ_ONLY -> inRecovery || readOnlyByDefault;
            case PRIMARY -> !inRecovery;
            case STANDBY -> inRecovery;
        };
    }
}
