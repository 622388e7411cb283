package dev.understudy.provision.preflight;

import static dev.understudy.provision.preflight.CheckAssert.fails;
import static dev.understudy.provision.preflight.CheckAssert.passes;
import static dev.understudy.provision.preflight.CheckAssert.skips;
import static dev.understudy.provision.preflight.CheckAssert.warns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.check.target.ClusterConfigurationCheck;
import dev.understudy.provision.preflight.check.target.DiskSpaceCheck;
import dev.understudy.provision.preflight.check.target.ExistingStandbyCheck;
import dev.understudy.provision.preflight.check.target.PathsApartCheck;
import dev.understudy.provision.preflight.check.target.PortFreeCheck;
import dev.understudy.provision.preflight.check.target.SocketDirectoryCheck;
import dev.understudy.provision.preflight.check.target.TablespaceTargetsCheck;
import dev.understudy.provision.preflight.check.target.TargetDirectoryCheck;
import dev.understudy.provision.preflight.check.target.WalDirectoryCheck;
import dev.understudy.provision.preflight.facts.ClusterConfiguration;
import dev.understudy.provision.preflight.facts.ExistingCluster;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PathFacts.Kind;
import dev.understudy.server.survey.RoleSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the checks of the standby's place say. */
final class TargetChecksTest {
    private final SampleFacts facts = new SampleFacts();

    private static final long GB = SampleFacts.GB;

    private void ontoExisting(ExistingCluster cluster) {
        facts.intent = facts.intent.withTarget(facts.intent.target().ontoExisting());
        facts.existing = Known.of(Optional.of(cluster));
    }

    private static ExistingCluster cluster(String major, long systemIdentifier, int pid) {
        return new ExistingCluster(
                major,
                Known.of(new SystemIdentifier(systemIdentifier)),
                Known.of("shut down in recovery"),
                pid,
                0,
                true);
    }

    @Test
    void theDirectoryMustBeAbsentEmptyOrOurs() {
        PreflightCheck check = new TargetDirectoryCheck();
        passes(check, facts, "\"/standby/data\" does not exist yet and can be made");
        facts.data = Known.of(SampleFacts.directory("/standby/data", GB));
        passes(check, facts, "\"/standby/data\" is there and empty");
        facts.data = Known.of(SampleFacts.directory("/standby/data", GB, "a", "b", "c", "d"));
        fails(
                check,
                facts,
                "\"/standby/data\" cannot be the new data directory: it is not empty, with \"a\", \"b\", \"c\" and"
                        + " others");
        facts.intent = facts.intent.withTarget(facts.intent.target().ownedByThisRun());
        passes(check, facts, "\"/standby/data\" holds what an earlier part of this run has copied");
        facts.intent = facts.intent.withTarget(facts.intent.target().ontoExisting());
        skips(check, facts, "the plan works on an existing standby");
    }

    @Test
    void aClusterOfDebiansMustBeConfiguredForTheDirectory() {
        PreflightCheck check = new ClusterConfigurationCheck();
        skips(check, facts, "the standby reads its configuration from its data directory");
        String file = "/etc/postgresql/15/main/postgresql.conf";
        facts.configuration = configuration(false, true, "/standby/data");
        fails(check, facts, "the standby is to be started by pg_ctlcluster, which its machine does not have");
        facts.configuration = configuration(true, false, "");
        fails(check, facts, "pg_ctlcluster cannot start the standby: there is no readable \"" + file + "\"");
        facts.configuration = configuration(true, true, "/elsewhere");
        fails(
                check,
                facts,
                "\"" + file + "\" is the configuration of data directory \"/elsewhere\", not of \"/standby/data\"");
        facts.configuration = configuration(true, true, "/standby/data");
        passes(check, facts, "pg_ctlcluster starts the standby with \"" + file + "\"");
    }

    private static Optional<Known<ClusterConfiguration>> configuration(
            boolean programFound, boolean fileFound, String dataDirectory) {
        return Optional.of(Known.of(new ClusterConfiguration(
                "pg_ctlcluster",
                programFound,
                "/etc/postgresql/15/main/postgresql.conf",
                fileFound,
                Optional.of(dataDirectory),
                Optional.empty())));
    }

    @Test
    void aParentThatCannotBeWrittenIsNamed() {
        facts.data = Known.of(SampleFacts.path(
                "/standby/data",
                Kind.ABSENT,
                Optional.of("cannot be made: \"/standby\" may not be written by account \"postgres\""),
                GB));
        PreflightResult result = fails(
                new TargetDirectoryCheck(),
                facts,
                "\"/standby/data\" cannot be the new data directory: it cannot be made: \"/standby\" may not be written by"
                        + " account \"postgres\"");
        assertThat(result.hints())
                .containsExactly("Make it as root for the standby's account: install -d -m 700 -o postgres"
                        + " \"/standby/data\"");
        facts.data = Known.of(SampleFacts.path("/standby/data", Kind.OTHER, Optional.empty(), GB));
        fails(
                new TargetDirectoryCheck(),
                facts,
                "\"/standby/data\" cannot be the new data directory: it is not a directory");
        facts.data = Known.of(SampleFacts.path("/standby/data", Kind.FORBIDDEN, Optional.empty(), GB));
        fails(
                new TargetDirectoryCheck(),
                facts,
                "\"/standby/data\" cannot be the new data directory: it may not be looked into by the standby's account");
    }

    @Test
    void pathsMustBeApartOnOneMachine() {
        PreflightCheck check = new PathsApartCheck();
        passes(check, facts, "the primary runs on another machine");
        facts.sameMachine = Known.of(true);
        passes(check, facts, "the standby's paths are apart from the primary's");
        facts.data = Known.of(SampleFacts.absent("/primary/data/inside", GB));
        fails(check, facts, "\"/primary/data/inside\" lies inside of the primary's data directory \"/primary/data\"");
        facts.data = Known.of(SampleFacts.absent("/primary", GB));
        fails(check, facts, "\"/primary\" contains the primary's WAL directory \"/primary/data/pg_wal\"");
        facts.data = Known.of(SampleFacts.absent("/primary/data2", GB));
        passes(check, facts, "the standby's paths are apart from the primary's");
        facts.sameMachine = Known.unknown("no shell");
        facts.data = Known.of(SampleFacts.absent("/primary/data/inside", GB));
        warns(
                check,
                facts,
                "\"/primary/data/inside\" lies inside of the primary's data directory \"/primary/data\", if both are on"
                        + " one machine, which could not be told");
        facts.filesRefusal = Known.of("no shell");
        facts.unset("data_directory");
        skips(check, facts, "the role may not see the primary's data_directory (it takes pg_read_all_settings)");
    }

    @Test
    void anExistingDirectoryMustBeAStoppedStandbyOfTheCluster() {
        PreflightCheck check = new ExistingStandbyCheck();
        skips(check, facts, "the plan makes a new directory");
        ontoExisting(cluster("15", 7, 0));
        passes(check, facts, "\"/standby/data\" holds a stopped standby of the same cluster");
        ontoExisting(cluster("15", 8, 0));
        fails(check, facts, "\"/standby/data\" belongs to another cluster than the primary");
        ontoExisting(cluster("14", 7, 0));
        fails(check, facts, "\"/standby/data\" was made by PostgreSQL 14, the primary is 15");
        ontoExisting(cluster("15", 7, 4711));
        fails(check, facts, "a server is running on \"/standby/data\" (pid 4711)");
        ontoExisting(new ExistingCluster("15", Known.unknown("incorrect checksum"), Known.unknown(""), 0, 0, true));
        fails(
                check,
                facts,
                "whether \"/standby/data\" belongs to the primary's cluster cannot be told: incorrect checksum");
        ontoExisting(new ExistingCluster("15", Known.of(new SystemIdentifier(7)), Known.of("shut down"), 0, 0, false));
        warns(
                check,
                facts,
                "\"/standby/data\" holds a stopped server of the same cluster that is not set up as a standby");
        facts.existing = Known.of(Optional.empty());
        fails(check, facts, "there is no database cluster in \"/standby/data\" to work on");
    }

    @Test
    void thePortMustBeFree() {
        PreflightCheck check = new PortFreeCheck();
        passes(check, facts, "port 5432 is free on host local");
        facts.listening = Known.of(Set.of(5432));
        fails(check, facts, "port 5432 is in use on host local");
        facts.listening = Known.of(Set.of());
        facts.locks = Known.of(Set.of(5432));
        fails(check, facts, "a server's Unix socket for port 5432 is in the standby's socket directory");
        facts.locks = Known.of(Set.of());
        facts.listening = Known.unknown("the machine has no /proc/net/tcp");
        skips(check, facts, "the machine has no /proc/net/tcp");
        facts.port = Optional.of(70_000);
        fails(check, facts, "70000 is not a port");
        facts.port = Optional.empty();
        skips(check, facts, "the standby's port is chosen later, among free ones");
    }

    @Test
    void theSocketDirectoryMustBeUsable() {
        PreflightCheck check = new SocketDirectoryCheck();
        passes(check, facts, "the socket directory \"/run/postgresql\" is there and can be written");
        facts.socketDirectory = Optional.of(Known.of(SampleFacts.absent("/run/postgresql", GB)));
        fails(check, facts, "the socket directory \"/run/postgresql\" does not exist");
        String longPath = "/" + "s".repeat(94);
        facts.socketDirectory = Optional.of(Known.of(SampleFacts.directory(longPath, GB)));
        fails(
                check,
                facts,
                "the socket \"%s/.s.PGSQL.5432\" has a name of 109 bytes, and 107 are possible".formatted(longPath));
        facts.socketDirectory = Optional.of(Known.of(SampleFacts.path(
                "/run/postgresql", Kind.DIRECTORY, Optional.of("may not be written by account \"postgres\""), GB)));
        fails(check, facts, "the socket directory \"/run/postgresql\" may not be written by account \"postgres\"");
        facts.socketDirectory = Optional.empty();
        skips(check, facts, "the plan names no socket directory; the server's default is taken");
    }

    private void tablespace(PathFacts place, Map<String, String> mapping) {
        facts.tablespaces = Known.of(List.of(new TablespaceSurvey("fast", 16_385, "/ssd/fast", GB)));
        facts.places = Map.of("/ssd/fast", Known.of(place));
        facts.intent = facts.intent.withTarget(facts.intent.target().withTablespaces(mapping));
    }

    @Test
    void everyTablespaceNeedsAPlace() {
        PreflightCheck check = new TablespaceTargetsCheck();
        passes(check, facts, "the primary has no tablespaces outside of its data directory");
        tablespace(SampleFacts.absent("/ssd/fast", GB), Map.of());
        passes(check, facts, "1 tablespace has a place on the standby's machine");
        facts.sameMachine = Known.of(true);
        fails(
                check,
                facts,
                "tablespace \"fast\" at \"/ssd/fast\" is not mapped, and the standby is on the primary's own machine");
        facts.sameMachine = Known.unknown("no shell");
        fails(
                check,
                facts,
                "tablespace \"fast\" at \"/ssd/fast\" is not mapped, and the standby may be on the primary's own"
                        + " machine");
        tablespace(SampleFacts.absent("/standby/data/fast", GB), Map.of("/ssd/fast", "/standby/data/fast"));
        fails(
                check,
                facts,
                "\"/standby/data/fast\" for tablespace \"fast\" lies inside of the standby's data directory");
        tablespace(SampleFacts.directory("/full", GB, "x"), Map.of("/ssd/fast", "/full"));
        fails(check, facts, "\"/full\" for tablespace \"fast\" is not empty, with \"x\"");
        tablespace(SampleFacts.absent("/new", GB), Map.of("/ssd/fast", "new"));
        fails(check, facts, "\"new\" for tablespace \"fast\" is not an absolute path");
        tablespace(SampleFacts.absent("/new", GB), Map.of("/ssd/fast", "/new", "/typo", "/x"));
        fails(check, facts, "the plan maps \"/typo\", and no tablespace of the primary is there");
        facts.tablespaces = Known.unknown("permission denied");
        skips(check, facts, "permission denied");
    }

    @Test
    void aWalDirectoryElsewhereMustBeFree() {
        PreflightCheck check = new WalDirectoryCheck();
        skips(check, facts, "the standby's WAL goes into its data directory");
        facts.intent = facts.intent.withTarget(facts.intent.target().withWalDirectory("/wal/standby"));
        facts.walDirectory = Optional.of(Known.of(SampleFacts.absent("/wal/standby", GB)));
        passes(check, facts, "the WAL directory \"/wal/standby\" can be used");
        facts.walDirectory = Optional.of(Known.of(SampleFacts.directory("/wal/standby", GB, "x")));
        fails(check, facts, "\"/wal/standby\" cannot be the WAL directory: it is not empty, with \"x\"");
        facts.walDirectory = Optional.of(Known.of(SampleFacts.absent("/standby/data/wal", GB)));
        fails(check, facts, "the WAL directory \"/standby/data/wal\" lies inside of the data directory");
        facts.intent = facts.intent.withTarget(facts.intent.target().withWalDirectory("wal"));
        fails(check, facts, "the WAL directory \"wal\" is not an absolute path");
    }

    @Test
    void whatSharesAFileSystemIsAddedUp() {
        PreflightCheck check = new DiskSpaceCheck();
        passes(
                check,
                facts,
                "there is room: \"/mount107374182400\" has 100 GB free and gets 10.2 GB (data 10 GB, WAL 204 MB)");
        tablespace(SampleFacts.absent("/new", 100 * GB), Map.of("/ssd/fast", "/new"));
        passes(
                check,
                facts,
                "there is room: \"/mount107374182400\" has 100 GB free and gets 11.2 GB (data 10 GB, WAL 224 MB,"
                        + " tablespace fast 1 GB)");
        facts.tablespaces = Known.of(List.of());
        facts.data = Known.of(SampleFacts.absent("/standby/data", 11 * GB));
        warns(
                check,
                facts,
                "little room will be left: \"/mount11811160064\" has 11 GB free and gets 10.2 GB (data 10 GB, WAL 204"
                        + " MB)");
        facts.data = Known.of(SampleFacts.absent("/standby/data", 10 * GB));
        fails(
                check,
                facts,
                "not enough room: \"/mount10737418240\" has 10 GB free and gets 10.2 GB (data 10 GB, WAL 204 MB)");
        facts.intent = facts.intent.withTarget(facts.intent.target().ownedByThisRun());
        skips(check, facts, "most of it is there already; what is missing is known when both sides are compared");
        facts.dataBytes = Known.unknown("permission denied for tablespace pg_default");
        facts.role = new RoleSurvey("builder", false, true, -1, 1, 5);
        warns(check, facts, "how much is to be copied is not known: permission denied for tablespace pg_default");
    }
}
