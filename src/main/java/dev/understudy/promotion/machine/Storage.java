package dev.understudy.promotion.machine;

import java.util.List;

/**
 * Where a server keeps its files.
 *
 * @param volumes every place it writes to
 * @param links entries of pg_tblspc
 * @param walBytes what its WAL directory holds
 */
public record Storage(List<Volume> volumes, List<TablespaceLink> links, long walBytes) {
    public Storage {
        volumes = List.copyOf(volumes);
        links = List.copyOf(links);
    }
}
