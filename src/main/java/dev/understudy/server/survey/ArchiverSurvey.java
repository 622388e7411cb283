package dev.understudy.server.survey;

/**
 * {@code pg_stat_archiver}.
 *
 * @param lastArchived name of the last file archived; empty if none
 * @param lastArchivedEpochSeconds when, 0 if never
 * @param lastFailed name of the last file that failed; empty if none
 * @param lastFailedEpochSeconds when, 0 if never
 * @param failedCount failures since the statistics were reset
 */
public record ArchiverSurvey(
        String lastArchived,
        long lastArchivedEpochSeconds,
        String lastFailed,
        long lastFailedEpochSeconds,
        long failedCount) {
    /** Whether the last attempt failed. */
    public boolean isFailing() {
        return lastFailedEpochSeconds > 0 && lastFailedEpochSeconds > lastArchivedEpochSeconds;
    }
}
