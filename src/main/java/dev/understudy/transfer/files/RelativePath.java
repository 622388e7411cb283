package dev.understudy.transfer.files;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.charset.StandardCharsets;

/**
 * Checks the names that a source gives. A source may be hostile or broken: no name from it may lead out of the target
 * (as in CVE-2026-6475), whatever the route.
 */
public final class RelativePath {
    /** NAME_MAX and PATH_MAX of Linux. */
    private static final int LONGEST_NAME_BYTES = 255;

    private static final int LONGEST_PATH_BYTES = 4095;

    private RelativePath() {}

    /**
     * The path itself if each of its components is a plain name.
     *
     * @param side who gave the name, for the message
     * @throws UnderstudyException {@link ErrorCode#SOURCE_NAME_UNSAFE} if the path is empty or absolute, or a component is
     *     empty, {@code .}, {@code ..}, too long, or holds a NUL
     */
    public static String checked(String path, String side) {
        if (!isSafe(path)) {
            throw UnderstudyException.of(
                            ErrorCode.SOURCE_NAME_UNSAFE, "%s gave an unsafe file name: \"%s\"", side, printable(path))
                    .detail("A name must stay inside the data directory: relative, without \"..\", \".\" or NUL.")
                    .build();
        }
        return path;
    }

    static boolean isSafe(String path) {
        if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
            return false;
        }
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()
                    || name.equals(".")
                    || name.equals("..")
                    || name.indexOf('\0') >= 0
                    || name.indexOf('\uFFFD') >= 0
                    || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME_BYTES) {
                return false;
            }
        }
        return true;
    }

    /** The path for a message: control characters as escapes, at most 200 characters. */
    public static String printable(String path) {
        StringBuilder text = new StringBuilder();
        path.chars().limit(200).forEach(character -> {
            if (character < ' ' || character == 0x7F) {
                text.append(String.format("\\x%02X", character));
            } else {
                text.append((char) character);
            }
        });
        return path.length() > 200 ? text.append("…").toString() : text.toString();
    }
}
