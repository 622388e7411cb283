package dev.understudy.transfer.ssh;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.RunningCommand;
import dev.understudy.host.ShellQuote;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A shell of another machine that lives as long as its worker. Starting a command there costs some round trips and whatever
 * the account's log-in does, 0.2 s are usual; here that is paid once. Requests are lines that call a function of the
 * script, with the bytes that it takes behind them; the shell reads lines byte by byte, so that the programs it runs find
 * the rest where they expect it. Not for use by several threads, but {@link #close} may come from any.
 */
final class RemoteShell implements AutoCloseable {
    /** A copy of many terabytes takes days; a single answer has its own limit. */
    private static final Duration LIFE = Duration.ofDays(100);
    /** A unit over a slow line: 32 MB at 10 kB/s take an hour. */
    private static final Duration ANSWER_LIMIT = Duration.ofHours(2);

    private static final Duration WORDS_LIMIT = Duration.ofSeconds(30);
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int LONGEST_TEXT = 1 << 20;

    private static final String BEFORE = "umask 077\nnl='\n'\n";
    private static final String LOOP = "exec 3>&1\nwhile IFS= read -r line; do eval \"$line\" || exit 1; done\n";

    private final RunningCommand command;
    private final OutputStream requests;
    private final InputStream answers;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;

    /** Something that waits for answers. */
    interface Exchange<T> {
        T run() throws IOException;
    }

    /**
     * @param functions what requests can call; their answers go to descriptor 3
     * @param arguments {@code $1} and so on, for the script before the first request
     */
    RemoteShell(Host host, String functions, String... arguments) {
        this.command = host.start(Command.shell(BEFORE + functions + LOOP, arguments)
                .withLimit(LIFE)
                .withEnvironment("LC_ALL", "C"));
        this.requests = new BufferedOutputStream(command.input(), BUFFER_BYTES);
        this.answers = command.output();
    }

    /** Calls a function; nothing is sent before {@link #flush} or the buffer is full. */
    void request(String function, String... arguments) throws IOException {
        StringBuilder line = new StringBuilder(function);
        for (String argument : arguments) {
            line.append(' ').append(quote(argument));
        }
        requests.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A request is one line, so a line end in a name is put in by the shell. */
    static String quote(String word) {
        return ShellQuote.quote(word).replace("\n", "'\"$nl\"'");
    }

    /** The bytes that the last request announced. */
    void data(byte[] bytes, int offset, int length) throws IOException {
        requests.write(bytes, offset, length);
    }

    void flush() throws IOException {
        requests.flush();
    }

    /** Lets an exchange take its time, but not for ever. */
    <T> T within(Exchange<T> exchange) throws IOException {
        CompletableFuture<Void> limit =
                new CompletableFuture<Void>().orTimeout(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
        // Not the asynchronous form of this, which starts a thread for every exchange, also for those that end in time.
        limit.whenComplete((inTime, late) -> {
            if (late != null) {
                CompletableFuture.runAsync(command::close);
            }
        });
        try {
            return exchange.run();
        } catch (IOException failure) {
            if (limit.isCompletedExceptionally()) {
                throw new IOException("no answer came within " + ANSWER_LIMIT.toHours() + " hours", failure);
            }
            throw failure;
        } finally {
            limit.complete(null);
        }
    }

    /** The answer up to a character, which is taken and left out. */
    String text(char until) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            fill();
            int at = start;
            while (at < end && buffer[at] != until) {
                at++;
            }
            text.write(buffer, start, at - start);
            if (text.size() > LONGEST_TEXT) {
                throw new GarbledAnswerException("an answer that does not end");
            }
            start = Math.min(end, at + 1);
            if (at < end) {
                return text.toString(StandardCharsets.UTF_8);
            }
        }
    }

    /** A number on a line of its own. */
    long number() throws IOException {
        String line = text('\n');
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException failure) {
            throw new GarbledAnswerException("not a number where one was expected", failure);
        }
    }

    /** Takes bytes of an answer. */
    interface Receiver {
        void accept(ByteBuffer bytes) throws IOException;
    }

    /** So many bytes of the answer. */
    void bytes(long count, Receiver receiver) throws IOException {
        for (long remaining = count; remaining > 0; ) {
            fill();
            int some = (int) Math.min(remaining, end - start);
            receiver.accept(ByteBuffer.wrap(buffer, start, some));
            start += some;
            remaining -= some;
        }
    }

    private void fill() throws IOException {
        if (start < end) {
            return;
        }
        start = 0;
        end = 0;
        int count = answers.read(buffer);
        if (count <= 0) {
            throw new EOFException("the shell on the other machine has ended");
        }
        end = count;
    }

    /**
     * Why the shell is gone: a stream that broke is a consequence, the programs' own words tell more.
     *
     * @throws dev.understudy.error.UnderstudyException {@code HOST_UNREACHABLE} if the connection was lost
     */
    String words(IOException failure) {
        if (failure instanceof GarbledAnswerException) {
            return String.valueOf(failure.getMessage());
        }
        CommandResult result = command.await(WORDS_LIMIT);
        return result.error().isBlank() ? String.valueOf(failure.getMessage()) : result.error();
    }

    /** Ends the requests and waits until all are done. */
    CommandResult finish(Duration limit) throws IOException {
        requests.close();
        return command.await(limit);
    }

    @Override
    public void close() {
        command.close();
    }
}
