package dev.understudy.promotion.machine;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Looks at the machine of a running server with one script. */
public final class MachineReader {
    /**
     * Each line is a word and its value; a word may come several times. {@code $1} is the postmaster. The limits of
     * control groups, of both versions, hold for all that is below: hence the walk up to the root.
     */
    private static final String LOOK = """
            echo "boot $(cat /proc/sys/kernel/random/boot_id 2>/dev/null) $(uname -n) $(stat -c %d:%i / 2>/dev/null)"
            sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/memory \\1/p; s/^HugePages_Total: */hugepages /p
                s/^Hugepagesize: *\\([0-9]*\\) kB$/hugepagesize \\1/p' /proc/meminfo 2>/dev/null
            echo "processors $(getconf _NPROCESSORS_ONLN 2>/dev/null)"
            echo "libc $(getconf GNU_LIBC_VERSION 2>/dev/null)"
            up() {
                g=$2
                while :; do
                    [ -r "$1$g/$3" ] && echo "$4 $(cat "$1$g/$3")" 2>/dev/null
                    [ -n "$g" ] || break
                    g=${g%/*}
                done
            }
            while IFS=: read -r n c p; do
                [ "$p" = / ] && p=
                case ,$c, in
                ,,) up /sys/fs/cgroup "$p" memory.max limit; up /sys/fs/cgroup "$p" cpu.max quota ;;
                *,memory,*) up /sys/fs/cgroup/memory "$p" memory.limit_in_bytes limit ;;
                esac
            done < "/proc/$1/cgroup" 2>/dev/null
            sed 's/^/rlimit /' "/proc/$1/limits" 2>/dev/null
            """;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private MachineReader() {}

    /**
     * Looks.
     *
     * @param host the server's machine; as root or as the server's account it sees the postmaster's limits
     * @param postmaster process id of the postmaster; unknown where the server does not run or was not found
     * @throws UnderstudyException if the host cannot be asked
     */
    public static MachineFacts read(Host host, Known<Long> postmaster) {
        String pid = postmaster.match(number -> Long.toString(number), reason -> "self");
        Map<String, List<String>> lines = new HashMap<>();
        host.run(Command.shell(LOOK, pid).withLimit(LIMIT)).text().lines().forEach(line -> {
            int blank = line.indexOf(' ');
            String value = blank < 0 ? "" : line.substring(blank + 1).strip();
            if (!value.isEmpty()) {
                lines.computeIfAbsent(line.substring(0, Math.max(0, blank)), word -> new ArrayList<>())
                        .add(value);
            }
        });
        return new MachineFacts(
                host.name(),
                first(lines, "boot", "the machine has no boot id", text -> text),
                least(
                                Stream.concat(
                                        values(lines, "memory").map(kilobytes -> Double.parseDouble(kilobytes) * 1024),
                                        values(lines, "limit")
                                                .filter(text -> text.matches("\\d+"))
                                                .map(Double::valueOf)),
                                "the machine has no /proc/meminfo")
                        .map(Double::longValue),
                least(
                        Stream.concat(
                                values(lines, "processors").map(Double::valueOf),
                                values(lines, "quota")
                                        .filter(text -> text.matches("\\d+ \\d+"))
                                        .map(MachineReader::quotient)),
                        "getconf does not tell"),
                first(lines, "hugepages", "the kernel has no huge pages", Long::valueOf),
                first(
                        lines,
                        "hugepagesize",
                        "the kernel has no huge pages",
                        kilobytes -> Long.parseLong(kilobytes) * 1024),
                first(lines, "libc", "it is not glibc", text -> text),
                postmaster.flatMap(number -> limits(lines)));
    }

    private static Known<ProcessLimits> limits(Map<String, List<String>> lines) {
        ProcessLimits limits = ProcessLimits.parse(String.join("\n", lines.getOrDefault("rlimit", List.of())));
        return limits.soft().isEmpty()
                ? Known.unknown("the account may not read the limits of the postmaster")
                : Known.of(limits);
    }

    private static Stream<String> values(Map<String, List<String>> lines, String word) {
        return lines.getOrDefault(word, List.of()).stream();
    }

    private static <T> Known<T> first(
            Map<String, List<String>> lines, String word, String otherwise, Function<String, T> parse) {
        return values(lines, word)
                .findFirst()
                .map(text -> Known.of(parse.apply(text)))
                .orElse(Known.unknown(otherwise));
    }

    private static Known<Double> least(Stream<Double> numbers, String otherwise) {
        return numbers.min(Double::compare).map(Known::of).orElse(Known.unknown(otherwise));
    }

    /** Microseconds of processor time a period of microseconds. */
    private static double quotient(String quota) {
        String[] parts = quota.split(" ");
        return Double.parseDouble(parts[0]) / Math.max(1, Double.parseDouble(parts[1]));
    }
}
