package dev.understudy.transfer.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TargetInventoryTest {
    @TempDir
    Path temporary;

    private Path saved() {
        TargetInventory inventory = new TargetInventory();
        for (int file = 0; file < 5000; file++) {
            inventory.add("base/" + file % 7 + "/ünï\n" + file, file * 3_000_000_000L, -5 + file, file * 77);
        }
        Path path = temporary.resolve("inventory");
        inventory.save(path);
        return path;
    }

    @Test
    void readsBackWhatItSaved() throws IOException {
        TargetInventory loaded = TargetInventory.load(saved());

        assertThat(loaded.files().count()).isEqualTo(5000);
        assertThat(loaded.files().path(4711)).isEqualTo("base/0/ünï\n4711");
        assertThat(loaded.files().size(4711)).isEqualTo(4711 * 3_000_000_000L);
        assertThat(loaded.files().modifiedSeconds(0)).isEqualTo(-5);
        assertThat(loaded.checksum(4711)).isEqualTo(FileChecksum.crc32c(4711 * 77));
        assertThat(loaded.files().find("base/0/ünï\n4711")).isEqualTo(4711);
        assertThat(loaded.files().find("base/0/ünï\n5711")).isEqualTo(-1);
    }

    @Test
    void damageIsNoticed() throws IOException {
        Path path = saved();
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);

        assertThatThrownBy(() -> TargetInventory.load(path))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        damaged -> assertThat(damaged.code()).isEqualTo(ErrorCode.INVENTORY_INVALID));
    }
}
