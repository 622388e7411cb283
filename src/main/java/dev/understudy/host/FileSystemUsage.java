package dev.understudy.host;

/**
 * The file system that holds a path.
 *
 * @param mountPoint where it is mounted
 * @param type {@code ext4}, {@code xfs}, {@code btrfs} and so on, empty where it cannot be told
 * @param totalBytes its size
 * @param availableBytes what the account may still write
 */
public record FileSystemUsage(String mountPoint, String type, long totalBytes, long availableBytes) {}
