package dev.understudy.host.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One connection with its log-in done, and those that it goes through. */
final class SshConnection implements AutoCloseable {
    /** Bytes on their way to us for one command; measured: less starves fast networks, more only takes memory. */
    static final int WINDOW = 4 << 20;

    /** Bytes of data in one packet; OpenSSH itself offers 32 KiB and takes what it is given. */
    static final int PACKET = 128 << 10;

    /** AES-GCM first: with the processor's own instructions it is several times as fast as the rest. */
    private static final String CIPHERS = "aes128-gcm@openssh.com,aes256-gcm@openssh.com,"
            + "aes128-ctr,aes192-ctr,aes256-ctr,chacha20-poly1305@openssh.com";

    /** Servers allow ten sessions on a connection (MaxSessions); two stay free for killing. */
    private static final int CHANNELS = 8;

    private static final int JUMPS = 8;
    private static final String LOOPBACK = "127.0.0.1";
    private static final int FORWARD_TIMEOUT_MILLIS = 10_000;

    private final SshTarget target;
    private final SshConfig config;
    private final SshOptions options;
    private final Session session;
    private final SshTransport transport;
    private final SshLiveness liveness;
    private final @Nullable SshConnection through;
    private final Semaphore channels = new Semaphore(CHANNELS, true);
    private final Map<String, Integer> forwards = new HashMap<>();
    private final SshShells shells;

    private SshConnection(
            SshTarget target,
            SshConfig config,
            SshOptions options,
            Session session,
            SshTransport transport,
            SshLiveness liveness,
            @Nullable SshConnection through) {
        this.target = target;
        this.config = config;
        this.options = options;
        this.session = session;
        this.transport = transport;
        this.liveness = liveness;
        this.through = through;
        this.shells = new SshShells(target.name(), this);
    }

    static SshConnection open(SshTarget target, SshConfig config, SshOptions options) {
        return open(target, config, options, 0);
    }

    private static SshConnection open(SshTarget target, SshConfig config, SshOptions options, int depth) {
        if (depth > JUMPS) {
            throw UnderstudyException.of(
                            ErrorCode.SSH_CONFIGURATION_INVALID,
                            "cannot use SSH configuration of host \"%s\": ProxyJump goes round in circles",
                            target.alias())
                    .build();
        }
        SshConnection through = null;
        try {
            for (int i = 0; i < target.jumps().size(); i++) {
                SshTarget jump = SshTarget.resolve(target.jumps().get(i), config, options);
                // The first is reached as its own configuration says, the others through the one before.
                through = through == null
                        ? open(jump, config, options, depth + 1)
                        : logIn(jump, config, options, through);
            }
            return logIn(target, config, options, through);
        } catch (UnderstudyException e) {
            if (through != null) {
                through.close();
            }
            throw e;
        }
    }

    private static SshConnection logIn(
            SshTarget target, SshConfig config, SshOptions options, @Nullable SshConnection through) {
        SshHostKeys hostKeys = SshHostKeys.load(target);
        SshIdentities identities = SshIdentities.load(target);
        SshTransport transport = new SshTransport(through == null ? null : through.session);
        try {
            Session session = new JSch().getSession(target.user(), target.hostName(), target.port());
            session.setProxy(transport);
            session.setDaemonThread(true);
            session.setHostKeyRepository(hostKeys);
            session.setIdentityRepository(identities);
            target.hostKeyAlias().ifPresent(session::setHostKeyAlias);
            configure(session);
            SshLiveness liveness = SshLiveness.watch(transport, session, target);
            try {
                session.connect((int) target.connectTimeout().toMillis());
            } catch (JSchException e) {
                transport.close();
                throw e;
            }
            session.setTimeout(0);
            liveness.ready(target.aliveLimit());
            return new SshConnection(target, config, options, session, transport, liveness, through);
        } catch (JSchException e) {
            // JSch takes a connection that ends while it offers a key for a key that is not accepted.
            throw transport.isEnded()
                    ? SshErrors.endedDuringLogIn(target, hostKeys, identities, e)
                    : SshErrors.connecting(target, hostKeys, identities, e);
        }
    }

    private static void configure(Session session) {
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("prefer_known_host_key_types", "yes");
        session.setConfig("PreferredAuthentications", "publickey");
        session.setConfig("cipher.s2c", CIPHERS);
        session.setConfig("cipher.c2s", CIPHERS);
        session.setConfig("compression.s2c", "none");
        session.setConfig("compression.c2s", "none");
    }

    /** Another connection to the same host. */
    SshConnection sibling() {
        return open(target, config, options);
    }

    /** Ciphers and algorithms as agreed, for people who look for what is slow. */
    String describe() {
        return session.getCipherAlgorithmS2C() + ", " + session.getServerHostKeyAlgorithm() + ", "
                + session.getKexAlgorithm();
    }

    boolean isAlive() {
        return session.isConnected() && !liveness.isLost();
    }

    Semaphore channels() {
        return channels;
    }

    /** Shells for looks. */
    SshShells shells() {
        return shells;
    }

    /** A channel that is not connected yet. */
    ChannelExec newChannel() throws JSchException {
        ChannelExec channel = (ChannelExec) session.openChannel("exec");
        if (channel == null) { // What JSch gives where the connection ends at this very moment.
            throw new JSchException("session is down");
        }
        channel.setLocalWindowSizeMax(WINDOW);
        channel.setLocalPacketSize(PACKET);
        return channel;
    }

    /** A port of our loopback interface that leads to a place as the host sees it; the same for the same place. */
    synchronized int forward(String place, int port) throws JSchException {
        String key = place + ":" + port;
        Integer known = forwards.get(key);
        if (known != null) {
            return known;
        }
        int local = place.startsWith("/")
                ? session.setSocketForwardingL(LOOPBACK, 0, place + "/.s.PGSQL." + port, null, FORWARD_TIMEOUT_MILLIS)
                : session.setPortForwardingL(LOOPBACK, 0, place, port);
        forwards.put(key, local);
        return local;
    }

    @Override
    public void close() {
        // The transport first: taking leave in good order would hang on a network that is gone.
        if (liveness.isLost()) {
            transport.close();
        }
        session.disconnect();
        transport.close();
        if (through != null) {
            through.close();
        }
    }
}
