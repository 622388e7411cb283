package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import dev.understudy.server.facts.ReplicationFacts.Archiver;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.List;

/**
 * What has to do with WAL on a server.
 *
 * @param slots all replication slots
 * @param senders all WAL senders
 * @param archiver the archiver's state
 * @param rate how fast WAL is written
 * @param directoryBytes what pg_wal holds now
 */
public record WalSurvey(
        Known<List<ReplicationSlot>> slots,
        Known<List<WalSender>> senders,
        Known<Archiver> archiver,
        Known<WalRate> rate,
        Known<Long> directoryBytes) {}
