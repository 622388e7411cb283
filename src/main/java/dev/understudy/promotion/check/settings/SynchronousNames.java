package dev.understudy.promotion.check.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What synchronous_standby_names asks for.
 *
 * <p>Source: {@code src/backend/replication/syncrep_gram.y}.
 *
 * @param required how many standbys must confirm
 * @param names which may; {@code *} stands for any
 */
record SynchronousNames(int required, List<String> names) {
    private static final Pattern COUNTED = Pattern.compile("(?is)\\s*(?:(?:FIRST|ANY)\\s+)?(\\d+)\\s*\\((.*)\\)\\s*");

    SynchronousNames {
        names = List.copyOf(names);
    }

    static SynchronousNames parse(String text) {
        Matcher counted = COUNTED.matcher(text);
        if (counted.matches()) {
            return new SynchronousNames(Integer.parseInt(counted.group(1)), list(counted.group(2)));
        }
        List<String> names = list(text);
        return new SynchronousNames(names.isEmpty() ? 0 : 1, names);
    }

    /** How many of these standbys count. */
    long matching(List<String> standbys) {
        return standbys.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> names.contains("*") || names.contains(name))
                .count();
    }

    /** Names are compared without regard to case, quoted or not. */
    private static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(name -> name.strip().replaceAll("^\"(.*)\"$", "$1").toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
