package dev.understudy.fuzz;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.util.Set;

/** What a reader under fuzzing may do: read, or refuse as its documentation says. All else is a finding. */
public final class Fuzz {
    private Fuzz() {}

    /** One reading. */
    public interface Reading {
        void run() throws IOException;
    }

    /** Prints what was read, as a message or a report would; printing must work for whatever could be read. */
    public static void print(Object read) {
        if (read.toString().isEmpty()) {
            throw new AssertionError("nothing to print");
        }
    }

    /** Reads, and lets nothing out but the errors that the reader documents. */
    public static void reading(Set<ErrorCode> documented, Reading reading) {
        try {
            reading.run();
        } catch (UnderstudyException refused) {
            if (!documented.contains(refused.code())) {
                throw new AssertionError("an error that the reader does not document: " + refused.describe(), refused);
            }
        } catch (IOException failure) {
            throw new AssertionError("bytes in memory cannot fail to be read", failure);
        }
    }
}
