package dev.understudy.server.surroundings;

import java.util.List;
import java.util.Map;

/**
 * What a server's time zone data say.
 *
 * @param zones digest of a zone's offsets from UTC, month by month over the years that matter, by the zone's name
 * @param abbreviations offset from UTC by abbreviation, as {@code timezone_abbreviations} sets them up
 */
public record TimeZoneData(Map<String, String> zones, Map<String, String> abbreviations) {
    public TimeZoneData {
        zones = Map.copyOf(zones);
        abbreviations = Map.copyOf(abbreviations);
    }

    /** What would change for clients that go from a server with these data to one with {@code other}. */
    public TimeZoneDifference to(TimeZoneData other) {
        return new TimeZoneDifference(
                zones.size(),
                missing(zones, other.zones),
                different(zones, other.zones),
                missing(abbreviations, other.abbreviations),
                different(abbreviations, other.abbreviations));
    }

    private static List<String> missing(Map<String, String> here, Map<String, String> there) {
        return here.keySet().stream()
                .filter(name -> !there.containsKey(name))
                .sorted()
                .toList();
    }

    private static List<String> different(Map<String, String> here, Map<String, String> there) {
        return here.entrySet().stream()
                .filter(each ->
                        there.containsKey(each.getKey()) && !each.getValue().equals(there.get(each.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
