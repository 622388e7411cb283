package dev.understudy.engine.journal;

import dev.understudy.engine.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines of a journal: an event that is written again as it was read, or no event. */
public final class JournalFuzz {
    private JournalFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        JournalEvent event;
        try {
            event = JournalCodec.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException notAnEvent) {
            return; // As documented.
        }
        try {
            String written = JournalCodec.write(event);
            if (!JournalCodec.read(written).equals(event)) {
                throw new AssertionError("not read back as it was written: " + written);
            }
        } catch (IOException failure) {
            throw new AssertionError("what was written cannot be read", failure);
        }
    }

    public static List<byte[]> seeds() {
        return List.of(("{\"event\":\"run-finished\",\"at\":\"2026-11-20T07:51:00Z\",\"outcome\":\""
                        + Outcome.PROVEN.printed() + "\"}")
                .getBytes(StandardCharsets.UTF_8));
    }
}
