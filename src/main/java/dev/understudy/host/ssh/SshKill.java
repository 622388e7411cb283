package dev.understudy.host.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Short commands beside a running one, on the channels that stay free for them. */
final class SshKill {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SshConnection connection;

    SshKill(SshConnection connection) {
        this.connection = connection;
    }

    /** Kills a process group, by its leader; {@code sshd} makes the process that it starts one. */
    void kill(long pid) {
        run("kill -s KILL -- -" + pid + " 2>/dev/null || kill -s KILL " + pid + " 2>/dev/null");
    }

    /** Waits for an answer from the host. */
    void roundTrip() {
        run(":");
    }

    private void run(String script) {
        ChannelExec channel = null;
        try {
            channel = connection.newChannel();
            channel.setCommand("exec /bin/sh -c '" + script + "'");
            channel.connect((int) TimeUnit.NANOSECONDS.toMillis(LIMIT_NANOS));
            long deadline = System.nanoTime() + LIMIT_NANOS;
            while (!channel.isClosed() && connection.isAlive() && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        } catch (JSchException e) {
            // The connection is going; what it ran ends with its pipes, or is out of reach.
            return;
        } finally {
            if (channel != null) {
                channel.disconnect();
            }
        }
    }
}
