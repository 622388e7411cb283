package dev.understudy.server.survey;

/**
 * A collation version that the server recorded.
 *
 * @param owner whose: {@code database "app"} or {@code collation "de-x-icu" in database "app"}
 * @param provider {@code libc}, {@code icu} or {@code builtin}
 * @param recorded the version when it was made
 * @param actual the version that the primary's library has now; empty if it does not tell
 */
public record CollationSurvey(String owner, String provider, String recorded, String actual) {}
