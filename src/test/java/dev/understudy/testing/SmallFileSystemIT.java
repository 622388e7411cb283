package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SmallFileSystemIT {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BTRFS") // It gives out space in chunks, so sizes say little.
    void itFillsUpTurnsReadOnlyAndGoesAway(SmallFileSystem.Type type) throws IOException {
        Path point;
        try (SmallFileSystem disk = SmallFileSystem.of(type, type == SmallFileSystem.Type.XFS ? 300 : 16)) {
            point = disk.mountPoint();
            assertThat(Account.ownerOf(point)).isEqualTo(Account.ofServers());
            assertThat(disk.usableBytes()).isBetween(4L << 20, 300L << 20);

            Path ballast = disk.fill(0);
            assertThatThrownBy(() -> Files.write(point.resolve("more"), new byte[1 << 20]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
            Files.delete(ballast);
            disk.fill(1 << 20);
            assertThat(disk.usableBytes()).isBetween(512L << 10, 2L << 20);

            disk.makeReadOnly();
            assertThatThrownBy(() -> Files.delete(ballast))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("Read-only file system");
            disk.makeWritable();
            Files.delete(ballast);
        }
        assertThat(Files.exists(point.getParent())).isFalse();
    }

    @Test
    void xfsSharesBlocksBetweenFiles() throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.XFS, 300)) {
            Path file = Files.write(disk.mountPoint().resolve("a"), new byte[1 << 20]);
            Account.run(
                    List.of(
                            "cp",
                            "--reflink=always",
                            file.toString(),
                            disk.mountPoint().resolve("b").toString()),
                    Map.of());
            assertThat(disk.mountPoint().resolve("b")).hasSameBinaryContentAs(file);
        }
    }
}
