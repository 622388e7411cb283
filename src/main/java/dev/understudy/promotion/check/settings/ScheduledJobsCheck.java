package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.survey.DatabaseObjects;
import dev.understudy.server.survey.DatabaseObjects.ScheduledJobs;
import dev.understudy.server.survey.ObjectSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Jobs of schedulers that keep them in tables: pg_cron runs them on whichever server is primary and preloads it, at the
 * host and port that each job names; the agents of pg_timetable and pgAgent run elsewhere and must find the new primary.
 */
public final class ScheduledJobsCheck implements PromotionCheck {
    private static final String ID = "scheduled-jobs";
    private static final String PG_CRON = "pg_cron";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID, facts.settings().standby(), facts.settings().standbyServer().objects(), ScheduledJobsCheck::judge);
    }

    private static CheckResult judge(Map<String, Setting> standby, ObjectSurvey objects) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<String> says = new ArrayList<>();
        boolean elsewhere = false;
        for (DatabaseObjects database : objects.databases()) {
            String name = "database \"%s\"".formatted(database.database());
            if (!database.jobs().isKnown()) {
                result.seen(name, "jobs not seen: " + database.jobs().reason());
            }
            for (ScheduledJobs jobs : database.jobs().orElse(List.of())) {
                String place = jobs.port() == 0 ? "" : " at %s:%d".formatted(jobs.host(), jobs.port());
                boolean wrong = isElsewhere(jobs, standby);
                elsewhere |= wrong;
                String what = "%d of %s%s".formatted(jobs.active(), jobs.scheduler(), place);
                result.seen(name, what);
                says.add(what + (wrong ? ", which is not this server" : ""));
            }
        }
        if (says.isEmpty()) {
            return result.seen(
                            "cron.job, timetable.chain, pgagent.pga_job",
                            "none in %d databases".formatted(objects.databases().size()))
                    .pass("No scheduler keeps jobs in the databases");
        }
        return elsewhere
                ? result.warn(
                        "Scheduled jobs would not run on the new primary: " + String.join("; ", says),
                        "After the promotion: UPDATE cron.job SET nodename = 'localhost', nodeport = %s;"
                                .formatted(Compared.text(standby, "port")))
                : result.warn(
                        "Jobs are scheduled in the databases: " + String.join("; ", says),
                        "See that pg_cron is preloaded with the same cron.database_name, and that agents of other"
                                + " schedulers connect to the new primary");
    }

    /** Whether pg_cron, on this server, would connect to another one. An empty host is the Unix socket. */
    private static boolean isElsewhere(ScheduledJobs jobs, Map<String, Setting> standby) {
        return jobs.scheduler().equals(PG_CRON)
                && Compared.number(standby, "port").orElse(jobs.port()) != jobs.port();
    }
}
