package dev.understudy.server.surroundings;

import java.util.List;
import java.util.Optional;

/**
 * The databases of a server.
 *
 * @param seen those that were looked into
 * @param notSeen names of the others, each with the reason
 */
public record Databases(List<DatabaseState> seen, List<String> notSeen) {
    public Databases {
        seen = List.copyOf(seen);
        notSeen = List.copyOf(notSeen);
    }

    public Optional<DatabaseState> find(String name) {
        return seen.stream().filter(database -> database.name().equals(name)).findFirst();
    }
}
