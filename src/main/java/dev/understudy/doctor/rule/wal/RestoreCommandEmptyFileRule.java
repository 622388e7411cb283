package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.facts.WalListing;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A restore_command that succeeds and delivers what is no whole segment. */
public final class RestoreCommandEmptyFileRule implements Rule {
    private static final String ID = "restore-command-empty-file";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event = View.unresolved(facts, "archive-wrong-size");
        Optional<Left> left = left(facts).filter(found -> event.isEmpty());
        if (event.isEmpty() && left.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby")
                .seen(event.map(found -> View.sign(facts, found)))
                .seen(left.map(
                        found -> new Sign("title of the standby's startup process", "has come to " + found.segment())))
                .seen(left.map(found -> new Sign(
                        "RECOVERYXLOG in the WAL directory", "0 bytes, left by a restore_command that has ended")))
                .seen(left.map(found -> new Sign(found.archive(), "has " + found.segment() + ", whole")))
                .seen(View.setting(facts, "restore_command").map(command -> new Sign("restore_command", command)));
        String summary = left.map(found -> "restore_command leaves an empty file for %s, which the archive has whole"
                        .formatted(found.segment()))
                .orElseGet(() -> "restore_command delivers %s with %s bytes rather than %s"
                        .formatted(
                                event.get().value(0),
                                event.get().value(1),
                                event.get().value(2)));
        return List.of(finding.remedy(Remedy.byHand(
                        "correct-restore-command",
                        "Make the command end with a status other than 0 unless the whole file is there",
                        "test -s SOURCE/%f && cp SOURCE/%f %p",
                        Cost.SECONDS))
                .says(summary));
    }

    /**
     * What a restore_command left that has ended.
     *
     * @param segment what recovery has come to
     * @param archive a directory that has it whole
     */
    private record Left(String segment, String archive) {}

    /**
     * A standby says nothing of a file that is too short, since one that is still being archived may be. That an empty one
     * is left proves nothing by itself either: a command that fails may have made it first. It does where the archive has
     * the segment.
     */
    private static Optional<Left> left(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts);
        Optional<String> needed = directory
                .flatMap(found -> found.process().value())
                .flatMap(found -> found)
                .flatMap(ServerProcess::neededSegment);
        boolean empty = directory
                .flatMap(found -> found.wal().value())
                .flatMap(WalListing::emptyRestore)
                .orElse(false);
        return needed.filter(segment -> empty)
                .flatMap(segment -> facts.archive()
                        .value()
                        .filter(archive -> archive.has(segment))
                        .map(archive -> new Left(segment, archive.path())));
    }
}
