package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clone and a bundle that do not belong together: of another cluster, of another time, or not as it was written. */
final class WrongBundleIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    private static EmbeddedPostgres primary;
    private static Path bundles;
    private static Path clone;

    @TempDir
    private static Path temporary;

    /** Three backups one after the other; the clone is of the second. */
    @BeforeAll
    static void cloneDuringTheSecondOfThreeBackups() {
        bundles = temporary;
        primary = EmbeddedPostgres.of(MAJOR).start();
        primary.execute("CREATE TABLE t AS SELECT g FROM generate_series(1, 1000) g");
        commands("earlier").begun().ended();
        TwoCommands right = commands("right").begun();
        clone = primary.scratch("work").resolve("clone");
        copy(primary, clone);
        right.ended();
        primary.execute("INSERT INTO t SELECT g FROM generate_series(1, 1000) g");
        commands("later").begun().ended();
    }

    @AfterAll
    static void stop() {
        if (primary != null) {
            primary.close();
        }
    }

    private static TwoCommands commands(String name) {
        return new TwoCommands(primary, bundles.resolve(name), name);
    }

    private static void copy(EmbeddedPostgres server, Path to) {
        // Files vanish under cp, which says so by its status.
        Account.run(
                List.of(
                        "sh",
                        "-c",
                        "cp -a \"$1\" \"$2\" || test -e \"$2\"",
                        "sh",
                        server.dataDirectory().toString(),
                        to.toString()),
                Map.of());
    }

    private static void isRefused(TwoCommands commands, String... said) {
        Map<String, String> before = TreeDigest.of(clone);

        Captured seal = commands.seal(clone);

        assertThat(seal.status()).as(seal.out() + seal.err()).isEqualTo(3);
        assertThat(seal.err()).contains(said);
        assertThat(TreeDigest.of(clone)).as("the clone").isEqualTo(before);
    }

    @Test
    void theBundleOfAnotherClusterIsRefused() {
        try (EmbeddedPostgres other = EmbeddedPostgres.of(MAJOR).start()) {
            TwoCommands foreign = new TwoCommands(other, bundles.resolve("foreign"), "foreign")
                    .begun()
                    .ended();

            isRefused(
                    foreign,
                    "is no clone of that backup: another database cluster",
                    "Its system identifier is " + systemIdentifier(primary),
                    "the backup's is " + systemIdentifier(other));
        }
    }

    private static String systemIdentifier(EmbeddedPostgres server) {
        return server.query("SELECT system_identifier FROM pg_control_system()");
    }

    /** Its label would start replay too early, and its stop location would let the standby open too soon. */
    @Test
    void anOlderBundleOfTheSameClusterIsRefused() {
        isRefused(
                commands("earlier"),
                "a server has run in",
                "behind the backup's end",
                "or it was cloned after the end");
    }

    /** Its label would start replay behind pages of the clone that are older. */
    @Test
    void theBundleOfABackupThatBeganAfterTheCloneWasTakenIsRefused() {
        isRefused(commands("later"), "was not cloned during that backup", "before the backup's start at");
    }

    /** One bit each of label, map and bundle.json; one file missing; and the whole of another backup's label. */
    @Test
    void aBundleThatIsNotAsItWasWrittenIsRefused() throws IOException {
        for (String file : List.of("backup_label", "tablespace_map", "bundle.json")) {
            Path copy = copyOfTheRightBundle(file);
            byte[] bytes = Files.readAllBytes(copy.resolve(file));
            Files.write(copy.resolve(file), flipped(bytes));
            isRefused(new TwoCommands(primary, copy, "right"), "the bundle cannot be used");
        }
        Path without = copyOfTheRightBundle("without");
        Files.delete(without.resolve("backup_label"));
        isRefused(new TwoCommands(primary, without, "right"), "the bundle cannot be used: could not read");

        Path mixed = copyOfTheRightBundle("mixed");
        Files.write(mixed.resolve("backup_label"), Files.readAllBytes(bundles.resolve("later/backup_label")));
        isRefused(
                new TwoCommands(primary, mixed, "right"),
                "the bundle cannot be used: backup_label does not match its checksum in bundle.json");
    }

    private static byte[] flipped(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {'\n'};
        }
        byte[] damaged = bytes.clone();
        damaged[bytes.length / 2] ^= 4;
        return damaged;
    }

    private static Path copyOfTheRightBundle(String name) {
        Path copy = bundles.resolve("damaged " + name);
        Account.run(List.of("cp", "-a", bundles.resolve("right").toString(), copy.toString()), Map.of());
        return copy;
    }

    /** That the clone is refused for its bundle and nothing else. */
    @Test
    void withItsOwnBundleACopyOfTheSameCloneIsSealed() {
        Path copy = clone.resolveSibling("sealed");
        Account.run(List.of("cp", "-a", clone.toString(), copy.toString()), Map.of());

        Captured seal = commands("right").seal(copy);

        assertThat(seal.status()).as(seal.err()).isZero();
    }
}
