package dev.understudy.provision.seal;

import dev.understudy.postgres.ServerMajor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings by which a clone would reach into its source's world, now or once it is promoted: archive its WAL among the
 * source's, run the source's jobs, fetch from its publishers, hold up its own decoding. A row each, with the value that
 * keeps it from that. What ties a standby to another primary or a recovery target is the recovery configuration's matter.
 */
public final class ForeignSettings {
    /** Names that a caller needs to know the source's values of. */
    private static final String LIBRARIES = "shared_preload_libraries";

    private static final String SUBSCRIPTION_WORKERS = "max_logical_replication_workers";

    private record Row(String name, String neutral, ServerMajor since, boolean archiving, String why) {}

    private static final List<Row> ROWS = List.of(
            new Row("archive_mode", "off", ServerMajor.V9_6, true, "it would archive beside its source"),
            new Row("archive_command", "", ServerMajor.V9_6, true, "it would archive beside its source"),
            new Row("archive_library", "", ServerMajor.V15, true, "it would archive beside its source"),
            new Row(
                    "synchronized_standby_slots",
                    "",
                    ServerMajor.V17,
                    false,
                    "its logical decoding would wait for standbys that follow its source"));

    private ForeignSettings() {}

    /**
     * One setting that is given another value.
     *
     * @param name of the setting
     * @param neutral its value on the standby
     * @param why what it would do otherwise
     */
    public record Change(String name, String neutral, String why) {
        @Override
        public String toString() {
            return "%s = '%s': %s".formatted(name, neutral, why);
        }
    }

    /**
     * What has to change.
     *
     * @param source the source's settings in force, by name; the text of a command does not matter, only whether it is empty
     * @param subscriptions how many enabled subscriptions the source has
     * @param keepArchiving whether it shall archive as its source does
     * @param kept names that shall stay as they are
     */
    public static List<Change> changes(
            ServerMajor major,
            Map<String, String> source,
            long subscriptions,
            boolean keepArchiving,
            Set<String> kept) {
        List<Change> changes = new ArrayList<>();
        for (Row row : ROWS) {
            String value = source.get(row.name());
            boolean differs = value != null && !value.equals(row.neutral());
            if (differs && major.isAtLeast(row.since()) && !(keepArchiving && row.archiving())) {
                changes.add(new Change(row.name(), row.neutral(), row.why()));
            }
        }
        if (source.getOrDefault(LIBRARIES, "").contains("pg_cron")) {
            changes.add(new Change(
                    "cron.launch_active_jobs", "off", "once promoted it would run its source's scheduled jobs"));
        }
        if (subscriptions > 0 && major.isAtLeast(ServerMajor.V10)) {
            changes.add(new Change(
                    SUBSCRIPTION_WORKERS,
                    "0",
                    "once promoted it would fetch for its source's %d subscriptions, through their slots"
                            .formatted(subscriptions)));
        }
        changes.removeIf(change -> kept.contains(change.name()));
        return changes;
    }

    /** What stays as it is and yet is worth a look. */
    public static Optional<String> note(Map<String, String> source) {
        String addresses = source.getOrDefault("listen_addresses", "");
        boolean everywhere = addresses.equals("*") || addresses.equals("localhost") || addresses.isEmpty();
        return everywhere
                ? Optional.empty()
                : Optional.of("listen_addresses stays '%s', as on the source".formatted(addresses));
    }

    /** The names whose values {@link #changes} and {@link #note} look at. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(ROWS.stream().map(Row::name).toList());
        names.addAll(List.of(LIBRARIES, "listen_addresses"));
        return names;
    }
}
