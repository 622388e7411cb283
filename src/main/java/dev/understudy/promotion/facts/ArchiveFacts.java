package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.archive.ArchivePlace;
import java.util.List;
import java.util.Optional;

/**
 * Where the standby would archive to, as seen from its host. Nothing was run and nothing was written there.
 *
 * @param place what archive_command, or archive_library with its own settings, says
 * @param program whether what the command runs first is there and may be run by the server's account; unknown also where
 *     the command names none
 * @param directory the directory it writes into; empty if there is none of that name
 * @param restore what restore_command says, from where a promotion learns of other timelines
 */
public record ArchiveFacts(
        ArchivePlace place, Known<Boolean> program, Known<Optional<ArchiveDirectory>> directory, ArchivePlace restore) {

    /**
     * A directory of WAL segments.
     *
     * @param path absolute, links resolved
     * @param writable whether the server's account may make files in it, by the system's own answer
     * @param freeBytes room on its file system
     * @param histories timelines of which it has a history file
     * @param timelines timelines of which it has WAL segments
     */
    public record ArchiveDirectory(
            String path, boolean writable, long freeBytes, List<Long> histories, List<Long> timelines) {
        public ArchiveDirectory {
            histories = List.copyOf(histories);
            timelines = List.copyOf(timelines);
        }
    }
}
