package dev.understudy.doctor.log;

import dev.understudy.postgres.ServerMajor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message of the server's log that means something.
 *
 * @param id what it is, stable; several wordings share one
 * @param pattern finds it in the message; its groups are what the message names
 * @param since first major that says it so
 * @param until last major that says it so
 */
record MessagePattern(String id, Pattern pattern, ServerMajor since, ServerMajor until) {
    /** Whether the message begins with it, rather than repeats it. */
    boolean begins(String message) {
        Matcher matcher = pattern.matcher(message);
        return matcher.find() && matcher.start() == 0;
    }

    /** The values that the message names; empty if this is not the message. */
    Optional<List<String>> match(String message) {
        Matcher matcher = pattern.matcher(message);
        if (!matcher.find()) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (int group = 1; group <= matcher.groupCount(); group++) {
            String value = matcher.group(group);
            values.add(value == null ? "" : value);
        }
        return Optional.of(values);
    }
}
