package dev.understudy.promotion.check.surroundings;

import static dev.understudy.promotion.check.surroundings.Sample.sequences;
import static dev.understudy.promotion.check.surroundings.Sample.setting;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.Result;
import dev.understudy.server.surroundings.Databases;
import dev.understudy.server.surroundings.OpenTransactions;
import dev.understudy.server.surroundings.SequenceState;
import dev.understudy.server.surroundings.TransactionAge;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies in the databases, and what runs in them. */
final class ContentChecksTest {
    private final Sample sample = new Sample();

    @Test
    void withoutThePrimaryPreparedTransactionsAreNotKnown() {
        sample.primaryUnknown = "no --primary given";
        sample.requireSays(
                new PreparedTransactionsCheck(),
                Result.SKIPPED,
                "a standby does not show them, and the primary: no --primary given");
    }

    @Test
    void withoutThePrimaryTheFilesOfTheLastRestartpointTell() {
        sample.primaryUnknown = "no --primary given";
        sample.standby.twoPhaseFiles = Known.of(List.of("000002F1"));
        sample.requireSays(
                new PreparedTransactionsCheck(),
                Result.WARN,
                "Promotion brings along 1 prepared transaction, locks included, from before the last restartpoint");
    }

    @Test
    void whereNoneAreAllowedThereAreNone() {
        sample.primaryUnknown = "no --primary given";
        sample.settings.put("max_prepared_transactions", setting("max_prepared_transactions", "0", ""));
        sample.requireSays(new PreparedTransactionsCheck(), Result.PASS, "There can be no prepared transactions");
    }

    @Test
    void aSequenceThatIsUsedUpOnBothSidesWarns() {
        SequenceState end = new SequenceState("app.public.s", 100, 0, 100, false);
        sample.standby.databases = Known.of(new Databases(List.of(sequences("app", end)), List.of()));
        sample.primary.databases = sample.standby.databases;
        sample.requireSays(new SequencesCheck(), Result.WARN, "Sequence app.public.s has no value left");
    }

    @Test
    void aSequenceThatBeginsAnewHasNoEnd() {
        SequenceState end = new SequenceState("app.public.s", 100, 0, 100, true);
        sample.standby.databases = Known.of(new Databases(List.of(sequences("app", end)), List.of()));
        sample.requireSays(
                new SequencesCheck(),
                Result.PASS,
                "Sequences go on up to 32 values ahead of the primary's; none is near its end");
    }

    @Test
    void multixactsWrapAroundToo() {
        sample.standby.ages = Known.of(List.of(new TransactionAge("app", 5, 1_100_000_000L)));
        sample.requireSays(
                new WraparoundCheck(),
                Result.WARN,
                "Database \"app\" has gone 51 % of the way to multixact id wraparound");
    }

    @Test
    void transactionsThatTheRoleDoesNotSeeDoNotPass() {
        sample.primary.transactions = Known.of(new OpenTransactions(List.of(), 3));
        sample.requireSays(
                new LongTransactionsCheck(),
                Result.SKIPPED,
                "the role does not see the transactions of 3 sessions (it takes pg_read_all_stats)");
    }
}
