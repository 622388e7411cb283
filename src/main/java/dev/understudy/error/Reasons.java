package dev.understudy.error;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What Java's own exceptions mean to people, in the operating system's words and without a class's name. */
public final class Reasons {
    private Reasons() {}

    /** Why something failed, for a detail or the end of a sentence. */
    public static String of(Throwable failure) {
        if (failure instanceof FileSystemException file) {
            return ofFile(file);
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? "no reason is known" : message;
    }

    /** Java's message is the path alone where it has a class for the reason. */
    private static String ofFile(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "it is there already";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return "the directory is not empty";
        }
        if (failure instanceof NotDirectoryException) {
            return "it is not a directory";
        }
        return failure.getReason() == null ? "no reason is known" : failure.getReason();
    }
}
