package dev.understudy.plan;

import static dev.understudy.plan.OrderRule.once;
import static dev.understudy.plan.OrderRule.rule;
import static dev.understudy.plan.RehearsalKinds.CHECK_REHEARSAL;
import static dev.understudy.plan.RehearsalKinds.COPY_STANDBY;
import static dev.understudy.plan.RehearsalKinds.EXAMINE_COPY;
import static dev.understudy.plan.RehearsalKinds.HOLD_WAL;
import static dev.understudy.plan.RehearsalKinds.ISOLATE_COPY;
import static dev.understudy.plan.RehearsalKinds.PROMOTE_COPY;
import static dev.understudy.plan.RehearsalKinds.REMOVE_COPY;
import static dev.understudy.plan.RehearsalKinds.START_COPY;
import static dev.understudy.plan.StepKinds.START_BACKUP;
import static dev.understudy.plan.StepKinds.STOP_BACKUP;

import dev.understudy.plan.OrderRule.Shape;
import java.util.List;
import java.util.Set;

/** The rules about the order of the steps of a rehearsal. */
final class RehearsalOrder {
    static final List<OrderRule> RULES = List.of(
            rule(Shape.FIRST, CHECK_REHEARSAL, Set.of(), "check-rehearsal comes after another step, expected it first"),
            once(CHECK_REHEARSAL),
            once(HOLD_WAL),
            rule(
                    Shape.AFTER_ONE_OF,
                    HOLD_WAL,
                    Set.of(START_BACKUP),
                    "hold-wal comes before the backup, expected start-backup before it: WAL is needed from its start"),
            rule(
                    Shape.AFTER_ONE_OF,
                    HOLD_WAL,
                    Set.of(CHECK_REHEARSAL),
                    "hold-wal has nobody who looked first, expected check-rehearsal before it"),
            rule(
                    Shape.BEFORE_ONE_OF,
                    HOLD_WAL,
                    Set.of(REMOVE_COPY),
                    "hold-wal makes what nobody removes, expected remove-copy at the end"),
            once(COPY_STANDBY),
            rule(
                    Shape.AFTER_ONE_OF,
                    COPY_STANDBY,
                    Set.of(HOLD_WAL),
                    "copy-standby copies without its WAL, expected hold-wal before it"),
            rule(
                    Shape.NOT_AFTER,
                    COPY_STANDBY,
                    Set.of(STOP_BACKUP),
                    "copy-standby comes after stop-backup, expected it between start-backup and stop-backup"),
            once(ISOLATE_COPY),
            rule(
                    Shape.AFTER_ONE_OF,
                    ISOLATE_COPY,
                    Set.of(STOP_BACKUP),
                    "isolate-copy comes before the backup is complete, expected stop-backup before it"),
            rule(
                    Shape.AFTER_ONE_OF,
                    ISOLATE_COPY,
                    Set.of(COPY_STANDBY),
                    "isolate-copy has no copy to isolate, expected copy-standby before it"),
            once(START_COPY),
            rule(
                    Shape.AFTER_ONE_OF,
                    START_COPY,
                    Set.of(ISOLATE_COPY),
                    "start-copy starts a copy that is not isolated, expected isolate-copy before it"),
            once(PROMOTE_COPY),
            rule(
                    Shape.AFTER_ONE_OF,
                    PROMOTE_COPY,
                    Set.of(START_COPY),
                    "promote-copy has no copy to promote, expected start-copy before it"),
            once(EXAMINE_COPY),
            rule(
                    Shape.AFTER_ONE_OF,
                    EXAMINE_COPY,
                    Set.of(PROMOTE_COPY),
                    "examine-copy has no promoted copy, expected promote-copy before it"),
            once(REMOVE_COPY),
            rule(
                    Shape.AFTER_ONE_OF,
                    REMOVE_COPY,
                    Set.of(HOLD_WAL),
                    "remove-copy has nothing to remove, expected hold-wal before it"));

    private RehearsalOrder() {}
}
