package dev.understudy.promotion.rehearse;

import java.util.List;

/**
 * What the plan says about the rehearsal that several steps have to know.
 *
 * @param dataDirectory the standby's, as whoever asked named it
 * @param copy {@code auto}, {@code reflink} or {@code files}
 * @param probes files of SQL on this machine
 */
record RehearsalWish(String dataDirectory, String copy, List<String> probes) {
    RehearsalWish {
        probes = List.copyOf(probes);
    }
}
