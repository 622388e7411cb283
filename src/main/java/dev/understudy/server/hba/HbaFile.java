package dev.understudy.server.hba;

import dev.understudy.server.facts.HbaRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the text of a pg_hba.conf, for servers that do not show it ({@code pg_hba_file_rules} is of 10).
 *
 * <pre>
 * local  DATABASE USER METHOD [OPTIONS]
 * host…  DATABASE USER ADDRESS[/BITS] [MASK] METHOD [OPTIONS]
 * </pre>
 *
 * <p>DATABASE and USER are lists with commas; {@code @NAME} in them stands for the words of a file. Source: {@code
 * next_token} and {@code parse_hba_line} in {@code src/backend/libpq/hba.c}.
 */
public final class HbaFile {
    private static final int LOCAL_FIELDS = 4;
    private static final int HOST_FIELDS = 5;

    private final Function<String, Optional<String>> included;

    /** @param included the text of a file that the rules name; empty if it cannot be read */
    public HbaFile(Function<String, Optional<String>> included) {
        this.included = included;
    }

    /** The rules, those with errors among them. */
    public List<HbaRule> read(String text) {
        List<HbaRule> rules = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            List<List<String>> fields = HbaTokens.fields(lines[i]);
            if (!fields.isEmpty()) {
                rules.add(rule(i + 1, fields));
            }
        }
        return List.copyOf(rules);
    }

    private HbaRule rule(int line, List<List<String>> fields) {
        String type = String.join(",", fields.get(0));
        boolean local = type.equals("local");
        if (!local && !type.matches("host|host(no)?(ssl|gssenc)")) {
            return broken(line, type, "invalid connection type \"%s\"".formatted(type));
        }
        if (fields.size() < (local ? LOCAL_FIELDS : HOST_FIELDS)) {
            return broken(line, type, "end-of-line before all fields are there");
        }
        List<String> databases = expanded(fields.get(1));
        List<String> users = expanded(fields.get(2));
        return local
                ? new HbaRule(
                        line, type, databases, users, Optional.empty(), Optional.empty(), method(fields.get(3)), none())
                : host(line, type, databases, users, fields);
    }

    private HbaRule host(int line, String type, List<String> databases, List<String> users, List<List<String>> fields) {
        String address = String.join(",", fields.get(3));
        int slash = address.indexOf('/');
        if (slash >= 0) {
            String bare = address.substring(0, slash);
            String bits = address.substring(slash + 1);
            Optional<String> mask = bits.matches("\\d{1,3}") ? HbaAddress.mask(bare, Integer.parseInt(bits)) : none();
            return mask.isEmpty()
                    ? broken(line, type, "invalid CIDR mask in address \"%s\"".formatted(address))
                    : new HbaRule(line, type, databases, users, Optional.of(bare), mask, method(fields.get(4)), none());
        }
        if (HbaAddress.bytes(address).isEmpty()) {
            return new HbaRule(
                    line, type, databases, users, Optional.of(address), none(), method(fields.get(4)), none());
        }
        if (fields.size() == HOST_FIELDS) {
            return broken(line, type, "end-of-line before netmask specification");
        }
        Optional<String> mask = Optional.of(String.join(",", fields.get(4)));
        return new HbaRule(line, type, databases, users, Optional.of(address), mask, method(fields.get(5)), none());
    }

    private static String method(List<String> field) {
        return String.join(",", field);
    }

    private static Optional<String> none() {
        return Optional.empty();
    }

    private static HbaRule broken(int line, String type, String error) {
        return new HbaRule(
                line, type, List.of(), List.of(), Optional.empty(), Optional.empty(), "", Optional.of(error));
    }

    private List<String> expanded(List<String> words) {
        List<String> all = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("@") && word.length() > 1) {
                included.apply(word.substring(1)).stream()
                        .flatMap(String::lines)
                        .forEach(line -> HbaTokens.fields(line).forEach(all::addAll));
            } else {
                all.add(word);
            }
        }
        return all;
    }
}
