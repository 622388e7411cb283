package dev.understudy.provision.sabotage;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.server.backup.BackupSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** In the place of stop-backup: says that the backup was stopped, writes a label by hand, and lets the session go. */
final class NeverStopped implements Step {
    /** The checkpoint's record begins behind one of running transactions, which takes so many bytes without any. */
    private static final int BEFORE_CHECKPOINT = 0x38;

    static RunDefinition in(RunDefinition run) {
        List<Step> steps = new ArrayList<>(run.steps());
        steps.replaceAll(step -> step.name().equals(StopBackup.NAME) ? new NeverStopped() : step);
        return new RunDefinition(steps, run.brackets(), run.retries());
    }

    @Override
    public String name() {
        return StopBackup.NAME;
    }

    @Override
    public Probe probe(StepContext context) {
        return new Probe.Pending("say that the backup was stopped");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        Lsn start = context.facts().lsn("start_lsn");
        String segment = "00000001%08X%08X".formatted(start.bytes() >>> 32, (start.bytes() & 0xFFFF_FFFFL) >>> 24);
        String label = ("START WAL LOCATION: %s (file %s)\nCHECKPOINT LOCATION: %s\nBACKUP METHOD: streamed\n"
                        + "BACKUP FROM: primary\nSTART TIME: 2026-01-01 00:00:00 UTC\nLABEL: %s\nSTART TIMELINE: 1\n")
                .formatted(
                        start,
                        segment,
                        start.plus(BEFORE_CHECKPOINT),
                        context.facts().get("label"));
        BackupFiles files = new BackupFiles(context.directory());
        files.write(label.getBytes(StandardCharsets.UTF_8), new byte[0]);
        files.record(context);
        context.record(StopBackup.STOP_LSN, start.plus(BEFORE_CHECKPOINT).toString());
        context.record(StopBackup.BACKUP_END_LSN, start.toString());
        context.record(StopBackup.BACKUP_END_SEGMENT, segment);
        StopBackup.recordComplete(context);
        context.kept(BackupSession.class).orElseThrow().close();
        context.release("backup session");
        return List.of();
    }

    @Override
    public Verdict verify(StepContext context) {
        return new Verdict.Verified(List.of(context.evidence("so it says", "nowhere")));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
