package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A libpq connection string: which server, as whom, how. Immutable. It holds what was written and nothing else; defaults,
 * the environment, service and password files come in when it is resolved. {@link #toString} never shows a secret.
 */
public final class Conninfo {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.]+");
    private static final String MASK = "********";

    private static final Conninfo EMPTY = new Conninfo(Map.of());

    private final Map<String, String> values;

    private Conninfo(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The empty connection string: all by default. */
    public static Conninfo empty() {
        return EMPTY;
    }

    /**
     * Reads keyword/value pairs or a {@code postgresql://} URI by libpq's rules.
     *
     * @throws UnderstudyException {@link ErrorCode#CONNINFO_INVALID} if it is neither, or has an option that no libpq
     *     from 9.6 to 18 knows; the message never repeats a password
     */
    public static Conninfo parse(String text) {
        boolean uri = text.startsWith("postgresql://") || text.startsWith("postgres://");
        return new Conninfo(uri ? new ConninfoUri(text).parse() : new ConninfoKeywords(text).parse());
    }

    /** From options and their values. */
    public static Conninfo of(Map<String, String> values) {
        values.keySet().forEach(Conninfo::requireKnown);
        return new Conninfo(values);
    }

    /** The value of an option if it was given, even if empty. */
    public Optional<String> get(String option) {
        return Optional.ofNullable(values.get(option));
    }

    /** The options that were given, in their order. */
    public Map<String, String> values() {
        return values;
    }

    /** The same with one option set, in its place if it was there. */
    public Conninfo with(String option, String value) {
        requireKnown(option);
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(option, value);
        return new Conninfo(changed);
    }

    public Conninfo without(String... options) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.keySet().removeAll(List.of(options));
        return new Conninfo(changed);
    }

    /** The same without any option that is a secret. */
    public Conninfo withoutSecrets() {
        return filtered((option, value) -> !option.secret());
    }

    /** The same with only those options and values that the libpq of this major takes. */
    public Conninfo knownTo(ServerMajor major) {
        return filtered((option, value) -> option.isKnownTo(major, value));
    }

    /**
     * The value of {@code primary_conninfo} for a server of this major: what its libpq knows, without the options that
     * the WAL receiver sets itself or that only this process can use.
     */
    public String forPrimaryConninfo(ServerMajor major) {
        return knownTo(major)
                .without("replication", "fallback_application_name", "client_encoding", "options")
                .keywords();
    }

    /** Keyword/value pairs with libpq's quoting; secrets included. */
    public String keywords() {
        return print(false);
    }

    /** Keyword/value pairs with every secret masked, for people. */
    public String display() {
        return print(true);
    }

    private String print(boolean masked) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + (masked && option(entry.getKey()).secret() ? MASK : quoted(entry.getValue())))
                .collect(Collectors.joining(" "));
    }

    private Conninfo filtered(BiFunction<ConninfoOption, String, Boolean> keep) {
        Map<String, String> kept = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (keep.apply(option(name), value)) {
                kept.put(name, value);
            }
        });
        return new Conninfo(kept);
    }

    private static ConninfoOption option(String name) {
        return ConninfoOption.find(name).orElseThrow();
    }

    /** Source: {@code appendConnStrVal} in {@code src/fe_utils/string_utils.c}. */
    private static String quoted(String value) {
        if (PLAIN.matcher(value).matches()) {
            return value;
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    static void requireKnown(String option) {
        if (ConninfoOption.find(option).isEmpty()) {
            throw invalid("invalid connection option \"" + redacted(option) + "\"");
        }
    }

    static UnderstudyException invalid(String message) {
        return UnderstudyException.of(ErrorCode.CONNINFO_INVALID, "%s", message)
                .hint("Write \"host=db1 port=5432 user=replicator\" or postgresql://replicator@db1:5432/.")
                .build();
    }

    /** Text of unknown shape, with what stands where a URI has user and password left out. */
    static String redacted(String text) {
        return text.replaceAll("//.*@", "//" + MASK + "@").replaceAll("(?i)(password\\s*=?).*", "$1" + MASK);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Conninfo that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values);
    }

    @Override
    public String toString() {
        return display();
    }
}
