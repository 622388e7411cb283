package dev.understudy.host;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** A command that runs while its caller writes to it and reads from it. Closing it kills it if it still runs. */
public interface RunningCommand extends AutoCloseable {
    /** Its standard input; close it to give end of file. */
    OutputStream input();

    /** Its standard output. */
    InputStream output();

    boolean isRunning();

    /**
     * Waits for the end.
     *
     * @return status and standard error; the output is what {@link #output} gave
     * @throws dev.understudy.error.UnderstudyException {@code COMMAND_TIMED_OUT} past the limit, after killing it;
     *     {@code HOST_UNREACHABLE} if the connection was lost
     */
    CommandResult await(Duration limit);

    @Override
    void close();
}
