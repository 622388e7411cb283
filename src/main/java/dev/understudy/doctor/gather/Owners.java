package dev.understudy.doctor.gather;

import dev.understudy.host.Host;
import java.util.HashMap;
import java.util.Map;

/** One machine as the accounts whose directories are examined; whose a directory is, is asked once. */
final class Owners {
    private final Host login;
    private final Map<String, Host> byDirectory = new HashMap<>();

    /** @param login as whoever logged in; stays the caller's to close */
    Owners(Host login) {
        this.login = login;
    }

    Host login() {
        return login;
    }

    /** As the account that a directory belongs to, see {@link FactsGatherer#asOwner}. */
    Host of(String directory) {
        return byDirectory.computeIfAbsent(directory, path -> FactsGatherer.asOwner(login, path));
    }
}
