package dev.understudy.transfer.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.RelativePath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Makes errors of what the operating system says. */
final class LocalErrors {
    private LocalErrors() {}

    /**
     * @param doing what was not done, such as {@code could not write}
     * @param path of what, with its side, such as {@code target "/srv/a"}
     */
    static UnderstudyException of(IOException failure, String doing, String path) {
        String reason = reason(failure);
        return UnderstudyException.of(code(failure, reason), "%s \"%s\"", doing, RelativePath.printable(path))
                .detail("%s", reason)
                .cause(failure)
                .build();
    }

    static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failure instanceof FileSystemException known) {
            return Optional.ofNullable(known.getReason()).orElse(String.valueOf(failure.getMessage()));
        }
        return String.valueOf(failure.getMessage());
    }

    private static ErrorCode code(IOException failure, String reason) {
        if (failure instanceof AccessDeniedException || reason.contains("Operation not permitted")) {
            return ErrorCode.FILE_FORBIDDEN;
        }
        if (failure instanceof NoSuchFileException) {
            return ErrorCode.FILE_MISSING;
        }
        if (failure instanceof FileAlreadyExistsException) {
            return ErrorCode.FILE_EXISTS;
        }
        if (reason.contains("No space left") || reason.contains("Disk quota exceeded")) {
            return ErrorCode.FILE_SYSTEM_FULL;
        }
        return reason.contains("Read-only file system") ? ErrorCode.FILE_SYSTEM_READ_ONLY : ErrorCode.FILE_IO;
    }
}
