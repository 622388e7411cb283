package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tells the kinds of file errors apart by the operating system's messages in the C locale. */
public final class FileErrors {
    private static final List<Map.Entry<String, ErrorCode>> MESSAGES = List.of(
            Map.entry("No space left on device", ErrorCode.FILE_SYSTEM_FULL),
            Map.entry("Disk quota exceeded", ErrorCode.FILE_SYSTEM_FULL),
            Map.entry("Read-only file system", ErrorCode.FILE_SYSTEM_READ_ONLY),
            Map.entry("Permission denied", ErrorCode.FILE_FORBIDDEN),
            Map.entry("Operation not permitted", ErrorCode.FILE_FORBIDDEN),
            Map.entry("File exists", ErrorCode.FILE_EXISTS),
            Map.entry("No such file or directory", ErrorCode.FILE_MISSING),
            Map.entry("Not a directory", ErrorCode.FILE_MISSING));

    private FileErrors() {}

    /** The code that a message stands for, {@link ErrorCode#FILE_IO} where it says none of the known ones. */
    public static ErrorCode classify(String message) {
        return MESSAGES.stream()
                .filter(entry -> message.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(ErrorCode.FILE_IO);
    }

    /**
     * The error as people read it.
     *
     * @param action what was tried, as in "could not read file"
     * @param detail the operating system's message
     */
    public static UnderstudyException.Builder error(
            ErrorCode code, String action, String path, String host, String account, String detail) {
        UnderstudyException.Builder builder = UnderstudyException.of(
                code, "could not %s \"%s\" on host \"%s\" as \"%s\": %s", action, path, host, account, reason(code));
        return detail.isBlank() ? builder : builder.detail("%s", detail.strip());
    }

    private static String reason(ErrorCode code) {
        return MESSAGES.stream()
                .filter(entry -> entry.getValue() == code)
                .map(entry -> entry.getKey().toLowerCase(java.util.Locale.ROOT))
                .findFirst()
                .orElse("input or output failed");
    }

    /** A file that holds more than its reader wants in memory. */
    public static UnderstudyException tooLarge(String host, String path, int limit) {
        return UnderstudyException.of(
                        ErrorCode.COMMAND_OUTPUT_TOO_LARGE,
                        "file \"%s\" on host \"%s\" is larger than %d bytes",
                        path,
                        host,
                        limit)
                .build();
    }

    /** A name in the same directory that nobody else uses, for what will be renamed to {@code path}. */
    public static String temporaryBeside(String path) {
        String directory = parent(checkNotRoot(path));
        String name = ".understudy-" + UUID.randomUUID() + ".tmp";
        return directory.equals("/") ? "/" + name : directory + "/" + name;
    }

    /** A path that every host takes: absolute, without NUL, without slashes at its end. */
    public static String checkPath(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "invalid path: \"%s\"", path.replace("\0", "\\0"))
                    .detail("A path is absolute and holds no NUL character.")
                    .build();
        }
        String shortened = path;
        while (shortened.length() > 1 && shortened.endsWith("/")) {
            shortened = shortened.substring(0, shortened.length() - 1);
        }
        return shortened;
    }

    /** The directory that holds a path. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Refuses the root directory, which nothing may replace or remove. */
    public static String checkNotRoot(String path) {
        String checked = checkPath(path);
        if (checked.equals("/")) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "cannot replace or remove the root directory")
                    .build();
        }
        return checked;
    }
}
