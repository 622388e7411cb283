package dev.understudy.engine.run;

import dev.understudy.error.Reasons;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What steps keep live for later steps, each with the bracket it was kept in. Thread-safe. */
final class KeptResources {
    private record Entry(Class<?> type, AutoCloseable resource, String bracket) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Consumer<String> warnings;

    KeptResources(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    <T extends AutoCloseable> void keep(Class<T> type, T resource, String bracket) {
        closeAll(take(entry -> entry.type().equals(type) && entry.resource() != resource));
        synchronized (this) {
            entries.removeIf(entry -> entry.resource() == resource);
            entries.add(new Entry(type, resource, bracket));
        }
    }

    synchronized <T extends AutoCloseable> Optional<T> find(Class<T> type) {
        return entries.stream()
                .filter(entry -> entry.type().equals(type))
                .map(entry -> type.cast(entry.resource()))
                .findFirst();
    }

    /** Closes what was kept in these brackets, the last kept first. */
    void closeBrackets(Set<String> brackets) {
        closeAll(take(entry -> brackets.contains(entry.bracket())));
    }

    /** Closes everything, the last kept first. */
    void closeAll() {
        closeAll(take(entry -> true));
    }

    private synchronized List<Entry> take(Predicate<Entry> wanted) {
        List<Entry> taken = new ArrayList<>(entries.stream().filter(wanted).toList());
        entries.removeAll(taken);
        Collections.reverse(taken);
        return taken;
    }

    /** Outside of the lock: closing a session may take its time. */
    private void closeAll(List<Entry> taken) {
        for (Entry entry : taken) {
            try {
                entry.resource().close();
            } catch (Exception e) {
                warnings.accept("could not close what the run had kept open: " + Reasons.of(e));
            }
        }
    }
}
