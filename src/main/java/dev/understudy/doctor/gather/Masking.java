package dev.understudy.doctor.gather;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.facts.Setting;
import java.util.Set;
import java.util.regex.Pattern;

/** Leaves secrets out of settings: passwords in connection strings, and what looks like a key in a command. */
public final class Masking {
    private static final String MASK = "********";
    private static final Set<String> CONNECTION_STRINGS = Set.of("primary_conninfo");

    private static final Pattern ASSIGNED = Pattern.compile(
            "(?i)([A-Z0-9_-]*(?:password|passwd|secret|token|access_?key|api_?key)[A-Z0-9_-]*\\s*[= ]\\s*)('[^']*'|\"[^\"]*\"|\\S+)");

    private static final Pattern IN_URI = Pattern.compile("(://[^\\s/:@]*:)[^\\s@]+@");

    private Masking() {}

    /** A setting whose values hold no secret. */
    public static Setting setting(Setting setting) {
        return new Setting(
                setting.name(),
                setting(setting.name(), setting.value()),
                setting.unit(),
                setting.type(),
                setting.context(),
                setting.source(),
                setting(setting.name(), setting.bootValue()),
                setting.sourceFile(),
                setting.sourceLine(),
                setting.pendingRestart());
    }

    public static String setting(String name, String value) {
        if (CONNECTION_STRINGS.contains(name)) {
            return conninfo(value);
        }
        return text(value);
    }

    /** A connection string without secrets. One that cannot be read is masked by what it looks like. */
    public static String conninfo(String value) {
        if (value.isEmpty()) {
            return value;
        }
        try {
            return Conninfo.parse(value).display();
        } catch (UnderstudyException e) {
            // A rule tells that it cannot be read; here only its secrets matter.
            return text(value);
        }
    }

    public static String text(String value) {
        return IN_URI.matcher(ASSIGNED.matcher(value).replaceAll("$1" + MASK)).replaceAll("$1" + MASK + "@");
    }
}
