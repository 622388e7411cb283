package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import java.util.Locale;

/** How the standby's files come into the copy. */
enum CopyWay {
    /** The copy shares the standby's blocks until either changes them: no byte is read or written. */
    REFLINK,
    /** Each file is read and written. */
    FILES;

    private static final String FACT = "rehearsal_copy";

    String printed() {
        return name().toLowerCase(Locale.ROOT);
    }

    void record(StepContext context) {
        context.record(FACT, printed());
    }

    static CopyWay of(Facts facts) {
        return valueOf(facts.get(FACT).toUpperCase(Locale.ROOT));
    }
}
