package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.copy.TargetLinks;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.BackupEndLookup;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.wal.Canary;
import dev.understudy.transfer.files.TargetLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole proof of consistency, part by part; each throws {@link ErrorCode#NOT_PROVEN} where it does not hold.
 *
 * <ol>
 *   <li>BACKUP_END for our start location, in the WAL bytes, CRC right;
 *   <li>backup_label.old carries our label;
 *   <li>pg_control: no backup start location, no end of backup required, minimum recovery point at or past the stop, on
 *       the backup's timeline or one that left it later;
 *   <li>replay at or past the stop location;
 *   <li>the same system identifier;
 *   <li>a read-only query answered;
 *   <li>the receiver streams through the planned slot;
 *   <li>a fresh write on the primary seen on the standby, and byte for byte in its WAL;
 *   <li>tablespaces where the plan puts them, and a file for every relation of the catalogues.
 * </ol>
 */
final class Proof {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Site site;
    private final StepContext context;
    private final boolean full;
    private final Duration limit;
    private final Lsn start;
    private final Lsn stop;
    private final TimelineId timeline;
    private final Map<String, Object> published = new LinkedHashMap<>();
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Map<String, Object>> parts = new ArrayList<>();

    Proof(Site site, StepContext context, boolean full, Duration limit) {
        this.site = site;
        this.context = context;
        this.full = full;
        this.limit = limit;
        this.start = context.facts().lsn(StartBackup.START_LSN);
        this.stop = context.facts().lsn(StopBackup.STOP_LSN);
        this.timeline = new TimelineId(Integer.parseUnsignedInt(context.facts().get(StartBackup.START_TIMELINE)));
    }

    List<Evidence> gather() {
        published.put("timeline", Integer.toUnsignedLong(timeline.number()));
        published.put("startLsn", start.toString());
        published.put("stopLsn", stop.toString());
        try (Session primary = site.primary().open();
                Session standby = new StandbySessions(site).open(context.facts())) {
            prove("Same system", () -> proveIdentity(primary, standby));
            prove("Replay", () -> proveReplay(standby));
            prove("End of backup", () -> proveBackupEnd(standby.major()));
            prove("Label", this::proveLabel);
            prove("pg_control", this::proveControlFile);
            prove("Query", () -> proveQuery(standby));
            prove("Streaming", () -> evidence.add(new ReceiverProof(context, limit).prove(primary, standby)));
            prove("Fresh write", () -> proveCanary(primary, standby));
            prove("Tablespaces", () -> new TargetLinks(site, context).check().ifPresent(evidence::add));
            prove("Relations", () -> evidence.addAll(new RelationFiles(site, context).check()));
            sayDepth();
            if (full) {
                prove("Contents", () -> evidence.addAll(new FullExamination(site, context).examine()));
            }
        } finally {
            published.put("parts", List.copyOf(parts));
            context.publish("proof", published);
        }
        return evidence;
    }

    /** Proves one part; the report shows it whether it holds or not. */
    private void prove(String part, Runnable proof) {
        int before = evidence.size();
        try {
            proof.run();
        } catch (UnderstudyException e) {
            parts.add(Map.of("part", part, "holds", false, "claim", e.message(), "source", ""));
            throw e;
        }
        for (Evidence seen : evidence.subList(before, evidence.size())) {
            parts.add(Map.of("part", part, "holds", true, "claim", seen.claim(), "source", seen.source()));
        }
    }

    private void proveIdentity(Session primary, Session standby) {
        ServerIdentity expected = new ServerFacts(primary).identity();
        ServerIdentity found = new ServerFacts(standby).identity();
        if (!expected.systemIdentifier().equals(found.systemIdentifier())) {
            throw refuted("the standby has system identifier %s, the primary %s"
                    .formatted(found.systemIdentifier(), expected.systemIdentifier()));
        }
        boolean ours = PostmasterFile.read(site.target().host(), site.target().dataDirectory())
                .filter(postmaster -> postmaster.wasStartedAt(found.startedAt()))
                .isPresent();
        if (!ours) {
            throw refuted("the server that answers on port %s, started at %s, is not the one in \"%s\""
                    .formatted(
                            context.facts().get(StandbyPort.PORT),
                            found.startedAt(),
                            site.target().dataDirectory()));
        }
        if (!found.inRecovery()) {
            throw refuted("the server is not in recovery: it is no standby");
        }
        published.put("systemIdentifier", found.systemIdentifier().toString());
        seen(
                "same system identifier on both: " + found.systemIdentifier(),
                "pg_control_system() on primary and standby");
    }

    private void proveReplay(Session standby) {
        ServerFacts facts = new ServerFacts(standby);
        context.await(
                "replay to pass the stop location " + stop,
                limit,
                POLL,
                () -> facts.positions()
                        .replayed()
                        .map(replayed -> replayed.isAtLeast(stop))
                        .orElse(false));
        seen(
                "replayed to %s, at or past the stop location %s"
                        .formatted(facts.positions().replayed().orElse(Lsn.INVALID), stop),
                standby.major().isAtLeast(ServerMajor.V10)
                        ? "pg_last_wal_replay_lsn()"
                        : "pg_last_xlog_replay_location()");
    }

    private void proveBackupEnd(ServerMajor major) {
        if (context.facts().isTrue("source_in_recovery")) {
            seen(
                    "the source is a standby: no BACKUP_END exists, consistency rests on the sealed minimum recovery point "
                            + stop,
                    "pg_control as it was installed");
            return;
        }
        WalSegmentSize size =
                new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE)));
        String directory = site.target().path(WalDirectory.of(major));
        Optional<BackupEnd> replayed =
                new BackupEndLookup(timeline, size).findIn(site.target().host(), directory, start, stop);
        String lsn = replayed.map(end -> end.lsn().toString())
                .orElseGet(() -> context.facts().get(StopBackup.BACKUP_END_LSN));
        String segment = replayed.map(end -> end.segment().name())
                .orElseGet(() -> context.facts().get(StopBackup.BACKUP_END_SEGMENT));
        published.put("backupEnd", Map.of("lsn", lsn, "endLsn", stop.toString(), "segment", segment));
        seen(
                "BACKUP_END for start %s at %s, ending at the stop location, CRC right".formatted(start, lsn),
                "WAL segment " + segment + (replayed.isPresent() ? " of the standby" : " of the primary"));
    }

    private void proveLabel() {
        BackupFiles files = new BackupFiles(context.directory());
        files.requireAsReturned(context);
        TargetDirectory directory = new TargetDirectory(site.target());
        BackupLabel label = directory
                .find(BackupLabel.OLD_FILE_NAME)
                .map(BackupLabel::parse)
                .orElseThrow(() -> refuted("there is no backup_label.old: the server did not recover from our label"));
        String expected = context.facts().get(StartBackup.LABEL);
        if (!label.label().equals(expected) || !label.startLsn().equals(start)) {
            throw refuted(
                    "backup_label.old is not ours: label \"%s\", start %s".formatted(label.label(), label.startLsn()));
        }
        if (!Arrays.equals(directory.read(BackupLabel.OLD_FILE_NAME), files.labelBytes())) {
            throw refuted("backup_label.old has our label and start, but is not the one that the primary returned");
        }
        seen(
                "recovered from our label \"%s\", start %s".formatted(label.label(), label.startLsn()),
                site.target().path(BackupLabel.OLD_FILE_NAME));
    }

    private void proveControlFile() {
        ControlFile control = new TargetDirectory(site.target()).controlFile();
        if (!control.backupStartPoint().isInvalid() || control.backupEndRequired()) {
            throw refuted(
                    "pg_control still waits for the end of a backup: start location %s, end of backup required: %s"
                            .formatted(control.backupStartPoint(), control.backupEndRequired()));
        }
        if (control.minRecoveryPoint().isBefore(stop)) {
            throw refuted("pg_control's minimum recovery point %s lies before the stop location %s"
                    .formatted(control.minRecoveryPoint(), stop));
        }
        TimelineId replayed = new ReplayTimeline(new TargetDirectory(site.target()), timeline, stop).require(control);
        published.put("minRecoveryPoint", control.minRecoveryPoint().toString());
        seen(
                "no backup start location, no end of backup required, minimum recovery point %s on timeline %s, state \"%s\""
                        .formatted(
                                control.minRecoveryPoint(),
                                replayed,
                                control.state().words()),
                site.target().path(TargetLayout.CONTROL_FILE));
    }

    /** What was not looked at is no part of the proof, and is said. */
    private void sayDepth() {
        if (full) {
            published.put("notExamined", List.of());
            seen(
                    "every file was read again before the start, and is while it runs: pages, and indexes by amcheck",
                    "depth: full");
            return;
        }
        String what = "contents of files, page checksums, indexes";
        String source = "depth: quick";
        published.put("notExamined", List.of(Map.of("what", what, "why", source)));
        String claim = what + " were not read again; the depth \"full\" does";
        seen(claim, source);
        parts.add(Map.of("part", "Contents", "examined", false, "claim", claim, "source", source));
    }

    private void proveQuery(Session standby) {
        int relations = standby.one(row -> row.number("n"), "SELECT count(*)::int4 AS n FROM pg_class");
        seen("answers read-only queries: pg_class has " + relations + " rows", "a query on the standby");
    }

    private void proveCanary(Session primary, Session standby) {
        if (context.facts().isTrue("source_in_recovery")) {
            proveFollowing(primary, standby);
            return;
        }
        FreshWrite write = new FreshWrite(site, context, limit);
        long begun = System.nanoTime();
        Canary canary = write.follow(primary, standby);
        double seconds = (System.nanoTime() - begun) / 1e9;
        write.requireInWalOf(standby, canary);
        published.put("replayLsn", FreshWrite.replayed(standby).toString());
        published.put("canary", Map.of("writtenLsn", canary.lsn().toString(), "seconds", seconds));
        seen(
                "transaction %d, committed on the primary before %s, seen on the standby after %.0f ms, its message in the standby's WAL"
                        .formatted(canary.txid(), canary.lsn(), seconds * 1000),
                "txid_visible_in_snapshot() on the standby; its WAL directory");
    }

    /** A source that is a standby itself takes no write: what it has replayed by now must come over. */
    private void proveFollowing(Session source, Session standby) {
        Lsn reached = FreshWrite.replayed(source);
        context.await(
                "replay of what the source has replayed, " + reached,
                limit,
                POLL,
                () -> FreshWrite.replayed(standby).isAtLeast(reached));
        published.put("replayLsn", FreshWrite.replayed(standby).toString());
        seen(
                "replayed to %s, past the %s that the source, a standby itself, had replayed before"
                        .formatted(FreshWrite.replayed(standby), reached),
                "replay locations of both");
    }

    private void seen(String claim, String source) {
        evidence.add(context.evidence(claim, source));
    }

    static UnderstudyException refuted(String what) {
        return UnderstudyException.of(ErrorCode.NOT_PROVEN, "not proven: %s", what)
                .build();
    }
}
