package dev.understudy.provision.preflight.check.standby;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.ArrayList;
import java.util.List;

/** A check that the standby's machine has PostgreSQL server programs of the primary's own major version, and the ones the plan uses. */
@CheckInfo(
        id = "server-programs",
        summary = "The standby's machine has the server programs of the primary's major version")
public final class ServerProgramsCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.target()
                .match(
                        target -> target.installation()
                                .match(found -> judge(facts, found), reason -> missing(facts, reason)),
                        this::skipped);
    }

    private PreflightResult missing(PreflightFacts facts, String reason) {
        return facts.primary()
                .match(
                        primary -> missing(primary.identity().version().major().toString(), reason),
                        unknown -> skipped("the primary's version is not known: " + unknown));
    }

    private PreflightResult missing(String major, String reason) {
        return fail("no server programs of PostgreSQL %s on the standby's machine: %s", major, reason)
                .hint(
                        "Install them (Debian: apt install postgresql-%s; Red Hat: dnf install postgresql%s-server), or name"
                                + " their directory in bin_directory.",
                        major, major.replace(".", ""));
    }

    private PreflightResult judge(PreflightFacts facts, InstallationFacts found) {
        List<String> wanted = new ArrayList<>(List.of("postgres", "pg_ctl"));
        if (facts.intent().basebackupOnly()) {
            wanted.add("pg_basebackup");
        }
        wanted.removeAll(found.programs());
        if (!wanted.isEmpty()) {
            return fail(
                            "\"%s\" lacks the program%s %s",
                            found.binDirectory(), wanted.size() == 1 ? "" : "s", String.join(", ", wanted))
                    .seen("not there: " + String.join(", ", wanted), found.binDirectory())
                    .hint("Name a complete installation in bin_directory.");
        }
        return facts.primary()
                .match(
                        primary -> compare(primary, found),
                        reason -> skipped("the primary's version is not known: " + reason));
    }

    private PreflightResult compare(ServerSurvey primary, InstallationFacts found) {
        ServerMajor theirs = primary.identity().version().major();
        if (!found.version().major().equals(theirs)) {
            return fail(
                            "the programs in \"%s\" are of PostgreSQL %s, the primary is %s",
                            found.binDirectory(), found.version().major(), theirs)
                    .seen("postgres --version says " + found.version(), found.binDirectory() + "/postgres")
                    .hint(
                            "A standby has its primary's major version. Install PostgreSQL %s there, or name its directory in"
                                    + " bin_directory.",
                            theirs);
        }
        return pass("\"%s\" holds PostgreSQL %s", found.binDirectory(), found.version())
                .seen("postgres --version says " + found.version(), found.binDirectory() + "/postgres");
    }
}
