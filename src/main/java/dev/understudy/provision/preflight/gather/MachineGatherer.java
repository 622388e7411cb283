package dev.understudy.provision.preflight.gather;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.facts.MachineFacts;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at a machine: what it is, its clock, its network. */
final class MachineGatherer {
    /**
     * Its identity is the running kernel's, with the root directory's device and inode, since containers share a kernel.
     */
    private static final String MACHINE = """
            echo "now $(date +%s.%N)"
            echo "arch $(uname -m)"
            echo "glibc $(getconf GNU_LIBC_VERSION 2>/dev/null)"
            echo "boot $(cat /proc/sys/kernel/random/boot_id 2>/dev/null) $(uname -n) $(stat -c %d:%i / 2>/dev/null)"
            """;

    private static final Pattern LOCAL_ADDRESS = Pattern.compile("\\|-- (\\d+\\.\\d+\\.\\d+\\.\\d+)\\s+/32 host LOCAL");

    private static final String LISTENING = "0A";

    private final Looks looks;

    MachineGatherer(Looks looks) {
        this.looks = looks;
    }

    MachineFacts machine() {
        Instant before = Instant.now();
        Map<String, String> lines = new HashMap<>();
        looks.print(MACHINE).lines().forEach(line -> {
            int blank = line.indexOf(' ');
            lines.put(
                    blank < 0 ? line : line.substring(0, blank),
                    blank < 0 ? "" : line.substring(blank + 1).strip());
        });
        Instant after = Instant.now();
        String name = looks.host().name();
        return new MachineFacts(
                name,
                told(lines.get("boot"), "%s has no boot id".formatted(name)),
                told(lines.get("arch"), "uname does not tell"),
                told(lines.getOrDefault("glibc", "").replaceFirst("^glibc ", ""), "getconf does not tell"),
                offset(before, lines.getOrDefault("now", ""), after));
    }

    private static Known<String> told(@Nullable String text, String otherwise) {
        return text == null || text.isEmpty() ? Known.unknown(otherwise) : Known.of(text);
    }

    /** Where date knows no nanoseconds, the figure is right to the second. */
    private static Known<Duration> offset(Instant before, String now, Instant after) {
        if (!now.matches("\\d+(\\.\\d+N?|\\.N)?")) {
            return Known.unknown("date does not tell the time in seconds");
        }
        BigDecimal seconds = new BigDecimal(now.replaceFirst("\\.?N$", ""));
        Instant theirs = Instant.ofEpochSecond(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
        Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
        return Known.of(Duration.between(middle, theirs));
    }

    /** TCP ports that somebody listens on, from the kernel's own tables. */
    Known<Set<Integer>> listeningPorts() {
        return Looks.known(() -> looks.print("cat /proc/net/tcp /proc/net/tcp6 2>/dev/null"))
                .flatMap(text ->
                        text.isEmpty() ? Known.unknown("the machine has no /proc/net/tcp") : Known.of(ports(text)));
    }

    private static Set<Integer> ports(String table) {
        Set<Integer> ports = new HashSet<>();
        for (String line : table.lines().toList()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 3 && fields[3].equals(LISTENING)) {
                int colon = fields[1].lastIndexOf(':');
                ports.add(Integer.parseInt(fields[1].substring(colon + 1), 16));
            }
        }
        return ports;
    }

    /** The machine's own addresses, loopback included, IPv6 in the form that PostgreSQL prints. */
    Known<Set<String>> addresses() {
        return Looks.known(() -> looks.print("cat /proc/net/fib_trie; echo ---; cat /proc/net/if_inet6 2>/dev/null"))
                .flatMap(text -> {
                    int middle = text.indexOf("---");
                    if (middle <= 0) {
                        return Known.unknown("the machine has no /proc/net/fib_trie");
                    }
                    Set<String> addresses = new HashSet<>(ipv4(text.substring(0, middle)));
                    addresses.addAll(ipv6(text.substring(middle + 3)));
                    return Known.of(addresses);
                });
    }

    private static List<String> ipv4(String trie) {
        List<String> addresses = new ArrayList<>();
        Matcher matcher = LOCAL_ADDRESS.matcher(trie);
        while (matcher.find()) {
            addresses.add(matcher.group(1));
        }
        return addresses;
    }

    private static List<String> ipv6(String table) {
        return table.lines()
                .map(line -> line.strip().split("\\s+")[0])
                .filter(hex -> hex.matches("[0-9a-f]{32}"))
                .map(MachineGatherer::printed)
                .toList();
    }

    /** The canonical text of RFC 5952: the longest run of zero groups becomes two colons. */
    static String printed(String hex) {
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < 32; i += 4) {
            groups.add(Integer.toHexString(Integer.parseInt(hex.substring(i, i + 4), 16)));
        }
        String joined = String.join(":", groups);
        String longest = "";
        int at = 0;
        Matcher zeros = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])").matcher(joined);
        while (zeros.find()) {
            if (zeros.group().length() > longest.length()) {
                longest = zeros.group();
                at = zeros.start();
            }
        }
        if (longest.isEmpty()) {
            return joined;
        }
        String before = joined.substring(0, at).replaceFirst(":$", "");
        String after = joined.substring(at + longest.length()).replaceFirst("^:", "");
        return before + "::" + after;
    }
}
