package dev.understudy.server.files;

/**
 * The digest of what a server read of a range: SHA-256 from PostgreSQL 11, MD5 before.
 *
 * @param length how many bytes were there
 * @param digest 32 or 16 bytes
 */
public record RangeDigest(int length, byte[] digest) {}
