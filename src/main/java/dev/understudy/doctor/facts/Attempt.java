package dev.understudy.doctor.facts;

import dev.understudy.error.ErrorCode;
import java.util.Optional;

/**
 * What became of connecting to a server: either it was let in and looked around, or it was refused, which tells
 * something too.
 *
 * @param failure why there is no session
 * @param view what the server said
 */
public record Attempt(Optional<Failure> failure, Optional<ServerView> view) {
    /**
     * Why a connection failed.
     *
     * @param code the kind of failure
     * @param message one line
     * @param detail the server's or the driver's own words, empty if there are none
     * @param hint what the connection's error suggests, such as the line for pg_hba.conf; empty if nothing
     */
    public record Failure(ErrorCode code, String message, String detail, String hint) {}

    public static Attempt of(ServerView view) {
        return new Attempt(Optional.empty(), Optional.of(view));
    }

    public static Attempt failed(Failure failure) {
        return new Attempt(Optional.of(failure), Optional.empty());
    }

    /** Whether it failed for this reason. */
    public boolean failedWith(ErrorCode code) {
        return failure.filter(found -> found.code() == code).isPresent();
    }
}
