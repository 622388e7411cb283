package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file system without room: the data directory's, WAL's, the archive's or the receiver's. */
public final class DiskFullRule implements Rule {
    private static final String ID = "disk-full";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Map<String, Known<FileSystemUsage>> places = new LinkedHashMap<>();
        View.directory(facts).ifPresent(found -> places.putAll(found.usage()));
        facts.archive().value().ifPresent(found -> places.put("archive", found.usage()));
        facts.receiver().value().ifPresent(found -> places.put("receiver's directory", found.usage()));
        List<Sign> full = new ArrayList<>();
        places.forEach((place, usage) -> usage.value()
                .filter(found -> found.availableBytes() < LEAST_BYTES)
                .ifPresent(found -> full.add(new Sign(
                        found.mountPoint(),
                        "%d bytes are available for the %s".formatted(found.availableBytes(), place)))));
        // A message of a disk that has room again is history.
        Optional<LogEvent> event =
                full.isEmpty() && !View.isDown(facts) ? Optional.empty() : View.event(facts, "disk-full");
        if (full.isEmpty() && event.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.error(
                        ID, full.isEmpty() ? "standby" : full.get(0).source())
                .seen(event.map(each -> View.sign(facts, each)));
        full.forEach(sign -> finding.seen(sign.source(), sign.detail()));
        return List.of(finding.remedy(Remedy.byHand(
                        "make-room",
                        "Make room on that file system; never by removing files of the data directory or of pg_wal",
                        "df -h "
                                + ShellQuote.quote(
                                        full.isEmpty()
                                                ? facts.given().dataDirectoryOrWord()
                                                : full.get(0).source()),
                        Cost.MINUTES))
                .says("There is no room on the disk"));
    }

    /** Less than one WAL segment of the usual size. */
    private static final long LEAST_BYTES = 16L << 20;
}
