package dev.understudy.doctor.facts;

import java.util.Locale;
import java.util.Set;

/**
 * A setting in a configuration file.
 *
 * @param name lower case
 * @param value without quotes; secrets in it are masked
 * @param file path of the file
 * @param line from 1
 */
public record ConfiguredSetting(String name, String value, String file, int line) {
    private static final Set<String> TRUE = Set.of("on", "true", "yes", "1", "t", "y");

    public boolean isOn() {
        return TRUE.contains(value.toLowerCase(Locale.ROOT));
    }

    /** Where it is, for people. */
    public String place() {
        return file + " line " + line;
    }
}
