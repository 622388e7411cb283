package dev.understudy.transfer.ssh;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands whose output is pushed into a stream of ours, and lets what that stream throws come out as it is rather
 * than as a failure of the command.
 */
final class PushOutput extends OutputStream {
    private final OutputStream target;
    private @Nullable RuntimeException failure;

    private PushOutput(OutputStream target) {
        this.target = target;
    }

    static CommandResult run(Host host, Command command, OutputStream target) {
        PushOutput output = new PushOutput(target);
        try {
            CommandResult result = host.run(command, output);
            output.rethrow();
            return result;
        } catch (UnderstudyException ofCommand) {
            output.rethrow();
            throw ofCommand;
        }
    }

    private void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw new IOException("the receiver has failed before");
        }
        try {
            target.write(bytes, offset, length);
        } catch (RuntimeException thrown) {
            failure = thrown;
            throw new IOException("the receiver failed", thrown);
        }
    }
}
