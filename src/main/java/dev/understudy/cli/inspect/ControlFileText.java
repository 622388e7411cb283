package dev.understudy.cli.inspect;

import dev.understudy.pgfile.control.Checkpoint;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlSettings;
import dev.understudy.pgfile.control.ControlSizes;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegment;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The control file in pg_controldata's lines, in its order. */
final class ControlFileText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

    private final ControlFile control;
    private final InspectOutput output;

    private ControlFileText(ControlFile control, InspectOutput output) {
        this.control = control;
        this.output = output;
    }

    static void print(ControlFile control, InspectOutput output) {
        ControlFileText text = new ControlFileText(control, output);
        if (!control.crcOk()) {
            output.out()
                    .println("WARNING: Calculated CRC checksum does not match value stored in file.\n"
                            + "The file is corrupt. The results below are untrustworthy.\n");
        }
        if (control.isSealed()) {
            output.out().println("Sealed: no server starts from this file without its backup_label.\n");
        }
        text.printHead();
        text.printCheckpoint(control.checkpoint());
        text.printRecovery();
        text.printSettings(control.settings());
        text.printSizes(control.sizes());
    }

    private void printHead() {
        line("pg_control version number", Integer.toUnsignedString(control.controlVersion()));
        line("Catalog version number", Integer.toUnsignedString(control.catalogVersion()));
        line("Database system identifier", control.systemIdentifier());
        line("Database cluster state", control.state());
        line("pg_control last modified", time(control.epochSeconds()));
        line("Latest checkpoint location", control.checkpointLsn());
    }

    private void printCheckpoint(Checkpoint checkpoint) {
        latest("REDO location", checkpoint.redoLsn());
        latest("REDO WAL file", control.redoSegment().map(WalSegment::name).orElse("???"));
        latest("TimeLineID", Integer.toUnsignedString(checkpoint.timeline()));
        latest("PrevTimeLineID", Integer.toUnsignedString(checkpoint.previousTimeline()));
        latest("full_page_writes", onOff(checkpoint.fullPageWrites()));
        latest(
                "NextXID",
                Integer.toUnsignedString(checkpoint.nextXidEpoch()) + ":"
                        + Integer.toUnsignedString(checkpoint.nextXid()));
        latest("NextOID", Integer.toUnsignedString(checkpoint.nextOid()));
        latest("NextMultiXactId", Integer.toUnsignedString(checkpoint.nextMultiXactId()));
        latest("NextMultiOffset", Integer.toUnsignedString(checkpoint.nextMultiOffset()));
        latest("oldestXID", Integer.toUnsignedString(checkpoint.oldestXid()));
        latest("oldestXID's DB", Integer.toUnsignedString(checkpoint.oldestXidDatabase()));
        latest("oldestActiveXID", Integer.toUnsignedString(checkpoint.oldestActiveXid()));
        latest("oldestMultiXid", Integer.toUnsignedString(checkpoint.oldestMultiXactId()));
        latest("oldestMulti's DB", Integer.toUnsignedString(checkpoint.oldestMultiDatabase()));
        latest("oldestCommitTsXid", Integer.toUnsignedString(checkpoint.oldestCommitTimestampXid()));
        latest("newestCommitTsXid", Integer.toUnsignedString(checkpoint.newestCommitTimestampXid()));
        line("Time of latest checkpoint", time(checkpoint.epochSeconds()));
    }

    private void printRecovery() {
        line("Fake LSN counter for unlogged rels", control.unloggedLsn());
        line("Minimum recovery ending location", control.minRecoveryPoint());
        line("Min recovery ending loc's timeline", Integer.toUnsignedString(control.minRecoveryTimeline()));
        line("Backup start location", control.backupStartPoint());
        line("Backup end location", control.backupEndPoint());
        line("End-of-backup record required", control.backupEndRequired() ? "yes" : "no");
    }

    private void printSettings(ControlSettings settings) {
        line("wal_level setting", settings.walLevelWords());
        line("wal_log_hints setting", onOff(settings.walLogHints()));
        line("max_connections setting", settings.maxConnections());
        line("max_worker_processes setting", settings.maxWorkerProcesses());
        settings.maxWalSenders().ifPresent(value -> line("max_wal_senders setting", value));
        line("max_prepared_xacts setting", settings.maxPreparedTransactions());
        line("max_locks_per_xact setting", settings.maxLocksPerTransaction());
        line("track_commit_timestamp setting", onOff(settings.trackCommitTimestamp()));
    }

    private void printSizes(ControlSizes sizes) {
        line("Maximum data alignment", sizes.maxAlign());
        line("Database block size", sizes.blockSize());
        line("Blocks per segment of large relation", sizes.relationSegmentBlocks());
        line("WAL block size", sizes.walBlockSize());
        line("Bytes per WAL segment", sizes.walSegmentBytes());
        line("Maximum length of identifiers", sizes.nameDataLength());
        line("Maximum columns in an index", sizes.indexMaxKeys());
        line("Maximum size of a TOAST chunk", sizes.toastMaxChunkSize());
        line("Size of a large-object chunk", sizes.largeObjectBlockSize());
        line("Date/time type storage", "64-bit integers");
        if (!control.major().isAtLeast(ServerMajor.V13)) {
            line("Float4 argument passing", byValue(sizes.float4ByValue()));
        }
        line("Float8 argument passing", byValue(sizes.float8ByValue()));
        line("Data page checksum version", sizes.dataChecksumVersion());
        if (control.major().isAtLeast(ServerMajor.V18)) {
            line("Default char data signedness", control.signedChars() ? "signed" : "unsigned");
        }
        if (!control.nonce().isEmpty()) {
            line("Mock authentication nonce", control.nonce());
        }
    }

    private void latest(String name, Object value) {
        line("Latest checkpoint's " + name, value);
    }

    private void line(String name, Object value) {
        output.print(name, value);
    }

    private static String onOff(boolean value) {
        return value ? "on" : "off";
    }

    private static String byValue(boolean value) {
        return value ? "by value" : "by reference";
    }

    private static String time(long epochSeconds) {
        try {
            return TIME.format(Instant.ofEpochSecond(epochSeconds).atZone(ZoneId.systemDefault()));
        } catch (DateTimeException e) {
            // A damaged file; the number itself is all there is to say.
            return Long.toString(epochSeconds);
        }
    }
}
