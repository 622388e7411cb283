package dev.understudy.promotion.facts;

import java.util.List;
import java.util.Optional;

/**
 * What was given to look at, without secrets, for commands that are shown.
 *
 * @param standby connection string of the standby
 * @param primary connection string of the primary
 * @param host where the data directory is: {@code local} or {@code ssh://…}
 * @param dataDirectory the standby's, an absolute path on that host
 * @param downstreams connection strings of the standbys that shall follow afterwards
 * @param depth how deep corruption is looked for
 */
public record Given(
        String standby,
        Optional<String> primary,
        String host,
        Optional<String> dataDirectory,
        List<String> downstreams,
        Depth depth) {
    public Given {
        downstreams = List.copyOf(downstreams);
    }
}
