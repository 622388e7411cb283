package dev.understudy.server.surroundings;

import java.util.List;

/**
 * The transactions of a server's clients.
 *
 * @param seen those that are open, the longest first
 * @param hidden sessions whose transactions the role may not see
 */
public record OpenTransactions(List<OpenTransaction> seen, long hidden) {
    public OpenTransactions {
        seen = List.copyOf(seen);
    }
}
