package dev.understudy.host;

import dev.understudy.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * The files of a host. Paths are absolute, UTF-8, any character but NUL; a name that is not UTF-8 is an error that quotes
 * it ({@link ErrorCode#FILE_NAME_UNREADABLE}), never a silent omission. What is missing, forbidden, full or read-only is
 * told apart: {@link ErrorCode#FILE_MISSING}, {@link ErrorCode#FILE_FORBIDDEN}, {@link ErrorCode#FILE_SYSTEM_FULL},
 * {@link ErrorCode#FILE_SYSTEM_READ_ONLY}, {@link ErrorCode#FILE_IO}.
 */
public interface HostFiles {
    /** What is at the path, not following a symbolic link at its end; empty if nothing is there. */
    Optional<FileStatus> status(String path);

    /** The path with every symbolic link resolved; empty if nothing is there. */
    Optional<String> realPath(String path);

    /** The entries of a directory, without {@code .} and {@code ..}, paths relative to it, sorted. */
    List<FileStatus> list(String directory);

    /**
     * All that is below a directory, not following symbolic links, paths relative to it, a directory before its contents.
     * What vanishes while it is read is left out.
     */
    List<FileStatus> listRecursively(String directory);

    /**
     * The whole of a file.
     *
     * @param limit more bytes than this are an error; memory is bounded by it
     */
    byte[] read(String path, int limit);

    /** The last bytes of a file, at most {@code count}. */
    byte[] readTail(String path, int count);

    /** The bytes of a file from {@code offset}, at most {@code count}; fewer at the end of the file. */
    byte[] readRange(String path, long offset, int count);

    /**
     * Makes or replaces a file so that either the old or the new contents survive a crash: temporary name in the same
     * directory, flush, rename, flush of the directory. Does not follow a symbolic link at the path: it is replaced.
     */
    void writeAtomically(String path, byte[] contents, int mode);

    /** Makes a directory and flushes its parent. Its parent must exist. An existing directory is an error. */
    void createDirectory(String path, int mode);

    /** Makes the directory and all missing parents, each with {@code mode}; gives those that were made, outermost first. */
    List<String> createDirectories(String path, int mode);

    void createSymbolicLink(String path, String target);

    void setMode(String path, int mode);

    /** Renames within one file system and flushes both parents; an existing target is an error, not replaced. */
    void rename(String from, String to);

    /** Renames over an existing file, atomically, and flushes the parent. */
    void replace(String from, String to);

    /** Removes a file, a symbolic link or an empty directory; what is not there is fine. */
    void delete(String path);

    /** Removes a directory and all below it, not following symbolic links; what is not there is fine. */
    void deleteRecursively(String path);

    /** The file system that holds the path, or its nearest existing parent. */
    FileSystemUsage usage(String path);

    /** Flushes a file or a directory to disk. */
    void flush(String path);
}
