package dev.understudy.server.connect;

import java.time.Duration;

/**
 * What a connection is for, as far as it changes how it is made.
 *
 * @param replication whether it speaks the physical replication protocol
 * @param connectTimeout limit for one endpoint, from the first packet to the log-in; {@code connect_timeout} overrides it
 * @param keepaliveIdle silence before the first TCP keepalive
 * @param keepaliveInterval time between two unanswered keepalives
 */
public record ConnectOptions(
        boolean replication, Duration connectTimeout, Duration keepaliveIdle, Duration keepaliveInterval) {
    public static final String APPLICATION_NAME = "understudy";

    /** Unanswered keepalives after which the connection counts as lost. */
    public static final int KEEPALIVE_COUNT = 3;

    /** For queries: a silent network is noticed within a minute. */
    public static final ConnectOptions QUERY =
            new ConnectOptions(false, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10));

    /** For a session that must not die unnoticed: a silent network is noticed within some ten seconds. */
    public static final ConnectOptions GUARDED =
            new ConnectOptions(false, Duration.ofSeconds(10), Duration.ofSeconds(4), Duration.ofSeconds(2));

    /** For the replication protocol. */
    public static final ConnectOptions REPLICATION =
            new ConnectOptions(true, Duration.ofSeconds(10), Duration.ofSeconds(4), Duration.ofSeconds(2));
}
