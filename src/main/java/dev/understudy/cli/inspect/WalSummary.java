package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.pgfile.wal.ResourceManager;
import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalRecord;
import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;

/** Counts of WAL records, the ends of backups among them, and the records that cross a segment boundary. */
final class WalSummary {
    private final long[] counts = new long[256];
    private final long[] bytes = new long[256];
    private final List<BackupEnd> backupEnds = new ArrayList<>();
    private final List<WalRecord> crossing = new ArrayList<>();

    private WalEnd end = new WalEnd(Lsn.INVALID, WalEndReason.LIMIT, "nothing was read");

    /** Counts the record that the reader stands on. */
    void add(WalReader reader) {
        int manager = reader.resourceManager();
        counts[manager]++;
        bytes[manager] += reader.totalLength();
        if (reader.crossesSegments()) {
            crossing.add(reader.record());
        }
        if (manager == ResourceManager.XLOG) {
            BackupEnd.find(reader).ifPresent(backupEnds::add);
        }
    }

    /** Adds what was counted further on. */
    void addAll(WalSummary later) {
        for (int manager = 0; manager < counts.length; manager++) {
            counts[manager] += later.counts[manager];
            bytes[manager] += later.bytes[manager];
        }
        backupEnds.addAll(later.backupEnds);
        crossing.addAll(later.crossing);
    }

    void endAt(WalEnd reached) {
        end = reached;
    }

    WalEnd end() {
        return end;
    }

    void print(InspectOutput output) {
        if (output.isJson()) {
            output.print(json());
        } else {
            printText(output);
        }
    }

    ObjectNode json() {
        ObjectNode node = InspectOutput.object();
        long records = 0;
        long total = 0;
        ObjectNode managers = InspectOutput.object();
        for (int manager = 0; manager < counts.length; manager++) {
            if (counts[manager] > 0) {
                managers.put(ResourceManager.nameOf(manager), counts[manager]);
                records += counts[manager];
                total += bytes[manager];
            }
        }
        node.put("records", records);
        node.put("totalBytes", Long.toString(total));
        node.set("rmgrs", managers);
        ArrayNode ends = node.putArray("backupEnds");
        for (BackupEnd backupEnd : backupEnds) {
            ends.addObject()
                    .put("lsn", backupEnd.lsn().toString())
                    .put("endLsn", backupEnd.endLsn().toString())
                    .put("segment", backupEnd.segment().name())
                    .put("startLsn", backupEnd.startLsn().toString());
        }
        ArrayNode crossings = node.putArray("crossingSegments");
        crossing.forEach(record -> crossings.add(WalListing.json(record)));
        node.set("end", WalListing.json(end));
        return node;
    }

    private void printText(InspectOutput output) {
        output.out().printf("%-17s %12s %16s%n", "Type", "Records", "Bytes");
        long records = 0;
        long total = 0;
        for (int manager = 0; manager < counts.length; manager++) {
            if (counts[manager] > 0) {
                output.out()
                        .printf("%-17s %12d %16d%n", ResourceManager.nameOf(manager), counts[manager], bytes[manager]);
                records += counts[manager];
                total += bytes[manager];
            }
        }
        output.out().printf("%-17s %12d %16d%n", "Total", records, total);
        for (BackupEnd backupEnd : backupEnds) {
            output.out()
                    .printf(
                            "backup end at %s to %s in %s, of the backup started at %s%n",
                            backupEnd.lsn(), backupEnd.endLsn(), backupEnd.segment(), backupEnd.startLsn());
        }
        crossing.forEach(record -> output.out().println("crosses segments: " + WalListing.text(record)));
        output.out().println(WalListing.text(end));
    }
}
