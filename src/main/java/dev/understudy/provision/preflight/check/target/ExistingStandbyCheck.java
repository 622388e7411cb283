package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.ExistingCluster;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Optional;

/** A check, for plans that work on an existing directory, that it holds a stopped cluster with the primary's system identifier and that no server runs on it. */
@CheckInfo(id = ExistingStandbyCheck.ID, summary = "The existing directory holds a stopped standby of the same cluster")
public final class ExistingStandbyCheck implements PreflightCheck {
    public static final String ID = "existing-standby";

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (!facts.intent().target().existing()) {
            return skipped("the plan makes a new directory");
        }
        return facts.target()
                .match(target -> target.existing().match(found -> judge(facts, found), this::skipped), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, Optional<ExistingCluster> found) {
        String directory = facts.intent().target().dataDirectory();
        if (found.isEmpty()) {
            return fail("there is no database cluster in \"%s\" to work on", directory)
                    .seen("no PG_VERSION", directory)
                    .hint("To build a standby in a new directory, use the playbook \"standby\".");
        }
        ExistingCluster cluster = found.get();
        if (cluster.livePid() != 0) {
            return fail("a server is running on \"%s\" (pid %d)", directory, cluster.livePid())
                    .seen("postmaster.pid names living process " + cluster.livePid(), directory + "/postmaster.pid")
                    .hint("Stop it: pg_ctl stop -D \"%s\" -m fast", directory);
        }
        return facts.primary()
                .match(
                        primary -> compare(directory, primary, cluster),
                        reason -> skipped("the primary is not known: " + reason));
    }

    private PreflightResult compare(String directory, ServerSurvey primary, ExistingCluster cluster) {
        String major = primary.identity().version().major().toString();
        if (!cluster.major().equals(major)) {
            return fail("\"%s\" was made by PostgreSQL %s, the primary is %s", directory, cluster.major(), major)
                    .seen("PG_VERSION is " + cluster.major(), directory + "/PG_VERSION")
                    .hint("A standby has its primary's major version: build a new one with the playbook \"standby\".");
        }
        Optional<SystemIdentifier> theirs =
                primary.identity().systemIdentifier().value();
        Optional<SystemIdentifier> here = cluster.systemIdentifier().value();
        if (here.isEmpty() || theirs.isEmpty()) {
            return fail(
                            "whether \"%s\" belongs to the primary's cluster cannot be told: %s",
                            directory,
                            here.isEmpty()
                                    ? cluster.systemIdentifier().reason()
                                    : primary.identity().systemIdentifier().reason())
                    .hint(
                            "Only a directory of the same cluster is worked on. If it is not needed, build a new standby in"
                                    + " another directory.");
        }
        if (!here.equals(theirs)) {
            return fail("\"%s\" belongs to another cluster than the primary", directory)
                    .seen("system identifier " + here.get(), directory + "/global/pg_control")
                    .seen("system identifier " + theirs.get(), "pg_control_system() of the primary")
                    .hint("Look twice at the path. Nothing is ever overwritten in a directory of another cluster.");
        }
        return sameCluster(directory, cluster);
    }

    private PreflightResult sameCluster(String directory, ExistingCluster cluster) {
        String state = cluster.state().orElse("not known");
        PreflightResult result = cluster.isStandby()
                ? pass("\"%s\" holds a stopped standby of the same cluster", directory)
                : warn("\"%s\" holds a stopped server of the same cluster that is not set up as a standby", directory)
                        .hint("If it has been a primary of its own, what it wrote since is lost; it is set aside, not"
                                + " deleted, only where the plan says so.");
        result = result.seen("state \"%s\"".formatted(state), directory + "/global/pg_control");
        return cluster.stalePid() == 0
                ? result
                : result.seen(
                        "postmaster.pid names process %d, which is gone or no server of this directory"
                                .formatted(cluster.stalePid()),
                        directory + "/postmaster.pid");
    }
}
