package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * Backups that run on a server.
 *
 * @param exclusiveSince when an exclusive backup was started, as the server prints it; empty if there is none; only up to
 *     14
 * @param running one line for people a backup that the server knows of
 */
public record BackupSurvey(Known<String> exclusiveSince, Known<List<String>> running) {}
