package dev.understudy.host.posix;

import dev.understudy.host.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads what {@link ShellScripts#STATUS} and its like print, as it comes.
 *
 * <pre>
 * S mode(hex) size modified(seconds.nanoseconds) uid gid device NUL name NUL     for every file
 * L NUL name NUL target NUL                                                     for every symbolic link besides
 * </pre>
 */
final class StatusParser extends OutputStream {
    private final String host;
    private final UnaryOperator<String> naming;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private final List<byte[]> fields = new ArrayList<>();
    private final List<FileStatus> found = new ArrayList<>();
    private final Map<String, String> targets = new HashMap<>();

    StatusParser(String host, UnaryOperator<String> naming) {
        this.host = host;
        this.naming = naming;
    }

    @Override
    public synchronized void write(int b) {
        if (b != 0) {
            field.write(b);
            return;
        }
        fields.add(field.toByteArray());
        field.reset();
        if (fields.size() == (fields.get(0)[0] == 'L' ? 3 : 2)) {
            add();
            fields.clear();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** What was read, sorted by path, so that a directory comes before its contents. */
    synchronized List<FileStatus> finish() {
        return found.stream()
                .map(this::withTarget)
                .filter(file -> !file.isSymbolicLink() || file.linkTarget().isPresent())
                .sorted(Comparator.comparing(FileStatus::path))
                .toList();
    }

    private void add() {
        String name = naming.apply(FileNames.decode(host, fields.get(1)));
        if (fields.get(0)[0] == 'L') {
            targets.put(name, FileNames.decode(host, fields.get(2)));
            return;
        }
        String[] numbers = new String(fields.get(0), StandardCharsets.US_ASCII).split(" ", -1);
        int mode = Integer.parseInt(numbers[1], 16);
        found.add(new FileStatus(
                name,
                FileNames.kind(mode),
                Long.parseLong(numbers[2]),
                instant(numbers[3]),
                mode & 07777,
                Integer.parseUnsignedInt(numbers[4]),
                Integer.parseUnsignedInt(numbers[5]),
                Long.parseUnsignedLong(numbers[6]),
                Optional.empty()));
    }

    private static Instant instant(String seconds) {
        BigDecimal value = new BigDecimal(seconds.replace(',', '.'));
        long whole = value.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
        return Instant.ofEpochSecond(
                whole,
                value.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
    }

    private FileStatus withTarget(FileStatus file) {
        return new FileStatus(
                file.path(),
                file.kind(),
                file.size(),
                file.modified(),
                file.mode(),
                file.uid(),
                file.gid(),
                file.device(),
                Optional.ofNullable(targets.get(file.path())));
    }
}
