package dev.understudy.promotion.facts;

import java.util.List;

/**
 * A reading of the standby's data files from outside, while its server runs.
 *
 * @param files how many were read
 * @param pages how many pages were judged by their checksums
 * @param bad pages that stayed wrong however often they were read: {@code base/5/16384, block 3}; at most twenty
 * @param missing relation segments that are missing or cut short although a later one is there
 */
public record PageState(long files, long pages, List<String> bad, List<String> missing) {
    public PageState {
        bad = List.copyOf(bad);
        missing = List.copyOf(missing);
    }
}
