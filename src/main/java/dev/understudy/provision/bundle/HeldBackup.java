package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.provision.seal.SeenCheckpoint;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStart;
import dev.understudy.server.backup.BackupStop;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The backup that a keeper holds open, and what was seen of its server meanwhile: what a bundle is made of. */
final class HeldBackup implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofHours(1);
    private static final Duration STOP_LIMIT = Duration.ofHours(1);

    private final BackupRequest request;
    private final BackupSession session;
    private final ServerIdentity server;
    private final Bundle.Source source;
    private final Set<SeenCheckpoint> checkpoints = new LinkedHashSet<>();

    private HeldBackup(BackupRequest request, BackupSession session, Session other) {
        this.request = request;
        this.session = session;
        this.server = new ServerFacts(other).identity();
        this.source = SourceFacts.source(other);
    }

    /** Opens its session; the backup is not started yet. */
    static HeldBackup open(BackupRequest request) {
        BackupSession session = BackupSession.open(request.primary());
        try (Session other = Session.open(request.primary())) {
            return new HeldBackup(request, session, other);
        } catch (UnderstudyException e) {
            session.close();
            throw e;
        }
    }

    ServerIdentity server() {
        return server;
    }

    private Optional<KeptSlot> slot() {
        return request.slot().map(name -> new KeptSlot(request.primary(), name));
    }

    /** Starts the backup, and makes sure that the slot keeps WAL from there on. */
    BackupStart start(String label) {
        BackupStart start = session.start(label, request.checkpoint(), START_LIMIT);
        try (Session other = Session.open(request.primary())) {
            slot().ifPresent(slot -> slot.requireFrom(other, start.startLsn()));
            checkpoints.add(SourceFacts.checkpoint(other));
        }
        return start;
    }

    /** @throws UnderstudyException if the backup is lost */
    void heartbeat() {
        session.heartbeat();
    }

    /** Whether the slot still keeps what the clones need, and which checkpoint is the latest. */
    void look() {
        try (Session other = Session.open(request.primary())) {
            slot().ifPresent(slot -> slot.requireUsable(other));
            checkpoints.add(SourceFacts.checkpoint(other));
        }
    }

    /** Stops the backup, without a slot only once the archive has its WAL. */
    Bundle stop(KeeperState.Backup expected, Clock clock) {
        BackupStop stop = session.stop(request.slot().isEmpty(), STOP_LIMIT);
        BackupLabel label = BackupLabel.parse(stop.label());
        if (!label.label().equals(expected.label())
                || !label.startLsn().toString().equals(expected.startLsn())) {
            throw UnderstudyException.of(
                            ErrorCode.BACKUP_LABEL_INVALID,
                            "the label that the primary returned is not this backup's: \"%s\", start %s",
                            label.label(),
                            label.startLsn())
                    .build();
        }
        return new Bundle(
                clock.instant(),
                server.systemIdentifier(),
                server.version(),
                label,
                stop.tablespaceMap(),
                stop.stopLsn(),
                label.isFromStandby(),
                request.slot(),
                request.reachable(),
                source,
                List.copyOf(checkpoints),
                evidence(label, stop));
    }

    /** The backup is stopped in good order: that it cannot be looked at any more does not make it worthless. */
    private String evidence(BackupLabel label, BackupStop stop) {
        try (Session other = Session.open(request.primary())) {
            slot().ifPresent(slot -> slot.requireUsable(other));
            return BackupEndEvidence.find(request.primary(), label, stop.stopLsn(), server);
        } catch (UnderstudyException e) {
            if (KeptSlot.isLost(e) || e.code() == ErrorCode.BACKUP_END_MISSING) {
                throw e;
            }
            return "the end of the backup was not seen in the WAL: " + e.message();
        }
    }

    /** Breaks off what the session waits for; from any thread. */
    void cancel() {
        session.cancel();
    }

    /** Ends the session, and with it a backup that is still open. */
    @Override
    public void close() {
        session.close();
    }
}
