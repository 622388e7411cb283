package dev.understudy.transfer;

import dev.understudy.host.Account;
import dev.understudy.host.Host;
import dev.understudy.server.Session;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.local.LocalSource;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.sql.SqlSource;
import dev.understudy.transfer.ssh.RemoteSink;
import dev.understudy.transfer.ssh.SshSource;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The ways from a primary's files to a standby's. Which one to take is the caller's decision. */
public final class Routes {
    private Routes() {}

    /** A data directory on this machine that this process may read. */
    public static Source local(String dataDirectory) {
        return new LocalSource(Path.of(dataDirectory));
    }

    /**
     * A data directory of another machine, by commands run there as the host's account.
     *
     * @param host stays open; each worker opens {@link Host#another()} of its own
     */
    public static Source ssh(Host host, String dataDirectory) {
        return new SshSource(host, dataDirectory);
    }

    /**
     * A data directory through its running server.
     *
     * @param sessions opens a session, once for the listing and for each worker
     * @param server the primary for messages, such as {@code "db1", port 5432}
     */
    public static Source sql(Supplier<Session> sessions, String server) {
        return new SqlSource(sessions, server);
    }

    /** The source for a host: by the kernel if it is this machine, else over SSH. */
    public static Source files(Host host, String dataDirectory) {
        return host.isLocal() ? local(dataDirectory) : ssh(host, dataDirectory);
    }

    /**
     * A new standby's data directory.
     *
     * @param host its machine, acting as the account whose the files shall be; stays open
     * @param liveness called while the last flush takes its time
     */
    public static Sink sink(Host host, TargetLayout layout, Runnable liveness) {
        return host.isLocal() ? localSink(layout, host.account(), liveness) : new RemoteSink(host, layout, liveness);
    }

    /** The same on this machine; making files for another account takes root. */
    public static Sink localSink(TargetLayout layout, Account owner, Runnable liveness) {
        return new LocalSink(layout, owner, liveness);
    }
}
