package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.facts.ReplicationFacts.Archiver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A primary whose archiver fails: nothing reaches the archive, and pg_wal fills. */
public final class ArchiveCommandFailingRule implements Rule {
    private static final String ID = "archive-command-failing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ServerView> primary = View.primary(facts);
        Optional<Archiver> failing =
                primary.flatMap(view -> view.archiver().value()).filter(Archiver::isFailing);
        if (failing.isEmpty()) {
            return List.of();
        }
        Archiver archiver = failing.get();
        return List.of(Finding.error(ID, "primary")
                .seen(
                        "pg_stat_archiver of the primary",
                        "failed at %s, %s, %d times; last archived %s"
                                .formatted(
                                        archiver.lastFailed().orElse("?"),
                                        archiver.lastFailedAt()
                                                .map(Instant::toString)
                                                .orElse("?"),
                                        archiver.failed(),
                                        archiver.lastArchived().orElse("nothing")))
                .seen(primary.get().setting("archive_command").map(command -> new Sign("archive_command", command)))
                .seen(primary.get()
                        .walFiles()
                        .value()
                        .map(files -> new Sign("pg_ls_waldir() of the primary", files.size() + " files")))
                .remedy(Remedy.byHand(
                        "run-archive-command",
                        "Run the command by hand as the server's account, and put right what it says",
                        "archive_command with %%p = pg_wal/%1$s and %%f = %1$s"
                                .formatted(archiver.lastFailed().orElse("SEGMENT")),
                        Cost.MINUTES))
                .says("The primary's archiver fails, so that the archive gets nothing and its pg_wal fills"));
    }
}
