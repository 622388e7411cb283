package dev.understudy.provision.preflight.gather;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import java.time.Duration;
import java.util.function.Supplier;

/** Looks at a host with limited waits; what cannot be seen becomes a reason. */
record Looks(Host host, Duration limit) {
    /** What the look gives, or the message of the error it ended with. */
    static <T> Known<T> known(Supplier<T> look) {
        try {
            return Known.of(look.get());
        } catch (UnderstudyException e) {
            return Known.unknown(reason(e));
        }
    }

    static String reason(UnderstudyException e) {
        return e.detail().isEmpty()
                ? e.message()
                : e.message() + ": " + e.detail().replace('\n', ' ');
    }

    CommandResult run(Command command) {
        return host.run(command.withLimit(limit));
    }

    /** Whether the script ends with status 0. */
    boolean holds(String script, String... arguments) {
        return run(Command.shell(script, arguments).asLook()).succeeded();
    }

    /** What a script prints, whatever its status. */
    String print(String script, String... arguments) {
        return run(Command.shell(script, arguments).asLook()).text();
    }
}
