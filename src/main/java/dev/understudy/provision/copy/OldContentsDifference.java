package dev.understudy.provision.copy;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads what {@link OldContentsScripts#COMPARE} writes, as it comes: one difference for each path. */
final class OldContentsDifference extends OutputStream {
    /**
     * An entry that is not as it was.
     *
     * @param path relative
     * @param before what it was, attributes with spaces between, the kind first; empty if it was not there
     * @param now likewise
     */
    record Entry(String path, String before, String now) {
        boolean isNew() {
            return before.isEmpty();
        }

        /** Whether nothing but mode and time of a file differ, or the mode of a directory. */
        boolean isOfAttributesAlone() {
            String[] old = before.split(" ");
            String[] found = now.split(" ");
            return old.length == found.length
                    && old[0].equals(found[0])
                    && (old[0].equals("d") || old[0].equals("f") && old[4].equals(found[4]));
        }

        String mode() {
            return before.split(" ")[1];
        }

        /** Seconds since 1970 with their fraction; a hyphen for a directory. */
        String modified() {
            String[] old = before.split(" ");
            return old[0].equals("f") ? old[5] : "-";
        }
    }

    private final Consumer<Entry> entries;
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private String path = "";
    private String before = "";
    private String now = "";

    OldContentsDifference(Consumer<Entry> entries) {
        this.entries = entries;
    }

    @Override
    public void write(int b) {
        if (b == 0) {
            accept(record.toString(StandardCharsets.UTF_8));
            record.reset();
        } else {
            record.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            write(bytes[i]);
        }
    }

    private void accept(String text) {
        boolean isNow = text.startsWith("\t");
        int end = text.indexOf("//");
        String of = text.substring(isNow ? 1 : 0, end);
        int after = end;
        while (text.charAt(after) == '/') {
            after++; // A root's own path ends with one more.
        }
        String attributes = text.substring(after + 1);
        if (!of.equals(path) || isNow && !now.isEmpty() || !isNow && !before.isEmpty()) {
            finish();
            path = of;
        }
        if (isNow) {
            now = attributes;
        } else {
            before = attributes;
        }
    }

    /** Gives the last one. */
    void finish() {
        if (!before.isEmpty() || !now.isEmpty()) {
            entries.accept(new Entry(path, before, now));
        }
        before = "";
        now = "";
    }
}
