package dev.understudy.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lists of pairs: settings and tablespaces. */
final class Pairs {
    private static final Pattern SETTING = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)*");

    private Pairs() {}

    /** Lines of {@code NAME=VALUE}; spaces around both are dropped, empty lines and {@code #} comments skipped. */
    static Optional<Map<String, String>> findSettings(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? "" : line.substring(0, equals).strip();
            boolean valid = SETTING.matcher(name).matches()
                    && line.chars().noneMatch(Character::isISOControl)
                    && settings.put(name, line.substring(equals + 1).strip()) == null;
            if (!valid) {
                return Optional.empty();
            }
        }
        return Optional.of(Collections.unmodifiableMap(settings));
    }

    /** {@code OLD=NEW,OLD=NEW} with a backslash before a comma, an equals sign or a backslash in a path. */
    static Optional<Map<String, String>> findTablespaces(String text) {
        Map<String, String> tablespaces = new LinkedHashMap<>();
        for (List<String> pair : split(text)) {
            boolean valid = pair.size() == 2
                    && pair.stream()
                            .allMatch(
                                    path -> path.startsWith("/") && path.chars().noneMatch(Character::isISOControl))
                    && !tablespaces.containsValue(pair.get(1))
                    && tablespaces.put(pair.get(0), pair.get(1)) == null;
            if (!valid) {
                return Optional.empty();
            }
        }
        return Optional.of(Collections.unmodifiableMap(tablespaces));
    }

    private static List<List<String>> split(String text) {
        List<List<String>> pairs = new ArrayList<>();
        List<String> pair = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                part.append(text.charAt(++i));
            } else if (c == '=' || c == ',') {
                pair.add(part.toString().strip());
                part.setLength(0);
                if (c == ',') {
                    pairs.add(pair);
                    pair = new ArrayList<>();
                }
            } else {
                part.append(c);
            }
        }
        pair.add(part.toString().strip());
        pairs.add(pair);
        return pairs;
    }
}
