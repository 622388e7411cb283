package dev.understudy.doctor;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Diagnosis.State;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.ErrorCode;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How things stand whatever rules find, and what that rests on. */
final class Standing {
    private Standing() {}

    static State of(Facts facts) {
        Optional<ServerView> standby = View.standby(facts);
        if (standby.isPresent()) {
            return isFollowing(facts, standby.get()) ? State.WORKING : State.UNDER_WAY;
        }
        if (facts.standby()
                .value()
                .filter(found -> found.failedWith(ErrorCode.SERVER_STARTING))
                .isPresent()) {
            return State.UNDER_WAY;
        }
        Optional<ControlFile> control = control(facts);
        boolean running =
                View.directory(facts).flatMap(found -> found.isRunning()).orElse(false);
        if (control.isPresent() && running) {
            return isConsistent(control.get()) && hasOpened(facts) ? State.WORKING : State.UNDER_WAY;
        }
        // Of a standby that was named and could not be looked at nothing is known, however well its primary is.
        boolean asked = facts.given().standby().isPresent()
                || facts.given().dataDirectory().isPresent();
        boolean archivesAlone = !facts.primary().isKnown() && segments(facts).count() > 0;
        return !asked && (archivesAlone || isFollowed(facts)) ? State.WORKING : State.UNKNOWN;
    }

    /**
     * Whether a standby that is told to stream does, or has all that its primary wrote but for the last segment, from an
     * archive. One that answers queries and receives nothing is not well, though no rule knows why.
     */
    private static boolean isFollowing(Facts facts, ServerView standby) {
        boolean told = standby.identity().inRecovery()
                && View.setting(facts, "primary_conninfo")
                        .filter(text -> !text.isEmpty())
                        .isPresent();
        boolean seen = standby.receiver().isKnown();
        boolean receives = standby.receiver()
                .value()
                .flatMap(found -> found)
                // A role without pg_monitor sees that there is one, and no more.
                .filter(receiver ->
                        receiver.status().isEmpty() || receiver.status().equals("streaming"))
                .isPresent();
        return !told || !seen || receives || isAbreast(facts, standby);
    }

    private static boolean isAbreast(Facts facts, ServerView standby) {
        boolean archived = View.setting(facts, "restore_command")
                .filter(text -> !text.isEmpty())
                .isPresent();
        Optional<Lsn> replayed = standby.positions().value().flatMap(found -> found.replayed());
        return archived
                && View.primary(facts)
                        .flatMap(ServerView::end)
                        .flatMap(end -> replayed.map(lsn -> !end.isAtLeast(
                                lsn.plus(standby.identity().walSegmentSize().bytes()))))
                        .orElse(true);
    }

    private static Stream<SegmentDirectory> segments(Facts facts) {
        return Stream.of(facts.archive(), facts.receiver())
                .flatMap(directory -> directory.value().stream())
                .filter(directory -> !directory.files().isEmpty());
    }

    private static Optional<ControlFile> control(Facts facts) {
        return View.directory(facts).flatMap(found -> found.control().value());
    }

    /** Recovery past its minimum, and out of any backup. */
    private static boolean isConsistent(ControlFile control) {
        return control.state() == ClusterState.IN_ARCHIVE_RECOVERY
                && control.backupStartPoint().isInvalid()
                && !control.backupEndRequired();
    }

    /** By the log, or from 10 on by the last line of postmaster.pid. */
    private static boolean hasOpened(Facts facts) {
        boolean logged = View.event(facts, "ready").isPresent();
        boolean ready = View.directory(facts)
                .flatMap(found -> found.process().value())
                .flatMap(found -> found)
                .filter(process -> process.status().equals("ready"))
                .isPresent();
        return logged || ready;
    }

    /** Where neither the standby nor its directory was given: whether the slot, or a receiver, is served. */
    private static boolean isFollowed(Facts facts) {
        return View.primary(facts)
                .map(primary -> facts.given()
                        .slot()
                        .map(name ->
                                primary.slot(name).filter(slot -> slot.active()).isPresent())
                        .orElse(primary.senders().orElse(List.of()).stream()
                                .anyMatch(sender -> sender.state().equals("streaming"))))
                .orElse(false);
    }

    /** What was seen to be well, each with its source. */
    static List<Sign> signs(Facts facts) {
        List<Sign> signs = new ArrayList<>();
        View.standby(facts).ifPresent(view -> standby(view, signs));
        facts.standby()
                .value()
                .flatMap(Attempt::failure)
                .ifPresent(failure ->
                        signs.add(new Sign("connection to the standby", failure.message() + detail(failure))));
        control(facts).ifPresent(control -> signs.add(new Sign("pg_control", describe(control))));
        View.directory(facts)
                .flatMap(found -> found.process().value())
                .flatMap(found -> found)
                .flatMap(ServerProcess::awaitedSegment)
                .ifPresent(segment ->
                        signs.add(new Sign("title of the standby's startup process", "waiting for " + segment)));
        View.event(facts, "consistent").ifPresent(event -> signs.add(View.sign(facts, event)));
        View.primary(facts).ifPresent(view -> primary(facts, view, signs));
        segments(facts)
                .forEach(directory -> signs.add(new Sign(
                        directory.path(),
                        "%d segment files, %s to %s"
                                .formatted(
                                        directory.files().size(),
                                        directory.files().get(0).segment(),
                                        directory
                                                .files()
                                                .get(directory.files().size() - 1)
                                                .segment()))));
        return signs;
    }

    private static String detail(Attempt.Failure failure) {
        return failure.detail().isEmpty() ? "" : ": " + failure.detail();
    }

    private static void standby(ServerView view, List<Sign> signs) {
        signs.add(new Sign(
                "standby",
                "answers queries, %s, system identifier %s, timeline %s"
                        .formatted(
                                view.identity().inRecovery() ? "in recovery" : "not in recovery",
                                view.identity().systemIdentifier(),
                                view.identity().timeline())));
        view.positions()
                .value()
                .flatMap(found -> found.replayed())
                .ifPresent(lsn -> signs.add(new Sign("standby", "replayed to " + lsn)));
        view.receiver()
                .value()
                .flatMap(found -> found)
                .ifPresent(receiver -> signs.add(new Sign(
                        "pg_stat_wal_receiver",
                        receiver.status()
                                + receiver.senderHost()
                                        .map(host -> " from " + host)
                                        .orElse("")
                                + (receiver.slot().isEmpty() ? "" : " through slot \"" + receiver.slot() + "\""))));
    }

    private static void primary(Facts facts, ServerView view, List<Sign> signs) {
        view.end().ifPresent(end -> signs.add(new Sign("primary", "its WAL ends at " + end)));
        View.slotName(facts)
                .flatMap(view::slot)
                .ifPresent(slot -> signs.add(new Sign(
                        "pg_replication_slots",
                        "slot \"%s\" is %s, restart_lsn %s"
                                .formatted(
                                        slot.name(),
                                        slot.active() ? "active" : "inactive",
                                        slot.restartLsn().map(Lsn::toString).orElse("none")))));
    }

    private static String describe(ControlFile control) {
        return "state \"%s\", minimum recovery ending location %s, backup start location %s, end-of-backup record required: %s"
                .formatted(
                        control.state().words(),
                        control.minRecoveryPoint(),
                        control.backupStartPoint(),
                        control.backupEndRequired() ? "yes" : "no");
    }
}
