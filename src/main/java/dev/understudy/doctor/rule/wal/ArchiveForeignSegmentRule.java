package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file in an archive that is not what its name says: of another cluster, another place in the WAL, or no WAL.
 */
public final class ArchiveForeignSegmentRule implements Rule {
    private static final String ID = "archive-foreign-segment";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        facts.archive()
                .value()
                .ifPresent(found -> examine(facts, "archive", found).ifPresent(findings::add));
        facts.receiver()
                .value()
                .ifPresent(found -> examine(facts, "receiver", found).ifPresent(findings::add));
        return findings;
    }

    private static Optional<Finding> examine(Facts facts, String subject, SegmentDirectory directory) {
        Optional<SystemIdentifier> cluster = View.systemIdentifier(facts);
        Map<String, String> wrong = new TreeMap<>();
        for (SegmentFile file : directory.files()) {
            problem(cluster, directory, file).ifPresent(text -> wrong.put(file.file(), text));
        }
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        Builder finding = Finding.error(ID, subject);
        wrong.entrySet().stream()
                .limit(SHOWN)
                .forEach(entry -> finding.seen(directory.path() + "/" + entry.getKey(), entry.getValue()));
        String first = directory.path() + "/" + wrong.keySet().iterator().next();
        return Optional.of(finding.remedy(Remedy.byHand(
                        "set-segment-aside",
                        "Rename what does not belong there, and find out who writes to that directory besides",
                        "mv -n %1$s %1$s.foreign".formatted(ShellQuote.quote(first)),
                        Cost.SECONDS))
                .says("%d files in the %s are not the WAL segments that their names say"
                        .formatted(wrong.size(), subject)));
    }

    private static Optional<String> problem(
            Optional<SystemIdentifier> cluster, SegmentDirectory directory, SegmentFile file) {
        if (file.isDamaged()) {
            // A receiver makes a partial file of zeroes before anything arrives.
            return file.partial() ? Optional.empty() : Optional.of(file.header().reason());
        }
        if (!file.header().isKnown()) {
            return Optional.empty();
        }
        WalIdentity header = file.header().value().orElseThrow();
        if (cluster.isPresent() && !cluster.get().equals(header.systemIdentifier())) {
            return Optional.of(
                    "system identifier %s, the cluster's is %s".formatted(header.systemIdentifier(), cluster.get()));
        }
        WalSegment named = WalSegment.parse(file.segment(), directory.segmentSize());
        return named.start().equals(header.start())
                ? Optional.empty()
                : Optional.of("begins at %s, its name says %s".formatted(header.start(), named.start()));
    }

    private static final int SHOWN = 5;
}
