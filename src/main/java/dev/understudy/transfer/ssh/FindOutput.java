package dev.understudy.transfer.ssh;

import dev.understudy.transfer.files.ListingBuilder.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Takes apart what {@code find -printf} writes, entry by entry as it comes. */
final class FindOutput extends OutputStream {
    private static final int LONGEST_TOKEN = 16 << 10;

    private final Consumer<Entry> entries;
    private final ByteArrayOutputStream token = new ByteArrayOutputStream();
    private String fields = "";

    /**
     * One directory entry.
     *
     * @param path relative, without {@code ./}; empty for the start itself
     */
    record Entry(
            Kind kind, long size, long modifiedSeconds, int modifiedNanos, int mode, String path, String linkTarget) {}

    FindOutput(Consumer<Entry> entries) {
        this.entries = entries;
    }

    @Override
    public void write(int single) throws IOException {
        if (single != 0) {
            if (token.size() >= LONGEST_TOKEN) {
                throw new IOException("a file name longer than any file system takes");
            }
            token.write(single);
            return;
        }
        String text = token.toString(StandardCharsets.UTF_8);
        token.reset();
        if (fields.isEmpty()) {
            fields = text;
        } else {
            entries.accept(parse(fields, text));
            fields = "";
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset; at < offset + length; at++) {
            write(bytes[at]);
        }
    }

    private static Entry parse(String line, String linkTarget) throws IOException {
        String[] parts = line.split(" ", 5);
        try {
            BigDecimal modified = new BigDecimal(parts[2]);
            BigDecimal seconds = modified.setScale(0, RoundingMode.FLOOR);
            String path = parts[4].equals(".") ? "" : parts[4].startsWith("./") ? parts[4].substring(2) : parts[4];
            return new Entry(
                    kind(parts[0]),
                    Long.parseLong(parts[1]),
                    seconds.longValueExact(),
                    modified.subtract(seconds).movePointRight(9).intValue(),
                    Integer.parseInt(parts[3], 8),
                    path,
                    linkTarget);
        } catch (ArithmeticException | ArrayIndexOutOfBoundsException | NumberFormatException failure) {
            throw new IOException("find wrote what cannot be understood", failure);
        }
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "f" -> Kind.FILE;
            case "d" -> Kind.DIRECTORY;
            case "l" -> Kind.SYMBOLIC_LINK;
            default -> Kind.SPECIAL;
        };
    }
}
