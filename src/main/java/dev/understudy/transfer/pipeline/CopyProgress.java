package dev.understudy.transfer.pipeline;

/**
 * How far a copy is.
 *
 * @param bytesDone bytes of the source that are dealt with, transferred or found to be there already
 * @param bytesTotal bytes of the source as listed
 * @param bytesTransferred bytes that were written to the target
 * @param filesDone files finished
 * @param filesTotal files listed
 * @param currentFile relative path of a file being worked on, empty at the end
 */
public record CopyProgress(
        long bytesDone, long bytesTotal, long bytesTransferred, int filesDone, int filesTotal, String currentFile) {}
