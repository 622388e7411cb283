package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.TablespaceLink;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tablespace whose link is missing, leads nowhere, or is no link. */
public final class TablespaceLinkMissingRule implements Rule {
    private static final String ID = "tablespace-link-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<List<TablespaceLink>> links =
                View.directory(facts).flatMap(found -> found.tablespaces().value());
        if (links.isEmpty()) {
            return List.of();
        }
        List<Sign> signs = new ArrayList<>();
        for (TablespaceLink link : links.get()) {
            String name = "pg_tblspc/" + link.oid();
            if (link.target().isEmpty()) {
                signs.add(new Sign(name, "is no symbolic link"));
            } else if (!link.targetThere()) {
                signs.add(new Sign(
                        name,
                        "leads to \"%s\", where no directory is"
                                .formatted(link.target().get())));
            }
        }
        View.primary(facts)
                .flatMap(view -> view.tablespaces().value())
                .ifPresent(all -> all.stream()
                        .filter(tablespace -> !tablespace.location().isEmpty()
                                && !tablespace.location().startsWith("pg_tblspc/"))
                        .filter(tablespace -> links.get().stream()
                                .noneMatch(link ->
                                        link.oid().equals(tablespace.oid().toString())))
                        .forEach(tablespace -> signs.add(new Sign(
                                "pg_tblspc",
                                "has no link for tablespace %s of the primary".formatted(tablespace.oid())))));
        boolean inPlace = signs.stream().allMatch(sign -> sign.detail().equals("is no symbolic link"))
                && View.failedStart(facts, "tablespace").isEmpty();
        if (signs.isEmpty() || inPlace) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby")
                .seen(View.event(facts, "tablespace").map(event -> View.sign(facts, event)));
        signs.forEach(sign -> finding.seen(sign.source(), sign.detail()));
        return List.of(finding.remedy(Remedy.byHand(
                        "restore-link",
                        "If the tablespace's files are on this host, make the link lead to them",
                        "ln -s /path/to/its/files %s/pg_tblspc/OID"
                                .formatted(ShellQuote.quote(facts.given().dataDirectoryOrWord())),
                        Cost.RESTART))
                .remedy(Reseed.remedy(facts))
                .says("A tablespace of the standby is not where its link should lead"));
    }
}
