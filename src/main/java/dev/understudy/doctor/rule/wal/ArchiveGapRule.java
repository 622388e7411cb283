package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentDirectory.Gap;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.NewBaseBackup;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.WalSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An archive with segments missing: what is behind the gap cannot be reached from what is before it.
 */
public final class ArchiveGapRule implements Rule {
    private static final String ID = "archive-gap";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        facts.archive().value().ifPresent(found -> findings.addAll(gaps(facts, "archive", found)));
        facts.receiver().value().ifPresent(found -> {
            findings.addAll(gaps(facts, "receiver", found));
            receiverEnd(facts, found).ifPresent(findings::add);
        });
        return findings;
    }

    private static List<Finding> gaps(Facts facts, String subject, SegmentDirectory directory) {
        return directory.gaps().stream()
                .map(gap -> Finding.error(ID, subject)
                        .seen(directory.path(), "%s is there, then %s".formatted(gap.before(), gap.after()))
                        .seen(onPrimary(facts, gap))
                        .remedy(Remedy.byHand(
                                "fill-gap",
                                "Copy the missing segments there from wherever they still are, another archive or a standby",
                                "ls PATH/" + gap.first() + " …",
                                Cost.MINUTES))
                        .remedy(NewBaseBackup.remedy(facts))
                        .says("WAL segments %s to %s are missing in the %s"
                                .formatted(gap.first(), gap.last(), subject)))
                .toList();
    }

    private static Optional<Sign> onPrimary(Facts facts, Gap gap) {
        return View.primary(facts)
                .flatMap(view -> view.hasSegment(gap.first().name()))
                .map(there -> new Sign(
                        "pg_ls_waldir() of the primary", gap.first() + (there ? " is there" : " is not there")));
    }

    /** What a receiver will ask for next, held against what the primary has. */
    private static Optional<Finding> receiverEnd(Facts facts, SegmentDirectory directory) {
        Optional<WalSegment> next = directory.next();
        Optional<ServerView> primary = View.primary(facts);
        Optional<List<String>> there = primary.flatMap(view -> view.walFiles().value())
                .map(files -> files.stream()
                        .map(file -> file.name())
                        .filter(WalSegment::isName)
                        .toList());
        if (next.isEmpty() || there.isEmpty() || there.get().isEmpty()) {
            return Optional.empty();
        }
        String oldest = there.get().stream()
                .map(name -> name.substring(8))
                .min(Comparator.naturalOrder())
                .orElse("");
        String wanted = next.get().name().substring(8);
        if (wanted.compareTo(oldest) >= 0) {
            return Optional.empty();
        }
        return Optional.of(Finding.error(ID, "receiver")
                .seen(
                        directory.path(),
                        "its newest whole segment is %s; its next request is for %s"
                                .formatted(
                                        directory.newest().map(WalSegment::name).orElse("none"), next.get()))
                .seen("pg_ls_waldir() of the primary", "its oldest segment is ……" + oldest)
                .remedy(NewBaseBackup.remedy(facts))
                .says("The receiver's archive ends before the oldest WAL that the primary still has"));
    }
}
