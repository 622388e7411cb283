package dev.understudy.doctor.rule.server;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.facts.CatalogFacts.Collation;
import java.util.List;

/**
 * A collation library on the standby's host that sorts otherwise than the primary's: indexes are wrong there.
 */
public final class CollationVersionRule implements Rule {
    private static final String ID = "collation-version-mismatch";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<Collation> standby =
                View.standby(facts).flatMap(view -> view.collations().value()).orElse(List.of());
        List<Collation> differing = standby.stream()
                .filter(collation ->
                        !collation.actual().isEmpty() && !collation.actual().equals(collation.recorded()))
                .toList();
        if (differing.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.warning(ID, "standby");
        differing.stream()
                .limit(5)
                .forEach(collation -> finding.seen(
                        "pg_collation on the standby",
                        "%s: indexes were built with version %s, this host's library has %s"
                                .formatted(collation.name(), collation.recorded(), collation.actual())));
        return List.of(finding.remedy(Remedy.byHand(
                        "same-library",
                        "Give both hosts the same version of the library; indexes cannot be rebuilt on a standby",
                        "SELECT collname, collversion, pg_collation_actual_version(oid) FROM pg_collation;",
                        Cost.RESTART))
                .says("%d collations of the standby's host have another version than indexes were built with"
                        .formatted(differing.size())));
    }
}
