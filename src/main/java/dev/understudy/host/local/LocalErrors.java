package dev.understudy.host.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.posix.FileErrors;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Makes {@link UnderstudyException}s of what java.nio throws. */
final class LocalErrors {
    private LocalErrors() {}

    static UnderstudyException translate(String action, String path, Account account, IOException failure) {
        return FileErrors.error(code(path, failure), action, path, "local", account.name(), detail(failure))
                .cause(failure)
                .build();
    }

    static boolean isMissing(IOException failure) {
        return failure instanceof NoSuchFileException
                || failure instanceof NotDirectoryException
                || FileErrors.classify(detail(failure)) == ErrorCode.FILE_MISSING;
    }

    private static ErrorCode code(String path, IOException failure) {
        if (isMissing(failure)) {
            return ErrorCode.FILE_MISSING;
        }
        if (failure instanceof AccessDeniedException) {
            return ErrorCode.FILE_FORBIDDEN;
        }
        if (failure instanceof FileAlreadyExistsException) {
            return ErrorCode.FILE_EXISTS;
        }
        ErrorCode code = FileErrors.classify(detail(failure));
        return code == ErrorCode.FILE_IO ? byFileSystem(path) : code;
    }

    /** The JVM translates the system's messages into the user's language, so a full disk may not say so in English. */
    private static ErrorCode byFileSystem(String path) {
        try {
            Path existing = LocalPaths.of(path);
            while (existing.getParent() != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            FileStore store = Files.getFileStore(existing);
            if (store.isReadOnly()) {
                return ErrorCode.FILE_SYSTEM_READ_ONLY;
            }
            return store.getUsableSpace() < 4096 ? ErrorCode.FILE_SYSTEM_FULL : ErrorCode.FILE_IO;
        } catch (IOException e) {
            return ErrorCode.FILE_IO;
        }
    }

    private static String detail(IOException failure) {
        String message = failure instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
