package dev.understudy.provision.preflight;

import dev.understudy.host.Account;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.preflight.facts.ArchiveProbe;
import dev.understudy.provision.preflight.facts.CloneFacts;
import dev.understudy.provision.preflight.facts.ClusterConfiguration;
import dev.understudy.provision.preflight.facts.ExistingCluster;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.MachineFacts;
import dev.understudy.provision.preflight.facts.PasswordFacts;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PathFacts.Kind;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.preflight.facts.PrivilegeFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts;
import dev.understudy.provision.preflight.facts.SpaceFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.facts.ReplicationFacts.Archiver;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.survey.BackupSurvey;
import dev.understudy.server.survey.CollationSurvey;
import dev.understudy.server.survey.ContentSurvey;
import dev.understudy.server.survey.DirectConnection;
import dev.understudy.server.survey.LibraryUse;
import dev.understudy.server.survey.RoleSurvey;
import dev.understudy.server.survey.ServerIdentity;
import dev.understudy.server.survey.ServerSettings;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.StorageSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import dev.understudy.server.survey.WalRate;
import dev.understudy.server.survey.WalSurvey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A healthy pair of two machines, PostgreSQL 15, that each test spoils in one place. */
final class SampleFacts {
    static final long GB = 1L << 30;

    Intent intent = Intent.of(Target.of("/standby/data"), "understudy");
    Known<String> refusal = Known.of("");
    ServerVersion version = new ServerVersion(150_010);
    boolean inRecovery;
    Known<SystemIdentifier> systemIdentifier = Known.of(new SystemIdentifier(7));
    Known<DirectConnection> direct = Known.of(new DirectConnection(true, "process 4711, as announced at log-in"));
    RoleSurvey role = new RoleSurvey("postgres", true, true, -1, 1, 5);
    Map<String, String> settings = new HashMap<>(Map.ofEntries(
            Map.entry("archive_mode", "off"),
            Map.entry("block_size", "8192"),
            Map.entry("config_file", "/primary/data/postgresql.conf"),
            Map.entry("data_checksums", "on"),
            Map.entry("data_directory", "/primary/data"),
            Map.entry("fsync", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("hba_file", "/primary/data/pg_hba.conf"),
            Map.entry("hot_standby", "on"),
            Map.entry("listen_addresses", "*"),
            Map.entry("max_connections", "100"),
            Map.entry("max_locks_per_transaction", "64"),
            Map.entry("max_prepared_transactions", "0"),
            Map.entry("max_replication_slots", "10"),
            Map.entry("max_slot_wal_keep_size", "-1"),
            Map.entry("max_wal_senders", "10"),
            Map.entry("max_worker_processes", "8"),
            Map.entry("segment_size", "131072"),
            Map.entry("wal_block_size", "8192"),
            Map.entry("wal_keep_size", "0"),
            Map.entry("wal_level", "replica"),
            Map.entry("wal_segment_size", "16777216")));
    Known<List<ReplicationSlot>> slots = Known.of(List.of());
    Known<List<WalSender>> senders = Known.of(List.of());
    Known<Archiver> archiver = Known.of(archiver("", 0, "", 0, 0));
    Known<WalRate> rate = Known.of(new WalRate(1 << 20, "measured over 1 s"));
    Known<List<TablespaceSurvey>> tablespaces = Known.of(List.of());
    Known<Long> dataBytes = Known.of(10 * GB);
    Known<String> exclusive = Known.of("");
    Known<List<String>> backups = Known.of(List.of());
    Known<List<HbaRule>> hba = Known.of(List.of());
    Known<List<CollationSurvey>> collations =
            Known.of(List.of(new CollationSurvey("database \"app\"", "libc", "2.36", "2.36")));
    Known<List<LibraryUse>> libraries =
            Known.of(List.of(new LibraryUse("$libdir/plpgsql", "extension \"plpgsql\"", false)));
    Known<Long> relations = Known.of(400L);
    Known<List<String>> unlogged = Known.of(List.of());
    List<String> databasesNotSeen = List.of();
    Known<Duration> primaryClock = Known.of(Duration.ofMillis(3));
    Known<List<PrivilegeFacts>> missingPrivileges = Known.of(List.of());
    Known<String> filesRefusal = Known.of("");
    boolean filesLocal;
    Optional<String> unreadable = Optional.empty();
    Known<PathFacts> primaryData = Known.of(directory("/primary/data", 100 * GB));
    Known<PathFacts> primaryWal = Known.of(directory("/primary/data/pg_wal", 100 * GB));
    List<String> leftovers = List.of();
    MachineFacts primaryMachine = machine("ssh://db1", "a");
    Known<String> targetRefusal = Known.of("");
    MachineFacts targetMachine = machine("local", "b");
    Account account = new Account("postgres", 26, 26, "/var/lib/pgsql");
    Known<PathFacts> data = Known.of(absent("/standby/data", 100 * GB));
    Optional<Known<PathFacts>> walDirectory = Optional.empty();
    Map<String, Known<PathFacts>> places = new HashMap<>();
    Optional<Known<PathFacts>> socketDirectory = Optional.of(Known.of(directory("/run/postgresql", GB)));
    Known<Optional<ExistingCluster>> existing = Known.of(Optional.empty());
    Known<InstallationFacts> installation = Known.of(installation(150_012));
    Optional<Integer> port = Optional.of(5432);
    Known<Set<Integer>> listening = Known.of(Set.of(22));
    Known<Set<Integer>> locks = Known.of(Set.of());
    Known<Set<String>> addresses = Known.of(Set.of("127.0.0.1", "10.0.0.2"));
    Optional<Known<ClusterConfiguration>> configuration = Optional.empty();
    Known<Set<String>> present = Known.of(Set.of());
    Known<Boolean> sameMachine = Known.of(false);
    Known<ReplicationFacts> replication = Known.of(new ReplicationFacts(
            ReplicationFacts.How.LOGIN_FROM_STANDBY, true, "IDENTIFY_SYSTEM answered", "postgres", "10.0.0.2"));
    Known<PasswordFacts> password = Known.of(new PasswordFacts(true, true, "from a password file"));
    Optional<Known<ArchiveProbe>> archiveProbe = Optional.empty();

    SampleFacts set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    SampleFacts unset(String name) {
        settings.remove(name);
        return this;
    }

    static MachineFacts machine(String name, String identity) {
        return new MachineFacts(
                name, Known.of(identity), Known.of("x86_64"), Known.of("2.36"), Known.of(Duration.ofMillis(-4)));
    }

    static PathFacts directory(String path, long available, String... entries) {
        return path(path, Kind.DIRECTORY, Optional.empty(), available, entries);
    }

    static PathFacts absent(String path, long available) {
        return path(path, Kind.ABSENT, Optional.empty(), available);
    }

    static PathFacts path(String path, Kind kind, Optional<String> issue, long available, String... entries) {
        return new PathFacts(
                path,
                kind,
                path,
                Optional.empty(),
                26,
                List.of(entries),
                issue,
                Optional.of(new SpaceFacts("/mount" + available, "ext4", available)));
    }

    static InstallationFacts installation(int version) {
        return new InstallationFacts(
                "/usr/lib/postgresql/15/bin",
                new ServerVersion(version),
                Known.of("/usr/lib/postgresql/15/lib"),
                Known.of(Set.of("plpgsql", "pgoutput")),
                Known.of(8192L),
                Known.of(131_072L),
                Known.of(8192L),
                Known.unknown("initdb decides it from 11 on"),
                Set.of("postgres", "pg_ctl", "psql"));
    }

    static Archiver archiver(String last, long lastSeconds, String failed, long failedSeconds, long failures) {
        return new Archiver(
                last.isEmpty() ? 0 : 1,
                Optional.of(last).filter(name -> !name.isEmpty()),
                Optional.of(lastSeconds).filter(seconds -> seconds > 0).map(Instant::ofEpochSecond),
                failures,
                Optional.of(failed).filter(name -> !name.isEmpty()),
                Optional.of(failedSeconds).filter(seconds -> seconds > 0).map(Instant::ofEpochSecond));
    }

    static WalSender sender(int pid, String applicationName, String state, String client) {
        return new WalSender(
                pid,
                "replicator",
                applicationName,
                Optional.of(client),
                Optional.empty(),
                state,
                "async",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static ReplicationSlot slot(String name, boolean active, String walStatus) {
        return slot(name, "physical", active, walStatus);
    }

    static ReplicationSlot slot(String name, String type, boolean active, String walStatus) {
        return new ReplicationSlot(
                name,
                type,
                "",
                "",
                false,
                active,
                active ? OptionalLong.of(99) : OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Lsn.parse("0/2000028")),
                Optional.empty(),
                Optional.of(walStatus),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    CloneFacts clone = CloneFacts.unknown("the plan does not leave the copy to somebody else");

    PreflightFacts build() {
        return new PreflightFacts(
                intent,
                refusal.is("") ? Known.of(primary()) : Known.unknown(refusal.orElse("")),
                missingPrivileges,
                filesRefusal.is("") ? Known.of(files()) : Known.unknown(filesRefusal.orElse("")),
                targetRefusal.is("") ? Known.of(target()) : Known.unknown(targetRefusal.orElse("")),
                sameMachine,
                replication,
                password,
                archiveProbe,
                clone);
    }

    private ServerSurvey primary() {
        return new ServerSurvey(
                new ServerIdentity(
                        "at \"db1\", port 5432",
                        version,
                        inRecovery,
                        systemIdentifier,
                        "10.0.0.1",
                        "10.0.0.9",
                        0,
                        direct),
                new ServerSettings(settings),
                role,
                new WalSurvey(slots, senders, archiver, rate, Known.of(64L << 20)),
                new StorageSurvey(tablespaces, dataBytes),
                new BackupSurvey(exclusive, backups),
                hba,
                new ContentSurvey(collations, libraries, relations, unlogged, databasesNotSeen),
                primaryClock);
    }

    private PrimaryFilesFacts files() {
        return new PrimaryFilesFacts(
                primaryMachine, filesLocal, unreadable, primaryData, primaryWal, leftovers, Map.of());
    }

    private TargetFacts target() {
        return new TargetFacts(
                targetMachine,
                account,
                data,
                walDirectory,
                places,
                socketDirectory,
                existing,
                installation,
                port,
                listening,
                locks,
                addresses,
                configuration,
                present);
    }
}
