package dev.understudy.doctor.remedy;

import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.HostFiles;
import dev.understudy.host.ShellQuote;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * Moves a receiver's segments into a dated directory inside its own, so that it starts with what its slot keeps from now
 * on. Nothing is removed; segments of another cluster are not touched, and refuse the whole.
 */
final class SetArchiveAside implements Step {
    private static final String ASIDE = "set_aside";
    private static final String FIRST = "set_aside_first";
    private static final String LAST = "set_aside_last";
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Conninfo primary;
    private final ReceiverPlace place;
    private final String slot;
    private final Optional<String> stop;

    SetArchiveAside(Conninfo primary, ReceiverPlace place, String slot, Optional<String> stop) {
        this.primary = primary;
        this.place = place;
        this.slot = slot;
        this.stop = stop;
    }

    @Override
    public String name() {
        return RepairKinds.SET_ARCHIVE_ASIDE;
    }

    private HostFiles files() {
        return place.host().files();
    }

    @Override
    public Probe probe(StepContext context) {
        SegmentDirectory directory = place.read();
        Optional<UnderstudyException> conflict = conflict(directory);
        if (conflict.isPresent()) {
            return new Probe.Conflicting(conflict.get());
        }
        if (directory.files().isEmpty() || context.facts().find(ASIDE).isPresent() && isMoved(context)) {
            return new Probe.Satisfied(List.of());
        }
        return new Probe.Pending("move %d segment files of \"%s\", %s to %s, into a dated directory in it"
                .formatted(
                        directory.files().size(),
                        place.directory(),
                        directory.files().get(0).segment(),
                        directory.files().get(directory.files().size() - 1).segment()));
    }

    private Optional<UnderstudyException> conflict(SegmentDirectory directory) {
        try (Session session = Session.open(primary)) {
            SystemIdentifier ours = new ServerFacts(session).systemIdentifier();
            Optional<SegmentFile> foreign = directory.files().stream()
                    .filter(file -> file.header()
                            .value()
                            .filter(header -> !header.systemIdentifier().equals(ours))
                            .isPresent())
                    .findFirst();
            if (foreign.isPresent()) {
                return Optional.of(UnderstudyException.of(
                                ErrorCode.RECEIVER_DIRECTORY_UNFIT,
                                "\"%s\" in \"%s\" belongs to another cluster than the primary",
                                foreign.get().file(),
                                place.directory())
                        .hint("Name the directory of this primary's receiver.")
                        .build());
            }
            Optional<ReplicationSlot> found = new Slots(session).find(slot);
            if (found.filter(ReplicationSlot::active).isPresent() && stop.isEmpty()) {
                return Optional.of(
                        UnderstudyException.of(ErrorCode.SLOT_ACTIVE, "replication slot \"%s\" is in use", slot)
                                .detail(
                                        "Process %s uses it.",
                                        found.get().activePid().stream()
                                                .mapToObj(Long::toString)
                                                .findFirst()
                                                .orElse("?"))
                                .hint("Stop the receiver first, or give the command that does with -e receiver_stop=….")
                                .build());
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        stop.ifPresent(command -> place.login()
                .run(Command.shell(command).withLimit(COMMAND_LIMIT))
                .orThrow());
        SegmentDirectory directory = place.read();
        if (context.facts().find(ASIDE).isEmpty()) {
            context.record(
                    ASIDE,
                    place.directory() + "/set-aside-"
                            + STAMP.format(context.clock().instant()));
            context.record(FIRST, directory.files().get(0).segment());
            context.record(
                    LAST, directory.files().get(directory.files().size() - 1).segment());
        }
        String aside = context.facts().get(ASIDE);
        if (files().status(aside).isEmpty()) {
            files().createDirectory(aside, 0700);
        }
        for (SegmentFile file : directory.files()) {
            context.checkAlive();
            files().rename(place.directory() + "/" + file.file(), aside + "/" + file.file());
        }
        context.warn(
                "base backups from before cannot be rolled forward past %s: take a new one now, as with understudy run take-backup -e primary=CONNINFO -e backup=DIRECTORY -e receiver=%s"
                        .formatted(context.facts().get(LAST), ShellQuote.quote(place.directory())));
        return List.of();
    }

    /** A receiver that was started since writes new segments, all behind those that were moved. */
    private boolean isMoved(StepContext context) {
        String last = context.facts().get(LAST);
        return place.read().files().stream()
                .allMatch(file -> file.segment().substring(8).compareTo(last.substring(8)) > 0);
    }

    @Override
    public Verdict verify(StepContext context) {
        Optional<String> aside = context.facts().find(ASIDE);
        if (aside.isEmpty()) {
            return new Verdict.Verified(
                    List.of(context.evidence("there were no segments to set aside", place.directory())));
        }
        if (!isMoved(context)) {
            return new Verdict.Refuted(UnderstudyException.of(
                            ErrorCode.RECEIVER_DIRECTORY_UNFIT,
                            "\"%s\" still holds segments that were to be set aside",
                            place.directory())
                    .build());
        }
        int count = files().list(aside.get()).size();
        return new Verdict.Verified(List.of(context.evidence(
                "%d files, %s to %s, are in \"%s\""
                        .formatted(
                                count,
                                context.facts().get(FIRST),
                                context.facts().get(LAST),
                                aside.get()),
                aside.get())));
    }

    /** Moves back what was moved, unless the receiver has written a file of that name since. */
    @Override
    public List<Evidence> undo(StepContext context) {
        Optional<String> aside = context.facts().find(ASIDE);
        if (aside.isEmpty() || files().status(aside.get()).isEmpty()) {
            return List.of();
        }
        files().list(aside.get()).forEach(file -> {
            String back = place.directory() + "/" + file.path();
            if (files().status(back).isEmpty()) {
                files().rename(aside.get() + "/" + file.path(), back);
            }
        });
        if (files().list(aside.get()).isEmpty()) {
            files().delete(aside.get());
        }
        return List.of(context.evidence("moved the segments back", place.directory()));
    }
}
