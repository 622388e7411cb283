package dev.understudy.fuzz;

import java.util.Arrays;

/**
 * What the fuzzer calls. Which reader: the one that the system property {@value #TARGET} names, or else the one that an
 * input's first byte says.
 */
public final class FuzzedReaders {
    static final String TARGET = "understudy.fuzz.target";

    private static final FuzzTarget[] TARGETS = FuzzTarget.values();
    private static final String NAMED = System.getProperty(TARGET, "");

    private FuzzedReaders() {}

    /** Loads the classes, which takes longer than the limit of one input. */
    public static void fuzzerInitialize() {
        for (FuzzTarget target : NAMED.isEmpty() ? TARGETS : new FuzzTarget[] {FuzzTarget.valueOf(NAMED)}) {
            target.seeds().forEach(target::read);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (!NAMED.isEmpty()) {
            FuzzTarget.valueOf(NAMED).read(input);
        } else if (input.length > 0) {
            TARGETS[(input[0] & 0xFF) % TARGETS.length].read(Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /** An input of one reader as an input of all. */
    static byte[] addressed(FuzzTarget target, byte[] input) {
        byte[] addressed = new byte[input.length + 1];
        addressed[0] = (byte) target.ordinal();
        System.arraycopy(input, 0, addressed, 1, input.length);
        return addressed;
    }
}
