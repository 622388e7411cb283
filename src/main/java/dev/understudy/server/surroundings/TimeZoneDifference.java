package dev.understudy.server.surroundings;

import java.util.List;

/**
 * How the time zone data of two servers differ, seen from the first one. Names are sorted.
 *
 * @param zones how many zones the first one has
 * @param missing zones that the second one does not have
 * @param different zones whose rules differ
 * @param missingAbbreviations abbreviations that the second one does not have
 * @param differentAbbreviations abbreviations that mean something else there
 */
public record TimeZoneDifference(
        int zones,
        List<String> missing,
        List<String> different,
        List<String> missingAbbreviations,
        List<String> differentAbbreviations) {
    public TimeZoneDifference {
        missing = List.copyOf(missing);
        different = List.copyOf(different);
        missingAbbreviations = List.copyOf(missingAbbreviations);
        differentAbbreviations = List.copyOf(differentAbbreviations);
    }

    public boolean isNone() {
        return missing.isEmpty()
                && different.isEmpty()
                && missingAbbreviations.isEmpty()
                && differentAbbreviations.isEmpty();
    }
}
