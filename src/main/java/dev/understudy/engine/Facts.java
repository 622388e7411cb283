package dev.understudy.engine;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run has recorded: names and values that outlive the process.
 *
 * @param values by name, sorted
 */
public record Facts(Map<String, String> values) {
    public Facts {
        values = Map.copyOf(values);
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * A fact that an earlier step must have recorded.
     *
     * @throws UnderstudyException {@link ErrorCode#DEFECT} if none did
     */
    public String get(String name) {
        return find(name)
                .orElseThrow(() -> UnderstudyException.of(ErrorCode.DEFECT, "no step recorded the fact \"%s\"", name)
                        .build());
    }

    public Optional<Lsn> findLsn(String name) {
        return find(name).map(Lsn::parse);
    }

    public Lsn lsn(String name) {
        return Lsn.parse(get(name));
    }

    public boolean isTrue(String name) {
        return find(name).map(Boolean::parseBoolean).orElse(false);
    }

    public Facts with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(name, value);
        return new Facts(changed);
    }

    /** As a hook sees them: {@code start_lsn} is {@code UNDERSTUDY_START_LSN}. */
    public Map<String, String> asEnvironment() {
        Map<String, String> environment = new TreeMap<>();
        values.forEach((name, value) -> environment.put(
                "UNDERSTUDY_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'), value));
        return environment;
    }
}
