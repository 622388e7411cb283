package dev.understudy.promotion.machine;

import dev.understudy.host.FileSystemUsage;
import dev.understudy.postgres.Known;

/**
 * A place that a server writes to, and the file system below it.
 *
 * @param use what it is for: {@code data directory}, {@code WAL}, {@code tablespace "fast"}
 * @param path where it is, symbolic links resolved
 * @param usage the file system
 */
public record Volume(String use, String path, Known<FileSystemUsage> usage) {}
