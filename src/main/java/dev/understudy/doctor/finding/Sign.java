package dev.understudy.doctor.finding;

/**
 * A piece of evidence.
 *
 * @param source where it was seen: a file, a query, the log
 * @param detail what was seen, exact
 */
public record Sign(String source, String detail) {}
