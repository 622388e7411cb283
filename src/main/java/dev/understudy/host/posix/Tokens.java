package dev.understudy.host.posix;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fields that each end in NUL. */
final class Tokens {
    private Tokens() {}

    static List<byte[]> split(byte[] bytes) {
        List<byte[]> tokens = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                tokens.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return tokens;
    }

    /** A number that a host printed. */
    static long number(String host, byte[] token) {
        try {
            return Long.parseUnsignedLong(new String(token, StandardCharsets.US_ASCII).strip());
        } catch (NumberFormatException e) {
            throw StatusParser.garbled(host);
        }
    }
}
