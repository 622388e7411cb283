package dev.understudy.cli.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.bundle.BackupRequest;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.provision.bundle.BundleStatus.Condition;
import dev.understudy.provision.bundle.EndOfBackup;
import dev.understudy.provision.bundle.Keeper;
import dev.understudy.provision.bundle.KeeperState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Starts the keeper: this program again, in a session of its own, without terminal, so that neither Ctrl-C nor a log-out
 * reaches it. It is told what to do through its standard input, since a connection string may hold a password.
 */
final class KeeperLaunch {
    private static final long POLL_MILLIS = 100;
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Without setsid(1), a process group of its own by the shell's job control. */
    private static final String DETACH =
            "if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; fi; set -m; \"$@\" <&0 & wait";

    private final BundleDirectory directory;
    private final BackupRequest request;
    private final Runnable claimed;

    /** @param claimed called once the directory is this backup's, before its keeper is started */
    KeeperLaunch(BundleDirectory directory, BackupRequest request, Runnable claimed) {
        this.directory = directory;
        this.request = request;
        this.claimed = claimed;
    }

    /**
     * Returns when the backup is open.
     *
     * @throws UnderstudyException what the keeper gave up for; nothing is left then but what the error names
     */
    BundleStatus launch() {
        Clock clock = Clock.systemUTC();
        String unique = "understudy " + MOMENT.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        String label = request.label().map(text -> text + " " + unique).orElse(unique);
        boolean made = directory.claim(Keeper.claim(request, BundleDirectory.thisHost(), label, clock));
        claimed.run();
        try {
            Process keeper = start();
            Thread stop = new Thread(keeper::destroy, "stop-keeper");
            Runtime.getRuntime().addShutdownHook(stop);
            await(keeper);
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IOException e) {
            directory.release(made);
            throw UnderstudyException.of(ErrorCode.BACKUP_NOT_STARTED, "could not start the keeper")
                    .detail("%s", e)
                    .cause(e)
                    .build();
        }
        BundleStatus status = BundleStatus.of(directory);
        if (status.condition() != Condition.OPEN) {
            throw failed(status, made);
        }
        return status;
    }

    private Process start() throws IOException {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", DETACH, "sh"));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        line.addAll(List.of("-Dfile.encoding=UTF-8", "-Djava.awt.headless=true"));
        line.addAll(List.of("-cp", classPath(), "dev.understudy.cli.Main"));
        line.addAll(List.of("backup", "keep", "--bundle", directory.path().toString()));
        Process process = new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectOutput(directory.log().toFile())
                .redirectErrorStream(true)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(KeeperInput.write(request));
        }
        return process;
    }

    /** Absolute, since the keeper works from the root directory and keeps no other in use. */
    private static String classPath() {
        String separator = System.getProperty("path.separator");
        return Arrays.stream(System.getProperty("java.class.path").split(separator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((before, entry) -> before + separator + entry)
                .orElse("");
    }

    private void await(Process keeper) {
        try {
            while (directory.state().phase() == KeeperState.Phase.STARTING) {
                if (keeper.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            if (directory.state().phase() == KeeperState.Phase.FAILED) {
                // It still drops its slot.
                keeper.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            keeper.destroy();
        }
    }

    /** The reason as it is, so that it has its own exit code; what is left is for the bundle's directory to say. */
    private UnderstudyException failed(BundleStatus status, boolean made) {
        KeeperState state = status.state();
        if (state.mayHaveLeftSlot() || state.failure().isEmpty()) {
            try {
                new EndOfBackup(directory, Optional.of(request.primary()), text -> {}).end();
            } catch (UnderstudyException e) {
                if (e.code() == ErrorCode.BACKUP_LEFT || state.failure().isEmpty()) {
                    return e;
                }
            }
        }
        KeeperState.Failure why = state.failure().orElseThrow();
        directory.release(made);
        UnderstudyException.Builder error = UnderstudyException.of(ErrorCode.valueOf(why.code()), "%s", why.message());
        if (!why.detail().isEmpty()) {
            error.detail("%s", why.detail());
        }
        why.hints().forEach(hint -> error.hint("%s", hint));
        return error.build();
    }
}
