package dev.understudy.pgfile.control;

/**
 * What the server was built with, and initdb's choices that cannot be changed later.
 *
 * @param maxAlign strictest alignment, in bytes
 * @param blockSize size of a data page, in bytes
 * @param relationSegmentBlocks pages in one file of a large relation
 * @param walBlockSize size of a WAL page, in bytes
 * @param walSegmentBytes size of a WAL segment, in bytes; not checked
 * @param nameDataLength longest identifier and its end, in bytes
 * @param indexMaxKeys most columns of an index
 * @param toastMaxChunkSize largest piece of a TOAST value, in bytes
 * @param largeObjectBlockSize size of a large object's piece, in bytes
 * @param float4ByValue whether a float4 is passed by value; always true from 13, which do not keep it
 * @param float8ByValue whether a float8 is passed by value
 * @param dataChecksumVersion 0 without page checksums, 1 with
 */
public record ControlSizes(
        int maxAlign,
        int blockSize,
        int relationSegmentBlocks,
        int walBlockSize,
        int walSegmentBytes,
        int nameDataLength,
        int indexMaxKeys,
        int toastMaxChunkSize,
        int largeObjectBlockSize,
        boolean float4ByValue,
        boolean float8ByValue,
        int dataChecksumVersion) {}
