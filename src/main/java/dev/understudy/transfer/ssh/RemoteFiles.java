package dev.understudy.transfer.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and hashes stretches of another machine's files through one shell. */
final class RemoteFiles {
    /** Requests that may be on their way at once; together they stay far below what the connection buffers. */
    private static final int AHEAD = 500;

    private static final int HEX_SHORTEST = 32;

    /** Names that every program prints as they are: all that PostgreSQL itself gives. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./-]+");

    /**
     * {@code range FILE OFFSET COUNT} answers with a line that holds the number of bytes, these bytes, what went wrong, a
     * NUL; or with -1 for a file that is not there; or with -2, what went wrong, a NUL. A file that is cut short at this
     * moment is filled up with zeros, as tar does; replay cuts the copy as well. dd says how much it wrote.
     *
     * <p>{@code sum PROGRAM FILE OFFSET COUNT} answers with a digest on a line, or {@code -}. {@code sums PROGRAM BYTES} and
     * {@code sizes BYTES} take names with a NUL after each, answer with entries likewise, and end with an empty one.
     * {@code strangesums} is the same for names that hold what OpenSSL would not print as it is.
     *
     * <p>{@code sha256sum} takes no part of the processor that is made for it: measured, 350 MB/s and OpenSSL's program
     * 1,700 MB/s. Where that is installed and gives the right digest of nothing, it is used.
     */
    static final String FUNCTIONS = """
            names() { dd bs=65536 iflag=count_bytes,fullblock count="$1" status=none; }
            range() {
            [ -z "$strict" ] || [ ! -h "$1" ] || { printf '%s\\n%s\\0' -2 'Is a symbolic link'; return 0; }
            size=$(stat -L --printf %s -- "$1" 2>&1) || {
            case $size in *'No such file or directory'*) echo -1 ;; *) printf '%s\\n%s\\0' -2 "$size" ;; esac
            return 0
            }
            n=$((size - $2)); [ "$n" -le "$3" ] || n=$3; [ "$n" -ge 0 ] || n=0
            echo "$n"
            e=
            if [ "$n" -gt 0 ]; then
            e=$(dd if="$1" bs=262144 iflag=skip_bytes,count_bytes,fullblock skip="$2" count="$n" 2>&1 >&3); s=$?
            m=${e##*"$nl"}
            case $m in [0-9]*' bytes'*) m=${m%% *} ;; *) m=0 ;; esac
            [ "$m" -ge "$n" ] || dd if=/dev/zero bs=262144 iflag=count_bytes count=$((n - m)) status=none
            case $s$e in 0* | *'No such file or directory'*) e= ;; esac
            fi
            printf '%s\\0' "$e"
            }
            openssl=
            swift() {
            [ "$1" = sha256sum ] || return 1
            [ -n "$openssl" ] || case $(openssl dgst -sha256 -r </dev/null 2>/dev/null) in
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\\ *) openssl=yes ;; *) openssl=no ;; esac
            [ "$openssl" = yes ]
            }
            stretch() {
            exec dd if="$1" bs=262144 iflag=skip_bytes,count_bytes,fullblock skip="$2" count="$3" status=none
            }
            sum() {
            if [ ! -r "$2" ]; then echo -; return 0; fi
            if swift "$1"; then stretch "$2" "$3" "$4" | openssl dgst -sha256 -r; else stretch "$2" "$3" "$4" | "$1"; fi
            }
            sums() {
            if swift "$1"; then names "$2" | xargs -0 -r openssl dgst -sha256 -r 2>/dev/null | tr '\\n' '\\0'
            else names "$2" | xargs -0 -r "$1" -z -- 2>/dev/null; fi
            printf '\\0'
            }
            strangesums() { names "$2" | xargs -0 -r "$1" -z -- 2>/dev/null; printf '\\0'; }
            sizes() { names "$1" | xargs -0 -r stat --printf '%F/%s/%n\\0' -- 2>/dev/null; printf '\\0'; }
            """;

    private final RemoteShell shell;
    private final Footing footing;

    /** A stretch of a file. */
    record Range(String path, long offset, long length) {}

    /** Hears of ranges in the order they were asked for. */
    interface Receiver {
        void begin(int range);

        void accept(ByteBuffer bytes);

        void end(int range);

        /** The file is not there. */
        void missing(int range);

        /** The file could not be read; may throw. */
        void failed(int range, String words);
    }

    RemoteFiles(RemoteShell shell, Footing footing) {
        this.shell = shell;
        this.footing = footing;
    }

    void read(List<Range> ranges, Receiver receiver) throws IOException {
        for (int from = 0; from < ranges.size(); from += AHEAD) {
            int to = Math.min(ranges.size(), from + AHEAD);
            for (Range range : ranges.subList(from, to)) {
                request(range, "range");
            }
            shell.flush();
            for (int range = from; range < to; range++) {
                receive(range, ranges.get(range), receiver);
            }
        }
    }

    private void request(Range range, String... function) throws IOException {
        footing.enter(shell, range.path());
        List<String> arguments = new ArrayList<>(List.of(function).subList(1, function.length));
        arguments.addAll(
                List.of(footing.name(range.path()), Long.toString(range.offset()), Long.toString(range.length())));
        shell.request(function[0], arguments.toArray(String[]::new));
    }

    private void receive(int number, Range range, Receiver receiver) throws IOException {
        long count = shell.number();
        if (count == -1) {
            receiver.missing(number);
        } else if (count == -2) {
            receiver.failed(number, shell.text('\0'));
        } else if (count < 0 || count > range.length()) {
            throw new GarbledAnswerException("another number of bytes than was asked for");
        } else {
            receiver.begin(number);
            shell.bytes(count, receiver::accept);
            String words = shell.text('\0');
            if (!words.isEmpty()) {
                receiver.failed(number, words);
            }
            receiver.end(number);
        }
    }

    /** Digests of stretches, one by one; empty for a file that is not there or cannot be read. */
    List<byte[]> hashRanges(String algorithm, List<Range> ranges) throws IOException {
        List<byte[]> digests = new ArrayList<>(ranges.size());
        for (int from = 0; from < ranges.size(); from += AHEAD) {
            List<Range> some = ranges.subList(from, Math.min(ranges.size(), from + AHEAD));
            for (Range range : some) {
                request(range, "sum", program(algorithm));
            }
            shell.flush();
            for (int range = 0; range < some.size(); range++) {
                String line = shell.text('\n');
                int space = line.indexOf(' ');
                digests.add(space < 0 ? new byte[0] : digest(line.substring(0, space)));
            }
        }
        return digests;
    }

    /** Digests of whole files by path, many by one process; what is not there or cannot be read is left out. */
    Map<String, byte[]> hashFiles(String algorithm, List<String> paths) throws IOException {
        Map<String, byte[]> digests = new HashMap<>();
        List<String> plain =
                paths.stream().filter(path -> PLAIN.matcher(path).matches()).toList();
        List<String> strange =
                paths.stream().filter(path -> !PLAIN.matcher(path).matches()).toList();
        EntryReceiver receiver = (path, entry) -> digests.put(path, digest(entry));
        ask(plain, receiver, "sums", program(algorithm));
        ask(strange, receiver, "strangesums", program(algorithm));
        return digests;
    }

    /** Sizes of regular files by path; anything else is left out. */
    Map<String, Long> sizes(List<String> paths) throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        ask(
                paths,
                (path, entry) -> {
                    if (entry.startsWith("regular ")) {
                        sizes.put(path, size(entry.substring(entry.indexOf('/') + 1)));
                    }
                },
                "sizes");
        return sizes;
    }

    private static long size(String digits) throws IOException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException failure) {
            throw new GarbledAnswerException("no size where one was expected", failure);
        }
    }

    /** Takes what an entry says of a path. */
    private interface EntryReceiver {
        void accept(String path, String entry) throws IOException;
    }

    private void ask(List<String> paths, EntryReceiver receiver, String... function) throws IOException {
        for (int from = 0; from < paths.size(); ) {
            int to = from + 1;
            String place = footing.place(paths.get(from));
            while (to < paths.size() && footing.place(paths.get(to)).equals(place)) {
                to++;
            }
            askThere(paths.subList(from, to), receiver, function);
            from = to;
        }
    }

    private void askThere(List<String> paths, EntryReceiver receiver, String... function) throws IOException {
        Map<String, String> byName = new HashMap<>();
        paths.forEach(path -> byName.put(footing.name(path), path));
        footing.enter(shell, paths.get(0));
        byte[] names = names(paths);
        List<String> arguments = new ArrayList<>(List.of(function).subList(1, function.length));
        arguments.add(Integer.toString(names.length));
        shell.request(function[0], arguments.toArray(String[]::new));
        shell.data(names, 0, names.length);
        shell.flush();
        for (String entry = shell.text('\0'); !entry.isEmpty(); entry = shell.text('\0')) {
            int name = entry.indexOf("./");
            String path = name < 1 ? null : byName.get(entry.substring(name));
            if (path != null) {
                receiver.accept(path, entry.substring(0, name - 1).stripTrailing());
            }
        }
    }

    /** The names of files at one place, as programs take them from a list. */
    byte[] names(List<String> paths) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String path : paths) {
            names.writeBytes(footing.name(path).getBytes(StandardCharsets.UTF_8));
            names.write(0);
        }
        return names.toByteArray();
    }

    private static String program(String algorithm) {
        return switch (algorithm) {
            case "SHA-256" -> "sha256sum";
            case "MD5" -> "md5sum";
            default -> throw new IllegalArgumentException("no program is known for " + algorithm);
        };
    }

    private static byte[] digest(String text) throws IOException {
        if (text.length() < HEX_SHORTEST) {
            throw new GarbledAnswerException("no digest where one was expected");
        }
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException failure) {
            throw new GarbledAnswerException("no digest where one was expected", failure);
        }
    }
}
