package dev.understudy.cli.run;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.file.Path;

/** Paths that somebody names on the command line, together with the machine that they are on. */
public final class HostPath {
    private static final String HERE = "local";

    private HostPath() {}

    /**
     * The path without a slash at its end. On this machine it may be relative; on another there is nothing for it to be
     * relative to.
     *
     * @param host {@code local} or {@code ssh://user@host:port}
     * @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} for a relative one on another machine
     */
    public static String absolute(String path, String host) {
        if (path.startsWith("/")) {
            return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }
        if (!host.equals(HERE)) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "\"%s\" is not an absolute path", path)
                    .build();
        }
        return Path.of(path).toAbsolutePath().normalize().toString();
    }
}
