package dev.understudy.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a connection URI. Source: {@code conninfo_uri_parse_options} in {@code fe-connect.c}. */
final class ConninfoUri {
    private final String text;
    private final Map<String, String> values = new LinkedHashMap<>();
    private int at;

    ConninfoUri(String text) {
        this.text = text;
    }

    Map<String, String> parse() {
        at = text.indexOf("://") + 3;
        userInfo();
        hosts();
        if (here() == '/') {
            at++;
            store("dbname", upTo("?"));
        }
        if (here() == '?') {
            at++;
            parameters();
        }
        return values;
    }

    /** The character at the current place; 0 at the end. */
    private char here() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private String upTo(String stops) {
        int start = at;
        while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private void userInfo() {
        int start = at;
        upTo("@/");
        if (here() != '@') {
            at = start;
            return;
        }
        at = start;
        store("user", upTo(":@"));
        if (here() == ':') {
            at++;
            store("password", upTo("@"));
        }
        at++;
    }

    private void hosts() {
        StringBuilder hosts = new StringBuilder();
        StringBuilder ports = new StringBuilder();
        while (true) {
            hosts.append(here() == '[' ? bracketed() : upTo(":/?,"));
            if (here() == ':') {
                at++;
                ports.append(upTo("/?,"));
            }
            if (here() != ',') {
                break;
            }
            at++;
            hosts.append(',');
            ports.append(',');
        }
        store("host", hosts.toString());
        store("port", ports.toString());
    }

    private String bracketed() {
        at++;
        String address = upTo("]");
        if (here() != ']') {
            throw Conninfo.invalid(
                    "end of string reached when looking for matching \"]\" in IPv6 host address in connection URI");
        }
        if (address.isEmpty()) {
            throw Conninfo.invalid("IPv6 host address may not be empty in connection URI");
        }
        at++;
        if (here() != 0 && ":/?,".indexOf(here()) < 0) {
            throw Conninfo.invalid(
                    "unexpected character \"%s\" at position %d in connection URI (expected \":\" or \"/\")"
                            .formatted(here(), at + 1));
        }
        return address;
    }

    private void parameters() {
        while (at < text.length()) {
            String pair = upTo("&");
            at++;
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw Conninfo.invalid("missing key/value separator \"=\" in URI query parameter: \""
                        + Conninfo.redacted(pair) + "\"");
            }
            String key = decoded(pair.substring(0, equals), false);
            if (pair.indexOf('=', equals + 1) >= 0) {
                throw Conninfo.invalid("extra key/value separator \"=\" in URI query parameter: \"" + key + "\"");
            }
            parameter(key, pair.substring(equals + 1));
        }
    }

    private void parameter(String key, String encoded) {
        // JDBC's way to ask for TLS, which libpq takes too.
        if (key.equals("ssl") && encoded.equals("true")) {
            values.put("sslmode", "require");
            return;
        }
        ConninfoOption option = ConninfoOption.find(key)
                .orElseThrow(() -> Conninfo.invalid("invalid URI query parameter: \"" + Conninfo.redacted(key) + "\""));
        values.put(key, decoded(encoded, option.secret()));
    }

    /** Empty parts of the URI itself leave the option as if it was not given. */
    private void store(String option, String encoded) {
        if (!encoded.isEmpty()) {
            values.put(option, decoded(encoded, option.equals("password")));
        }
    }

    private static String decoded(String encoded, boolean secret) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 1 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw Conninfo.invalid("invalid percent-encoded token" + (secret ? "" : ": \"" + encoded + "\""));
            }
            if (high == 0 && low == 0) {
                throw Conninfo.invalid(
                        "forbidden value %00 in percent-encoded value" + (secret ? "" : ": \"" + encoded + "\""));
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Conninfo.invalid("percent-encoded value is not UTF-8" + (secret ? "" : ": \"" + encoded + "\""));
        }
    }
}
