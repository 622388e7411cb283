package dev.understudy.promotion.check.surroundings;

import dev.understudy.server.facts.Setting;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's settings, read as what they mean. */
record SettingValues(Map<String, Setting> all) {
    /** Units as pg_settings has them; 9.6 counts max_wal_size in segments and calls the unit {@code 16MB}. */
    private static final Pattern UNIT = Pattern.compile("(\\d*)(B|kB|MB|GB|TB)");

    private static final Map<String, Long> BYTES =
            Map.of("B", 1L, "kB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

    String text(String name) {
        return Optional.ofNullable(all.get(name)).map(Setting::value).orElse("");
    }

    boolean isOn(String name) {
        return text(name).equals("on");
    }

    OptionalLong number(String name) {
        String value = text(name);
        return value.matches("-?\\d{1,18}") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
    }

    /** A size in bytes; empty if the server does not have the setting. Sizes beyond all disks stay that. */
    OptionalLong bytes(String name) {
        OptionalLong number = number(name);
        Setting setting = all.get(name);
        if (setting == null || number.isEmpty() || number.getAsLong() < 0) {
            return OptionalLong.empty();
        }
        Matcher unit = UNIT.matcher(setting.unit());
        if (!unit.matches()) {
            return number;
        }
        long count = unit.group(1).isEmpty() ? 1 : Long.parseLong(unit.group(1));
        long factor = count * BYTES.getOrDefault(unit.group(2), 1L);
        return OptionalLong.of(
                number.getAsLong() > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number.getAsLong() * factor);
    }
}
