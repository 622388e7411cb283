package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStop;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.files.FileRange;
import dev.understudy.server.files.SqlFiles;
import dev.understudy.server.privileges.Operation;
import dev.understudy.server.privileges.RequiredPrivileges;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.server.slots.Slots;
import dev.understudy.server.wal.WalControl;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A role with exactly the grants that are printed can do all of it; without them the very same are named as missing. */
final class PrivilegesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static List<ServerMajor> majors() {
        return EmbeddedBinaries.majors();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void exactlyThePrintedGrantsAreEnough(ServerMajor major) {
        try (EmbeddedPostgres server = EmbeddedPostgres.of(major).start()) {
            server.execute("create role \"Under study\" login");
            Conninfo conninfo = Conninfo.parse(server.conninfo()).with("user", "Under study");
            Set<Operation> operations = EnumSet.allOf(Operation.class);
            operations.removeIf(operation -> needsSuperuser(major, operation));
            List<String> grants = RequiredPrivileges.grants(major, operations, "Under study");
            try (Session session = Session.open(conninfo)) {
                assertThat(RequiredPrivileges.missing(session, operations)).isEqualTo(grants);
            }
            server.execute(grants.toArray(String[]::new));
            try (Session session = Session.open(conninfo)) {
                assertThat(RequiredPrivileges.missing(session, operations)).isEmpty();
                operations.forEach(operation -> perform(operation, session, conninfo));
            }
        }
    }

    /** The rows that say SUPERUSER would be wrong if a grant helped. */
    @ParameterizedTest
    @ValueSource(strings = {"9.6", "10"})
    void grantsOnTheFileFunctionsDoNotHelpBefore11(String major) {
        try (EmbeddedPostgres server =
                EmbeddedPostgres.of(ServerMajor.parse(major)).start()) {
            server.execute("create role r login", "grant execute on function pg_ls_dir(text, boolean, boolean) to r");
            try (Session session =
                    Session.open(Conninfo.parse(server.conninfo()).with("user", "r"))) {
                assertThatThrownBy(() -> session.list(row -> "", "SELECT pg_ls_dir('.', true, false)"))
                        .isInstanceOfSatisfying(
                                UnderstudyException.class,
                                e -> assertThat(e.detail()).startsWith("must be superuser to get directory listings"));
            }
        }
    }

    private static boolean needsSuperuser(ServerMajor major, Operation operation) {
        return RequiredPrivileges.grants(major, List.of(operation), "r").contains("ALTER ROLE r SUPERUSER;");
    }

    private static void perform(Operation operation, Session session, Conninfo conninfo) {
        switch (operation) {
            case INSPECT -> inspect(session);
            case READ_HBA -> new AccessFacts(session).hbaRules();
            case LIST_WAL -> assertThat(new BackupFacts(session).walFiles()).isNotEmpty();
            case SLOT -> {
                new Slots(session).createPhysical("s");
                assertThat(new Slots(session).drop("s")).isTrue();
            }
            case BACKUP -> backup(conninfo);
            case SQL_COPY -> {
                SqlFiles files = new SqlFiles(session, LIMIT);
                assertThat(files.list(".", List.of()).requireUsable()).isNotEmpty();
                assertThat(files.read(new FileRange("global/pg_control", 0, 8192)))
                        .isPresent();
                assertThat(files.digest(List.of(new FileRange("PG_VERSION", 0, 8192))))
                        .hasSize(1);
            }
            case STREAM_WAL -> {
                try (ReplicationSession replication = ReplicationSession.open(conninfo)) {
                    replication.identifySystem();
                }
            }
            case CANARY -> new WalControl(session).emitCanary();
            case SWITCH_WAL -> new WalControl(session).switchWal();
            case RESTORE_POINT -> new WalControl(session).createRestorePoint("here");
            case CHECKPOINT -> new WalControl(session).checkpoint(LIMIT);
        }
    }

    private static void inspect(Session session) {
        ServerFacts facts = new ServerFacts(session);
        assertThat(facts.identity().inRecovery()).isFalse();
        assertThat(facts.settings()).containsKey("wal_level");
        if (session.major().isAtLeast(ServerMajor.V10)) {
            assertThat(facts.setting("data_directory")).isPresent();
        }
    }

    private static void backup(Conninfo conninfo) {
        try (BackupSession backup = BackupSession.open(conninfo)) {
            backup.start("grants", CheckpointMode.FAST, LIMIT);
            backup.heartbeat();
            BackupStop stop = backup.stop(true, LIMIT);
            assertThat(stop.label()).isNotEmpty();
        }
    }
}
