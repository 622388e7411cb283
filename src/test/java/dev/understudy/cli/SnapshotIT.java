package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.SmallFileSystem;
import dev.understudy.testing.SmallFileSystem.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real snapshots between the two commands: of a btrfs subvolume, and by XFS's shared blocks; data directory and tablespace
 * on volumes of their own, which are snapshotted at different moments of a busy primary.
 */
final class SnapshotIT {
    private static final ServerMajor MAJOR = ServerMajor.V14;

    @ParameterizedTest
    @EnumSource(
            value = Type.class,
            names = {"BTRFS", "XFS"})
    void volumesSnapshottedApartUnderLoadMakeARightStandby(Type type, @TempDir Path bundles) {
        try (SmallFileSystem data = SmallFileSystem.of(type, 1000);
                SmallFileSystem fast = SmallFileSystem.of(type, 800)) {
            Path directory = volume(type, data, "data");
            Path tablespace = volume(type, fast, "fast");
            try (EmbeddedPostgres primary = primaryOn(directory)) {
                snapshotAndSeal(type, primary, List.of(tablespace, directory), bundles);
            }
        }
    }

    private static void snapshotAndSeal(Type type, EmbeddedPostgres primary, List<Path> volumes, Path bundles) {
        Path tablespace = volumes.get(0);
        Path directory = volumes.get(1);
        try (Ledger ledger =
                Ledger.create(primary.jdbcUrl(), tablespace.toString()).start()) {
            TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "snapshot").begun();
            snapshot(type, tablespace);
            long target = ledger.transfers() + 400;
            Awaitility.await("transfers between the snapshots")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ledger.transfers() >= target);
            snapshot(type, directory);
            commands.ended();
            ledger.requireRunning();
            try (BuiltStandby standby =
                    commands.standby(clone(directory), "-T", tablespace + "=" + clone(tablespace))) {
                Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), MAJOR).requireRight();
                assertThat(reading.replayed().orElseThrow())
                        .isGreaterThanOrEqualTo(
                                Lsn.parse(commands.status().path("stopLsn").asText()));
                if (type == Type.BTRFS) {
                    theVolumesOfAStandbyMakeARightOneTheOneWithPgControlLast(
                            standby,
                            ledger,
                            volumes.stream().map(SnapshotIT::clone).toList(),
                            bundles);
                }
            }
        }
    }

    /** No BACKUP_END tells where such a clone is consistent: only how far its newest page can be. */
    private static void theVolumesOfAStandbyMakeARightOneTheOneWithPgControlLast(
            BuiltStandby source, Ledger ledger, List<Path> volumes, Path bundles) {
        TwoCommands commands = new TwoCommands(source, bundles.resolve("of_standby"), "of_standby").begun();
        snapshot(Type.BTRFS, volumes.get(0));
        long target = ledger.transfers() + 400;
        Awaitility.await("transfers between the snapshots")
                .atMost(Duration.ofSeconds(60))
                .until(() -> ledger.transfers() >= target);
        snapshot(Type.BTRFS, volumes.get(1));
        commands.ended();
        ledger.requireRunning();
        Path tablespace = volumes.get(0);
        try (BuiltStandby standby =
                commands.standby(clone(volumes.get(1)), "-T", tablespace + "=" + clone(tablespace))) {
            Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), MAJOR).requireRight();
            assertThat(reading.replayed().orElseThrow())
                    .isGreaterThanOrEqualTo(
                            Lsn.parse(commands.status().path("stopLsn").asText()));
        }
    }

    /** A server whose data directory lies on the volume. */
    private static EmbeddedPostgres primaryOn(Path directory) {
        try (EmbeddedPostgres template = EmbeddedPostgres.of(MAJOR).initialize()) {
            run(
                    "sh",
                    "-c",
                    "cp -a \"$1\"/. \"$2\"",
                    "sh",
                    template.dataDirectory().toString(),
                    directory.toString());
        }
        EmbeddedPostgres primary =
                EmbeddedPostgres.of(MAJOR).onDataDirectory(directory).initialize();
        return primary.start();
    }

    private static Path volume(Type type, SmallFileSystem disk, String name) {
        Path path = disk.mountPoint().resolve(name);
        if (type == Type.BTRFS) {
            run("btrfs", "subvolume", "create", path.toString());
        } else {
            run("mkdir", path.toString());
        }
        run("chmod", "700", path.toString());
        Account.give(path);
        return path;
    }

    private static Path clone(Path volume) {
        return volume.resolveSibling(volume.getFileName() + "-clone");
    }

    private static void snapshot(Type type, Path volume) {
        if (type == Type.BTRFS) {
            run(
                    "btrfs",
                    "subvolume",
                    "snapshot",
                    volume.toString(),
                    clone(volume).toString());
        } else {
            // Files vanish under cp, which says so by its status.
            run(
                    "sh",
                    "-c",
                    "cp -a --reflink=always \"$1\" \"$2\" || test -d \"$2\"",
                    "sh",
                    volume.toString(),
                    clone(volume).toString());
        }
    }

    private static void run(String... line) {
        Account.run(List.of(line), Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
    }
}
