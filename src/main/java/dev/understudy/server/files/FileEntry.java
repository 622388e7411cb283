package dev.understudy.server.files;

import java.time.Instant;

/**
 * A file or directory of a server's data directory.
 *
 * @param path relative to the data directory, with slashes; what {@code pg_tblspc/OID} links to appears below that path
 * @param size in bytes as the server saw it; of no meaning for a directory
 * @param modification time of last modification, to the second
 */
public record FileEntry(String path, boolean directory, long size, Instant modification) {}
