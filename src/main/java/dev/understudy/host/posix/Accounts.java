package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Looks accounts up where the host itself does: {@code getent} knows directories such as LDAP, the file is for systems without it. */
public final class Accounts {
    private static final String SCRIPT =
            "if command -v getent >/dev/null; then getent passwd \"$1\"; else grep -F -e \"$1:\" /etc/passwd; fi";

    private Accounts() {}

    public static Optional<Account> find(String name, Function<Command, CommandResult> run) {
        if (name.isEmpty() || name.indexOf(':') >= 0 || name.indexOf('\n') >= 0 || name.startsWith("-")) {
            return Optional.empty();
        }
        CommandResult result = run.apply(
                Command.shell(SCRIPT, name).withEnvironment("LC_ALL", "C").asLook());
        return result.text()
                .lines()
                .map(line -> List.of(line.split(":", -1)))
                .filter(fields -> fields.size() >= 7
                        && (fields.get(0).equals(name) || fields.get(2).equals(name)))
                .findFirst()
                .map(fields -> account(result, fields));
    }

    private static Account account(CommandResult result, List<String> fields) {
        try {
            return new Account(
                    fields.get(0),
                    Integer.parseUnsignedInt(fields.get(2)),
                    Integer.parseUnsignedInt(fields.get(3)),
                    fields.get(5));
        } catch (NumberFormatException e) {
            throw UnderstudyException.of(
                            ErrorCode.ACCOUNT_UNAVAILABLE,
                            "could not read account \"%s\" on host \"%s\"",
                            fields.get(0),
                            result.host())
                    .detail("The user or group id is not a number.")
                    .cause(e)
                    .build();
        }
    }
}
