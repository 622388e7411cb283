package dev.understudy.doctor.log;

import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes events of a log's text: only messages of the catalogue, the same one running collapsed into one. */
public final class LogReader {
    /** Events kept of one log, the newest. */
    private static final int KEPT = 1_000;

    private static final int SHOWN_CHARACTERS = 400;

    private static final Set<String> ENGLISH =
            Set.of("LOG", "FATAL", "ERROR", "PANIC", "WARNING", "NOTICE", "INFO", "DETAIL", "HINT");

    private static final Pattern SECRET =
            Pattern.compile("(?i)(password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'|\\S+)|(//[^\\s/:@]+:)[^\\s@]+@");

    private final List<LogEvent> events = new ArrayList<>();

    private LogReader() {}

    /**
     * Reads a log.
     *
     * @param file its path, which may tell the format
     * @param text its contents, or the end of them
     * @param truncated whether it is only the end
     */
    public static LogFacts read(String file, String text, boolean truncated) {
        LogFormat format = LogFormat.of(file, text);
        List<LogLine> lines = format.read(text);
        LogReader reader = new LogReader();
        lines.forEach(reader::add);
        List<LogEvent> kept = reader.events.subList(Math.max(0, reader.events.size() - KEPT), reader.events.size());
        long foreign = lines.stream()
                .filter(line ->
                        !ENGLISH.contains(line.severity()) && !line.severity().startsWith("DEBUG"))
                .count();
        boolean translated = format == LogFormat.STDERR
                ? foreign * 2 > lines.size()
                : kept.isEmpty() && lines.size() > 5 && foreign * 2 > lines.size();
        return new LogFacts(List.of(file), format.printed(), List.copyOf(kept), translated, truncated);
    }

    private void add(LogLine line) {
        for (MessagePattern pattern : MessagePatterns.all()) {
            Optional<List<String>> values = pattern.match(line.message());
            if (values.isPresent()) {
                add(line, pattern.id(), values.get());
                return;
            }
        }
        if (!ENGLISH.contains(line.severity())) {
            MessagePatterns.byState(line.sqlState()).ifPresent(id -> add(line, id, List.of()));
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
