package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.TablespaceLink;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Tablespace;
import java.util.List;

/**
 * A tablespace link that leads into the primary's own directory: two servers write the same files.
 */
public final class TablespaceLinkForeignRule implements Rule {
    private static final String ID = "tablespace-link-foreign";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        if (!isOnOneMachine(facts)) {
            return List.of();
        }
        List<Tablespace> primary =
                View.primary(facts).flatMap(view -> view.tablespaces().value()).orElse(List.of());
        List<TablespaceLink> shared =
                View.directory(facts).flatMap(found -> found.tablespaces().value()).orElse(List.of()).stream()
                        .filter(link -> primary.stream().anyMatch(tablespace -> isSame(link, tablespace)))
                        .toList();
        if (shared.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby");
        shared.forEach(link -> finding.seen(
                "pg_tblspc/" + link.oid(),
                "leads to \"%s\", the primary's own".formatted(link.target().orElse(""))));
        return List.of(finding.remedy(Reseed.remedy(facts))
                .says("Standby and primary share a tablespace's directory: both write to the same files"));
    }

    private static boolean isSame(TablespaceLink link, Tablespace tablespace) {
        return link.oid().equals(tablespace.oid().toString())
                && (link.target().filter(tablespace.location()::equals).isPresent()
                        || link.realTarget()
                                .filter(tablespace.location()::equals)
                                .isPresent());
    }

    /** The same path on two machines is two directories. */
    private static boolean isOnOneMachine(Facts facts) {
        String host = facts.given()
                .primary()
                .map(Conninfo::parse)
                .flatMap(conninfo -> conninfo.get("host"))
                .orElse("");
        boolean near = host.isEmpty()
                || host.startsWith("/")
                || host.startsWith("127.")
                || host.equals("localhost")
                || host.equals("::1");
        return near
                && facts.given().primary().isPresent()
                && facts.given().host().equals("local");
    }
}
