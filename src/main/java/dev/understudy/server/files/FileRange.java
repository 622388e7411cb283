package dev.understudy.server.files;

/**
 * A stretch of a file.
 *
 * @param path relative to the data directory
 * @param offset of its first byte
 * @param length in bytes, at most 1 GiB less a page; fewer bytes are read where the file ends
 */
public record FileRange(String path, long offset, int length) {}
