package dev.understudy.server.facts;

import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** WAL files on the server, and backups that somebody left open. */
public final class BackupFacts {
    private static final String LABEL_FUNCTION = "pg_read_binary_file(text, bigint, bigint, boolean)";

    private final Session session;

    public BackupFacts(Session session) {
        this.session = session;
    }

    /** A file of the WAL directory. */
    public record WalFile(String name, long sizeBytes, Instant modification) {}

    /**
     * A backup in exclusive mode.
     *
     * @param label contents of its backup_label; empty if the role may not read it
     */
    public record ExclusiveBackup(Optional<byte[]> label) {}

    /** The files of the WAL directory, by name; segments, histories and others. */
    public List<WalFile> walFiles() {
        return session.list(
                row -> new WalFile(row.text("name"), row.bigNumber("size"), row.instant("modification")),
                "SELECT name, size, modification FROM " + Dialect.LIST_WAL.on(session.major()) + " ORDER BY name");
    }

    /** Whether a WAL file is there. */
    public boolean hasWalFile(String name) {
        return session.find(
                        row -> row.text("name"),
                        "SELECT name FROM " + Dialect.LIST_WAL.on(session.major()) + " WHERE name = ?",
                        name)
                .isPresent();
    }

    /** The exclusive backup that is open; none from 15 on, which does not have that mode. */
    public Optional<ExclusiveBackup> exclusiveBackup() {
        Optional<String> function = Dialect.IS_IN_EXCLUSIVE_BACKUP.find(session.major());
        if (function.isEmpty() || !session.one(row -> row.flag("b"), "SELECT " + function.get() + " AS b")) {
            return Optional.empty();
        }
        return Optional.of(new ExclusiveBackup(label()));
    }

    /** The {@code backup_label} in the data directory; empty if there is none or the role may not read it. */
    public Optional<byte[]> label() {
        if (!new AccessFacts(session).mayExecute(LABEL_FUNCTION)) {
            return Optional.empty();
        }
        return session.one(
                row -> row.findBytes("label"), "SELECT pg_read_binary_file('backup_label', 0, 65536, true) AS label");
    }
}
