package dev.understudy.promotion.check.whole;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.CatalogFacts.ChecksumFailures;
import java.util.List;

/** Page checksums that are on, and of which none has failed. */
public final class DataChecksumsCheck implements PromotionCheck {
    private static final String ID = "data-checksums";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.standby(), DataChecksumsCheck::judge);
    }

    private static CheckResult judge(ServerView standby) {
        boolean on = standby.identity().dataChecksums();
        Builder result = CheckResult.builder(ID).seen("data_checksums", on ? "on" : "off");
        if (!on) {
            return result.warn(
                    "Data checksums are off: damage on disk goes unseen until it is read",
                    "With the server stopped cleanly: pg_checksums --enable -D DATADIR (PostgreSQL 12 and newer)");
        }
        if (!standby.identity().version().major().isAtLeast(ServerMajor.V12)) {
            return result.pass("Data checksums are on; this major does not count failures");
        }
        return CheckResult.of(ID, standby.checksumFailures(), failures -> count(result, failures));
    }

    private static CheckResult count(Builder result, List<ChecksumFailures> failures) {
        long total = failures.stream().mapToLong(ChecksumFailures::count).sum();
        failures.forEach(each -> result.seen(
                "pg_stat_database.checksum_failures",
                "%s: %d%s"
                        .formatted(
                                each.database().isEmpty() ? "shared relations" : "database \"" + each.database() + "\"",
                                each.count(),
                                each.last().map(time -> ", last at " + time).orElse(""))));
        result.figure("checksum_failures", total);
        return total == 0
                ? result.pass("Data checksums are on and none has failed")
                : result.fail(
                        "%d page checksums have failed on the standby".formatted(total),
                        "Find the pages with --depth full, and seed the standby anew: understudy run repair-standby");
    }
}
