package dev.understudy.provision;

import dev.understudy.engine.run.Bracket;
import dev.understudy.engine.run.Patience;
import dev.understudy.engine.run.RetryPolicy;
import dev.understudy.error.ErrorCode;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.plan.StepKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is tried again when somebody is away for a while, and for how long: a copy is too dear to be thrown away. */
record Repeats(Plan plan) {
    /** Errors that mean that the primary is away, and may come back. */
    private static final Set<ErrorCode> PRIMARY_AWAY = Set.of(
            ErrorCode.CONNECTION_FAILED,
            ErrorCode.HOST_NOT_RESOLVED,
            ErrorCode.SERVER_SHUTTING_DOWN,
            ErrorCode.SERVER_STARTING,
            ErrorCode.SERVER_UNREACHABLE,
            ErrorCode.SESSION_LOST,
            ErrorCode.TOO_MANY_CONNECTIONS);

    /** Errors that mean that the backup cannot be completed, while what is copied is still of use to the next one. */
    private static final Set<ErrorCode> BACKUP_LOST =
            with(PRIMARY_AWAY, ErrorCode.BACKUP_SESSION_LOST, ErrorCode.BACKUP_ABORTED);

    /** Errors that mean that WAL which the open backup needs is gone: another backup, begun now, does not need it. */
    private static final Set<ErrorCode> RESERVATION_LOST = Set.of(ErrorCode.WAL_REMOVED, ErrorCode.SLOT_INVALIDATED);

    /** A primary that removes WAL faster than the copy is done, again and again, needs another way of keeping it. */
    private static final int RESERVATIONS = 5;

    private static final String OTHER_RESERVATION =
            "The primary removes WAL faster than the copy is done: let it keep more (max_slot_wal_keep_size, wal_keep_size), or choose another way with -e wal=slot, stream or archive.";

    private static final Set<String> NOT_REPEATED = Set.of(StepKinds.PREFLIGHT, StepKinds.RUN);

    /** After the copy: it is too dear to be thrown away because the primary is restarted while the standby is proven. */
    private static final Set<String> AFTER_BACKUP = Set.of(StepKinds.RENDER_RECOVERY, StepKinds.PROVE_CONSISTENCY);

    private static final String MORE_PATIENCE =
            "How long and how often a backup is begun again is said by retry_for and attempts of start-backup.";

    /** For a plan without a start-backup that says. */
    private static final Patience PATIENCE = Patience.of(50, Duration.ofHours(4));

    /** The backup, which starts over as a whole, and around it what keeps its WAL. */
    List<Bracket> brackets() {
        Optional<StepCall> start = plan.findStep(StepKinds.START_BACKUP);
        Optional<StepCall> stop = plan.findStep(StepKinds.STOP_BACKUP);
        if (start.isEmpty() || stop.isEmpty()) {
            return List.of();
        }
        String last = stop.get().name();
        Patience patience = patience();
        List<Bracket> brackets = new ArrayList<>();
        brackets.add(new Bracket("backup", start.get().name(), last, BACKUP_LOST, patience, MORE_PATIENCE));
        plan.findStep(StepKinds.RESERVE_WAL)
                .map(reserve -> new Bracket(
                        "reservation of WAL",
                        reserve.name(),
                        last,
                        RESERVATION_LOST,
                        Patience.of(Math.min(patience.attempts(), RESERVATIONS), patience.limit()),
                        OTHER_RESERVATION))
                .ifPresent(brackets::add);
        return brackets;
    }

    /** A connection to a host that is cut is made anew by whoever tries again; a hook is its author's to repeat. */
    Map<String, RetryPolicy> retries() {
        Map<String, RetryPolicy> retries = new LinkedHashMap<>();
        for (StepCall call : plan.steps()) {
            String kind = call.kind().name();
            if (StepKinds.HOOKS.contains(kind)) {
                retries.put(call.name(), CloneSteps.retries(call));
            } else if (!NOT_REPEATED.contains(kind)) {
                Set<ErrorCode> on = AFTER_BACKUP.contains(kind)
                        ? with(PRIMARY_AWAY, ErrorCode.HOST_UNREACHABLE)
                        : Set.of(ErrorCode.HOST_UNREACHABLE);
                retries.put(call.name(), new RetryPolicy(on, patience()));
            }
        }
        return retries;
    }

    private Patience patience() {
        return plan.findStep(StepKinds.START_BACKUP)
                .map(StepCall::arguments)
                .map(arguments -> Patience.of(arguments.integer("attempts"), arguments.duration("retry_for")))
                .orElse(PATIENCE);
    }

    private static Set<ErrorCode> with(Set<ErrorCode> codes, ErrorCode... more) {
        return Stream.concat(codes.stream(), Stream.of(more)).collect(Collectors.toSet());
    }
}
