package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalRecord;
import dev.understudy.postgres.WalSegment;
import java.util.stream.Collectors;

/** WAL records, one a line. */
final class WalListing {
    private static final int BUFFER_CHARACTERS = 64 * 1024;

    private final InspectOutput output;
    private final StringBuilder lines = new StringBuilder();

    WalListing(InspectOutput output) {
        this.output = output;
    }

    /** Prints all the reader gives, until nobody reads the output any more. */
    WalEnd print(WalReader reader) {
        boolean heard = true;
        while (heard && reader.next()) {
            lines.append(output.isJson() ? InspectOutput.line(json(reader.record())) : text(reader.record()));
            lines.append('\n');
            if (lines.length() > BUFFER_CHARACTERS) {
                heard = flush();
            }
        }
        if (!heard) {
            return new WalEnd(reader.lsn(), WalEndReason.LIMIT, "nobody reads on");
        }
        lines.append(output.isJson() ? InspectOutput.line(json(reader.end())) : text(reader.end()))
                .append('\n');
        flush();
        return reader.end();
    }

    private boolean flush() {
        output.out().print(lines);
        lines.setLength(0);
        return !output.out().checkError();
    }

    static ObjectNode json(WalRecord record) {
        ObjectNode node = InspectOutput.object();
        node.put("lsn", record.lsn().toString());
        node.put("endLsn", record.endLsn().toString());
        node.put("prev", record.prev().toString());
        node.put("xid", Integer.toUnsignedLong(record.xid()));
        node.put("rmgr", record.resourceManagerName());
        node.put("info", record.info());
        node.put("totalLength", record.totalLength());
        ArrayNode segments = node.putArray("segments");
        record.segments().forEach(segment -> segments.add(segment.name()));
        return node;
    }

    static ObjectNode json(WalEnd end) {
        ObjectNode node = InspectOutput.object();
        node.put("lsn", end.lsn().toString());
        node.put("end", end.reason().word());
        node.put("reason", end.text());
        return node;
    }

    static String text(WalRecord record) {
        return "rmgr: %-11s len: %6d, tx: %10s, lsn: %s, end: %s, prev %s, info: %02X, segment: %s"
                .formatted(
                        record.resourceManagerName(),
                        record.totalLength(),
                        Integer.toUnsignedString(record.xid()),
                        record.lsn(),
                        record.endLsn(),
                        record.prev(),
                        record.info(),
                        record.segments().stream().map(WalSegment::name).collect(Collectors.joining(" ")));
    }

    static String text(WalEnd end) {
        return "end at %s: %s".formatted(end.lsn(), end.text());
    }
}
