package dev.understudy.engine.run;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;

/** Makes an error of ours out of what should not have been thrown. */
final class Defects {
    private Defects() {}

    static UnderstudyException of(String where, Throwable cause) {
        return UnderstudyException.of(ErrorCode.DEFECT, "%s failed in a way it should not", where)
                .detail("%s", cause.toString())
                .cause(cause)
                .build();
    }
}
