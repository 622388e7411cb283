package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PasswordFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;

/** A check that the password the standby will need to follow the primary is known, so that it can be given to it. */
@CheckInfo(id = "replication-password", summary = "The password that the standby will need is known")
public final class ReplicationPasswordCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.primary().value().isEmpty()) {
            return skipped("the primary itself could not be looked at");
        }
        return facts.password().match(this::judge, this::skipped);
    }

    private PreflightResult judge(PasswordFacts password) {
        if (password.available()) {
            return pass("the standby's password is known (%s) and goes into its own password file", password.source());
        }
        if (!password.demanded()) {
            return pass("the standby needs no password (%s)", password.source());
        }
        return fail("the primary asks the standby for a password and none is known (%s)", password.source())
                .hint(
                        "Put a line host:port:replication:user:password into ~/.pgpass (mode 0600) of the account that runs"
                                + " Understudy, or set PGPASSWORD; the standby gets its own copy, readable by its account alone.");
    }
}
