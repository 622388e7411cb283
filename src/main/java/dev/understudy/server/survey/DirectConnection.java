package dev.understudy.server.survey;

/**
 * Whether a session is the server's own or one that a pooler lends out.
 *
 * @param direct whether every sign says direct
 * @param sign what tells, for people: {@code the backend pid changed from 4711 to 4712 between two transactions}
 */
public record DirectConnection(boolean direct, String sign) {}
