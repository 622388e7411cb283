package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How a command comes to run as another account.
 *
 * @param prefix words before the command, such as {@code setpriv --reuid=26 …}; empty where nothing changes
 * @param environment what the other account's log-in would set
 * @param directory working directory where the command names none
 */
public record AccountSwitch(List<String> prefix, Map<String, String> environment, Optional<String> directory) {
    /** No change of account. */
    public static final AccountSwitch NONE = new AccountSwitch(List.of(), Map.of(), Optional.empty());

    public AccountSwitch {
        prefix = List.copyOf(prefix);
        environment = Map.copyOf(environment);
    }

    /**
     * Finds a way that works on this host, by trying each: {@code setpriv} changes ids and nothing else; {@code runuser}
     * and {@code su} go through PAM, and old systems have only those.
     *
     * @param run runs a command as root
     * @throws UnderstudyException {@link ErrorCode#ACCOUNT_UNAVAILABLE} if none works
     */
    public static AccountSwitch find(String host, Account account, Function<Command, CommandResult> run) {
        List<String> complaints = new ArrayList<>();
        for (List<String> prefix : candidates(account)) {
            AccountSwitch candidate = of(account, prefix);
            List<String> words = new ArrayList<>(prefix);
            words.addAll(List.of("id", "-u"));
            CommandResult result = run.apply(Command.of(words)
                    .withDirectory("/")
                    .withEnvironment("LC_ALL", "C")
                    .asLook());
            if (result.succeeded() && result.text().equals(Integer.toUnsignedString(account.uid()))) {
                return candidate.inHome(account, run);
            }
            complaints.add(prefix.get(0) + ": "
                    + (result.error().isBlank() ? result.text() : result.error().strip()));
        }
        throw UnderstudyException.of(
                        ErrorCode.ACCOUNT_UNAVAILABLE,
                        "cannot act as account \"%s\" on host \"%s\"",
                        account.name(),
                        host)
                .detail("%s", String.join("; ", complaints))
                .build();
    }

    /** The refusal for those who are not root. */
    public static UnderstudyException notRoot(String host, Account current, Account wanted) {
        return UnderstudyException.of(
                        ErrorCode.ACCOUNT_UNAVAILABLE,
                        "cannot act as account \"%s\" on host \"%s\"",
                        wanted.name(),
                        host)
                .detail("The account there is \"%s\", and only root can become another account.", current.name())
                .hint("Run as \"%s\" or as root, or log in to the host as one of them.", wanted.name())
                .build();
    }

    private static List<List<String>> candidates(Account account) {
        String uid = Integer.toUnsignedString(account.uid());
        String gid = Integer.toUnsignedString(account.gid());
        return List.of(
                List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--init-groups"),
                List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"),
                List.of("runuser", "-u", account.name(), "--"),
                List.of("su", "-s", "/bin/sh", "-c", "exec \"$@\"", "--", account.name(), "sh"));
    }

    private static AccountSwitch of(Account account, List<String> prefix) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("USER", account.name());
        environment.put("LOGNAME", account.name());
        environment.put("HOME", account.home().isEmpty() ? "/" : account.home());
        return new AccountSwitch(prefix, environment, Optional.of("/"));
    }

    /** The same, working in the home directory where there is one that the account can enter. */
    private AccountSwitch inHome(Account account, Function<Command, CommandResult> run) {
        if (account.home().isEmpty()) {
            return this;
        }
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("/bin/sh", "-c", "cd -- \"$1\"", "sh", account.home()));
        boolean enters =
                run.apply(Command.of(words).withDirectory("/").asLook()).succeeded();
        return enters ? new AccountSwitch(prefix, environment, Optional.of(account.home())) : this;
    }
}
