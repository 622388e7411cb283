package dev.understudy.report;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Made-up runs, one for each way a run can end. */
public final class SampleReports {
    public static final Instant BEGIN = Instant.parse("2026-11-20T07:51:00.250Z");

    private SampleReports() {}

    public static RunReport of(Outcome outcome) {
        return switch (outcome) {
            case PROVEN -> proven();
            case DONE -> report("basebackup-check", Outcome.DONE, 0, List.of(verified("preflight", 0, 1.2)), Map.of());
            case REFUSED -> refused();
            case UNDONE -> undone();
            case LEFT -> left();
            case INTERRUPTED -> interrupted(Outcome.INTERRUPTED);
            case RUNNING -> interrupted(Outcome.RUNNING);
        };
    }

    public static RunReport proven() {
        List<StepReport> steps = List.of(
                verified("preflight", 0.1, 1.2, evidence("27 checks passed, 1 warning", "preflight")),
                verified(
                        "reserve-wal",
                        1.3,
                        0.1,
                        evidence(
                                "slot \"understudy\" keeps WAL from 0/2000000, segment 000000010000000000000002 is there",
                                "pg_replication_slots, pg_ls_waldir()")),
                verified(
                        "start-backup",
                        1.4,
                        0.2,
                        evidence("backup started at 0/2000028 on timeline 1", "pg_backup_start")),
                verified(
                        "copy-data-directory",
                        1.6,
                        3.4,
                        evidence("980 files, 24117248 bytes copied and flushed", "copy"),
                        evidence("2900 pages checked, every checksum right", "page headers")),
                verified(
                        "stop-backup",
                        5,
                        0.3,
                        evidence("backup stopped at 0/2000100", "pg_backup_stop"),
                        evidence(
                                "BACKUP_END at 0/20000D8 names start 0/2000028, CRC right",
                                "000000010000000000000002")),
                verified("render-recovery", 5.3, 0.4, evidence("standby.signal written", "data directory")),
                verified("start-standby", 5.7, 2.1, evidence("server 41234 accepts connections", "pg_ctl, port 5433")),
                verified("prove-consistency", 7.8, 4.5, evidence("all parts of the proof hold", "see the proof")));
        return report("standby", Outcome.PROVEN, 0, steps, Map.of("copy", copy(), "proof", proof()));
    }

    private static RunReport refused() {
        Problem problem = new Problem(
                "US-8001",
                "2 of 27 checks failed",
                "wal_level is \"minimal\"; it must be \"replica\" or \"logical\".",
                List.of("Set wal_level = replica and restart the primary.", "Choose another port with -e port=N."));
        StepReport failed = new StepReport(
                "preflight", StepState.FAILED, 1, "look at 27 things", 0.1, 1.2, List.of(), Optional.of(problem));
        return withProblem(
                report("standby", Outcome.REFUSED, 3, List.of(failed, pending("start-backup")), Map.of()), problem);
    }

    private static RunReport undone() {
        Problem problem = new Problem(
                "US-4007",
                "could not write file \"base/5/16384\": No space left on device",
                "",
                List.of("Free 12 GB on /srv/pg, or choose another data directory."));
        List<StepReport> steps = List.of(
                new StepReport(
                        "reserve-wal",
                        StepState.UNDONE,
                        1,
                        "create slot",
                        0.1,
                        0.4,
                        List.of(evidence("slot \"understudy\" dropped", "pg_drop_replication_slot")),
                        Optional.empty()),
                new StepReport(
                        "copy-data-directory", StepState.FAILED, 3, "copy", 0.5, 61, List.of(), Optional.of(problem)));
        return withProblem(report("standby", Outcome.UNDONE, 4, steps, Map.of("copy", copy())), problem);
    }

    private static RunReport left() {
        RunReport undone = undone();
        Problem left = new Problem(
                "US-3004",
                "slot \"understudy\" is still on the primary",
                "The primary cannot be reached.",
                List.of("Clear it with: understudy abort " + undone.run()));
        return new RunReport(
                undone.run(),
                undone.playbook(),
                undone.target(),
                Outcome.LEFT,
                5,
                undone.startedAt(),
                undone.seconds(),
                undone.steps(),
                undone.parts(),
                undone.warnings(),
                undone.problem(),
                List.of(left),
                undone.facts());
    }

    private static RunReport interrupted(Outcome outcome) {
        List<StepReport> steps = List.of(
                verified("preflight", 0.1, 1.2),
                new StepReport(
                        "copy-data-directory",
                        StepState.APPLYING,
                        1,
                        "copy 24117248 bytes",
                        1.3,
                        11,
                        List.of(),
                        Optional.empty()),
                pending("stop-backup"));
        return report("standby", outcome, 5, steps, Map.of());
    }

    /** Everything that comes from outside is hostile: markup, template code, terminal commands. */
    public static RunReport hostile() {
        String evil = "<script>alert(1)</script>${7*7}<#list 1..9 as x>\"'&\u001B[2J\u202Eevil";
        Map<String, Object> proof = new LinkedHashMap<>(proof());
        proof.put("parts", List.of(Map.of("part", evil, "holds", false, "claim", evil, "source", evil)));
        Problem problem = new Problem(evil, evil, evil, List.of(evil));
        StepReport step = new StepReport(
                evil, StepState.FAILED, 1, evil, 0, 1, List.of(evidence(evil, evil)), Optional.of(problem));
        return new RunReport(
                evil,
                evil,
                evil,
                Outcome.LEFT,
                5,
                BEGIN,
                1,
                List.of(step),
                Map.of("copy", Map.of("via", evil), "proof", proof, "rehearsal", rehearsal(evil)),
                List.of(evil),
                Optional.of(problem),
                List.of(problem),
                Map.of(evil, evil));
    }

    private static Map<String, Object> rehearsal(String text) {
        return Map.of(
                "good", false,
                "findings", List.of(Map.of("id", text, "summary", text, "evidence", List.of(text))),
                "phases", List.of(Map.of("name", text, "meaning", text, "seconds", 0.25)),
                "notExamined", List.of(text),
                "kept", text);
    }

    /** A rehearsal of a promotion. */
    static RunReport rehearsed(boolean good) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("good", good);
        part.put(
                "findings",
                good
                        ? List.of()
                        : List.of(Map.of(
                                "id", "index-corrupt",
                                "summary", "index \"public.item_name\" of database \"shop\" is corrupt",
                                "evidence", List.of("item order invariant violated"))));
        part.put(
                "phases",
                List.of(
                        Map.of("name", "promoted", "meaning", "from the order to promote", "seconds", 0.412),
                        Map.of("name", "first-write", "meaning", "until a write had committed", "seconds", 1.5)));
        part.put(
                "standbyLag",
                Map.of("mostBytes", 81920L, "mostSeconds", 0.5, "limitBytes", 67108864L, "pausedSeconds", 0.0));
        part.put("notExamined", List.of("pages by their checksums: the cluster has no data checksums"));
        if (!good) {
            part.put("kept", "rm -rf -- /srv/understudy-rehearsal");
        }
        return report(
                "rehearsal",
                Outcome.DONE,
                good ? 0 : 1,
                List.of(verified("promote-copy", 0.1, 1.2)),
                Map.of("rehearsal", part));
    }

    /** Proven as far as its plan asked. */
    static RunReport provenAtQuickDepth() {
        RunReport all = proven();
        Map<String, Object> quick = new LinkedHashMap<>(proof());
        quick.put(
                "parts",
                List.of(
                        Map.of("part", "Query", "holds", true, "claim", "answered", "source", "a query"),
                        Map.of("part", "Contents", "examined", false, "claim", "not read", "source", "depth: quick")));
        return report("standby", Outcome.PROVEN, 0, all.steps(), Map.of("proof", quick));
    }

    static RunReport withProblem(RunReport report, Problem problem) {
        return new RunReport(
                report.run(),
                report.playbook(),
                report.target(),
                report.outcome(),
                report.exitCode(),
                report.startedAt(),
                report.seconds(),
                report.steps(),
                report.parts(),
                report.warnings(),
                Optional.of(problem),
                report.left(),
                report.facts());
    }

    private static RunReport report(
            String playbook, Outcome outcome, int exitCode, List<StepReport> steps, Map<String, Map<String, ?>> parts) {
        return new RunReport(
                "20261120T075100Z-" + playbook + "-3f2a",
                playbook,
                "/srv/pg/data on local",
                outcome,
                exitCode,
                BEGIN,
                12.3,
                steps,
                parts,
                List.of("the standby's server programs are 18.1, the primary runs 18.6"),
                Optional.empty(),
                List.of(),
                new TreeMap<>(Map.of("start_lsn", "0/2000028", "slot", "understudy")));
    }

    private static Map<String, Object> copy() {
        Map<String, Object> copy = new LinkedHashMap<>();
        copy.put("via", "sql");
        copy.put("workers", 4);
        copy.put("files", 980);
        copy.put("bytesTotal", 24117248L);
        copy.put("bytesTransferred", 24117248L);
        copy.put("pagesChecked", 2900);
        copy.put("pageChecksumFailures", 0);
        copy.put("seconds", 1.1);
        return copy;
    }

    private static Map<String, Object> proof() {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("lsn", "0/20000D8");
        end.put("endLsn", "0/2000100");
        end.put("segment", "000000010000000000000002");
        Map<String, Object> canary = new LinkedHashMap<>();
        canary.put("writtenLsn", "0/3000028");
        canary.put("seconds", 0.004);
        Map<String, Object> proof = new LinkedHashMap<>();
        proof.put("systemIdentifier", "7563912345678901234");
        proof.put("timeline", 1);
        proof.put("startLsn", "0/2000028");
        proof.put("stopLsn", "0/2000100");
        proof.put("backupEnd", end);
        proof.put("minRecoveryPoint", "0/2000100");
        proof.put("replayLsn", "0/3000060");
        proof.put("canary", canary);
        return proof;
    }

    private static StepReport verified(String name, double start, double seconds, Evidence... evidence) {
        List<Evidence> all = new ArrayList<>(List.of(evidence));
        return new StepReport(name, StepState.VERIFIED, 1, "", start, seconds, all, Optional.empty());
    }

    private static StepReport pending(String name) {
        return new StepReport(name, StepState.PENDING, 0, "", 0, 0, List.of(), Optional.empty());
    }

    private static Evidence evidence(String claim, String source) {
        return new Evidence(claim, source, BEGIN.plusSeconds(2));
    }

    static RunReport withExitCode(RunReport report, int exitCode) {
        return new RunReport(
                report.run(),
                report.playbook(),
                report.target(),
                report.outcome(),
                exitCode,
                report.startedAt(),
                report.seconds(),
                report.steps(),
                report.parts(),
                report.warnings(),
                report.problem(),
                report.left(),
                report.facts());
    }
}
