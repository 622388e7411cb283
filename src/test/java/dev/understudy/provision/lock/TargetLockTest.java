package dev.understudy.provision.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.journal.TargetHold;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetLockTest {
    private static final String FIRST = "20261120T075100Z-standby-3f2a";
    private static final String SECOND = "20261120T075200Z-standby-77aa";

    @TempDir
    private Path directory;

    private final Host local = Hosts.open("local");

    @AfterEach
    void close() {
        local.close();
    }

    private TargetHold take(Path target, String run) {
        return TargetLock.take(local, target.toString(), "the target", run);
    }

    private static List<Path> links() {
        try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(".understudy-"))
                    .filter(Files::isSymbolicLink)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lock as another process would have left it. */
    private Path heldBy(ProcessIdentity process, String run) throws IOException {
        List<Path> before = links();
        Path made;
        try (TargetHold ignored = take(directory.resolve("d"), FIRST)) {
            made = links().stream()
                    .filter(link -> !before.contains(link))
                    .findFirst()
                    .orElseThrow();
        }
        Files.createSymbolicLink(made, Path.of(new Claim(run, process, "db1", "ada").text()));
        return made;
    }

    private static ProcessIdentity self() {
        return ProcessIdentity.current();
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "link", "link-above/d", "./d"})
    void aDirectoryIsLockedByWhateverNameItIsReached(String name) throws IOException {
        Files.createDirectory(directory.resolve("d"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("d"));
        Files.createSymbolicLink(directory.resolve("link-above"), directory);

        try (TargetHold ignored = take(directory.resolve("d"), FIRST)) {
            assertThatThrownBy(() -> take(directory.resolve(name), SECOND))
                    .hasMessage("process %d is working on target \"the target\"", self().pid());
        }
        take(directory.resolve(name), SECOND).close();
    }

    @Test
    void aDirectoryThatIsNotThereYetIsLockedBeforeAndAfterItIsMade() throws IOException {
        Files.createSymbolicLink(directory.resolve("link-above"), directory);
        try (TargetHold ignored = take(directory.resolve("new/d"), FIRST)) {
            assertThatThrownBy(() -> take(directory.resolve("link-above/new/d"), SECOND))
                    .hasMessageContaining("is working on target");
            Files.createDirectories(directory.resolve("new/d"));
            assertThatThrownBy(() -> take(directory.resolve("link-above/new/d"), SECOND))
                    .hasMessageContaining("is working on target");
        }
    }

    @Test
    void aDeadProcessIsNotInTheWay() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "600").start();
        long pid = sleep.pid();
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        ProcessIdentity child = new ProcessIdentity(pid, start, self().boot(), self().namespace(), self().machine());
        Path link = heldBy(child, FIRST);

        assertThatThrownBy(() -> take(directory.resolve("d"), SECOND))
                .hasMessage("process %d is working on target \"the target\"", pid);

        sleep.destroyForcibly().waitFor();
        take(directory.resolve("d"), SECOND).close();
        assertThat(Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void anotherProcessThatGotTheNumberOfADeadOneIsNotInTheWay() throws IOException {
        heldBy(new ProcessIdentity(1, "4711", self().boot(), self().namespace(), self().machine()), FIRST);

        take(directory.resolve("d"), SECOND).close();
    }

    @Test
    void aProcessFromBeforeARestartOfTheMachineIsNotInTheWay() throws IOException {
        heldBy(new ProcessIdentity(1, self().start(), "earlier", self().namespace(), self().machine()), FIRST);

        take(directory.resolve("d"), SECOND).close();
    }

    @Test
    void aProcessOfAnotherMachineIsInTheWayOfAllButItsOwnRun() throws IOException {
        Path link = heldBy(new ProcessIdentity(4711, "1", "b", "n", "m"), FIRST);

        assertThatThrownBy(() -> take(directory.resolve("d"), SECOND))
                .hasMessage("process 4711 is working on target \"the target\"")
                .satisfies(error -> assertThat(error.toString() + describe(error))
                        .contains("of user \"ada\" on machine \"db1\"", "remove \"" + link + "\""));
        take(directory.resolve("d"), FIRST).close();
    }

    private static String describe(Throwable error) {
        return ((dev.understudy.error.UnderstudyException) error).describe();
    }

    @Test
    void whatIsNoLockOfOursIsNamedAndNotRemoved() throws IOException {
        Path link = heldBy(self(), FIRST);
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("gibberish"));

        assertThatThrownBy(() -> take(directory.resolve("d"), SECOND))
                .satisfies(error -> assertThat(describe(error)).contains("remove \"" + link + "\""));
        assertThat(Files.readSymbolicLink(link)).hasToString("gibberish");
        Files.delete(link);
    }
}
