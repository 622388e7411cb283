package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a person meets it: in a tree that is built, wherever it lies and however it is called. */
final class LauncherIT {
    private static final Path TREE = Path.of("").toAbsolutePath();

    @TempDir
    private Path temporary;

    private Path copy;

    /** What a process did. */
    private record Ended(int status, String out, String err) {}

    /** A tree of its own: the one under test is being built and must not be built again by a test. */
    @BeforeEach
    void copyTheBuiltTree() throws IOException {
        copy = temporary.resolve("a tree with spaces");
        Files.createDirectories(copy.resolve("target"));
        Files.copy(
                TREE.resolve("understudy"),
                copy.resolve("understudy"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(TREE.resolve("pom.xml"), copy.resolve("pom.xml"));
        Files.copy(TREE.resolve("target/understudy.jar"), copy.resolve("target/understudy.jar"));
        Files.createSymbolicLink(copy.resolve("target/lib"), TREE.resolve("target/lib"));
        FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
        Files.setLastModifiedTime(copy.resolve("target/understudy.jar"), later);
    }

    @Test
    void runsFromAPathWithSpacesAndAnyDirectory() throws Exception {
        Ended ended = run(temporary, Map.of(), copy.resolve("understudy").toString(), "--version");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).startsWith("understudy ").endsWith("(PostgreSQL 9.6 to 18)\n");
        assertThat(ended.status()).isZero();
    }

    @Test
    void runsThroughLinksToLinks() throws Exception {
        Path first =
                Files.createSymbolicLink(temporary.resolve("first link"), Path.of("a tree with spaces/understudy"));
        Path second = Files.createSymbolicLink(temporary.resolve("second"), first);

        assertThat(run(temporary, Map.of(), second.toString(), "-V").status()).isZero();
        assertThat(run(temporary, Map.of("PATH", temporary + ":" + System.getenv("PATH")), "second", "-V")
                        .out())
                .startsWith("understudy ");
    }

    @Test
    void anUnknownCommandEndsWithTwoAndSaysSoOnStandardError() throws Exception {
        Ended ended = run(temporary, Map.of(), copy.resolve("understudy").toString(), "dance");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .isEqualTo("understudy: error: unknown command \"dance\"\nHINT:  Try \"understudy --help\".\n");
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        String odd = "two words *\n'quoted' \"twice\" $HOME ü";
        Ended ended =
                run(temporary, Map.of("LC_ALL", "C"), copy.resolve("understudy").toString(), odd);

        assertThat(ended.err()).startsWith("understudy: error: unknown command \"" + odd.replace("\n", "\\n") + "\"");
    }

    @Test
    void theClassArchiveIsMadeOnceAndUsedFromThenOn() throws Exception {
        run(temporary, Map.of(), copy.resolve("understudy").toString(), "-V");

        try (Stream<Path> archives = Files.list(copy.resolve("target/cds"))) {
            assertThat(archives)
                    .singleElement()
                    .satisfies(archive -> assertThat(Files.size(archive)).isPositive());
        }
    }

    @Test
    void aBuiltTreeNeedsNoMavenAndNoHome() throws Exception {
        Map<String, String> bare = new LinkedHashMap<>();
        bare.put("HOME", "/nonexistent");
        bare.put("MAVEN_HOME", "/nonexistent");

        assertThat(run(temporary, bare, copy.resolve("understudy").toString(), "-V")
                        .err())
                .isEmpty();
    }

    @Test
    void anOldJavaIsPassedOver() throws Exception {
        Path old = temporary.resolve("old");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        assertThat(old.resolve("bin/java").toFile().setExecutable(true)).isTrue();

        Ended ended = run(
                temporary,
                Map.of("JAVA_HOME", old.toString()),
                copy.resolve("understudy").toString(),
                "-V");

        assertThat(ended.status())
                .as("another Java of this machine is taken instead")
                .isZero();
    }

    /** From 17 to the newest that is here; the launcher says nothing, so the JDK had nothing to warn of. */
    @Test
    void everyJavaOfThisMachineRunsIt() throws Exception {
        Set<Path> homes = new TreeSet<>();
        try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
            for (Path home : installed.toList()) {
                if (Files.isExecutable(home.resolve("bin/java")) && major(home) >= 17) {
                    homes.add(home.toRealPath());
                }
            }
        } catch (NoSuchFileException e) {
            homes.add(Path.of(System.getProperty("java.home")));
        }
        for (Path home : homes) {
            Ended ended = run(
                    temporary,
                    Map.of("JAVA_HOME", home.toString()),
                    copy.resolve("understudy").toString(),
                    "-V");
            assertThat(ended.err()).as("%s", home).isEmpty();
            assertThat(ended.status()).as("%s", home).isZero();
        }
    }

    private static int major(Path home) throws IOException {
        return Files.readAllLines(home.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION=\""))
                .map(line -> line.replaceAll("[^\"]*\"(\\d+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }

    /** A Maven that only notes how it was called: what it would build is there. */
    @Test
    void aStaleTreeIsBuiltByMavenAndAFreshOneIsNot() throws Exception {
        Path programs = Files.createDirectory(temporary.resolve("programs"));
        Path calls = temporary.resolve("calls");
        Files.writeString(programs.resolve("mvn"), "#!/bin/sh\nprintf '%s\\n' \"$PWD $*\" >>'" + calls + "'\n");
        assertThat(programs.resolve("mvn").toFile().setExecutable(true)).isTrue();
        Map<String, String> path = Map.of("PATH", programs + ":" + System.getenv("PATH"));
        assertThat(run(temporary, path, copy.resolve("understudy").toString(), "-V")
                        .status())
                .isZero();
        assertThat(calls).doesNotExist();

        FileTime old = FileTime.fromMillis(System.currentTimeMillis() - 60_000);
        Files.setLastModifiedTime(copy.resolve("target/understudy.jar"), old);
        Ended built = run(temporary, path, copy.resolve("understudy").toString(), "-V");

        assertThat(built.status()).as(built.err()).isZero();
        assertThat(built.out()).startsWith("understudy ");
        assertThat(built.err()).startsWith("understudy: building ");
        assertThat(calls).hasContent(copy.toRealPath() + " -q -B -DskipTests package\n");
        assertThat(run(temporary, path, copy.resolve("understudy").toString(), "-V")
                        .err())
                .as("now it is fresh")
                .isEmpty();
    }

    private static Ended run(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path out = Files.createTempFile("launcher", ".out");
        Path err = Files.createTempFile("launcher", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\"", "sh")));
            builder.command().addAll(List.of(command));
            builder.directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("the launcher did not end");
            }
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
