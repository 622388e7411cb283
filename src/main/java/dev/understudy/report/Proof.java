package dev.understudy.report;

import dev.understudy.postgres.Lsn;
import dev.understudy.report.ProofRow.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The proof of a standby, part by part. The step that proves publishes its own table under {@code parts}; where it did
 * not, the table is worked out from the published values, comparing them once more.
 */
public final class Proof {
    private final Section proof;
    private final Optional<Lsn> stop;

    private Proof(Section proof) {
        this.proof = proof;
        this.stop = proof.lsn("stopLsn");
    }

    /** The rows to show; empty if nothing was published. */
    public static List<ProofRow> rows(RunReport report) {
        Section proof = report.part(RunReport.PROOF);
        List<Section> published = proof.sections("parts");
        return published.isEmpty()
                ? new Proof(proof).fromValues()
                : published.stream().map(Proof::row).toList();
    }

    private static ProofRow row(Section part) {
        return new ProofRow(
                part.text("part").orElse(""),
                part.flag("examined").orElse(true) ? Mark.of(part.flag("holds").orElse(false)) : Mark.NOT_EXAMINED,
                part.text("claim").orElse(""),
                part.text("source").orElse(""));
    }

    private List<ProofRow> fromValues() {
        List<ProofRow> rows = new ArrayList<>();
        endOfBackup().ifPresent(rows::add);
        reached("minRecoveryPoint", "Minimum recovery point", "pg_control").ifPresent(rows::add);
        reached("replayLsn", "Replay", "pg_last_wal_replay_lsn()").ifPresent(rows::add);
        proof.text("systemIdentifier")
                .map(id ->
                        new ProofRow("Same system", Mark.HOLDS, "system identifier " + id + " on both", "pg_control"))
                .ifPresent(rows::add);
        canary().ifPresent(rows::add);
        return rows;
    }

    private Optional<ProofRow> endOfBackup() {
        Section end = proof.section("backupEnd");
        if (end.isEmpty()) {
            return Optional.empty();
        }
        String claim = "BACKUP_END at %s for start %s, ending at %s, in %s"
                .formatted(
                        end.text("lsn").orElse("?"),
                        proof.text("startLsn").orElse("?"),
                        end.text("endLsn").orElse("?"),
                        end.text("segment").orElse("?"));
        return Optional.of(new ProofRow("End of backup", Mark.HOLDS, claim, "WAL, CRC checked"));
    }

    private Optional<ProofRow> reached(String name, String part, String source) {
        return proof.lsn(name).map(lsn -> {
            boolean holds = stop.isPresent() && lsn.isAtLeast(stop.get());
            String relation = stop.map(limit -> (holds ? " >= stop LSN " : " < stop LSN ") + limit)
                    .orElse("; the stop LSN is not known");
            return new ProofRow(part, Mark.of(holds), lsn + relation, source);
        });
    }

    private Optional<ProofRow> canary() {
        Section canary = proof.section("canary");
        return canary.text("writtenLsn").map(lsn -> {
            String claim = "written on the primary at %s, seen on the standby after %s"
                    .formatted(
                            lsn,
                            Words.duration(canary.number("seconds")
                                    .map(Number::doubleValue)
                                    .orElse(0.0)));
            return new ProofRow("Fresh write", Mark.HOLDS, claim, "query on the standby");
        });
    }
}
