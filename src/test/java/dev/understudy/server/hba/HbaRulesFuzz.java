package dev.understudy.server.hba;

import dev.understudy.fuzz.Fuzz;
import dev.understudy.server.facts.HbaRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Lines of pg_hba.conf as a server tells them, which may be anybody's; a name in one is never looked up. */
public final class HbaRulesFuzz {
    private static final LoginRole ROLE =
            new LoginRole("app", Set.of("app"), false, true, Optional.empty(), Optional.empty());

    private HbaRulesFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        Fuzz.reading(Set.of(), () -> {
            HbaRules rules =
                    new HbaRules(Arrays.stream(lines).map(HbaRulesFuzz::rule).toList());
            for (String address : List.of("10.0.0.7", "::1", "fe80::1", lines[0])) {
                rules.admits(HbaLogin.replication("replicator", Set.of("replicator"), address));
                rules.admits(HbaLogin.replication(lines[0], Set.of(), address));
            }
            HbaRules file = new HbaRules(new HbaFile(name -> Optional.of(lines[0])).read(String.join("\n", lines)));
            new HbaComparison(rules, file).differences(List.of("app", lines[0]), List.of(ROLE));
        });
    }

    private static HbaRule rule(String line) {
        String[] fields = line.split("\t", -1);
        return new HbaRule(
                1,
                "host",
                List.of("replication"),
                List.of(fields[0]),
                field(fields, 1),
                field(fields, 2),
                field(fields, 3).orElse("reject"),
                Optional.empty());
    }

    private static Optional<String> field(String[] fields, int index) {
        return index < fields.length ? Optional.of(fields[index]) : Optional.empty();
    }

    public static List<byte[]> seeds() {
        return Stream.of(
                        "all\t10.0.0.0\t255.255.255.0\tscram-sha-256\nreplicator\t::1\tffff::\ttrust",
                        "/^rep.*r$\tall\t\tmd5\n/(a+)+$\t127.0.0.1\t255.255.255.255\treject",
                        "/[[:alpha:]]+\t1.2.3.4.5\t1.2.3\tpeer\n+group\tfe80::1%eth0\t\tcert")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
