package dev.understudy.promotion.machine;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Soft limits of a process.
 *
 * @param soft by the kernel's name for it, such as {@code Max open files}; {@link Long#MAX_VALUE} where there is none
 */
public record ProcessLimits(Map<String, Long> soft) {
    public static final String OPEN_FILES = "Max open files";
    public static final String PROCESSES = "Max processes";

    /** Columns: name, soft limit, hard limit, units. */
    private static final Pattern LINE = Pattern.compile("(?m)^(Max .*?)\\s{2,}(unlimited|\\d+)\\s+(?:unlimited|\\d+)");

    public ProcessLimits {
        soft = Collections.unmodifiableMap(new TreeMap<>(soft));
    }

    /** Reads {@code /proc/PID/limits}. */
    public static ProcessLimits parse(String text) {
        Map<String, Long> soft = new HashMap<>();
        Matcher matcher = LINE.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2);
            soft.put(matcher.group(1), value.equals("unlimited") ? Long.MAX_VALUE : parsed(value));
        }
        return new ProcessLimits(soft);
    }

    /** The kernel's numbers are unsigned; what is beyond ours is no limit. */
    private static long parsed(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    public OptionalLong get(String name) {
        Long value = soft.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
