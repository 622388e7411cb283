package dev.understudy.host;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A machine: this one, or one reached over SSH. Nothing is installed on it; it needs a POSIX shell, coreutils and tar.
 *
 * <p>A host acts as one {@link Account}: files that it makes belong to that account, and commands run as it. Hosts are
 * safe for use by several threads; over SSH all of them share one connection, see {@link #another()}.
 */
public interface Host extends AutoCloseable {
    /** How people name it: {@code local}, or {@code ssh://user@host:port} without any secret. */
    String name();

    boolean isLocal();

    /** Whom commands run as and whose the files are that this host makes. */
    Account account();

    /**
     * The same machine acting as another account. Needs root where the account differs from {@link #account()}.
     *
     * @throws UnderstudyException {@link ErrorCode#ACCOUNT_UNAVAILABLE} if there is no such account or no right to use it
     */
    Host as(Account account);

    /**
     * Another connection to the same machine as the same account, for streams that shall not share one connection's
     * window and cipher; the caller closes it. The local host gives itself.
     */
    Host another();

    /** Looks an account up by name. */
    Optional<Account> findAccount(String name);

    /**
     * Runs a command to its end and gives what it wrote, at most 16 MiB.
     *
     * @return also for a status other than 0; {@link CommandResult#orThrow()} makes an error of that
     * @throws UnderstudyException {@link ErrorCode#COMMAND_TIMED_OUT} past the command's limit, after killing it;
     *     {@link ErrorCode#HOST_UNREACHABLE} if the connection fails or is lost
     */
    CommandResult run(Command command);

    /** Runs a command to its end, pushing its standard output into {@code output} as it comes; otherwise as {@link #run(Command)}. */
    CommandResult run(Command command, OutputStream output);

    /** Starts a command whose standard input and output the caller works with while it runs. */
    RunningCommand start(Command command);

    /** The files of this machine, seen and made as {@link #account()}. */
    HostFiles files();

    /**
     * Makes a place that this host reaches reachable from here, until the host is closed.
     *
     * @param place an address, or the directory of a Unix socket, as the host sees it
     * @param port TCP port, or the number in the socket's name
     * @return a port of this machine's loopback interface that leads there; the local host gives {@code port} itself
     */
    int forward(String place, int port);

    @Override
    void close();
}
