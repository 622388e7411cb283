package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import dev.understudy.server.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Adds up what a copy has to carry. */
final class StorageSurveyor {
    /** Sizes are read from the file system, file by file. */
    private static final Duration LEAST_LIMIT = Duration.ofMinutes(2);

    private static final String SIZE = "SELECT pg_tablespace_size(?) AS bytes";

    private final Session session;
    private final Duration limit;

    StorageSurveyor(Session session, Duration limit) {
        this.session = session;
        this.limit = limit.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : limit;
    }

    StorageSurvey survey() {
        return new StorageSurvey(ServerSurveyor.known(this::tablespaces), ServerSurveyor.known(this::dataBytes));
    }

    /** An in-place tablespace has a relative location and is a part of the data directory. */
    private List<TablespaceSurvey> tablespaces() {
        List<TablespaceSurvey> found = session.list(
                limit,
                row -> new TablespaceSurvey(row.text("spcname"), row.bigNumber("oid"), row.text("location"), -1),
                "SELECT oid, spcname, pg_tablespace_location(oid) AS location FROM pg_tablespace"
                        + " WHERE pg_tablespace_location(oid) LIKE '/%' ORDER BY spcname");
        List<TablespaceSurvey> sized = new ArrayList<>();
        for (TablespaceSurvey each : found) {
            Known<Long> bytes = size(each.name());
            sized.add(new TablespaceSurvey(each.name(), each.oid(), each.location(), bytes.orElse(-1L)));
        }
        return sized;
    }

    private long dataBytes() {
        long main = session.one(limit, row -> row.bigNumber("bytes"), SIZE, "pg_default");
        return main + size("pg_global").orElse(0L);
    }

    private Known<Long> size(String tablespace) {
        return ServerSurveyor.known(() -> session.one(limit, row -> row.bigNumber("bytes"), SIZE, tablespace));
    }
}
