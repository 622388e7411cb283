package dev.understudy.host.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.posix.FileErrors;
import dev.understudy.host.posix.FileNames;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Paths between text and {@link Path}, the same in every locale.
 *
 * <p>The JVM decodes and encodes file names in the locale's charset; where that is not UTF-8, {@code Path.of} refuses or
 * garbles what is beyond it. But a {@code Path} holds the bytes, and its URI form gives and takes exactly those, so
 * names outside ASCII go that way.
 */
final class LocalPaths {
    private LocalPaths() {}

    static Path of(String path) {
        String checked = FileErrors.checkPath(path);
        if (isAscii(checked)) {
            return Path.of(checked);
        }
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : checked.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c == '/' || c < 128 && Character.isLetterOrDigit(c)) {
                uri.append(c);
            } else {
                uri.append("%%%02X".formatted((int) c));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    /**
     * The text of an absolute path.
     *
     * @throws UnderstudyException {@link ErrorCode#FILE_NAME_UNREADABLE} if it is not UTF-8
     */
    static String text(Path path) {
        String text = path.toString();
        if (isAscii(text) && text.indexOf('?') < 0) {
            return text;
        }
        String decoded = FileNames.decode("local", bytes(path));
        return decoded.length() > 1 && decoded.endsWith("/") ? decoded.substring(0, decoded.length() - 1) : decoded;
    }

    /** A relative path; it goes through an absolute one, since a URI holds no other. */
    static Path relative(String path) {
        if (isAscii(path)) {
            return Path.of(path);
        }
        return Path.of("/").relativize(of("/" + path));
    }

    /** The text of what a symbolic link says, which may be relative. */
    static String linkText(Path target) {
        String text = target.toString();
        if (isAscii(text) && text.indexOf('?') < 0) {
            return text;
        }
        return target.isAbsolute()
                ? text(target)
                : text(Path.of("/").resolve(target)).substring(1);
    }

    private static byte[] bytes(Path path) {
        String raw = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(raw.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
