package dev.understudy.transfer.ssh;

import dev.understudy.host.CommandResult;
import dev.understudy.transfer.files.ListingBuilder.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes apart what {@code find -printf} writes, entry by entry as it comes. */
final class FindOutput extends OutputStream {
    private static final int LONGEST_TOKEN = 16 << 10;
    private static final Pattern LINE = Pattern.compile(
            "(?s)(?<kind>\\S) (?<size>\\d{1,18}) (?<time>-?\\d{1,12}(?:[.]\\d{0,10})?) (?<mode>[0-7]{1,6}) (?<path>.*)");

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

    /** Whether what came so far ends with an entry. */
    boolean isComplete() {
        return token.size() == 0 && fields.isEmpty();
    }

    private static Entry parse(String line, String linkTarget) throws IOException {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IOException("find wrote what cannot be understood");
        }
        String path = parts.group("path");
        BigDecimal modified = new BigDecimal(parts.group("time"));
        BigDecimal seconds = modified.setScale(0, RoundingMode.FLOOR);
        return new Entry(
                kind(parts.group("kind")),
                Long.parseLong(parts.group("size")),
                seconds.longValueExact(),
                modified.subtract(seconds).movePointRight(9).intValue(),
                Integer.parseInt(parts.group("mode"), 8),
                path.equals(".") ? "" : path.startsWith("./") ? path.substring(2) : path,
                linkTarget);
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "f" -> Kind.FILE;
            case "d" -> Kind.DIRECTORY;
            case "l" -> Kind.SYMBOLIC_LINK;
            default -> Kind.SPECIAL;
        };
    }

    /** Whether find complained of nothing but entries that went away while it looked; it says so for each. */
    static boolean onlyVanished(CommandResult result) {
        return !result.error().isBlank()
                && result.error()
                        .lines()
                        .map(String::strip)
                        .allMatch(line -> line.startsWith("find: ") && line.endsWith(": No such file or directory"));
    }
}
