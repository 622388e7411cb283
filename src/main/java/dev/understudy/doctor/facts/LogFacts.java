package dev.understudy.doctor.facts;

import dev.understudy.doctor.facts.Facts.NotExamined;
import java.util.List;
import java.util.Optional;

/**
 * What a log tells: messages that are known to mean something, in order. Statements and other text are not kept.
 *
 * @param files the files that were read
 * @param format {@code stderr}, {@code csvlog} or {@code jsonlog}
 * @param events the messages, oldest first; the same one again and again is one event with a count
 * @param translated whether messages are in another language, so that only SQLSTATEs could be understood
 * @param truncated whether only the end of the log was read
 */
public record LogFacts(
        List<String> files, String format, List<LogEvent> events, boolean translated, boolean truncated) {
    /** The id of the message with which a server begins to run. */
    public static final String START = "server-start";

    public LogFacts {
        files = List.copyOf(files);
        events = List.copyOf(events);
    }

    /** The events since the server was last started, or all if the log does not tell. */
    public List<LogEvent> sinceStart() {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i).id().equals(START)) {
                return events.subList(i, events.size());
            }
        }
        return events;
    }

    /** The newest event of a kind since the last start. */
    public Optional<LogEvent> newest(String id) {
        return sinceStart().stream().filter(event -> event.id().equals(id)).reduce((earlier, later) -> later);
    }

    /** Whether something of the second kind came after the newest of the first. */
    public boolean isFollowedBy(LogEvent event, String laterId) {
        return newest(laterId)
                .filter(later -> later.lastLine() > event.lastLine())
                .isPresent();
    }

    /** @param otherLanguage whether the server's setting says that its messages are not in English */
    void notExamined(List<NotExamined> missing, boolean otherLanguage) {
        if (translated || otherLanguage) {
            missing.add(new NotExamined(
                    "most of the log's messages",
                    "they are in another language; only SQLSTATEs, as far as the log has them, and what the primary said"
                            + " in English could be understood"));
        }
        if (truncated) {
            missing.add(new NotExamined("the beginning of the log", "it is too long; only its end was read"));
        }
    }
}
