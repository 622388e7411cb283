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
        boolean primaryToo = differing.stream().anyMatch(collation -> differsOnPrimary(facts, collation));
        Builder finding = Finding.warning(ID, primaryToo ? "primary" : "standby");
        differing.stream()
                .limit(SHOWN)
                .forEach(collation -> finding.seen(
                        "pg_collation on the standby",
                        "%s: indexes were built with version %s, this host's library has %s%s"
                                .formatted(
                                        collation.name(),
                                        collation.recorded(),
                                        collation.actual(),
                                        direction(collation))));
        return List.of(
                primaryToo
                        ? finding.seen("pg_collation on the primary", "its library differs from what was recorded, too")
                                .remedy(Remedy.byHand(
                                        "rebuild-indexes",
                                        "Rebuild what depends on these collations on the primary, in each database, then have"
                                                + " the versions recorded; the standby follows",
                                        "REINDEX DATABASE …; ALTER COLLATION %s REFRESH VERSION;"
                                                .formatted(differing.get(0).name()),
                                        Cost.MINUTES))
                                .says("%d collations have another version on both hosts than indexes were built with"
                                        .formatted(differing.size()))
                        : finding.remedy(Remedy.byHand(
                                        "same-library",
                                        "Give both hosts the same version of the library; indexes cannot be rebuilt on a"
                                                + " standby",
                                        "SELECT collname, collversion, pg_collation_actual_version(oid) FROM pg_collation;",
                                        Cost.RESTART))
                                .says(
                                        "%d collations of the standby's host have another version than indexes were built with"
                                                .formatted(differing.size())));
    }

    private static boolean differsOnPrimary(Facts facts, Collation collation) {
        return View.primary(facts).flatMap(view -> view.collations().value()).orElse(List.of()).stream()
                .anyMatch(each -> each.name().equals(collation.name()));
    }

    /** Whether the library is older or newer than the indexes; empty if versions are not numbers. */
    private static String direction(Collation collation) {
        int order = compare(collation.actual(), collation.recorded());
        return order == 0 ? "" : order < 0 ? ", which is older" : ", which is newer";
    }

    private static int compare(String left, String right) {
        if (!left.matches(NUMBERS) || !right.matches(NUMBERS)) {
            return 0;
        }
        String[] lefts = left.split("\\.", -1);
        String[] rights = right.split("\\.", -1);
        for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
            int order = Integer.compare(Integer.parseInt(lefts[i]), Integer.parseInt(rights[i]));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(lefts.length, rights.length);
    }

    private static final String NUMBERS = "\\d{1,9}(?:\\.\\d{1,9})*";
    private static final int SHOWN = 5;
}
