package dev.understudy.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several workers find what one finds. */
final class WalSummaryScanTest {
    private static String scan(Path path, Optional<Lsn> to, int workers) {
        WalSelection selection = WalSelection.of(List.of(path), Optional.empty());
        return new WalSummaryScan(selection, selection.start(), to, workers, 1 << 20)
                .run()
                .json()
                .toPrettyString();
    }

    @ParameterizedTest
    @MethodSource("dev.understudy.pgfile.Golden#all")
    void manyWorkersSumUpAsOne(Golden golden) {
        Optional<Lsn> to =
                Optional.of(Lsn.parse(golden.json("wal.json").get("stop").asText()));
        for (int workers = 2; workers <= 5; workers++) {
            assertThat(scan(golden.directory(), Optional.empty(), workers))
                    .isEqualTo(scan(golden.directory(), Optional.empty(), 1));
            assertThat(scan(golden.directory(), to, workers)).isEqualTo(scan(golden.directory(), to, 1));
        }
    }

    @Test
    void damageAnywhereEndsAllWorkersWhereItEndsOne(@TempDir Path directory) throws IOException {
        Golden golden = Golden.of(dev.understudy.postgres.ServerMajor.V12);
        try (var files = Files.newDirectoryStream(golden.directory(), "0*.gz")) {
            for (Path file : files) {
                String name = file.getFileName().toString().replace(".gz", "");
                try (var in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                    Files.write(directory.resolve(name), in.readAllBytes());
                }
            }
        }
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                byte[] good = Files.readAllBytes(file);
                for (int at : new int[] {0, 9, 50, 0x2000 + 2, 0x5000, 0x10000}) {
                    byte[] damaged = good.clone();
                    damaged[at] ^= 1;
                    Files.write(file, damaged);
                    if (at != 0 || !file.endsWith(firstName(directory))) {
                        assertThat(scan(directory, Optional.empty(), 4))
                                .as("%s, byte %d", file, at)
                                .isEqualTo(scan(directory, Optional.empty(), 1));
                    }
                }
                Files.delete(file);
                if (!file.endsWith(firstName(directory))) {
                    assertThat(scan(directory, Optional.empty(), 4)).isEqualTo(scan(directory, Optional.empty(), 1));
                }
                Files.write(file, good);
            }
        }
    }

    private static String firstName(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
