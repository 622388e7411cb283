package dev.understudy.host.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to log in, as a person writes it: {@code ssh://user@host:port}, user and port being optional. The host may be a
 * name from {@code ~/.ssh/config}, a DNS name, an IPv4 address, or an IPv6 address in brackets.
 *
 * @param user empty for the configuration's, or else the local user's name
 * @param host without brackets
 * @param port 1 to 65535; empty for the configuration's, or else 22
 */
public record SshAddress(Optional<String> user, String host, OptionalInt port) {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<user>[^@/]*)@)?(?:\\[(?<six>[0-9A-Fa-f:.%\\w]+)]|(?<host>[^\\[\\]:@/?#\\s]+))(?::(?<port>\\d{1,5}))?/?");

    /** An address with {@code ssh://} before it; otherwise as {@link #parse}. */
    public static SshAddress parseUri(String text) {
        if (!text.startsWith("ssh://")) {
            throw invalid(
                    text.replaceAll(":[^:@/]*@", ":***@"),
                    "It is neither \"local\" nor of the form ssh://user@host:port.");
        }
        return parse(text);
    }

    /** @throws UnderstudyException {@link ErrorCode#HOST_ADDRESS_INVALID}; never quoting a password */
    public static SshAddress parse(String text) {
        String rest = text.startsWith("ssh://") ? text.substring("ssh://".length()) : text;
        int at = rest.lastIndexOf('@');
        if (at >= 0 && rest.substring(0, at).contains(":")) {
            throw UnderstudyException.of(
                            ErrorCode.HOST_ADDRESS_INVALID, "invalid address of a host: it holds a password")
                    .detail("The host is \"%s\".", rest.substring(at + 1))
                    .hint("Use a key or an agent; a password would show in process lists and logs.")
                    .build();
        }
        Matcher matcher = FORM.matcher(rest);
        if (!matcher.matches()) {
            throw invalid(text, "It is neither \"local\" nor of the form ssh://user@host:port.");
        }
        String host = matcher.group("six") == null ? matcher.group("host") : matcher.group("six");
        String user = matcher.group("user") == null ? null : decode(text, matcher.group("user"));
        if (host.startsWith("-") || user != null && (user.isEmpty() || user.startsWith("-"))) {
            throw invalid(text, "Neither the user nor the host may be empty or begin with a dash.");
        }
        OptionalInt port = matcher.group("port") == null
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(matcher.group("port")));
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535)) {
            throw invalid(text, "A port is a number from 1 to 65535.");
        }
        return new SshAddress(Optional.ofNullable(user), host, port);
    }

    /** URIs write odd characters of a user's name as {@code %NN}. */
    private static String decode(String text, String user) {
        try {
            return java.net.URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "The user's name has a percent sign that is not followed by two hexadecimal digits.");
        }
    }

    private static UnderstudyException invalid(String text, String detail) {
        return UnderstudyException.of(ErrorCode.HOST_ADDRESS_INVALID, "invalid address of a host: \"%s\"", text)
                .detail("%s", detail)
                .build();
    }

    /** The host as it stands in a URI. */
    static String inUri(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
