package dev.understudy.doctor.gather;

import dev.understudy.host.Host;
import dev.understudy.host.posix.SessionHost;
import java.util.HashMap;
import java.util.Map;

/**
 * One machine as the accounts whose directories are examined, each with a shell of its own for all that is looked at: an
 * examination is dozens of short looks.
 */
final class Owners implements AutoCloseable {
    private final SessionHost login;
    private final Map<String, Host> byDirectory = new HashMap<>();
    private final Map<Integer, SessionHost> byAccount = new HashMap<>();

    /** @param login as whoever logged in; stays the caller's to close */
    Owners(Host login) {
        this.login = new SessionHost(login);
        byAccount.put(login.account().uid(), this.login);
    }

    Host login() {
        return login;
    }

    /** As the account that a directory belongs to, see {@link FactsGatherer#asOwner}. */
    Host of(String directory) {
        return byDirectory.computeIfAbsent(directory, path -> {
            Host owner = FactsGatherer.asOwner(login, path);
            return byAccount.computeIfAbsent(owner.account().uid(), uid -> new SessionHost(owner));
        });
    }

    @Override
    public void close() {
        byAccount.values().forEach(SessionHost::close);
    }
}
