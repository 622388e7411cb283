package dev.understudy.provision.preflight;

import static dev.understudy.provision.preflight.CheckAssert.fails;
import static dev.understudy.provision.preflight.CheckAssert.passes;
import static dev.understudy.provision.preflight.CheckAssert.skips;
import static dev.understudy.provision.preflight.CheckAssert.warns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.check.standby.BuildSizesCheck;
import dev.understudy.provision.preflight.check.standby.CollationVersionsCheck;
import dev.understudy.provision.preflight.check.standby.LibrariesCheck;
import dev.understudy.provision.preflight.check.standby.ListenAddressesCheck;
import dev.understudy.provision.preflight.check.standby.MinorVersionCheck;
import dev.understudy.provision.preflight.check.standby.ReferencedFilesCheck;
import dev.understudy.provision.preflight.check.standby.ServerProgramsCheck;
import dev.understudy.provision.preflight.check.standby.StandbyParametersCheck;
import dev.understudy.provision.route.Route;
import dev.understudy.server.survey.CollationSurvey;
import dev.understudy.server.survey.LibraryUse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the checks of the standby's installation and settings say. */
final class StandbyChecksTest {
    private final SampleFacts facts = new SampleFacts();

    @Test
    void theProgramsMustBeOfTheSameMajor() {
        PreflightCheck check = new ServerProgramsCheck();
        passes(check, facts, "\"/usr/lib/postgresql/15/bin\" holds PostgreSQL 15.12");
        facts.installation = Known.of(SampleFacts.installation(160_003));
        fails(check, facts, "the programs in \"/usr/lib/postgresql/15/bin\" are of PostgreSQL 16, the primary is 15");
        facts.installation = Known.unknown("looked in /usr/bin");
        PreflightResult result =
                fails(check, facts, "no server programs of PostgreSQL 15 on the standby's machine: looked in /usr/bin");
        assertThat(result.hints().get(0)).contains("apt install postgresql-15");
        facts.installation = Known.of(SampleFacts.installation(150_012));
        facts.intent = facts.intent.withRoute(Route.BASEBACKUP);
        fails(check, facts, "\"/usr/lib/postgresql/15/bin\" lacks the program pg_basebackup");
        facts.targetRefusal = Known.of("no host");
        skips(check, facts, "no host");
    }

    @Test
    void anOlderMinorWarns() {
        PreflightCheck check = new MinorVersionCheck();
        passes(check, facts, "the standby's PostgreSQL is 15.12, the primary's 15.10");
        facts.installation = Known.of(SampleFacts.installation(150_009));
        warns(check, facts, "the standby's PostgreSQL 15.9 is older than the primary's 15.10");
        facts.installation = Known.of(SampleFacts.installation(140_000));
        skips(check, facts, "the major versions differ");
    }

    @Test
    void theProgramsMustBeBuiltForThePrimarysFiles() {
        PreflightCheck check = new BuildSizesCheck();
        passes(
                check,
                facts,
                "the standby's programs are built as the primary is: block_size 8192, segment_size 131072, wal_block_size"
                        + " 8192, architecture x86_64 here, x86_64 there");
        facts.set("block_size", "32768");
        fails(
                check,
                facts,
                "the standby's programs do not fit the primary's files: block_size is 8192 here and 32768 at the"
                        + " primary");
        facts.installation = Known.unknown("looked in /usr/bin");
        skips(check, facts, "looked in /usr/bin");
    }

    @Test
    void everyLibraryMustBeThere() {
        PreflightCheck check = new LibrariesCheck();
        passes(check, facts, "every library that the primary loads is in \"/usr/lib/postgresql/15/lib\"");
        facts.databasesNotSeen = List.of("secret");
        warns(
                check,
                facts,
                "every library known of is in \"/usr/lib/postgresql/15/lib\"; 1 database could not be looked into");
        facts.libraries = Known.of(List.of(
                new LibraryUse("$libdir/postgis-3", "extension \"postgis\" in database \"app\"", false),
                new LibraryUse("/opt/own/x", "a function in database \"app\"", false)));
        fails(
                check,
                facts,
                "the standby's installation lacks postgis-3, which extensions of the primary's databases need");
        facts.libraries = Known.of(List.of(new LibraryUse("pg_stat_statements", "shared_preload_libraries", true)));
        PreflightResult result = fails(
                check,
                facts,
                "the standby's installation lacks pg_stat_statements, and a server does not start without what it"
                        + " preloads");
        assertThat(result.seen().get(0).claim())
                .isEqualTo("\"pg_stat_statements\" is used by shared_preload_libraries");
        facts.libraries = Known.unknown("no database could be entered");
        skips(check, facts, "which libraries the primary loads is not known: no database could be entered");
    }

    @Test
    void anotherCLibraryWarns() {
        PreflightCheck check = new CollationVersionsCheck();
        passes(check, facts, "the standby's C library is 2.36, the version that was recorded");
        facts.collations = Known.of(List.of(new CollationSurvey("database \"app\"", "libc", "2.28", "2.28")));
        warns(
                check,
                facts,
                "the standby's C library is 2.36, and database \"app\" was made under 2.28: text may sort otherwise");
        facts.collations = Known.of(List.of());
        passes(check, facts, "both machines have C library 2.36");
        facts.filesRefusal = Known.of("no host");
        skips(check, facts, "the primary records no C library version, and its machine cannot be asked: no host");
        facts.sameMachine = Known.of(true);
        passes(check, facts, "primary and standby share one machine and its libraries");
    }

    @Test
    void settingsThatAreTooLowAreRaised() {
        PreflightCheck check = new StandbyParametersCheck();
        passes(
                check,
                facts,
                "the standby takes the primary's values: max_connections 100, max_locks_per_transaction 64,"
                        + " max_prepared_transactions 0, max_wal_senders 10, max_worker_processes 8");
        facts.intent = facts.intent.withSettings(Map.of("max_connections", "50", "max_wal_senders", "5"));
        warns(
                check,
                facts,
                "the plan's settings are below the primary's and are raised: max_connections from 50 to 100,"
                        + " max_wal_senders from 5 to 10");
        facts.version = new ServerVersion(110_022);
        warns(
                check,
                facts,
                "the plan's settings are below the primary's and are raised: max_connections from 50 to 100");
        facts.refusal = Known.of("no answer");
        skips(check, facts, "no answer");
    }

    @Test
    void theStandbyMustHaveAnAddressToListenOn() {
        PreflightCheck check = new ListenAddressesCheck();
        passes(check, facts, "the standby can listen on \"*\"");
        facts.set("listen_addresses", "localhost, 10.0.0.1");
        warns(
                check,
                facts,
                "the standby's machine has no address 10.0.0.1, which listen_addresses \"localhost, 10.0.0.1\" names");
        facts.set("listen_addresses", "10.0.0.1");
        fails(check, facts, "the standby's machine has no address 10.0.0.1, which listen_addresses \"10.0.0.1\" names");
        facts.intent = facts.intent.withSettings(Map.of("listen_addresses", "10.0.0.2"));
        passes(check, facts, "the standby can listen on \"10.0.0.2\"");
        facts.addresses = Known.unknown("the machine has no /proc/net/fib_trie");
        skips(check, facts, "the machine has no /proc/net/fib_trie");
        facts.intent = facts.intent.withSettings(Map.of("listen_addresses", ""));
        passes(check, facts, "listen_addresses is empty: the standby listens on its Unix socket only");
    }

    @Test
    void certificatesOutsideMustBeThere() {
        PreflightCheck check = new ReferencedFilesCheck();
        facts.set("ssl", "off").set("ssl_cert_file", "/etc/ssl/db.pem").set("ssl_key_file", "server.key");
        passes(check, facts, "the configuration names no file outside of the data directory");
        facts.set("ssl", "on");
        fails(
                check,
                facts,
                "1 file that the configuration names is not readable on the standby's machine: ssl_cert_file ="
                        + " /etc/ssl/db.pem");
        facts.present = Known.of(Set.of("/etc/ssl/db.pem"));
        passes(
                check,
                facts,
                "the standby's account can read every file that the configuration names:"
                        + " {ssl_cert_file=/etc/ssl/db.pem}");
        facts.set("ssl_cert_file", "server.crt").set("ssl_dh_params_file", "/etc/ssl/dh.pem");
        warns(
                check,
                facts,
                "1 file that the configuration names is not readable on the standby's machine: ssl_dh_params_file ="
                        + " /etc/ssl/dh.pem");
        facts.present = Known.unknown("no shell");
        skips(check, facts, "no shell");
    }
}
