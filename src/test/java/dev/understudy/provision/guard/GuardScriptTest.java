package dev.understudy.provision.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The guard's script under every shell that is here, with machines made of files. */
final class GuardScriptTest {
    private static final Path SCRIPT = Path.of("templates/understudy-guard.sh").toAbsolutePath();
    private static final String OURS = "understudy 20261120T075100Z-clone-3f2a 1";

    @TempDir
    private Path temporary;

    private Path data;
    private Path source;
    private Path clone;

    static Stream<String> shells() {
        return Stream.of("sh", "dash", "bash", "busybox sh")
                .filter(shell -> Stream.of("/bin/", "/usr/bin/")
                        .anyMatch(place -> Files.isExecutable(Path.of(place + shell.split(" ")[0]))));
    }

    @BeforeEach
    void makeMachines() throws IOException {
        data = Files.createDirectory(temporary.resolve("data dir"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        source = machine("source", "4C4C4544-0001");
        clone = machine("clone", "4C4C4544-0002");
    }

    /** A clone of the disk has the same machine-id. */
    private Path machine(String name, String uuid) throws IOException {
        Path root = temporary.resolve(name);
        Files.createDirectories(root.resolve("sys/class/dmi/id"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("sys/class/dmi/id/product_uuid"), uuid + "\n");
        Files.writeString(root.resolve("sys/class/dmi/id/product_serial"), "Not Specified\n");
        Files.writeString(root.resolve("etc/machine-id"), "abcdef\n");
        return root;
    }

    private CommandResult guard(String shell, String verb, Path machine) {
        List<String> line = new ArrayList<>(Arrays.asList(shell.split(" ")));
        line.addAll(List.of(SCRIPT.toString(), verb, "-D", data.toString(), "--root", machine.toString()));
        try (Host host = Hosts.local()) {
            return host.run(Command.of(line));
        }
    }

    private void label(String name, String label) throws IOException {
        Files.writeString(data.resolve(name), "START WAL LOCATION: 0/2000028 (file 1)\nLABEL: " + label + "\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theSameMachineStartsAndAnotherDoesNot(String shell) {
        assertThat(guard(shell, "record", source).status()).isZero();
        assertThat(guard(shell, "check", source).status()).isZero();

        CommandResult refused = guard(shell, "check", clone);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.error())
                .contains("PostgreSQL must not start from \"" + data
                        + "\": this is a clone that nobody has made a standby")
                .contains("product_uuid was \"4C4C4544-0001\", is \"4C4C4544-0002\"")
                .contains("understudy seal --bundle DIR -D \"" + data + "\"");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aMachineThatNobodyRecordedDoesNotStart(String shell) {
        assertThat(guard(shell, "check", source).error()).contains("nobody has recorded a machine in");
        assertThat(guard(shell, "check", source).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatIsSealedStartsAndBelongsToTheNewMachineFromThenOn(String shell) throws IOException {
        guard(shell, "record", source);
        Files.createFile(data.resolve("standby.signal"));
        label("backup_label", OURS);

        assertThat(guard(shell, "check", clone).status()).isZero();
        Files.move(data.resolve("backup_label"), data.resolve("backup_label.old"));
        assertThat(guard(shell, "check", clone).status()).isZero();
        // And a clone of that one, which nobody has sealed, does not start.
        assertThat(guard(shell, "check", source).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatWasSealedAndStartedPastTheGuardIsTakenForTheNewMachines(String shell) throws IOException {
        guard(shell, "record", source);
        Files.createFile(data.resolve("standby.signal"));
        label("backup_label.old", OURS);

        assertThat(guard(shell, "check", clone).status()).isZero();
        assertThat(guard(shell, "check", source).status()).isEqualTo(1);
    }

    /** Such as a clone of a standby that Understudy built: its own signal and its own old label come along. */
    @ParameterizedTest
    @MethodSource("shells")
    void anUnsealedCloneOfAStandbyDoesNotStart(String shell) throws IOException {
        Files.createFile(data.resolve("standby.signal"));
        label("backup_label.old", OURS);
        guard(shell, "record", source);

        assertThat(guard(shell, "check", source).status()).isZero();
        assertThat(guard(shell, "check", clone).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aLabelOfSomebodyElsesOrWithoutASignalDoesNotCountAsSealed(String shell) throws IOException {
        guard(shell, "record", source);
        label("backup_label", OURS);
        assertThat(guard(shell, "check", clone).status()).isEqualTo(1);

        Files.createFile(data.resolve("recovery.conf"));
        label("backup_label", "pg_basebackup base backup");
        assertThat(guard(shell, "check", clone).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aMachineThatCannotBeToldFromItsClonesIsWarnedOf(String shell) throws IOException {
        Files.delete(source.resolve("sys/class/dmi/id/product_uuid"));

        CommandResult recorded = guard(shell, "record", source);
        assertThat(recorded.status()).isZero();
        assertThat(recorded.error()).contains("this machine has no UUID or serial number of its own");
        assertThat(guard(shell, "show", source).text())
                .contains("machine_id abcdef")
                .doesNotContain("Not Specified");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void misuseIsSaid(String shell) {
        assertThat(guard(shell, "chek", source).status()).isEqualTo(2);
        assertThat(guard(shell, "chek", source).error()).contains("unknown verb \"chek\"");
    }
}
