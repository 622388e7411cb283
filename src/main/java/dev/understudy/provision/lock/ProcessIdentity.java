package dev.understudy.provision.lock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process, told apart from another that gets its number later.
 *
 * @param pid as its own machine numbers it
 * @param start when it was started, in clock ticks since the machine's start; empty where there is no {@code /proc}
 * @param boot identifies this run of the kernel; empty where there is none
 * @param namespace identifies what its pid counts in: a container has a list of processes of its own
 * @param machine identifies the machine over restarts: its machine-id, else its name
 */
record ProcessIdentity(long pid, String start, String boot, String namespace, String machine) {
    private static final Path PROC = Path.of("/proc");

    /** Whether a process still runs. */
    enum Life {
        ALIVE,
        DEAD,
        /** It is not of this machine, or may not be seen. */
        UNKNOWN
    }

    static ProcessIdentity current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(pid, startOf(pid).orElse(""), bootHere(), namespaceHere(), machineHere());
    }

    /** What this process can tell of another. */
    Life look() {
        if (!machine.equals(machineHere())) {
            return Life.UNKNOWN;
        }
        if (!boot.equals(bootHere())) {
            return Life.DEAD;
        }
        if (!namespace.equals(namespaceHere())) {
            return Life.UNKNOWN;
        }
        Optional<String> found = startOf(pid);
        if (found.isPresent()) {
            return found.get().equals(start) ? Life.ALIVE : Life.DEAD;
        }
        if (ProcessHandle.of(pid).isPresent()) {
            return Life.ALIVE;
        }
        // Mounted with hidepid, /proc shows a user nobody else's processes: not even the first one.
        return !Files.exists(PROC) || Files.exists(PROC.resolve("1/stat")) ? Life.DEAD : Life.UNKNOWN;
    }

    /** The 22nd field; the second is the program's name in parentheses, which can hold anything. Source: proc(5). */
    private static Optional<String> startOf(long pid) {
        return read(PROC.resolve(pid + "/stat")).flatMap(line -> {
            String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
            return fields.length > 19 ? Optional.of(fields[19]) : Optional.empty();
        });
    }

    private static String bootHere() {
        return read(PROC.resolve("sys/kernel/random/boot_id")).orElse("");
    }

    private static String namespaceHere() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
                    .toString()
                    .replaceAll("[^0-9]", "");
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static String machineHere() {
        return read(Path.of("/etc/machine-id"))
                .filter(id -> !id.isEmpty())
                .or(() -> read(PROC.resolve("sys/kernel/hostname")))
                .orElse("localhost");
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(
                    Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
