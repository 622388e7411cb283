package dev.understudy.pgfile.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PageCheckerTest {
    private static final int PAGE = 8192;
    private static final int FNV_PRIME = 16777619;

    /** Pages of noise, each with the checksum that the reference below gives it. */
    private static byte[] pages(int count, int firstBlock, Random random) {
        byte[] bytes = new byte[count * PAGE];
        random.nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 0; page < count; page++) {
            buffer.putShort(page * PAGE + 8, (short) reference(buffer, page * PAGE, firstBlock + page));
        }
        return bytes;
    }

    /** The same function written plainly, a lane after the other. Real pages are compared in PageCheckerIT. */
    private static int reference(ByteBuffer buffer, int offset, int block) {
        int folded = 0;
        for (int lane = 0; lane < 32; lane++) {
            int sum = PageChecksum.base(lane);
            for (int row = 0; row < PAGE / 128 + 2; row++) {
                int at = row * 128 + lane * 4;
                int word = row < PAGE / 128 ? buffer.getInt(offset + at) : 0;
                int mixed = sum ^ (at == 8 ? word & 0xFFFF_0000 : word);
                sum = mixed * FNV_PRIME ^ mixed >>> 17;
            }
            folded ^= sum;
        }
        return (int) (Integer.toUnsignedLong(folded ^ block) % 65535 + 1);
    }

    @Test
    void everyBatchSizeAndBlockNumberAgreesWithTheReference() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PageChecker checker = new PageChecker(PAGE);
        for (int count : new int[] {1, 2, 15, 16, 17, 127, 128, 129, 300}) {
            int firstBlock = random.nextInt();
            byte[] bytes = pages(count, firstBlock, random);
            assertThat(checker.check(bytes, 0, count, firstBlock)).isEmpty();
            int bad = random.nextInt(count);
            int bit = random.nextInt(PAGE * 8);
            bytes[bad * PAGE + bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(checker.check(bytes, 0, count, firstBlock))
                    .extracting(PageFailure::blockNumber)
                    .containsExactly(firstBlock + bad);
        }
    }

    @Test
    void aNewPageIsFineAndOneWithAnEmptyHeaderIsNot() {
        byte[] bytes = new byte[3 * PAGE];
        bytes[PAGE + 8000] = 1;

        assertThat(new PageChecker(PAGE).check(bytes, 0, 3, 0))
                .extracting(PageFailure::blockNumber)
                .containsExactly(1);
    }

    @Test
    void aPageWrittenSinceTheBackupStartedIsLeftToReplay() {
        byte[] bytes = pages(1, 0, new Random(1));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x16).putInt(4, 0xB374D848);
        PageFailure failure = new PageChecker(PAGE).check(bytes, 0, 1, 0).get(0);

        assertThat(failure.lsn()).hasToString("16/B374D848");
        assertThat(failure.isCoveredByReplay(Lsn.parse("16/B374D848"))).isTrue();
        assertThat(failure.isCoveredByReplay(Lsn.parse("16/B374D849"))).isFalse();
    }

    @Test
    void aPageInTheWrongPlaceFails() {
        byte[] bytes = pages(1, 5, new Random(2));

        assertThat(new PageChecker(PAGE).check(bytes, 0, 1, 5)).isEmpty();
        assertThat(new PageChecker(PAGE).check(bytes, 0, 1, 6)).hasSize(1);
    }

    @Test
    void readsTheHeader() {
        byte[] bytes = new byte[32];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(16, (short) 0xABCD)
                .putShort(20, (short) 40)
                .putShort(22, (short) 8000)
                .putShort(24, (short) 8192)
                .putShort(26, (short) 0x2004);

        assertThat(PageHeader.read(bytes, 8)).isEqualTo(new PageHeader(Lsn.INVALID, 0xABCD, 40, 8000, 8192, 8192, 4));
    }
}
