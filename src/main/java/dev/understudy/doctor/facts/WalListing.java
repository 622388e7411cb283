package dev.understudy.doctor.facts;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a standby's WAL directory.
 *
 * @param path absolute path
 * @param segments names of segment files that have their full size, sorted; some may be recycled ones not written yet
 * @param others names of other files
 * @param histories text of the timeline history files by name
 * @param waitingForArchiver how many files are marked as ready to be archived
 * @param emptyRestore whether the last restore_command has ended and left an empty file as {@code RECOVERYXLOG}
 */
public record WalListing(
        String path,
        List<String> segments,
        List<String> others,
        Map<String, String> histories,
        int waitingForArchiver,
        Optional<Boolean> emptyRestore) {
    public WalListing {
        segments = List.copyOf(segments);
        others = List.copyOf(others);
        histories = Map.copyOf(histories);
    }

    public WalListing withEmptyRestore(boolean empty) {
        return new WalListing(path, segments, others, histories, waitingForArchiver, Optional.of(empty));
    }
}
