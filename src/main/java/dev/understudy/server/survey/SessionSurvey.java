package dev.understudy.server.survey;

import dev.understudy.server.Session;
import java.util.List;

/** The sessions that a server has, as far as the role may see them. */
public final class SessionSurvey {
    private final Session session;

    public SessionSurvey(Session session) {
        this.session = session;
    }

    /**
     * A session.
     *
     * @param applicationName empty if it gives none
     * @param user empty for a process of the server's own
     */
    public record Client(int pid, String user, String applicationName) {}

    /** All but our own. */
    public List<Client> clients() {
        return session.list(
                row -> new Client(row.number("pid"), row.text("usename"), row.text("application_name")),
                "SELECT pid, usename::text, application_name FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " ORDER BY pid");
    }
}
