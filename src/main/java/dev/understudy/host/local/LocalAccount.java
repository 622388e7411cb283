package dev.understudy.host.local;

import dev.understudy.host.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who runs this process. */
final class LocalAccount {
    private LocalAccount() {}

    /** From {@code /proc/self/status}: the lines {@code Uid:} and {@code Gid:} hold real, effective, saved and file ids. */
    static Account current() {
        try {
            String status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
            int uid = effective(status, "Uid:");
            String name = System.getProperty("user.name", "?");
            String home = System.getProperty("user.home", "?");
            return new Account(
                    name.equals("?") ? Integer.toUnsignedString(uid) : name,
                    uid,
                    effective(status, "Gid:"),
                    home.startsWith("/") ? home : "");
        } catch (IOException e) {
            throw new UncheckedIOException("could not read /proc/self/status", e);
        }
    }

    private static int effective(String status, String label) {
        String line = status.lines()
                .filter(candidate -> candidate.startsWith(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + label + " in /proc/self/status"));
        return Integer.parseUnsignedInt(line.substring(label.length()).strip().split("\\s+", -1)[1]);
    }
}
