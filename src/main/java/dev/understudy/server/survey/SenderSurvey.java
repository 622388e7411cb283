package dev.understudy.server.survey;

/**
 * A connection that uses one of max_wal_senders.
 *
 * @param pid its process on the server
 * @param applicationName what it calls itself
 * @param state {@code streaming}, {@code catchup}, {@code backup}, {@code startup}, {@code stopping}; empty if hidden
 * @param client address it comes from; empty for a Unix socket
 */
public record SenderSurvey(int pid, String applicationName, String state, String client) {
    /** One line for people. */
    public String describe() {
        return "%s (pid %d%s)%s"
                .formatted(
                        applicationName.isEmpty() ? "unnamed" : "\"" + applicationName + "\"",
                        pid,
                        client.isEmpty() ? "" : ", " + client,
                        state.isEmpty() ? "" : " " + state);
    }
}
