package dev.understudy.promotion.check.surroundings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.facts.SurroundingsFacts;
import dev.understudy.promotion.machine.MachineFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.surroundings.DatabaseState;
import dev.understudy.server.surroundings.Databases;
import dev.understudy.server.surroundings.SortedIndexes;
import dev.understudy.server.surroundings.Surroundings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Libraries that sort text as the indexes were built. The catalog records versions of ICU's collations from 10 on, of the
 * C library's from 13 on, and of a database's own from 15 on; where it does not, what the two servers' libraries are and
 * how they sort is compared.
 */
public final class CollationVersionsCheck implements PromotionCheck {
    private static final String ID = "collation-versions";
    private static final String REMEDY =
            "Run the primary's release of the operating system and of ICU; or after the promotion, before anything else: REINDEX"
                    + " DATABASE CONCURRENTLY (before 12 without CONCURRENTLY), then ALTER DATABASE … REFRESH COLLATION VERSION.";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.surroundings().standby().flatMap(Surroundings::databases),
                databases -> new Judgement(facts.surroundings(), databases).judge());
    }

    private static final class Judgement {
        private final SurroundingsFacts facts;
        private final Databases databases;
        private final Known<Databases> primary;
        private final CheckResult.Builder result = CheckResult.builder(ID);
        private final Worst worst = new Worst(result);
        private long unrecorded;

        Judgement(SurroundingsFacts facts, Databases databases) {
            this.facts = facts;
            this.databases = databases;
            this.primary = facts.primary().flatMap(Surroundings::databases);
        }

        CheckResult judge() {
            for (DatabaseState database : databases.seen()) {
                database.indexes().forEach(indexes -> recorded(database, indexes));
                sorting(database);
            }
            long indexes = databases.seen().stream()
                    .mapToLong(DatabaseState::indexCount)
                    .sum();
            result.seen(
                    "pg_index",
                    "%s in %s sorted by a library"
                            .formatted(
                                    counted(indexes),
                                    Names.counted(databases.seen().size(), "database", "databases")));
            Optional<Boolean> libraries = libraries();
            NotSeen.note(databases, result);
            if (worst.isWell() && !databases.notSeen().isEmpty()) {
                return NotSeen.unless(databases, ID, any -> any.pass(""));
            }
            if (worst.isWell() && unrecorded > 0 && libraries.isEmpty() && !primary.isKnown()) {
                return CheckResult.skipped(
                        ID,
                        "%s sorted by libraries whose versions are recorded nowhere, and the primary: %s"
                                .formatted(counted(unrecorded), primary.reason()));
            }
            return worst.orPass(
                    indexes == 0 ? "No index is sorted by a library" : "The libraries sort as the indexes were built");
        }

        private static String counted(long indexes) {
            return Names.counted(indexes, "index", "indexes");
        }

        private Optional<SortedIndexes> theirs(DatabaseState database, SortedIndexes indexes) {
            return primary.value()
                    .flatMap(found -> found.find(database.name()))
                    .flatMap(found -> found.indexes().stream()
                            .filter(each -> each.collation().equals(indexes.collation()))
                            .findFirst());
        }

        private static String named(SortedIndexes indexes, DatabaseState database) {
            return indexes.collation().equals("default")
                    ? "the default collation of database \"%s\"".formatted(database.name())
                    : "collation \"%s\" in database \"%s\"".formatted(indexes.collation(), database.name());
        }

        private void recorded(DatabaseState database, SortedIndexes indexes) {
            if (indexes.recorded().isEmpty() || indexes.actual().isEmpty()) {
                unrecorded += indexes.count();
                return;
            }
            if (!indexes.isMismatched()) {
                return;
            }
            Optional<SortedIndexes> theirs = theirs(database, indexes);
            Optional<String> there = theirs.flatMap(SortedIndexes::actual);
            result.seen(
                    indexes.provider(),
                    "%s: recorded %s, here %s%s"
                            .formatted(
                                    named(indexes, database),
                                    indexes.recorded().get(),
                                    indexes.actual().get(),
                                    there.map(version -> ", at the primary " + version)
                                            .orElse("")));
            result.seen(
                    "indexes at risk",
                    Names.first(indexes.names(), indexes.names().size(), indexes.count()));
            if (there.equals(indexes.actual())) {
                worst.warn(
                        "Another version of %s than both servers have has built %s"
                                .formatted(indexes.provider(), counted(indexes.count())),
                        "On the primary already: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION (ALTER COLLATION before 15).");
            } else {
                worst.fail(
                        "Text may not be found in %s: built with %s %s, and the standby has %s"
                                .formatted(
                                        counted(indexes.count()),
                                        indexes.provider(),
                                        indexes.recorded().get(),
                                        indexes.actual().get()),
                        REMEDY);
            }
        }

        /** Versions tell of change, sorting proves it. */
        private void sorting(DatabaseState database) {
            Optional<DatabaseState> theirs = primary.value().flatMap(found -> found.find(database.name()));
            boolean sortsOtherwise = theirs.filter(found -> !found.sorting().equals(database.sorting()))
                    .isPresent();
            List<SortedIndexes> own = database.indexes().stream()
                    .filter(each -> each.collation().equals("default"))
                    .toList();
            if (sortsOtherwise) {
                result.seen(
                        "a list of words sorted in database \"" + database.name() + "\"",
                        "another order than on the primary");
            }
            if (sortsOtherwise && !own.isEmpty()) {
                result.seen(
                        "indexes at risk",
                        Names.first(
                                own.get(0).names(),
                                own.get(0).names().size(),
                                own.get(0).count()));
                worst.fail(
                        "Text in database \"%s\" sorts otherwise than on the primary, and may not be found in %s"
                                .formatted(database.name(), counted(own.get(0).count())),
                        REMEDY);
            }
        }

        /** Whether both servers have one C library; empty where that cannot be told. */
        private Optional<Boolean> libraries() {
            Optional<String> here = libc(databases, facts.machine());
            Optional<String> there = primary.value().flatMap(found -> libc(found, facts.primaryMachine()));
            here.ifPresent(version -> result.seen(
                    "libc",
                    "version %s%s"
                            .formatted(
                                    version,
                                    there.map(other -> ", at the primary " + other)
                                            .orElse(""))));
            boolean usesLibc = databases.seen().stream()
                    .flatMap(database -> database.indexes().stream())
                    .anyMatch(each ->
                            each.provider().equals("libc") && each.recorded().isEmpty());
            Optional<Boolean> same = here.flatMap(version -> there.map(other -> Objects.equals(version, other)));
            if (usesLibc && same.filter(equal -> !equal).isPresent()) {
                worst.warn(
                        "The standby's C library is %s, the primary's %s: text may sort otherwise"
                                .formatted(here.get(), there.get()),
                        REMEDY);
            }
            return same;
        }

        /** As the server tells it, else as its machine does. */
        private static Optional<String> libc(Databases databases, Known<MachineFacts> machine) {
            return databases.seen().stream()
                    .flatMap(database -> database.libc().stream())
                    .findFirst()
                    .or(() -> machine.flatMap(MachineFacts::libc)
                            .value()
                            .map(version -> version.replaceFirst("^glibc ", "")));
        }
    }
}
