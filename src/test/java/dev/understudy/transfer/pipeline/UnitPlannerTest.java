package dev.understudy.transfer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

final class UnitPlannerTest {
    @RepeatedTest(20)
    void unitsCoverEveryByteOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FileTable files = new FileTable();
        int count = random.nextInt(5000);
        for (int file = 0; file < count; file++) {
            long size = random.nextInt(100) == 0
                    ? random.nextLong(4 * UnitPlanner.UNIT_BYTES)
                    : random.nextInt(4) * random.nextInt(100_000);
            files.add("base/5/" + file, size, 0, 0600);
        }
        long[] covered = new long[count];
        boolean[] seen = new boolean[count];
        UnitPlanner planner = new UnitPlanner(files);
        for (Optional<CopyUnit> unit = planner.next(); unit.isPresent(); unit = planner.next()) {
            assertThat(unit.get().bytes()).as("seed %d", seed).isLessThanOrEqualTo(UnitPlanner.UNIT_BYTES);
            assertThat(unit.get().pieces().size()).isBetween(1, UnitPlanner.UNIT_FILES);
            for (Piece piece : unit.get().pieces()) {
                assertThat(piece.offset()).as("seed %d", seed).isEqualTo(covered[piece.file()]);
                covered[piece.file()] += piece.length();
                seen[piece.file()] = true;
            }
        }
        for (int file = 0; file < count; file++) {
            assertThat(covered[file]).as("seed %d", seed).isEqualTo(files.size(file));
            assertThat(seen[file]).as("seed %d", seed).isTrue();
        }
    }
}
