package dev.understudy.promotion.gather;

import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.doctor.gather.Looking;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.facts.Given;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What facts are gathered through: one session with the standby, one with the primary, and the standby's host as the
 * account that owns its data directory. Each is there, or the reason why it is not, which becomes the reason of all that
 * would have been seen through it.
 */
final class Sight implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String HERE = "local";

    private final PromotionRequest request;
    private final Function<String, Host> hosts;
    private final Known<Session> standby;
    private final Known<Session> primary;
    private final Known<Host> login;
    private final Known<Host> host;

    private Sight(
            PromotionRequest request,
            Function<String, Host> hosts,
            Known<Session> standby,
            Known<Session> primary,
            Known<Host> login) {
        this.request = request;
        this.hosts = hosts;
        this.standby = standby;
        this.primary = primary;
        this.login = login;
        this.host = request.dataDirectory()
                .map(path -> login.flatMap(found -> Looking.at(() -> FactsGatherer.asOwner(found, path))))
                .orElse(login);
    }

    /** @param hosts gives a host by its name */
    static Sight open(PromotionRequest request, Function<String, Host> hosts) {
        return new Sight(
                request,
                hosts,
                session(request.standby()),
                request.primary().map(Sight::session).orElseGet(() -> Known.unknown("no --primary given")),
                request.dataDirectory().isPresent()
                        ? Looking.at(() -> hosts.apply(request.host()))
                        : Known.unknown("no -D given"));
    }

    private static Known<Session> session(Conninfo conninfo) {
        return Looking.at(() -> open(conninfo));
    }

    /** A session whose queries have a limit; the caller closes it. */
    static Session open(Conninfo conninfo) {
        Session session = Session.open(ResolvedConninfo.of(conninfo), ConnectOptions.QUERY);
        session.limitTo(LIMIT);
        // Replay may hold a lock for long on a standby whose queries it does not cancel.
        session.execute(LIMIT, "SET lock_timeout = '5s'");
        return session;
    }

    PromotionRequest request() {
        return request;
    }

    Given given() {
        return request.given();
    }

    /** The session with the standby, in the database of its connection string. */
    Known<Session> standby() {
        return standby;
    }

    /** The session with the primary. */
    Known<Session> primary() {
        return primary;
    }

    /** The standby's host, as the account that its server runs as. */
    Known<Host> host() {
        return host;
    }

    /** The standby's data directory with every link resolved. */
    Known<String> dataDirectory() {
        Optional<String> path = request.dataDirectory();
        return host.flatMap(found ->
                Looking.at(() -> found.files().realPath(path.orElse("")).orElse(path.orElse(""))));
    }

    /** What a query of the standby gives, or why it gives nothing. */
    <T> Known<T> onStandby(Function<Session, T> query) {
        return ask(standby, query);
    }

    /** What a query of the primary gives, or why it gives nothing. */
    <T> Known<T> onPrimary(Function<Session, T> query) {
        return ask(primary, query);
    }

    /** What a look at the standby's host gives, or why it gives nothing. */
    <T> Known<T> onHost(Function<Host, T> look) {
        return ask(host, look);
    }

    /**
     * What a look at the primary's host gives, or why it gives nothing.
     *
     * @param look is given the host that was named for it, if one was, and this machine
     */
    <T> Known<T> onPrimaryHost(BiFunction<Optional<Host>, Host, T> look) {
        return Looking.at(() -> {
            try (Host here = hosts.apply(HERE)) {
                if (request.primaryHost().isEmpty()) {
                    return look.apply(Optional.empty(), here);
                }
                try (Host named = hosts.apply(request.primaryHost().get())) {
                    return look.apply(Optional.of(named), here);
                }
            }
        });
    }

    private static <S, T> Known<T> ask(Known<S> where, Function<S, T> query) {
        return where.flatMap(found -> Looking.at(() -> query.apply(found)));
    }

    @Override
    public void close() {
        standby.value().ifPresent(Sight::close);
        primary.value().ifPresent(Sight::close);
        login.value().ifPresent(Host::close);
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (UnderstudyException e) {
            // Everything that was to be seen has been; a session that ends badly takes nothing of it away.
            return;
        }
    }
}
