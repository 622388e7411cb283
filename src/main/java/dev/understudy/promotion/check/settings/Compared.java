package dev.understudy.promotion.check.settings;

import dev.understudy.server.facts.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Reads settings by name. */
final class Compared {
    /** Lists of names, whose quotes are kept: a literal would be one name. Source: {@code GUC_LIST_QUOTE}. */
    private static final Set<String> LISTS = Set.of("search_path", "temp_tablespaces");

    private Compared() {}

    /** A setting's text; empty if the major does not have it or the role may not see it. */
    static String text(Map<String, Setting> settings, String name) {
        Setting setting = settings.get(name);
        return setting == null ? "" : setting.value();
    }

    static OptionalLong number(Map<String, Setting> settings, String name) {
        String text = text(settings, name);
        return text.matches("-?\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The entries of a setting that is a list with commas, without quotes. */
    static List<String> list(Map<String, Setting> settings, String name) {
        return Arrays.stream(text(settings, name).split(","))
                .map(entry -> entry.strip().replaceAll("^\"(.*)\"$", "$1"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** A value with its unit, for people: {@code 4096 kB}, {@code 2048 x 8kB}, {@code on}. */
    static String display(Setting setting) {
        if (setting.unit().isEmpty()) {
            return setting.value().isEmpty() ? "''" : setting.value();
        }
        return setting.value() + (Character.isDigit(setting.unit().charAt(0)) ? " x " : " ") + setting.unit();
    }

    /** The value as ALTER SYSTEM takes it: a bare number is in the setting's own unit. */
    static String literal(Setting setting) {
        if (LISTS.contains(setting.name()) && !setting.value().isEmpty()) {
            return setting.value();
        }
        return "'" + setting.value().replace("'", "''") + "'";
    }
}
