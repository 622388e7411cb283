package dev.understudy.server.survey;

/**
 * A replication slot.
 *
 * @param name its name
 * @param physical whether physical rather than logical
 * @param active whether somebody streams from it now
 * @param activePid the pid of who does; 0 if nobody
 * @param restartLsn oldest WAL it keeps; empty if it keeps none
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved}, {@code lost}; empty before 13
 * @param temporary whether it ends with its session
 */
public record SlotSurvey(
        String name,
        boolean physical,
        boolean active,
        int activePid,
        String restartLsn,
        String walStatus,
        boolean temporary) {}
