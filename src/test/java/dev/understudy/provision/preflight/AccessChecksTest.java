package dev.understudy.provision.preflight;

import static dev.understudy.provision.preflight.CheckAssert.fails;
import static dev.understudy.provision.preflight.CheckAssert.passes;
import static dev.understudy.provision.preflight.CheckAssert.skips;
import static dev.understudy.provision.preflight.CheckAssert.warns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.Account;
import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.check.access.ConnectionsFreeCheck;
import dev.understudy.provision.preflight.check.access.DirectConnectionCheck;
import dev.understudy.provision.preflight.check.access.PrimaryReachableCheck;
import dev.understudy.provision.preflight.check.access.PrivilegesCheck;
import dev.understudy.provision.preflight.check.access.ReplicationLoginCheck;
import dev.understudy.provision.preflight.check.access.ReplicationPasswordCheck;
import dev.understudy.provision.preflight.check.access.RouteCheck;
import dev.understudy.provision.preflight.check.access.TargetAccountCheck;
import dev.understudy.provision.preflight.facts.PasswordFacts;
import dev.understudy.provision.preflight.facts.PrivilegeFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts.How;
import dev.understudy.provision.route.Route;
import dev.understudy.server.survey.DirectConnection;
import dev.understudy.server.survey.RoleSurvey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the checks of connections, roles and accounts say. */
final class AccessChecksTest {
    private final SampleFacts facts = new SampleFacts();

    @Test
    void aPrimaryThatAnswersIsReached() {
        PreflightResult result = passes(
                new PrimaryReachableCheck(),
                facts,
                "logged in to the server at \"db1\", port 5432 as role \"postgres\"");
        assertThat(result.seen().get(0).claim()).isEqualTo("PostgreSQL 15.10, system identifier 7");
    }

    @Test
    void aPrimaryThatDoesNotAnswerFailsWithItsReason() {
        facts.refusal = Known.of("could not reach the server at \"db1\", port 5432: Connection refused");
        fails(
                new PrimaryReachableCheck(),
                facts,
                "cannot look at the primary: could not reach the server at \"db1\", port 5432: Connection refused");
    }

    @Test
    void aDirectConnectionPasses() {
        passes(
                new DirectConnectionCheck(),
                facts,
                "the session is the server's own: process 4711, as announced at log-in");
    }

    @Test
    void aPoolerFails() {
        facts.direct = Known.of(new DirectConnection(false, "log-in announced process 1, pg_backend_pid() is 2"));
        fails(
                new DirectConnectionCheck(),
                facts,
                "the connection goes through a connection pooler: log-in announced process 1, pg_backend_pid() is 2");
        facts.direct = Known.unknown("not tried");
        skips(new DirectConnectionCheck(), facts, "not tried");
    }

    @Test
    void aSuperuserHasEveryPrivilege() {
        passes(new PrivilegesCheck(), facts, "role \"postgres\" is a superuser");
        facts.role = new RoleSurvey("builder", false, true, -1, 1, 5);
        facts.intent = facts.intent.withRoute(Route.SQL);
        passes(new PrivilegesCheck(), facts, "role \"builder\" has every privilege that the route \"sql\" needs");
    }

    @Test
    void eachMissingPrivilegeIsOneStatement() {
        facts.role = new RoleSurvey("builder", false, true, -1, 1, 5);
        facts.intent = facts.intent.withRoute(Route.SQL);
        String first = "GRANT pg_monitor TO builder;";
        String second = "GRANT EXECUTE ON FUNCTION pg_catalog.pg_backup_stop(boolean) TO builder;";
        facts.missingPrivileges = Known.of(
                List.of(new PrivilegeFacts("to see sizes", first), new PrivilegeFacts("to stop the backup", second)));
        PreflightResult result =
                fails(new PrivilegesCheck(), facts, "role \"builder\" lacks 2 privileges that the route \"sql\" needs");
        assertThat(result.grants()).containsExactly(first, second);
        facts.missingPrivileges = Known.unknown("the session was lost");
        skips(new PrivilegesCheck(), facts, "privileges not known: the session was lost");
    }

    @Test
    void aReplicationLogInSaysFromWhere() {
        PreflightCheck check = new ReplicationLoginCheck();
        passes(
                check,
                facts,
                "role \"postgres\" logged in for replication from the standby's machine (address 10.0.0.2)");
        facts.replication =
                Known.of(new ReplicationFacts(How.RULES, true, "line 9 of pg_hba.conf says trust", "rep", "10.0.0.2"));
        passes(check, facts, "pg_hba.conf lets role \"rep\" in to replicate from address 10.0.0.2; read, not tried");
        facts.replication = Known.of(new ReplicationFacts(How.LOGIN_FROM_HERE, true, "it answered", "rep", ""));
        warns(
                check,
                facts,
                "role \"rep\" logged in for replication from here (the Unix socket); from the standby's machine nothing"
                        + " could be tried");
        facts.replication = Known.unknown("no psql there");
        warns(check, facts, "whether the standby will be let in to replicate could not be told: no psql there");
    }

    @Test
    void aRefusedReplicationLogInNamesTheLineToAdd() {
        facts.replication = Known.of(
                new ReplicationFacts(How.LOGIN_FROM_STANDBY, false, "pg_hba.conf rejects it", "Rep", "10.0.0.2"));
        PreflightResult result = fails(
                new ReplicationLoginCheck(),
                facts,
                "the primary does not let role \"Rep\" in to replicate from address 10.0.0.2: pg_hba.conf rejects it");
        assertThat(result.hints())
                .containsExactly("If it is pg_hba.conf, put \"host replication Rep 10.0.0.2/32 scram-sha-256\" into"
                        + " \"/primary/data/pg_hba.conf\" on the primary before any line that rejects it, then: SELECT"
                        + " pg_reload_conf(); if it is the role, ALTER ROLE \"Rep\" WITH LOGIN REPLICATION;");
    }

    @Test
    void aPasswordMustBeKnownIfItIsAskedFor() {
        PreflightCheck check = new ReplicationPasswordCheck();
        passes(
                check,
                facts,
                "the standby's password is known (from a password file) and goes into its own password file");
        facts.password = Known.of(new PasswordFacts(false, false, "the log-in worked without one"));
        passes(check, facts, "the standby needs no password (the log-in worked without one)");
        facts.password = Known.of(new PasswordFacts(false, true, "no password file has one"));
        fails(check, facts, "the primary asks the standby for a password and none is known (no password file has one)");
        facts.password = Known.unknown("nothing was tried");
        skips(check, facts, "nothing was tried");
    }

    @Test
    void autoTakesLocalThenSshThenSql() {
        PreflightCheck check = new RouteCheck();
        passes(check, facts, "the route is \"ssh\" because the primary's files can be read on host ssh://db1");
        facts.filesLocal = true;
        passes(
                check,
                facts,
                "the route is \"local\" because the primary runs on this machine and its files can be read");
        facts.unreadable = Optional.of("\"/primary/data\": the account may not enter it");
        passes(
                check,
                facts,
                "the route is \"sql\" because no shell can read the primary's files: \"/primary/data\": the account may"
                        + " not enter it");
        facts.filesRefusal = Known.of("no host was given for them");
        passes(
                check,
                facts,
                "the route is \"sql\" because no shell can read the primary's files: no host was given for them");
    }

    @Test
    void aRouteThatCannotBeTakenFails() {
        facts.intent = facts.intent.withRoute(Route.LOCAL);
        fails(
                new RouteCheck(),
                facts,
                "the route \"local\" cannot be taken: the primary's files are on host ssh://db1");
        facts.intent = facts.intent.withRoute(Route.SSH);
        facts.filesRefusal = Known.of("host \"db1\" cannot be reached");
        fails(new RouteCheck(), facts, "the route \"ssh\" cannot be taken: host \"db1\" cannot be reached");
        facts.intent = facts.intent.withRoute(Route.SQL);
        passes(new RouteCheck(), facts, "the route is \"sql\" because the plan says so");
    }

    @Test
    void rootCannotRunAServer() {
        passes(
                new TargetAccountCheck(),
                facts,
                "the standby will belong to account \"postgres\" (uid 26) on host local");
        facts.account = new Account("root", 0, 0, "/root");
        fails(
                new TargetAccountCheck(),
                facts,
                "the standby would run as root on host local, and PostgreSQL refuses that");
        facts.targetRefusal = Known.of("host \"db2\" cannot be reached");
        fails(new TargetAccountCheck(), facts, "cannot look at the standby's machine: host \"db2\" cannot be reached");
    }

    @Test
    void enoughConnectionsMustBeLeft() {
        PreflightCheck check = new ConnectionsFreeCheck();
        passes(check, facts, "95 connections are free on the primary, the run needs 3");
        facts.intent = facts.intent.withRoute(Route.SQL);
        facts.role = new RoleSurvey("builder", false, true, -1, 1, 92);
        fails(check, facts, "5 of 100 connections are free on the primary, and the run needs 7");
        facts.role = new RoleSurvey("builder", false, true, 2, 1, 5);
        fails(check, facts, "role \"builder\" may have 2 connections, has 1, and the run needs 7 more");
        facts.refusal = Known.of("no answer");
        skips(check, facts, "no answer");
    }
}
