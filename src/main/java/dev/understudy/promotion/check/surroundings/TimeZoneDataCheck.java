package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.surroundings.TimeZoneDifference;
import java.util.List;

/** Time zone data that say what the primary's say: the same local time is the same moment afterwards. */
public final class TimeZoneDataCheck implements PromotionCheck {
    private static final String ID = "time-zone-data";
    private static final int MOST_NAMES = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.surroundings().timeZones(), TimeZoneDataCheck::judge);
    }

    private static CheckResult judge(TimeZoneDifference difference) {
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen(
                        "pg_timezone_names",
                        "%d zones on the primary, month by month from 2015 to 2037".formatted(difference.zones()));
        see(result, "pg_timezone_names", "not on the standby: ", difference.missing());
        see(result, "pg_timezone_names", "other rules on the standby: ", difference.different());
        see(result, "pg_timezone_abbrevs", "not on the standby: ", difference.missingAbbreviations());
        see(result, "pg_timezone_abbrevs", "another meaning on the standby: ", difference.differentAbbreviations());
        if (difference.isNone()) {
            return result.pass("The time zone data are the primary's");
        }
        return result.warn(
                summary(difference),
                "Bring both machines to the same version of the tzdata package, or of PostgreSQL where it has its own; and"
                        + " timezone_abbreviations to the same value. Then restart the standby.");
    }

    private static String summary(TimeZoneDifference difference) {
        int zones = difference.missing().size() + difference.different().size();
        int abbreviations = difference.missingAbbreviations().size()
                + difference.differentAbbreviations().size();
        if (zones == 0) {
            return "Not what it is on the primary: the meaning of %s"
                    .formatted(Names.counted(abbreviations, "time zone abbreviation", "time zone abbreviations"));
        }
        String first = difference.missing().isEmpty()
                ? difference.different().get(0)
                : difference.missing().get(0);
        return "Not what they are on the primary: the rules of %s, \"%s\" first"
                .formatted(Names.counted(zones, "time zone", "time zones"), first);
    }

    private static void see(CheckResult.Builder result, String source, String what, List<String> names) {
        if (!names.isEmpty()) {
            result.seen(source, what + Names.first(names, MOST_NAMES));
        }
    }
}
