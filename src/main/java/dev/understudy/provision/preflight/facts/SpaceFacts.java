package dev.understudy.provision.preflight.facts;

/**
 * A file system.
 *
 * @param mountPoint where it is mounted, which also tells one from the other
 * @param type {@code ext4} and so on, empty if not known
 * @param availableBytes what the account may still write
 */
public record SpaceFacts(String mountPoint, String type, long availableBytes) {}
