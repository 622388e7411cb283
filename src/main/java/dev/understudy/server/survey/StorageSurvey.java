package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What a copy has to carry.
 *
 * @param tablespaces those outside of the data directory; in-place ones are part of it
 * @param dataBytes what the data directory holds without WAL and without those tablespaces
 * @param relations number of relations with files in the database connected to, times its share of all bytes: an estimate
 * @param unloggedTables names of unlogged tables of the database connected to, at most 20
 */
public record StorageSurvey(
        Known<List<TablespaceSurvey>> tablespaces,
        Known<Long> dataBytes,
        Known<Long> relations,
        Known<List<String>> unloggedTables) {}
