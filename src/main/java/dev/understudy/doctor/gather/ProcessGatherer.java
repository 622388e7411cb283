package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import dev.understudy.provision.control.PostmasterFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the server of a data directory through the host's processes. */
final class ProcessGatherer {
    private static final int PID_FILE_BYTES = 1 << 16;

    /**
     * Prints a line {@code PID PARENT TITLE} of each process, with the title of one process's children alone: by the shell
     * itself, since {@code ps} is not on every host, and without a process for each of a thousand. The name in parentheses
     * may hold anything, so that what comes behind the last one counts.
     */
    private static final String LIST = """
            for d in /proc/[0-9]*; do
              line=
              { read -r line < "$d/stat"; } 2>/dev/null
              [ -n "$line" ] || continue
              rest=${line##*) }
              rest=${rest#* }
              parent=${rest%% *}
              printf '%s %s ' "${d#/proc/}" "$parent"
              [ "$parent" != "$1" ] || { tr '\\0\\n' '  ' < "$d/cmdline"; } 2>/dev/null
              echo
            done""";

    private final Host host;
    private final String directory;

    ProcessGatherer(Host host, String directory) {
        this.host = host;
        this.directory = directory;
    }

    /**
     * A process of the host.
     *
     * @param title its command line, which a server's processes replace by what they do; empty if it is not the server's
     */
    record Listed(long pid, long parent, String title) {}

    /** What postmaster.pid says, and what is true of it; empty if there is no such file. */
    Optional<ServerProcess> server(Known<List<Listed>> processes) {
        Optional<PostmasterFile> file = PostmasterFile.read(host, directory);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        long pid = file.get().pid();
        String number = Long.toString(pid);
        boolean alive = host.run(Command.shell("kill -0 \"$1\" 2>/dev/null || [ -d \"/proc/$1\" ]", number))
                .succeeded();
        boolean ours = alive && file.get().isAlive(host, directory);
        String command = alive
                ? host.run(Command.shell("tr '\\0' ' ' < \"/proc/$1/cmdline\" 2>/dev/null || true", number))
                        .text()
                : "";
        byte[] text = host.files().read(directory + "/postmaster.pid", PID_FILE_BYTES);
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
        return Optional.of(new ServerProcess(
                pid,
                file.get().port(),
                Optional.of(file.get().startSeconds())
                        .filter(seconds -> seconds > 0)
                        .map(Instant::ofEpochSecond),
                alive,
                ours,
                Masking.text(command.strip()),
                lines.size() > 7 ? lines.get(7).strip() : "",
                ours ? titles(processes, pid) : Known.of(List.of())));
    }

    /** Without those of clients, whose titles name roles, databases and addresses. */
    private static Known<List<String>> titles(Known<List<Listed>> processes, long parent) {
        return processes.map(all -> all.stream()
                .filter(process -> process.parent() == parent)
                .map(Listed::title)
                .filter(title -> title.matches(".*\\b(?:startup|wal ?receiver)\\b.*"))
                .map(Masking::text)
                .toList());
    }

    /** The host's processes, if there is a server whose they could be. */
    List<Listed> list() {
        List<Listed> processes = new ArrayList<>();
        Optional<PostmasterFile> file = PostmasterFile.read(host, directory);
        if (file.isEmpty()) {
            return List.of();
        }
        String server = Long.toString(file.get().pid());
        for (String line :
                host.run(Command.shell(LIST, server)).orThrow().text().split("\n", -1)) {
            String[] parts = line.strip().split(" ", 3);
            if (parts.length > 1 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")) {
                processes.add(new Listed(
                        Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts.length > 2 ? parts[2].strip() : ""));
            }
        }
        return processes;
    }

    /** Whether the server's recovery runs a command now, such as restore_command. */
    static boolean isRestoring(List<Listed> processes) {
        return processes.stream()
                .filter(process -> process.title().matches(".*\\bstartup\\b.*"))
                .anyMatch(startup -> processes.stream().anyMatch(child -> child.parent() == startup.pid()));
    }
}
