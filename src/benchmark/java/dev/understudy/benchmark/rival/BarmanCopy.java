package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Pair;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import dev.understudy.testing.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A standby by way of a Barman server on this machine: backup and recovery; and the recovery alone. */
public final class BarmanCopy extends Rival {
    private final String method;
    private double recoverSeconds;

    private BarmanCopy(Yard yard, String method, String route) {
        super(
                yard,
                "rival-barman-" + method,
                "barman",
                route,
                route + " route, full copy",
                "barman backup (%s), recover --standby-mode".formatted(method));
        this.method = method;
    }

    /** Files by rsync over SSH, in as many jobs as there are processors. */
    public static BarmanCopy rsync(Yard yard) {
        return new BarmanCopy(yard, "rsync", "ssh");
    }

    /** Files by pg_basebackup. */
    public static BarmanCopy postgres(Yard yard) {
        return new BarmanCopy(yard, "postgres", "sql");
    }

    @Override
    public List<Heading> headings() {
        return List.of(
                super.headings().get(0),
                Heading.ratio(
                        id() + "-recover",
                        super.headings().get(0).work(),
                        "barman recover --standby-mode, the backup being there",
                        GOAL));
    }

    @Override
    public List<Reading> round(int number) {
        Pair<Program.Ran> pair = Pair.hold(number, this::peer, this::ours);
        return List.of(Reading.ratio(pair), Reading.ratio(recoverSeconds, pair.ours()));
    }

    @Override
    Program.Ran peer() {
        Path room = yard().room("peer");
        Path configuration = room.resolve("barman.conf");
        write(configuration, room);
        Process receiver = startReceiver(configuration, room);
        try {
            // Barman backs nothing up before a segment has arrived, and the receiver starts with the next one.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> "t"
                            .equals(yard().cluster()
                                    .query("SELECT active FROM pg_replication_slots WHERE slot_name = 'barman'")));
            run(configuration, "switch-wal", "--force", "--archive", "benchmark");
            yard().settle();
            Program.Ran backup = run(configuration, "backup", "benchmark");
            yard().settle();
            Path restored = room.resolve("restored");
            Program.Ran recover = run(
                            configuration, "recover", "--standby-mode", "benchmark", "latest", restored.toString())
                    .then(yard().program().run(List.of("sync", "-f", restored.toString())));
            recoverSeconds = recover.seconds();
            return backup.then(recover);
        } finally {
            stop(receiver);
            yard().clear(room);
        }
    }

    private void write(Path configuration, Path room) {
        List<String> lines = new ArrayList<>(List.of(
                "[barman]",
                "barman_home = " + room.resolve("home"),
                "barman_user = " + Account.current(),
                "log_file = " + room.resolve("log"),
                "log_level = WARNING",
                "[benchmark]",
                "description = benchmark",
                "conninfo = " + yard().cluster().socketConninfo(),
                "streaming_conninfo = " + yard().cluster().socketConninfo(),
                "backup_method = " + method,
                "streaming_archiver = on",
                "slot_name = barman",
                "create_slot = auto",
                "path_prefix = /usr/lib/postgresql/15/bin",
                "immediate_checkpoint = true"));
        if (method.equals("rsync")) {
            lines.add("ssh_command = %s %s".formatted(yard().sshCommand(), yard().sshHost()));
            lines.add("parallel_jobs = " + Runtime.getRuntime().availableProcessors());
        }
        try {
            Files.createDirectories(room.resolve("home"));
            Files.write(configuration, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Streams WAL, as Barman's cron would have it done. */
    private Process startReceiver(Path configuration, Path room) {
        run(configuration, "receive-wal", "--create-slot", "benchmark");
        try {
            return new ProcessBuilder("barman", "-c", configuration.toString(), "receive-wal", "benchmark")
                    .redirectErrorStream(true)
                    .redirectOutput(room.resolve("receiver.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop(Process receiver) {
        receiver.descendants().forEach(ProcessHandle::destroy);
        receiver.destroy();
        receiver.onExit().join();
        yard().cluster()
                .execute(
                        """
                        SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots
                        WHERE slot_name = 'barman' AND active""",
                        "SELECT pg_drop_replication_slot('barman') FROM pg_replication_slots WHERE slot_name = 'barman'");
    }

    private Program.Ran run(Path configuration, String... words) {
        List<String> line = new ArrayList<>(List.of("barman", "-c", configuration.toString()));
        line.addAll(List.of(words));
        return yard().program().run(line);
    }
}
