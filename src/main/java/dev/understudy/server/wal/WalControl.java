package dev.understudy.server.wal;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import java.time.Duration;
import java.util.UUID;

/** Small pushes to a primary's WAL, and how to see on a standby that they arrived. */
public final class WalControl {
    private final Session session;

    public WalControl(Session session) {
        this.session = session;
    }

    /** Writes a named restore point; returns the end of its record. */
    public Lsn createRestorePoint(String name) {
        return session.one(row -> row.lsn("l"), "SELECT pg_create_restore_point(?)::text AS l", name);
    }

    /** Ends the current segment; returns the end of the WAL in it. Does nothing if the segment is empty. */
    public Lsn switchWal() {
        return session.one(row -> row.lsn("l"), "SELECT " + Dialect.SWITCH_WAL.on(session.major()) + "::text AS l");
    }

    /** Where a primary's WAL ends now. */
    public Lsn currentLsn() {
        return session.one(row -> row.lsn("l"), "SELECT " + Dialect.CURRENT_LSN.on(session.major()) + "::text AS l");
    }

    /** The timeline that a primary writes; the one of its last checkpoint may lie behind it. */
    private TimelineId timeline() {
        String file = session.one(
                row -> row.text("f"),
                "SELECT %s(%s) AS f"
                        .formatted(Dialect.WAL_FILE_NAME.on(session.major()), Dialect.CURRENT_LSN.on(session.major())));
        return new TimelineId(Integer.parseUnsignedInt(file.substring(0, 8), 16));
    }

    /** Checkpoints at once; superusers, and from 15 on members of pg_checkpoint. */
    public void checkpoint(Duration limit) {
        session.execute(limit, "CHECKPOINT");
    }

    /**
     * Commits a transaction on the primary whose arrival {@link #isVisible} tells on a standby. It needs no table and no
     * privilege: a transactional logical message, which physical standbys replay as nothing.
     */
    public Canary emitCanary() {
        String nonce = UUID.randomUUID().toString();
        Message message = session.one(
                row -> new Message(row.bigNumber("txid"), row.lsn("l")),
                "SELECT txid_current() AS txid, pg_logical_emit_message(true, 'understudy', ?::text)::text AS l",
                nonce);
        return new Canary(message.txid(), timeline(), message.end(), currentLsn(), nonce);
    }

    private record Message(long txid, Lsn end) {}

    /** Whether this server, a standby, has replayed the commit of a canary. */
    public boolean isVisible(Canary canary) {
        return session.one(
                row -> row.flag("v"),
                "SELECT txid_visible_in_snapshot(?, txid_current_snapshot()) AS v",
                canary.txid());
    }
}
