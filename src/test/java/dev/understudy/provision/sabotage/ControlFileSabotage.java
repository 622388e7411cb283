package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.CONTROL_FILE_CRC_WRONG;
import static dev.understudy.error.ErrorCode.FILE_MISSING;
import static dev.understudy.error.ErrorCode.SOURCE_CHANGED;
import static dev.understudy.error.ErrorCode.TARGET_CHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** pg_control: before it has its name, and after. */
final class ControlFileSabotage {
    private static final String COPY = "copy-data-directory";
    private static final String RENDER = "render-recovery";
    private static final String CONTROL = "global/pg_control";
    private static final String PENDING = "global/pg_control.understudy";
    private static final Pattern CONSISTENT =
            Pattern.compile("consistent recovery state reached at ([0-9A-F]+/[0-9A-F]+)");

    private ControlFileSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("pg_control was copied before the backup began")
                        .before("start-backup", scene -> scene.remember("control", scene.onPrimary(CONTROL)))
                        .after(COPY, scene -> scene.put(scene.target(PENDING), scene.remembered("control")))
                        .fails(TARGET_CHANGED, "pg_control is older than the backup"),
                Sabotage.of("pg_control was copied first, once the backup had begun: the seal makes up for it")
                        .before(COPY, scene -> scene.remember("control", scene.onPrimary(CONTROL)))
                        .after(COPY, scene -> scene.put(scene.target(PENDING), scene.remembered("control")))
                        .isHarmless(ControlFileSabotage::wasConsistentAtTheEndOfTheBackup),
                Sabotage.of("pg_control is another cluster's")
                        .after(
                                COPY,
                                scene -> scene.put(
                                        scene.target(PENDING),
                                        Scene.controlFileWith(
                                                Files.readAllBytes(scene.target(PENDING)),
                                                0,
                                                7_563_912_345_678_901_234L,
                                                8)))
                        .fails(SOURCE_CHANGED, "pg_control has system identifier 7563912345678901234"),
                Sabotage.of("pg_control is a diverged clone's, on another timeline")
                        .after(
                                COPY,
                                scene -> scene.put(
                                        scene.target(PENDING),
                                        Scene.controlFileWith(
                                                Files.readAllBytes(scene.target(PENDING)),
                                                timelineOffset(scene),
                                                7,
                                                4)))
                        .fails(TARGET_CHANGED, "pg_control is of timeline 7, the backup of timeline 1"),
                Sabotage.of("one bit of pg_control is flipped before it has its name")
                        .after(COPY, scene -> Scene.flipBit(scene.target(PENDING), 100))
                        .fails(CONTROL_FILE_CRC_WRONG, "incorrect checksum in control file"),
                Sabotage.of("pg_control is missing")
                        .after(COPY, scene -> Files.delete(scene.target(PENDING)))
                        .fails(FILE_MISSING, CONTROL),
                Sabotage.of("one bit of pg_control is flipped before the start")
                        .after(
                                RENDER,
                                scene -> Scene.disguised(scene.target(CONTROL), file -> Scene.flipBit(file, 100)))
                        .fails(TARGET_CHANGED, CONTROL, "checksum"),
                Sabotage.of("the seal is taken off before the start")
                        .after(COPY, scene -> scene.remember("control", scene.target(PENDING)))
                        .after(
                                RENDER,
                                scene -> Scene.disguised(
                                        scene.target(CONTROL), file -> scene.put(file, scene.remembered("control"))))
                        .fails(TARGET_CHANGED, CONTROL, "checksum"),
                Sabotage.of("the seal lets consistency come before the end of the backup")
                        .after(
                                RENDER,
                                scene -> Scene.disguised(
                                        scene.target(CONTROL),
                                        file -> scene.put(
                                                file,
                                                Scene.controlFileWith(
                                                        Files.readAllBytes(file), minRecoveryOffset(scene), 0, 8))))
                        .fails(TARGET_CHANGED, CONTROL, "checksum"));
    }

    /** Source: {@code ControlFileData}; up to 10 the location of the checkpoint before stood before the copy. */
    private static int timelineOffset(Scene scene) {
        return (scene.major().isAtLeast(ServerMajor.V11) ? 40 : 48) + 8;
    }

    private static int minRecoveryOffset(Scene scene) {
        return scene.major().equals(ServerMajor.V11) ? 128 : 136;
    }

    private static void wasConsistentAtTheEndOfTheBackup(Scene scene) throws IOException {
        Matcher consistent = CONSISTENT.matcher(scene.standbyLog());
        assertThat(consistent.find()).isTrue();
        assertThat(Lsn.parse(consistent.group(1))).isGreaterThanOrEqualTo(scene.fact("stop_lsn"));
        ByteBuffer before = ByteBuffer.wrap(scene.remembered("control")).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(before.getLong(minRecoveryOffset(scene)))
                .as("a minimum recovery point of its own")
                .isZero();
    }
}
