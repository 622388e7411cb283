package dev.understudy.promotion.check.surroundings;

import static dev.understudy.promotion.check.surroundings.Sample.database;
import static dev.understudy.promotion.check.surroundings.Sample.indexes;
import static dev.understudy.promotion.check.surroundings.Sample.machine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.Result;
import dev.understudy.server.surroundings.DatabaseState;
import dev.understudy.server.surroundings.Databases;
import dev.understudy.server.surroundings.SortedIndexes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CollationVersionsCheckTest {
    private final CollationVersionsCheck check = new CollationVersionsCheck();
    private final Sample sample = new Sample();

    private void standbyHas(SortedIndexes... indexes) {
        sample.standby.databases = Known.of(new Databases(List.of(database("app", List.of(indexes))), List.of()));
    }

    private void primaryHas(SortedIndexes... indexes) {
        sample.primary.databases = Known.of(new Databases(List.of(database("app", List.of(indexes))), List.of()));
    }

    private static DatabaseState sortingOtherwise(SortedIndexes... indexes) {
        return new DatabaseState(
                "app", List.of(), 0, List.of(), 0, List.of(indexes), "otherwise", Optional.empty(), Optional.empty());
    }

    @Test
    void indexesBuiltWithAnotherVersionThanTheStandbyHasFail() {
        standbyHas(indexes("default", "libc", "2.31", "2.36"));
        primaryHas(indexes("default", "libc", "2.31", "2.31"));

        sample.requireSays(
                check,
                Result.FAIL,
                "Text may not be found in 2 indexes: built with libc 2.31, and the standby has 2.36");
        assertThat(sample.examine(check).evidence())
                .extracting(sign -> sign.source() + ": " + sign.detail())
                .contains(
                        "libc: the default collation of database \"app\": recorded 2.31, here 2.36, at the primary 2.31",
                        "indexes at risk: public.t_a, public.t_b");
    }

    @Test
    void indexesBuiltWithAnotherVersionThanBothServersHaveWarn() {
        standbyHas(indexes("de-x-icu", "icu", "153.80", "153.112"));
        primaryHas(indexes("de-x-icu", "icu", "153.80", "153.112"));

        sample.requireSays(check, Result.WARN, "Another version of icu than both servers have has built 2 indexes");
    }

    @Test
    void withoutThePrimaryARecordedVersionStillTells() {
        sample.primaryUnknown = "no --primary given";
        standbyHas(indexes("de-x-icu", "icu", "153.80", "153.112"));

        sample.requireSays(
                check,
                Result.FAIL,
                "Text may not be found in 2 indexes: built with icu 153.80, and the standby has 153.112");
    }

    @Test
    void whereNothingIsRecordedTheLibrariesOfTheMachinesAreCompared() {
        standbyHas(indexes("default", "libc", "", ""));
        primaryHas(indexes("default", "libc", "", ""));
        sample.requireSays(check, Result.PASS, "The libraries sort as the indexes were built");

        sample.primaryMachine = Known.of(machine("m2", 8, 4, 0, "glibc 2.28", 1024));
        sample.requireSays(
                check, Result.WARN, "The standby's C library is 2.36, the primary's 2.28: text may sort otherwise");
    }

    @Test
    void whereNothingIsRecordedAnotherOrderIsProof() {
        SortedIndexes own = indexes("default", "libc", "", "");
        primaryHas(own);
        sample.standby.databases = Known.of(new Databases(List.of(sortingOtherwise(own)), List.of()));

        sample.requireSays(
                check,
                Result.FAIL,
                "Text in database \"app\" sorts otherwise than on the primary, and may not be found in 2 indexes");
    }

    @Test
    void anotherOrderHarmsNobodyWithoutIndexes() {
        sample.standby.databases = Known.of(new Databases(List.of(sortingOtherwise()), List.of()));

        sample.requireSays(check, Result.PASS, "No index is sorted by a library");
    }

    @Test
    void whereNothingIsRecordedAndThePrimaryIsAwayNothingIsKnown() {
        sample.primaryUnknown = "no --primary given";
        standbyHas(indexes("default", "libc", "", ""));

        sample.requireSays(
                check,
                Result.SKIPPED,
                "2 indexes sorted by libraries whose versions are recorded nowhere, and the primary: no --primary given");
    }

    @Test
    void databasesThatWereNotSeenDoNotPass() {
        sample.standby.databases = Known.of(new Databases(List.of(), List.of("app (no CONNECT privilege)")));

        sample.requireSays(
                check, Result.SKIPPED, "databases that could not be looked into: app (no CONNECT privilege)");
    }
}
