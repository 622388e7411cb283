package dev.understudy.promotion.check.surroundings;

import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.machine.Storage;
import dev.understudy.promotion.machine.TablespaceLink;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.surroundings.Surroundings;
import dev.understudy.server.surroundings.TablespaceState;
import java.util.List;
import java.util.Optional;

/** Tablespaces that are there, reached by their links, writable, and the standby's own. */
public final class TablespacesCheck implements PromotionCheck {
    private static final String ID = "tablespaces";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.surroundings().standby().flatMap(Surroundings::tablespaces),
                tablespaces -> judge(facts, tablespaces));
    }

    private static CheckResult judge(PromotionFacts facts, List<TablespaceState> tablespaces) {
        CheckResult.Builder result = CheckResult.builder(ID);
        if (tablespaces.isEmpty()) {
            return result.seen("pg_tablespace", "none besides pg_default and pg_global")
                    .pass("All is in the data directory");
        }
        Worst worst = new Worst(result);
        Known<Storage> storage = facts.surroundings().storage();
        for (TablespaceState each : tablespaces) {
            look(facts, each, result, worst);
            if (storage.isKnown() && !each.isInPlace()) {
                Optional<TablespaceLink> link = storage.value().stream()
                        .flatMap(found -> found.links().stream())
                        .filter(found -> found.oid().equals(each.oid().toString()))
                        .findFirst();
                judge(facts, each, link, result, worst);
            }
        }
        if (!storage.isKnown()) {
            result.seen("pg_tblspc", "not looked at: " + storage.reason());
        }
        return worst.orPass(
                tablespaces.size() == 1
                        ? "The tablespace is there"
                        : "All %d tablespaces are there".formatted(tablespaces.size()));
    }

    /** As the running server sees it. */
    private static void look(PromotionFacts facts, TablespaceState each, CheckResult.Builder result, Worst worst) {
        String place = each.isInPlace()
                ? facts.given().dataDirectory().orElse("data directory") + "/" + each.location()
                : each.location();
        result.seen(
                "pg_tablespace",
                "\"%s\" (%s) is at \"%s\"%s"
                        .formatted(
                                each.name(),
                                each.oid(),
                                place,
                                each.there()
                                        .match(there -> there ? "" : ", which the server cannot open", reason -> "")));
        if (each.there().is(false)) {
            worst.fail(
                    "Tablespace \"%s\" is not there: the server cannot open \"%s\"".formatted(each.name(), place),
                    "Bring its files back from the primary: stop the standby, and copy them anew with \"understudy run reseed\".");
        }
    }

    /** As its link shows it. */
    private static void judge(
            PromotionFacts facts,
            TablespaceState each,
            Optional<TablespaceLink> found,
            CheckResult.Builder result,
            Worst worst) {
        String name = "pg_tblspc/" + each.oid();
        if (found.isEmpty()) {
            worst.fail(
                    "Tablespace \"%s\" has no link in pg_tblspc".formatted(each.name()),
                    "ln -s %s %s/%s"
                            .formatted(
                                    ShellQuote.quote(each.location()),
                                    ShellQuote.quote(
                                            facts.given().dataDirectory().orElse("DATADIR")),
                                    name));
            return;
        }
        TablespaceLink link = found.get();
        String target = link.target().orElse("");
        result.seen(
                name,
                link.realPath()
                        .map(real -> "leads to \"" + real + "\"")
                        .orElse("leads to \"%s\", where nothing is".formatted(target)));
        if (link.realPath().isEmpty()) {
            worst.fail(
                    "The link of tablespace \"%s\" leads to \"%s\", where nothing is".formatted(each.name(), target),
                    "Mount what belongs there, or make the link lead to where its files are.");
        } else if (isPrimarys(facts, each, link)) {
            worst.fail(
                    "Tablespace \"%s\" is the primary's own directory: both servers write to \"%s\""
                            .formatted(each.name(), link.realPath().get()),
                    "Build the standby anew with a directory of its own: understudy run standby -e tablespaces=%s=/its/own/directory"
                            .formatted(ShellQuote.quote(each.location())));
        } else if (!link.versionDirectory()) {
            worst.fail(
                    "\"%s\" holds no directory of tablespace \"%s\" for this version of PostgreSQL"
                            .formatted(link.realPath().get(), each.name()),
                    "Mount what belongs there, or make the link lead to where its files are.");
        } else if (!link.writable()) {
            worst.fail(
                    "The server's account may not write to \"%s\", tablespace \"%s\""
                            .formatted(link.realPath().get(), each.name()),
                    "Make it belong to the account that the server runs as, with mode 0700.");
        }
    }

    /** The same path on two machines is two directories. */
    private static boolean isPrimarys(PromotionFacts facts, TablespaceState each, TablespaceLink link) {
        return facts.surroundings().onOneMachine().is(true)
                && facts.surroundings().primary().flatMap(Surroundings::tablespaces).orElse(List.of()).stream()
                        .filter(theirs -> theirs.oid().equals(each.oid()))
                        .anyMatch(theirs -> link.realPath()
                                        .filter(theirs.location()::equals)
                                        .isPresent()
                                || link.target()
                                        .filter(theirs.location()::equals)
                                        .isPresent());
    }
}
