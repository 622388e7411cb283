package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.ShellQuote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Writes a {@link Command} as a script for {@code /bin/sh} that becomes the program ({@code exec}), so that its pid is the script's. */
public final class CommandScript {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private CommandScript() {}

    /**
     * @param first a line to run before all else, empty for none
     * @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} for a word that holds NUL, or a variable's name that no
     *     shell takes
     */
    public static String write(String first, Command command, AccountSwitch account) {
        StringBuilder script = new StringBuilder(first);
        Optional<String> directory = command.directory().or(account::directory);
        directory.ifPresent(path -> script.append("cd -- ").append(quote(path)).append(" || exit 126; "));
        Map<String, String> environment = new TreeMap<>(account.environment());
        environment.putAll(command.environment());
        environment.forEach((name, value) -> script.append(export(name, value)));
        List<String> words = new ArrayList<>(account.prefix());
        words.addAll(command.arguments());
        script.append("exec");
        words.forEach(word -> script.append(' ').append(quote(word)));
        return script.toString();
    }

    /**
     * The same script in printable ASCII without quotes, backslashes at risk or line ends, for ways that keep nothing
     * else intact: log-in shells other than a POSIX one (csh, fish), and JVMs in a locale that is not UTF-8.
     */
    public static String armoured(String script) {
        if (isPlain(script)) {
            return script;
        }
        StringBuilder armoured = new StringBuilder("eval \"$(printf \"");
        for (byte b : script.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 128 && (Character.isLetterOrDigit(c) || " _@+=:,./;|-".indexOf(c) >= 0)) {
                armoured.append(c);
            } else {
                armoured.append('\\').append("%03o".formatted((int) c));
            }
        }
        return armoured.append("\")\"").toString();
    }

    private static boolean isPlain(String script) {
        return script.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\'' && c != '\\' && c != '!');
    }

    private static String export(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw UnderstudyException.of(
                            ErrorCode.VALUE_INVALID, "invalid name of an environment variable: \"%s\"", name)
                    .build();
        }
        return "export " + name + "=" + quote(value) + "; ";
    }

    private static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw UnderstudyException.of(
                            ErrorCode.VALUE_INVALID, "invalid argument of a command: it holds a NUL character")
                    .detail("The argument is \"%s\".", word.replace("\0", "\\0"))
                    .build();
        }
        return ShellQuote.quote(word);
    }
}
