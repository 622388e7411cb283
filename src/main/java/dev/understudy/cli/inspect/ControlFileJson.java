package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlSettings;
import dev.understudy.pgfile.control.ControlSizes;
import dev.understudy.postgres.WalSegment;
import java.time.DateTimeException;
import java.time.Instant;

/** The control file in JSON. The names are a promise. */
final class ControlFileJson {
    private ControlFileJson() {}

    static ObjectNode of(ControlFile control) {
        ObjectNode node = InspectOutput.object();
        node.put("systemIdentifier", control.systemIdentifier().toString());
        node.put("controlVersion", control.controlVersion());
        node.put("catalogVersion", control.catalogVersion());
        node.put("majorVersion", control.major().toString());
        node.put("state", control.state().words());
        node.put("checkpointLsn", control.checkpointLsn().toString());
        node.put("redoLsn", control.redoLsn().toString());
        control.redoSegment().map(WalSegment::name).ifPresent(name -> node.put("redoSegment", name));
        node.put("timeline", Integer.toUnsignedLong(control.checkpoint().timeline()));
        node.put("previousTimeline", Integer.toUnsignedLong(control.checkpoint().previousTimeline()));
        node.put("fullPageWrites", control.checkpoint().fullPageWrites());
        node.put("minRecoveryPoint", control.minRecoveryPoint().toString());
        node.put("minRecoveryTimeline", Integer.toUnsignedLong(control.minRecoveryTimeline()));
        node.put("backupStartPoint", control.backupStartPoint().toString());
        node.put("backupEndPoint", control.backupEndPoint().toString());
        node.put("backupEndRequired", control.backupEndRequired());
        putSettings(node, control.settings());
        putSizes(node, control.sizes());
        node.put("crcOk", control.crcOk());
        node.put("sealed", control.isSealed());
        node.put("lastModified", time(control.epochSeconds()));
        node.put("checkpointTime", time(control.checkpoint().epochSeconds()));
        return node;
    }

    private static void putSettings(ObjectNode node, ControlSettings settings) {
        node.put("walLevel", settings.walLevelWords());
        node.put("walLogHints", settings.walLogHints());
        node.put("maxConnections", settings.maxConnections());
        node.put("maxWorkerProcesses", settings.maxWorkerProcesses());
        settings.maxWalSenders().ifPresent(value -> node.put("maxWalSenders", value));
        node.put("maxPreparedTransactions", settings.maxPreparedTransactions());
        node.put("maxLocksPerTransaction", settings.maxLocksPerTransaction());
    }

    private static void putSizes(ObjectNode node, ControlSizes sizes) {
        node.put("blockSize", sizes.blockSize());
        node.put("walBlockSize", sizes.walBlockSize());
        node.put("walSegmentSize", sizes.walSegmentBytes());
        node.put("dataChecksumVersion", sizes.dataChecksumVersion());
    }

    private static String time(long epochSeconds) {
        try {
            return Instant.ofEpochSecond(epochSeconds).toString();
        } catch (DateTimeException e) {
            // A damaged file; the number itself is all there is to say.
            return Long.toString(epochSeconds);
        }
    }
}
