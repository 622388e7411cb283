package dev.understudy.pgfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Crc32cTest {
    @Test
    void isTheCastagnoliChecksum() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

        assertThat(Crc32c.of(digits, 0, digits.length)).isEqualTo(0xE3069283);
    }

    @Test
    void partsCombineToTheWhole() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            int first = Crc32c.of(bytes, 0, cut);
            int second = Crc32c.of(bytes, cut, bytes.length - cut);

            assertThat(Crc32c.combine(first, second, bytes.length - cut)).isEqualTo(Crc32c.of(bytes, 0, bytes.length));
        }
    }

    @Test
    void lengthsBeyondFourGigabytesCombine() {
        int first = 0x1234_5678;
        int zeroes = Crc32c.of(new byte[1 << 20], 0, 1 << 20);
        int all = first;
        int allZeroes = 0;
        for (int i = 0; i < 5000; i++) {
            all = Crc32c.combine(all, zeroes, 1 << 20);
            allZeroes = Crc32c.combine(allZeroes, zeroes, 1 << 20);
        }
        assertThat(Crc32c.combine(first, allZeroes, 5000L << 20)).isEqualTo(all);
    }
}
