package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.ClusterConfiguration;
import dev.understudy.provision.preflight.facts.PreflightFacts;

/** A check that pg_ctlcluster or systemctl will start the standby and nothing else: Debian's tools know it by its files in /etc. */
@CheckInfo(
        id = "cluster-configuration",
        summary = "The cluster that Debian's programs are to start is configured, for this data directory")
public final class ClusterConfigurationCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.target()
                .flatMap(target -> target.configuration()
                        .orElse(Known.unknown("the standby reads its configuration from its data directory")))
                .match(configuration -> judge(facts, configuration), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ClusterConfiguration configuration) {
        String wanted = facts.intent().target().dataDirectory();
        if (!configuration.programFound()) {
            return fail("the standby is to be started by %s, which its machine does not have", configuration.program())
                    .hint("Install postgresql-common there, or start it by pg_ctl.");
        }
        if (!configuration.fileFound()) {
            return fail(
                            "%s cannot start the standby: there is no readable \"%s\"",
                            configuration.program(), configuration.file())
                    .hint("Make the cluster with pg_createcluster and move its data directory away, or start it by"
                            + " pg_ctl.");
        }
        String named = configuration.dataDirectory().orElse("");
        if (!named.equals(wanted)) {
            return fail(
                            "\"%s\" is the configuration of data directory \"%s\", not of \"%s\"",
                            configuration.file(), named, wanted)
                    .hint("Give that data directory, or correct data_directory in the file.");
        }
        return pass("%s starts the standby with \"%s\"", configuration.program(), configuration.file());
    }
}
