package dev.understudy.provision.guard;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.ShellQuote;
import dev.understudy.provision.recovery.Templates;
import freemarker.template.TemplateMethodModelEx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The clone guard of a data directory: a shell script that knows which machine the directory belongs to, and a drop-in
 * that lets the service manager ask it before every start. Installed on the source once; clones carry both along.
 *
 * @param dataDirectory the source's data directory, absolute
 * @param unit the systemd unit that starts its server, with {@code .service}
 * @param program where the script is installed, absolute
 */
public record CloneGuard(String dataDirectory, String unit, String program) {
    /** Where the script goes unless something else is said. */
    public static final String PROGRAM = "/usr/local/sbin/understudy-guard";

    /** What follows the data directory's path in the name of the record of its machine. */
    public static final String RECORD_SUFFIX = ".understudy-guard";

    private static final String SCRIPT = "/dev/understudy/templates/understudy-guard.sh";
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.\\\\@-]+\\.service");
    private static final Pattern DEBIAN = Pattern.compile("/var/lib/postgresql/([0-9.]+)/([A-Za-z0-9_.-]+)");

    /** @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} */
    public CloneGuard {
        requirePath(dataDirectory);
        requirePath(program);
        if (!UNIT.matcher(unit).matches()) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "\"%s\" is not the name of a systemd service", unit)
                    .hint("For example: postgresql@15-main.service")
                    .build();
        }
    }

    /** The unit of a data directory of Debian's layout; empty for others. */
    public static Optional<String> debianUnit(String dataDirectory) {
        Matcher matcher = DEBIAN.matcher(dataDirectory);
        return matcher.matches()
                ? Optional.of("postgresql@" + matcher.group(1) + "-" + matcher.group(2) + ".service")
                : Optional.empty();
    }

    /** The guard itself, the same for every machine. */
    public static String script() {
        try (InputStream input = CloneGuard.class.getResourceAsStream(SCRIPT)) {
            if (input == null) {
                throw new IllegalStateException(SCRIPT + " is not on the class path");
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The drop-in of the unit. */
    public String dropIn() {
        return render("understudy-guard.conf.ftl", Map.of());
    }

    /** A shell script that installs both and records the machine. */
    public String installer() {
        return render("install-guard.sh.ftl", Map.of("script", script(), "dropIn", dropIn()));
    }

    private String render(String template, Map<String, String> more) {
        TemplateMethodModelEx shell =
                (List arguments) -> ShellQuote.quote(arguments.get(0).toString());
        TemplateMethodModelEx systemd =
                (List arguments) -> systemd(arguments.get(0).toString());
        Map<String, Object> model = new java.util.HashMap<>(more);
        model.put("dataDirectory", dataDirectory);
        model.put("unit", unit);
        model.put("guard", program);
        model.put("shell", shell);
        model.put("systemd", systemd);
        return new Templates().render(template, model);
    }

    /** A word of a command line as systemd reads it. Source: {@code systemd.service(5)}, "Command lines". */
    private static String systemd(String word) {
        String escaped = word.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("%", "%%")
                .replace("$", "$$");
        return "\"" + escaped + "\"";
    }

    private static void requirePath(String path) {
        if (!path.startsWith("/") || path.chars().anyMatch(Character::isISOControl)) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "\"%s\" is not an absolute path", path)
                    .build();
        }
    }
}
