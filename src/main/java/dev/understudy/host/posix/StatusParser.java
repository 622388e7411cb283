package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ShellScripts#STATUS} and its like print, as it comes.
 *
 * <pre>
 * S mode(hex) size modified(seconds.nanoseconds) uid gid device NUL name NUL     for every file
 * L NUL name NUL target NUL                                                     for every symbolic link besides
 * </pre>
 */
final class StatusParser extends OutputStream {
    /** A path and a link's text are each shorter than PATH_MAX, 4096 on Linux. */
    private static final int LONGEST_FIELD = 16 << 10;

    private static final Pattern NUMBERS =
            Pattern.compile("S ([0-9a-fA-F]{1,7}) (\\d{1,18}) (-?\\d{1,12})(?:[.,](\\d{1,9}))?"
                    + " (\\d{1,10}) (\\d{1,10}) (\\d{1,19})");

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
            if (field.size() >= LONGEST_FIELD) {
                throw garbled();
            }
            field.write(b);
            return;
        }
        fields.add(field.toByteArray());
        field.reset();
        if (fields.size() == (isLink() ? 3 : 2)) {
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
        if (isLink()) {
            targets.put(name, FileNames.decode(host, fields.get(2)));
            return;
        }
        Matcher numbers = NUMBERS.matcher(new String(fields.get(0), StandardCharsets.US_ASCII));
        if (!numbers.matches()) {
            throw garbled();
        }
        int mode = Integer.parseInt(numbers.group(1), 16);
        found.add(new FileStatus(
                name,
                FileNames.kind(mode),
                Long.parseLong(numbers.group(2)),
                instant(numbers.group(3), numbers.group(4)),
                mode & 07777,
                number(numbers.group(5)),
                number(numbers.group(6)),
                Long.parseUnsignedLong(numbers.group(7)),
                Optional.empty()));
    }

    private boolean isLink() {
        byte[] first = fields.get(0);
        return first.length == 1 && first[0] == 'L';
    }

    /** An account's or group's number, of 32 bits without a sign. */
    private int number(String digits) {
        long number = Long.parseLong(digits);
        if (number > 0xFFFF_FFFFL) {
            throw garbled();
        }
        return (int) number;
    }

    /** Before 1970 the fraction counts backwards, as it is printed. */
    private static Instant instant(String seconds, @Nullable String fraction) {
        long nanos = fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
        return Instant.ofEpochSecond(Long.parseLong(seconds), seconds.startsWith("-") ? -nanos : nanos);
    }

    private UnderstudyException garbled() {
        return garbled(host);
    }

    /** What the host answered cannot be understood. */
    static UnderstudyException garbled(String host) {
        return UnderstudyException.of(
                        ErrorCode.SSH_SHELL_UNUSABLE, "host \"%s\" answered what cannot be understood", host)
                .detail("Its stat, find or df wrote something else than was asked for.")
                .hint("Make the account's start-up files silent for sessions that are not interactive.")
                .build();
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
