package dev.understudy.doctor.log;

import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes events of a log's text: only messages of the catalogue, the same one running collapsed into one. */
public final class LogReader {
    /** Events kept of one log, the newest. */
    private static final int KEPT = 1_000;

    private static final int SHOWN_CHARACTERS = 400;

    /** A message that is not in the catalogue and that a server ended with. */
    static final String LAST_WORDS = "last-words";

    private static final Set<String> FATAL = Set.of("FATAL", "PANIC");

    /** Messages that a server, or its recovery, has ended. */
    private static final Set<String> ENDS = Set.of("ended", "startup-exited");

    /** Lines that belong to the message before. */
    private static final Set<String> PARTS = Set.of("DETAIL", "HINT");

    private static final Set<String> PLAIN = Set.of("DETAIL", "HINT", "INFO", "LOG", "NOTICE");

    private static final Set<String> ENGLISH =
            Set.of("LOG", "FATAL", "ERROR", "PANIC", "WARNING", "NOTICE", "INFO", "DETAIL", "HINT");

    private static final Pattern ENGLISH_WORDS = Pattern.compile(
            "\\b(?:the|is|was|to|not|of|at|for|from|by|with|could|has|starting|received|connection|database|statement"
                    + "|duration|authorized|file|record|process)\\b");

    private static final int ENOUGH_LINES = 3;

    private static final Pattern SECRET =
            Pattern.compile("(?i)(password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'|\\S+)|(//[^\\s/:@]+:)[^\\s@]+@");

    private final List<LogEvent> events = new ArrayList<>();
    private @Nullable LogLine lastWords;
    private int understood;

    private LogReader() {}

    /**
     * Reads a log.
     *
     * @param file its path, which may tell the format
     * @param text its contents, or the end of them
     * @param truncated whether it is only the end
     */
    public static LogFacts read(String file, String text, boolean truncated) {
        return read(List.of(file), text, truncated);
    }

    /**
     * Reads several files as one.
     *
     * @param newestFirst their paths
     * @param text their contents, the oldest first
     */
    public static LogFacts read(List<String> newestFirst, String text, boolean truncated) {
        LogFormat format = LogFormat.of(newestFirst.get(0), text);
        List<LogLine> lines = format.read(text);
        LogReader reader = new LogReader();
        for (int i = 0; i < lines.size(); i++) {
            if (i == 0 || !isForeignPart(lines.get(i - 1), lines.get(i))) {
                reader.add(lines.get(i));
            }
        }
        List<LogEvent> kept = reader.events.subList(Math.max(0, reader.events.size() - KEPT), reader.events.size());
        long foreign = lines.stream()
                .filter(line ->
                        !ENGLISH.contains(line.severity()) && !line.severity().startsWith("DEBUG"))
                .count();
        // Every log of a server has something that the catalogue knows; and German, for one, calls LOG and FATAL just
        // so.
        boolean translated = reader.understood == 0 && (foreign > 0 || isForeign(lines));
        return new LogFacts(newestFirst, format.printed(), List.copyOf(kept), translated, truncated);
    }

    /**
     * Whether a line in another language belongs to the message before: its detail, or the statement, which holds other
     * people's data and has the same time and SQLSTATE.
     */
    private static boolean isForeignPart(LogLine before, LogLine line) {
        return !ENGLISH.contains(line.severity())
                && !line.sqlState().isEmpty()
                && line.sqlState().equals(before.sqlState())
                && line.time().equals(before.time());
    }

    /** Whether there is enough of it to tell, and hardly a message has a word that hardly a message in English lacks. */
    private static boolean isForeign(List<LogLine> lines) {
        long english = lines.stream()
                .filter(line -> ENGLISH_WORDS.matcher(line.message()).find())
                .count();
        return lines.size() >= ENOUGH_LINES && english * 3 < lines.size();
    }

    private void add(LogLine line) {
        for (MessagePattern pattern : MessagePatterns.all()) {
            Optional<List<String>> values = pattern.match(line.message());
            if (values.isPresent()) {
                if (ENDS.contains(pattern.id())) {
                    addLastWords();
                }
                lastWords = PARTS.contains(line.severity()) ? lastWords : null;
                // What the primary said is repeated in its language, which may be another than the standby's own.
                understood += pattern.begins(line.message()) ? 1 : 0;
                add(line, pattern.id(), values.get());
                return;
            }
        }
        // A word of the prefix may look like a state; those that mean something do not come with LOG.
        Optional<String> id =
                PLAIN.contains(line.severity()) ? Optional.empty() : MessagePatterns.byState(line.sqlState());
        if (id.isPresent()) {
            add(line, id.get(), List.of());
        } else if (!PARTS.contains(line.severity())) {
            lastWords = FATAL.contains(line.severity()) ? line : null;
        }
    }

    /** An unknown message counts if the server ended with it; else it was said to some client. */
    private void addLastWords() {
        if (lastWords != null) {
            add(lastWords, LAST_WORDS, List.of());
        }
    }

    private void add(LogLine line, String id, List<String> values) {
        String text = masked(line.message());
        for (int i = events.size() - 1; i >= Math.max(0, events.size() - 4); i--) {
            LogEvent earlier = events.get(i);
            if (earlier.id().equals(id) && earlier.text().equals(text)) {
                events.remove(i);
                events.add(new LogEvent(
                        id,
                        line.severity(),
                        line.sqlState(),
                        text,
                        values,
                        earlier.firstTime(),
                        line.time(),
                        line.number(),
                        earlier.count() + 1));
                return;
            }
        }
        events.add(new LogEvent(
                id, line.severity(), line.sqlState(), text, values, line.time(), line.time(), line.number(), 1));
    }

    private static String masked(String message) {
        String plain = SECRET.matcher(message).replaceAll("$1$3********");
        return plain.length() <= SHOWN_CHARACTERS ? plain : plain.substring(0, SHOWN_CHARACTERS) + "…";
    }

    /** Whether a value that a message names is an LSN, and which. */
    public static Optional<Lsn> lsn(String value) {
        return value.matches("[0-9A-F]{1,8}/[0-9A-F]{1,8}") ? Optional.of(Lsn.parse(value)) : Optional.empty();
    }
}
