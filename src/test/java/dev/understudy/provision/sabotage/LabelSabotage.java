package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.NOT_PROVEN;
import static dev.understudy.error.ErrorCode.TARGET_CHANGED;

import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** The label, and the files that decide as what the server starts. */
final class LabelSabotage {
    private static final String RENDER = "render-recovery";
    private static final String LABEL = "backup_label";

    private LabelSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("the label is missing")
                        .after(RENDER, scene -> Files.delete(scene.target(LABEL)))
                        .fails(TARGET_CHANGED, "\"backup_label\"", "missing"),
                Sabotage.of("somebody else's label, of the same size and time")
                        .after(
                                RENDER,
                                scene -> disguised(
                                        scene, text -> text.replace("LABEL: understudy", "LABEL: somebody's")))
                        .fails(TARGET_CHANGED, "\"backup_label\"", "checksum"),
                Sabotage.of("a label with another start LSN, of the same size and time")
                        .after(RENDER, scene -> disguised(scene, LabelSabotage::otherStart))
                        .fails(TARGET_CHANGED, "\"backup_label\"", "checksum"),
                Sabotage.of("the label of an earlier backup with the same start point")
                        .after(
                                RENDER,
                                scene -> rewrite(
                                        scene,
                                        scene.target(LABEL),
                                        text -> text.replaceAll("LABEL: .*", "LABEL: nightly")))
                        .fails(TARGET_CHANGED, "\"backup_label\""),
                Sabotage.of("somebody else's label among the run's own files, before it is installed")
                        .after(
                                "stop-backup",
                                scene -> rewrite(
                                        scene,
                                        scene.context().directory().resolve(LABEL),
                                        text -> text.replaceAll("LABEL: .*", "LABEL: nightly")))
                        .fails(TARGET_CHANGED, "backup_label", "not as the primary returned it"),
                Sabotage.of("a label that lets replay begin at a later checkpoint than its start")
                        .after(
                                "stop-backup",
                                scene -> rewrite(
                                        scene,
                                        scene.context().directory().resolve(LABEL),
                                        text -> text.replaceAll(
                                                "CHECKPOINT LOCATION: .*",
                                                "CHECKPOINT LOCATION: " + scene.fact("stop_lsn"))))
                        .fails(TARGET_CHANGED, "backup_label", "not as the primary returned it"),
                Sabotage.of("the label that the server recovered from is gone when it is asked for")
                        .after("start-standby", scene -> Files.delete(scene.target("backup_label.old")))
                        .fails(NOT_PROVEN, "no backup_label.old", "did not recover from our label"),
                Sabotage.of("the label that the server recovered from turns out to be another's")
                        .after(
                                "start-standby",
                                scene -> rewrite(
                                        scene,
                                        scene.target("backup_label.old"),
                                        text -> text.replaceAll("LABEL: .*", "LABEL: nightly")))
                        .fails(NOT_PROVEN, "backup_label.old is not ours", "nightly"),
                Sabotage.of("the label that the server recovered from had another checkpoint")
                        .after(
                                "start-standby",
                                scene -> rewrite(
                                        scene,
                                        scene.target("backup_label.old"),
                                        text -> text.replaceAll(
                                                "CHECKPOINT LOCATION: .*", "CHECKPOINT LOCATION: 0/DEAD0")))
                        .fails(NOT_PROVEN, "not the one that the primary returned"),
                Sabotage.of("the signal file is missing")
                        .from(ServerMajor.V12)
                        .after(RENDER, scene -> Files.delete(scene.target("standby.signal")))
                        .fails(TARGET_CHANGED, "standby.signal", "missing"),
                Sabotage.of("recovery.conf is missing")
                        .upTo(ServerMajor.V11)
                        .after(RENDER, scene -> Files.delete(scene.target("recovery.conf")))
                        .fails(TARGET_CHANGED, "recovery.conf", "missing"),
                Sabotage.of("a second signal file")
                        .after(RENDER, scene -> scene.put(scene.target("recovery.signal"), ""))
                        .fails(TARGET_CHANGED, "recovery.signal", "did not write it"),
                Sabotage.of("a second signal file that is a link")
                        .after(
                                RENDER,
                                scene ->
                                        Files.createSymbolicLink(scene.target("recovery.signal"), Path.of("/dev/null")))
                        .fails(TARGET_CHANGED, "recovery.signal", "link"),
                Sabotage.of("the primary's connection replaced by another, of the same size and time")
                        .after(RENDER, scene -> {
                            String file =
                                    scene.major().isAtLeast(ServerMajor.V12) ? "postgresql.auto.conf" : "recovery.conf";
                            Scene.disguised(
                                    scene.target(file),
                                    path -> rewrite(scene, path, text -> text.replace("127.0.0.1", "127.0.0.2")));
                        })
                        .fails(TARGET_CHANGED, "checksum"));
    }

    private static void disguised(Scene scene, UnaryOperator<String> change) throws IOException {
        Scene.disguised(scene.target(LABEL), path -> rewrite(scene, path, change));
    }

    /** One hexadecimal digit of the start another. */
    private static String otherStart(String text) {
        int end = text.indexOf(" (file");
        char last = text.charAt(end - 1);
        return text.substring(0, end - 1) + (last == '8' ? '0' : '8') + text.substring(end);
    }

    private static void rewrite(Scene scene, Path file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(file);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalStateException("nothing to change in " + file + ":\n" + before);
        }
        scene.put(file, after);
    }
}
