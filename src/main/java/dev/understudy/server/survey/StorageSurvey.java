package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What a copy has to carry.
 *
 * @param tablespaces those outside of the data directory; in-place ones are part of it
 * @param dataBytes what the data directory holds without WAL and without those tablespaces
 */
public record StorageSurvey(Known<List<TablespaceSurvey>> tablespaces, Known<Long> dataBytes) {}
