package dev.understudy.engine;

import java.time.Instant;

/**
 * Something that was seen: what, where and when. The report prints it; nobody has to believe it.
 *
 * @param claim what was seen, one sentence without a full stop, LSNs and names exact
 * @param source where: a query, a file, a WAL record, a command
 * @param at when it was looked at
 */
public record Evidence(String claim, String source, Instant at) {}
