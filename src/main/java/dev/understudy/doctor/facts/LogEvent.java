package dev.understudy.doctor.facts;

import java.util.List;

/**
 * A message of a log that means something.
 *
 * @param id which message it is
 * @param severity in the log's own word
 * @param sqlState empty if the log does not have it
 * @param text the message, one line, without what the log has before it
 * @param values what the message names: segment, LSN, file
 * @param firstTime as the log prints it, empty if it does not
 * @param lastTime of the last of several
 * @param lastLine number of its last line in the part of the log that was read, from 1
 * @param count how often it came
 */
public record LogEvent(
        String id,
        String severity,
        String sqlState,
        String text,
        List<String> values,
        String firstTime,
        String lastTime,
        int lastLine,
        int count) {
    public LogEvent {
        values = List.copyOf(values);
    }

    /** One of the values; empty text if the message does not have it. */
    public String value(int index) {
        return index < values.size() ? values.get(index) : "";
    }

    /** For people: the message, with how often and when. */
    public String describe() {
        String often = count > 1 ? " (" + count + " times)" : "";
        return (lastTime.isEmpty() ? "" : lastTime + ": ") + text + often;
    }
}
