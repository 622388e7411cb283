package dev.understudy.server.surroundings;

/**
 * A client's transaction that is open.
 *
 * @param pid its server process
 * @param role who; empty text for none
 * @param application {@code application_name}; may be empty
 * @param database its database
 * @param state {@code active}, {@code idle in transaction}, …
 * @param writes whether it has a transaction id, thus has written
 * @param seconds since when, in seconds by the server's clock
 */
public record OpenTransaction(
        int pid, String role, String application, String database, String state, boolean writes, long seconds) {
    /** For people, without its statement, which may hold anything. */
    public String describe() {
        return "process %d of role \"%s\"%s in database \"%s\", %s"
                .formatted(pid, role, application.isEmpty() ? "" : " (" + application + ")", database, state);
    }
}
