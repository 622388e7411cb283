package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.BACKUP_END_MISSING;
import static dev.understudy.error.ErrorCode.TARGET_CHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** WAL damaged, missing, or somebody else's. What only an archive can lose is in {@link SabotagedSurroundingsIT}. */
final class WalSabotage {
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int RECORD_BYTES = 40;
    private static final int SYSTEM_IDENTIFIER_OFFSET = 24;
    private static final String RENDER = "render-recovery";

    private WalSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("the record of the backup's end is damaged on the primary")
                        .applied("stop-backup", scene -> {
                            Path segment = scene.onPrimary(scene.walName()).resolve(endSegment(scene));
                            Scene.flipBit(segment, endOffset(scene));
                            scene.afterwards(end -> Scene.flipBit(segment, endOffset(end)));
                        })
                        .fails(BACKUP_END_MISSING, "no intact BACKUP_END record", "checksum"),
                Sabotage.of("WAL of another system lies in the standby's WAL directory")
                        .after(RENDER, scene -> {
                            byte[] segment = Files.readAllBytes(
                                    scene.onPrimary(scene.walName()).resolve(endSegment(scene)));
                            segment[SYSTEM_IDENTIFIER_OFFSET] ^= 1;
                            scene.put(scene.target(scene.walName()).resolve(endSegment(scene)), segment);
                        })
                        .fails(TARGET_CHANGED, "is WAL that no backup of this run brought"),
                Sabotage.of("WAL of a diverged clone lies in the standby's WAL directory")
                        .after(
                                RENDER,
                                scene -> scene.put(
                                        scene.target(scene.walName()).resolve(endSegment(scene)),
                                        Files.readAllBytes(
                                                scene.onPrimary(scene.walName()).resolve(endSegment(scene)))))
                        .fails(TARGET_CHANGED, "is WAL that no backup of this run brought"),
                Sabotage.of("the history of a timeline that never was lies in the standby's WAL directory")
                        .after(
                                RENDER,
                                scene -> scene.put(
                                        scene.target(scene.walName()).resolve("00000002.history"),
                                        "1\t" + scene.fact("stop_lsn") + "\tno recovery target specified\n"))
                        .fails(TARGET_CHANGED, "00000002.history", "is WAL that no backup of this run brought"),
                Sabotage.of(
                                "the record of the backup's end is damaged in the WAL that came with the copy: it is fetched again")
                        .with("wal", "stream")
                        .after(
                                RENDER,
                                scene -> Scene.flipBit(
                                        scene.target(scene.walName())
                                                .resolve("received")
                                                .resolve(endSegment(scene)),
                                        endOffset(scene)))
                        .isHarmless(WalSabotage::hasTheEnd),
                Sabotage.of("a segment of the WAL that came with the copy is missing: it is fetched again")
                        .with("wal", "stream")
                        .after(
                                RENDER,
                                scene -> Files.delete(scene.target(scene.walName())
                                        .resolve("received")
                                        .resolve(endSegment(scene))))
                        .isHarmless(WalSabotage::hasTheEnd));
    }

    /** The segment that BACKUP_END lies in; the test clusters have the usual size and one timeline. */
    static String endSegment(Scene scene) {
        long number = endByte(scene) / SEGMENT_BYTES;
        return "00000001%08X%08X".formatted(number >> 8, number & 0xFF);
    }

    private static long endOffset(Scene scene) {
        return endByte(scene) % SEGMENT_BYTES;
    }

    /** A byte of the record's payload. */
    private static long endByte(Scene scene) {
        Lsn stop = scene.fact("stop_lsn");
        return stop.bytes() - RECORD_BYTES + 28;
    }

    private static void hasTheEnd(Scene scene) throws IOException {
        try (Stream<Path> left = Files.list(scene.target(scene.walName()))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .contains(endSegment(scene))
                    .doesNotContain("received");
        }
    }
}
