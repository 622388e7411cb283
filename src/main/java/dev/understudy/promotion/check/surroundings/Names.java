package dev.understudy.promotion.check.surroundings;

import java.util.List;

/** Names for people. */
final class Names {
    private Names() {}

    /** A number and what it counts: {@code 1 index}, {@code 3 indexes}. */
    static String counted(long count, String one, String more) {
        return count + " " + (count == 1 ? one : more);
    }

    /** The first few, and how many more there are: {@code a, b and 7 more}. */
    static String first(List<String> names, int most) {
        return first(names, most, names.size());
    }

    /** The same where the list holds only some of all. */
    static String first(List<String> names, int most, long count) {
        List<String> shown = names.subList(0, Math.min(most, names.size()));
        return String.join(", ", shown) + (count > shown.size() ? " and %d more".formatted(count - shown.size()) : "");
    }
}
