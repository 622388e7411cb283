package dev.understudy.server.hba;

import java.util.Set;

/**
 * A log-in as pg_hba.conf sees it.
 *
 * @param transport how the client comes
 * @param database its name; {@link #REPLICATION} for a physical replication connection, which names none
 * @param user the role
 * @param groups the roles that it is a member of, directly or not, itself among them
 * @param address a numeric address, or a word or host name as rules have it ({@code samenet}, {@code .example.org}),
 *     which only a rule with that word fits; empty text through a Unix socket
 */
public record HbaLogin(Transport transport, String database, String user, Set<String> groups, String address) {
    /** What stands for the database of a physical replication connection. */
    public static final String REPLICATION = "replication";

    public HbaLogin {
        groups = Set.copyOf(groups);
    }

    /** How a client comes. */
    public enum Transport {
        SOCKET,
        PLAIN,
        TLS,
        GSS;

        /** Whether lines of a type are for clients that come like this. Source: {@code check_hba} in {@code hba.c}. */
        boolean fits(String type) {
            return switch (type) {
                case "local" -> this == SOCKET;
                case "host" -> this != SOCKET;
                case "hostssl" -> this == TLS;
                case "hostnossl" -> this == PLAIN || this == GSS;
                case "hostgssenc" -> this == GSS;
                case "hostnogssenc" -> this == PLAIN || this == TLS;
                default -> false;
            };
        }
    }

    /** A physical replication connection over TCP, with TLS, as libpq prefers. */
    public static HbaLogin replication(String user, Set<String> groups, String address) {
        return new HbaLogin(Transport.TLS, REPLICATION, user, groups, address);
    }

    public boolean isReplication() {
        return database.equals(REPLICATION);
    }

    /** For people: {@code role "app" to database "shop" from 10.0.0.0 over TLS}. */
    public String describe() {
        String target = isReplication() ? " for replication" : " to database \"%s\"".formatted(database);
        String place = switch (transport) {
            case SOCKET -> " through the Unix socket";
            case PLAIN -> " from " + address + " without encryption";
            case TLS -> " from " + address + " over TLS";
            case GSS -> " from " + address + " over GSSAPI encryption";
        };
        return "role \"%s\"".formatted(user) + target + place;
    }
}
