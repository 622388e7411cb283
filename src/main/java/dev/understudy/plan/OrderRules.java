package dev.understudy.plan;

import static dev.understudy.plan.OrderRule.once;
import static dev.understudy.plan.OrderRule.rule;
import static dev.understudy.plan.RehearsalKinds.COPY_STANDBY;
import static dev.understudy.plan.RepairKinds.AWAIT_CONSISTENCY;
import static dev.understudy.plan.RepairKinds.STOP_EXCLUSIVE_BACKUP;
import static dev.understudy.plan.RepairKinds.STOP_STANDBY;
import static dev.understudy.plan.StepKinds.ATTACH;
import static dev.understudy.plan.StepKinds.BASEBACKUP;
import static dev.understudy.plan.StepKinds.COPY_DATA_DIRECTORY;
import static dev.understudy.plan.StepKinds.PREFLIGHT;
import static dev.understudy.plan.StepKinds.PROVE_CONSISTENCY;
import static dev.understudy.plan.StepKinds.RENDER_RECOVERY;
import static dev.understudy.plan.StepKinds.RESERVE_WAL;
import static dev.understudy.plan.StepKinds.RUN;
import static dev.understudy.plan.StepKinds.SEAL;
import static dev.understudy.plan.StepKinds.SNAPSHOT;
import static dev.understudy.plan.StepKinds.START_BACKUP;
import static dev.understudy.plan.StepKinds.START_STANDBY;
import static dev.understudy.plan.StepKinds.STOP_BACKUP;

import dev.understudy.plan.OrderRule.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rules about the order of steps. A step that breaks several is told of the first only. */
public final class OrderRules {
    private static final List<OrderRule> BUILDING = List.of(
            rule(Shape.FIRST, PREFLIGHT, Set.of(STOP_STANDBY), "preflight comes after another step, expected it first"),
            once(PREFLIGHT),
            once(RESERVE_WAL),
            rule(Shape.ONCE, START_BACKUP, Set.of(), "a second start-backup, expected one: a plan takes one backup"),
            once(COPY_DATA_DIRECTORY),
            once(SNAPSHOT),
            rule(
                    Shape.ONCE,
                    STOP_BACKUP,
                    Set.of(),
                    "a second stop-backup, expected one: the backup is stopped already"),
            once(BASEBACKUP),
            once(SEAL),
            once(RENDER_RECOVERY),
            once(START_STANDBY),
            once(PROVE_CONSISTENCY),
            rule(
                    Shape.NOT_WITH,
                    BASEBACKUP,
                    Set.of(START_BACKUP, COPY_DATA_DIRECTORY, STOP_BACKUP),
                    "basebackup together with start-backup, copy-data-directory or stop-backup, expected one or the"
                            + " other: basebackup takes the whole backup"),
            rule(
                    Shape.NOT_AFTER,
                    RESERVE_WAL,
                    Set.of(START_BACKUP, STOP_BACKUP, BASEBACKUP),
                    "reserve-wal comes after the start of the backup, expected it before: the WAL in between may be"
                            + " gone"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    RESERVE_WAL,
                    Set.of(START_BACKUP, BASEBACKUP),
                    "reserve-wal keeps WAL for nothing, expected start-backup or basebackup after it"),
            rule(
                    Shape.NOT_AFTER,
                    START_BACKUP,
                    Set.of(STOP_BACKUP),
                    "start-backup comes after stop-backup, expected it before"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    START_BACKUP,
                    Set.of(STOP_BACKUP),
                    "start-backup is never stopped, expected stop-backup after it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    COPY_DATA_DIRECTORY,
                    Set.of(START_BACKUP),
                    "copy-data-directory copies without a backup, expected it between start-backup and stop-backup"),
            rule(
                    Shape.NOT_AFTER,
                    COPY_DATA_DIRECTORY,
                    Set.of(STOP_BACKUP),
                    "copy-data-directory comes after stop-backup, expected it between start-backup and stop-backup"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    COPY_DATA_DIRECTORY,
                    Set.of(RENDER_RECOVERY),
                    "copy-data-directory leaves a directory that nothing completes, expected render-recovery after"
                            + " stop-backup"),
            rule(
                    Shape.NOT_WITH,
                    SNAPSHOT,
                    Set.of(COPY_DATA_DIRECTORY, BASEBACKUP),
                    "snapshot together with copy-data-directory or basebackup, expected one or the other: the snapshot is"
                            + " the copy"),
            rule(
                    Shape.AFTER_ONE_OF,
                    SNAPSHOT,
                    Set.of(START_BACKUP),
                    "snapshot copies without a backup, expected it between start-backup and stop-backup"),
            rule(
                    Shape.NOT_AFTER,
                    SNAPSHOT,
                    Set.of(STOP_BACKUP),
                    "snapshot comes after stop-backup, expected it between start-backup and stop-backup"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    SNAPSHOT,
                    Set.of(ATTACH),
                    "snapshot leaves a clone that nobody looks at, expected attach after stop-backup"),
            rule(
                    Shape.AFTER_ONE_OF,
                    STOP_BACKUP,
                    Set.of(START_BACKUP),
                    "stop-backup stops a backup that was not started, expected start-backup before it"),
            rule(
                    Shape.SOMETHING_SINCE_START,
                    STOP_BACKUP,
                    Set.of(COPY_DATA_DIRECTORY, COPY_STANDBY, SNAPSHOT, RUN),
                    "nothing is copied between start-backup and stop-backup, expected copy-data-directory, snapshot or a"
                            + " run step between them"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    BASEBACKUP,
                    Set.of(RENDER_RECOVERY),
                    "basebackup leaves a directory that nothing completes, expected render-recovery after it"),
            rule(
                    Shape.NOT_WITH,
                    SEAL,
                    Set.of(COPY_DATA_DIRECTORY, BASEBACKUP),
                    "seal together with copy-data-directory or basebackup, expected one or the other: what Understudy"
                            + " copies needs no seal"),
            rule(
                    Shape.AFTER_ONE_OF,
                    SEAL,
                    Set.of(STOP_BACKUP),
                    "seal comes before the backup is complete, expected stop-backup before it"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    SEAL,
                    Set.of(RENDER_RECOVERY),
                    "seal leaves a directory that nothing completes, expected render-recovery after it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    ATTACH,
                    Set.of(SNAPSHOT),
                    "attach has no snapshot to attach, expected snapshot before it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    ATTACH,
                    Set.of(STOP_BACKUP),
                    "attach comes before the backup is complete, expected it after stop-backup"),
            rule(
                    Shape.AFTER_ONE_OF,
                    RENDER_RECOVERY,
                    Set.of(STOP_BACKUP, BASEBACKUP),
                    "render-recovery comes before the backup is complete, expected stop-backup or basebackup before it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    START_STANDBY,
                    Set.of(RENDER_RECOVERY),
                    "start-standby starts a standby without its recovery configuration, expected render-recovery before"
                            + " it"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    START_STANDBY,
                    Set.of(PROVE_CONSISTENCY),
                    "start-standby leaves a standby unproven, expected prove-consistency after it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    PROVE_CONSISTENCY,
                    Set.of(START_STANDBY, AWAIT_CONSISTENCY),
                    "prove-consistency has no standby to prove, expected start-standby before it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    AWAIT_CONSISTENCY,
                    Set.of(STOP_EXCLUSIVE_BACKUP),
                    "await-consistency waits for nothing, expected stop-exclusive-backup before it"));

    private static final List<OrderRule> ALL =
            Stream.of(BUILDING, RehearsalOrder.RULES).flatMap(List::stream).toList();

    private OrderRules() {}

    public static List<OrderRule> all() {
        return ALL;
    }

    static void check(List<RawStep> steps, Problems problems) {
        List<String> kinds = steps.stream().map(step -> step.kind().name()).toList();
        for (int i = 0; i < steps.size(); i++) {
            int index = i;
            ALL.stream()
                    .filter(rule -> rule.kind().equals(kinds.get(index)) && rule.isBrokenBy(index, kinds))
                    .findFirst()
                    .ifPresent(rule -> problems.add(steps.get(index).position(), rule.message()));
        }
    }
}
