package dev.understudy.provision.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a hook's standard output as it comes: JSON objects, one after the other, in one line or several each. An object
 * is handed on the moment its last brace is there, so that what it names is journaled before the hook goes on. Text that
 * is no JSON is remembered rather than thrown: a hook that is in the middle of its work is not killed for it.
 */
final class HookOutputStream extends OutputStream {
    private static final int MOST_BYTES = 1 << 20;
    private static final int SHOWN_CHARACTERS = 80;

    private final OutputStream log;
    private final Consumer<HookOutput> objects;
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private int depth;
    private boolean inString;
    private boolean escaped;
    private int bytes;
    private @Nullable String problem;

    /**
     * @param log gets every byte
     * @param objects told each object that was read
     */
    HookOutputStream(OutputStream log, Consumer<HookOutput> objects) {
        this.log = log;
        this.objects = objects;
    }

    @Override
    public void write(int b) throws IOException {
        log.write(b);
        if (problem != null) {
            return;
        }
        if (++bytes > MOST_BYTES) {
            problem = "it is longer than " + MOST_BYTES + " bytes";
            return;
        }
        current.write(b);
        if (!inString) {
            structure((char) (b & 0xFF));
        } else if (escaped) {
            escaped = false;
        } else {
            escaped = b == '\\';
            inString = b != '"';
        }
    }

    private void structure(char c) {
        if (depth == 0 && c != '{') {
            if (Character.isWhitespace(c) && text().isEmpty()) {
                current.reset();
            } else if (current.size() == SHOWN_CHARACTERS) {
                problem = notAnObject();
            }
            return;
        }
        if (depth == 0 && current.size() > 1) {
            problem = notAnObject();
            return;
        }
        inString = c == '"';
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth == 0) {
            take();
        }
    }

    private String notAnObject() {
        return "\"" + text().replace("\n", " ") + "\" is not a JSON object";
    }

    private void take() {
        try {
            objects.accept(HookOutput.read(text()));
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        current.reset();
    }

    private String text() {
        String text = current.toString(StandardCharsets.UTF_8).strip();
        return depth == 0 && !text.startsWith("{") && text.length() > SHOWN_CHARACTERS
                ? text.substring(0, SHOWN_CHARACTERS) + "…"
                : text;
    }

    @Override
    public void flush() throws IOException {
        log.flush();
    }

    /** What is wrong with all that was written; to be asked after the hook's end. */
    Optional<String> problem() {
        if (problem != null) {
            return Optional.of(problem);
        }
        if (depth > 0) {
            return Optional.of("it ends within an object");
        }
        return text().isEmpty() ? Optional.empty() : Optional.of(notAnObject());
    }
}
