package dev.understudy.transfer.route;

import java.util.List;

/**
 * Hashes what the target has where it lies, for a target whose bytes would have to cross the network to be read. Not for use
 * by several threads.
 */
public interface TargetHasher extends AutoCloseable {
    /** A stretch of a file, in bytes. */
    record Stretch(String path, long offset, long length) {}

    /**
     * What there is of a stretch.
     *
     * @param length bytes that are there within it, -1 if there is no such regular file
     * @param digest of these bytes; empty if there is no such file
     */
    record Hashed(long length, byte[] digest) {}

    /**
     * Digests of stretches, in the same order.
     *
     * @param algorithm as {@link java.security.MessageDigest} names it
     */
    List<Hashed> hash(String algorithm, List<Stretch> stretches);

    /** How many bytes there are of each stretch, -1 if there is no such regular file. */
    List<Long> lengths(List<Stretch> stretches);

    /** The least stretch that is worth a digest of its own, in bytes, a multiple of every page size. */
    int fineBytes();

    /** The stretch compared first, in bytes. */
    int coarseBytes();

    @Override
    void close();
}
