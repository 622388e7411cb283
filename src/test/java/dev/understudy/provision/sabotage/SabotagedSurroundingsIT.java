package dev.understudy.provision.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.ErrorCode;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.server.replication.WalConsumer;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sabotage that needs surroundings of its own: a clone of the primary, an archive, a relation of more than a file. */
final class SabotagedSurroundingsIT {
    private static final long SEGMENT_BYTES = 1L << 30;

    @TempDir
    private Path state;

    /** A clone that went on by itself from the same past has the same identifier, slot, transactions and locations. */
    @ParameterizedTest(name = "and the primary''s slot of that name in use by another: {0}")
    @ValueSource(booleans = {false, true})
    void aStandbyThatStreamsFromADifferentPrimary(boolean held) throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V14).start()) {
            primary.execute("CREATE TABLE orders AS SELECT generate_series(1, 100) AS id");
            Path directory = primary.scratch("clone").resolve("standby");
            Map<String, String> ofClone = parameters(primary, directory);
            ofClone.put("slot", "of_clone");
            // Its checkpoint when it goes on alone must not take away the WAL that the standby begins with.
            ofClone.put("settings", "wal_keep_size=256MB");
            RunState made =
                    new RunFixture(Files.createDirectory(state.resolve("clone"))).prove(playbook("1min"), ofClone);
            AtomicBoolean stop = new AtomicBoolean();
            try (BuiltStandby clone = BuiltStandby.of(made, primary.major(), directory)) {
                Sabotage row = Sabotage.of("a different primary")
                        .before("start-standby", scene -> {
                            goOnAlone(primary, clone);
                            if (held) {
                                hold(primary, scene.fact("start_lsn"), stop);
                            }
                        })
                        .with("replication", "host=127.0.0.1 user=postgres port=" + clone.port())
                        .fails(
                                ErrorCode.NOT_PROVEN,
                                held ? "it follows another server" : "streams from another server");
                isRefused(primary, row, "1min", stop);
            } finally {
                stop.set(true);
            }
        }
    }

    /** Starts a standby as a primary of the same timeline, and lets it get ahead. */
    private static void goOnAlone(EmbeddedPostgres primary, BuiltStandby clone) throws IOException {
        Lsn written = Lsn.parse(primary.query("SELECT pg_current_wal_lsn()::text"));
        Awaitility.await("the clone to have all of the backup")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Lsn.parse(clone.query("SELECT pg_last_wal_replay_lsn()::text"))
                        .isAtLeast(written));
        clone.stop();
        Files.delete(clone.dataDirectory().resolve("standby.signal"));
        clone.start();
        clone.query("SELECT pg_create_physical_replication_slot('understudy', true)::text");
        clone.query("SELECT pg_switch_wal()::text");
        for (int transaction = 0; transaction < 50; transaction++) {
            clone.query("SELECT txid_current(), pg_logical_emit_message(true, 'clone', repeat('x', 500))");
        }
        clone.query("SELECT pg_switch_wal()::text");
        clone.query("SELECT txid_current(), pg_logical_emit_message(true, 'clone', repeat('x', 500))");
    }

    /** Uses the slot on the primary as a receiver of somebody else's would. */
    private static void hold(EmbeddedPostgres primary, Lsn start, AtomicBoolean stop) {
        WalConsumer nothing = new WalConsumer() {
            @Override
            public void accept(Lsn from, ByteBuffer bytes) {
                bytes.position(bytes.limit());
            }

            @Override
            public Lsn flushed() {
                return start;
            }
        };
        Thread holder = new Thread(
                () -> {
                    try (ReplicationSession session = ReplicationSession.open(Conninfo.parse(primary.conninfo()))) {
                        session.stream(start, Optional.of("understudy"), nothing, stop::get);
                    }
                },
                "holds the slot");
        holder.setDaemon(true);
        holder.start();
        Awaitility.await("the slot to be in use")
                .until(() -> "t"
                        .equals(primary.query(
                                "SELECT active FROM pg_replication_slots WHERE slot_name = 'understudy'")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "another system''s"})
    void walInTheMiddleThatOnlyTheArchiveHadIs(String what) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(ServerMajor.V15).withSetting("archive_mode", "on");
        try (EmbeddedPostgres primary =
                builder.withSetting("archive_command", "false").start()) {
            Path archive = primary.scratch("archive");
            primary.configure("archive_command = 'cp %p " + archive + "/%f'");
            primary.reload();
            primary.execute("SELECT pg_switch_wal()");
            Awaitility.await("the first segment in the archive")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> primary.query("SELECT last_archived_wal FROM pg_stat_archiver") != null);
            Sabotage row = Sabotage.of("WAL " + what)
                    .with("wal", "archive")
                    .with("restore_command", "cp " + archive + "/%f %p")
                    .before("copy-data-directory", scene -> switchWal(scene.primary(), 2))
                    .before("start-standby", scene -> {
                        Path segment = archive.resolve(after(scene.fact("start_lsn")));
                        if (what.equals("missing")) {
                            Files.delete(segment);
                        } else {
                            byte[] foreign = Files.readAllBytes(segment);
                            foreign[24] ^= 1;
                            scene.put(segment, foreign);
                        }
                        forget(scene, segment.getFileName().toString());
                    })
                    .fails(
                            ErrorCode.STANDBY_NOT_STARTED,
                            "requested WAL segment",
                            what.equals("missing") ? "has already been removed" : "from different database system");
            isRefused(primary, row, "15s", new AtomicBoolean());
        }
    }

    private static void switchWal(EmbeddedPostgres primary, int times) {
        for (int time = 0; time < times; time++) {
            primary.execute("SELECT pg_logical_emit_message(true, 'w', 'w')", "SELECT pg_switch_wal()");
        }
    }

    /** The primary's checkpoints remove or reuse what is archived. */
    private static void forget(Scene scene, String segment) {
        Awaitility.await("the primary to forget " + segment)
                .atMost(Duration.ofSeconds(90))
                .until(() -> {
                    switchWal(scene.primary(), 1);
                    scene.checkpoint();
                    return !Files.exists(scene.onPrimary("pg_wal/" + segment));
                });
    }

    private static String after(Lsn start) {
        long number = start.bytes() / (16 << 20) + 1;
        return "00000001%08X%08X".formatted(number >> 8, number & 0xFF);
    }

    @Test
    void aBackupThatNobodyStoppedAndALabelWrittenByHand() throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V17).start()) {
            Sabotage row =
                    Sabotage.of("never stopped").fails(ErrorCode.STANDBY_NOT_STARTED, "it does not answer in time");
            isRefused(primary, row, "10s", new AtomicBoolean());
        }
    }

    /** Nothing is written but holes: the relation costs no disk. */
    @ParameterizedTest
    @ValueSource(strings = {"before the start", "while the standby runs"})
    void aSegmentOfALargeRelationIsMissing(String when) throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            primary.execute("CREATE TABLE large AS SELECT generate_series(1, 100) AS n", "CHECKPOINT");
            String file = primary.query("SELECT pg_relation_filepath('large')");
            primary.stop();
            extend(primary.dataDirectory().resolve(file), SEGMENT_BYTES);
            Path second = primary.dataDirectory().resolve(file + ".1");
            extend(second, 8192);
            dev.understudy.testing.Account.give(second);
            primary.start();

            boolean running = when.startsWith("while");
            Sabotage row = running
                    ? Sabotage.of(when)
                            .after("start-standby", scene -> extend(scene.target(file), SEGMENT_BYTES / 2))
                            .fails(ErrorCode.NOT_PROVEN, "is cut short", file + ".1\" follows")
                    : Sabotage.of(when)
                            .after("render-recovery", scene -> Files.delete(scene.target(file + ".1")))
                            .fails(ErrorCode.TARGET_CHANGED, file + ".1", "missing");
            isRefused(primary, row, "1min", new AtomicBoolean());
        }
    }

    private static void extend(Path file, long bytes) throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(bytes);
        }
    }

    /** What a plan's own hook changes between rendering and start is noticed, too. */
    @Test
    void aHookThatChangesTheDirectoryBeforeTheStart() throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            String hook = "  - run: {command: \"cp \\\"$UNDERSTUDY_DATA_DIRECTORY/base/1/1259\\\""
                    + " \\\"$UNDERSTUDY_DATA_DIRECTORY/base/1/1259.1\\\"\"}\n";
            Path playbook = Path.of(playbook("1min"));
            Files.writeString(
                    playbook, Files.readString(playbook).replace("  - start-standby", hook + "  - start-standby"));
            Scene scene = new Scene(primary, primary.scratch("w"));
            RunState end = new RunFixture(state).run(playbook.toString(), parameters(primary, scene.target()));

            assertThat(end.outcome()).isEqualTo(Outcome.UNDONE);
            assertThat(end.error().orElseThrow().message())
                    .isEqualTo("file \"base/1/1259.1\" of the target is not as the copy left it");
        }
    }

    @Test
    void aSlotThatAnotherMadeInTheSameMomentStaysTheirs() throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            Sabotage row = Sabotage.of("a slot of that name")
                    .before(
                            "reserve-wal",
                            scene -> scene.primary()
                                    .execute("SELECT pg_create_physical_replication_slot('understudy', true)"))
                    .fails(ErrorCode.SLOT_TAKEN, "replication slot \"understudy\" already exists");
            Scene scene = new Scene(primary, primary.scratch("w"));
            RunState end = new RunFixture(state)
                    .changing(run -> Saboteur.beside(run, row, scene))
                    .run(playbook("1min"), parameters(primary, scene.target()));

            refusal(row, end, "");
            assertThat(primary.query("SELECT count(*) FROM pg_replication_slots"))
                    .isEqualTo("1");
        }
    }

    @Test
    void severalServersBehindOneConnectionString() throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start();
                EmbeddedPostgres other = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            Map<String, String> parameters =
                    parameters(primary, primary.scratch("w").resolve("standby"));
            parameters.put(
                    "primary",
                    "host=127.0.0.1,127.0.0.1 port=" + primary.port() + "," + other.port()
                            + " user=postgres dbname=postgres load_balance_hosts=random");

            RunState end = new RunFixture(state).run("standby", parameters);

            assertThat(end.outcome()).isNotEqualTo(Outcome.PROVEN);
        }
    }

    private void isRefused(EmbeddedPostgres primary, Sabotage row, String patience, AtomicBoolean stop)
            throws IOException {
        Scene scene = new Scene(primary, primary.scratch("scene"));
        RunFixture fixture = new RunFixture(state)
                .changing(run -> row.hits().isEmpty() ? NeverStopped.in(run) : Saboteur.beside(run, row, scene));
        Map<String, String> parameters = parameters(primary, scene.target());
        parameters.putAll(row.parameters());
        RunState end = fixture.run(playbook(patience), parameters);
        stop.set(true);
        BuiltStandby.at(primary.major(), scene.target(), 0).close();

        assertThat(scene.hits()).as(fixture.said()).isEqualTo(row.hits().size());
        refusal(row, end, fixture.said());
        assertThat(scene.target()).as("what the run made").doesNotExist();
    }

    private static void refusal(Sabotage row, RunState end, String said) {
        assertThat(end.outcome()).as(said).isIn(Outcome.UNDONE, Outcome.LEFT, Outcome.REFUSED);
        Failure error = end.error().orElseThrow();
        assertThat(error.code())
                .as(said)
                .isEqualTo(row.ending().code().orElseThrow().name());
        assertThat(error.message() + "\n" + error.detail())
                .as(said)
                .contains(row.ending().words());
    }

    private String playbook(String patience) throws IOException {
        String text = Playbooks.load("standby").text();
        Path file = state.resolve("standby.yaml");
        Files.writeString(
                file,
                text.replace("  - preflight\n", "")
                        .replace(
                                "  - start-standby: {start: \"${start}\"}",
                                "  - start-standby: {start: \"${start}\", timeout: " + patience + "}"));
        return file.toString();
    }

    private static Map<String, String> parameters(EmbeddedPostgres primary, Path target) {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "timeout", "1min"));
    }
}
