package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.NOT_PROVEN;
import static dev.understudy.error.ErrorCode.TARGET_CHANGED;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Files missing, added, or changed in size or time since the copy wrote them: the quick depth notices each. */
final class FileSabotage {
    private static final String COPY = "copy-data-directory";
    private static final String RENDER = "render-recovery";

    private FileSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("a relation file is dropped while the target is being copied")
                        .applied(COPY, scene -> Files.delete(scene.target(scene.file("orders"))))
                        .fails(TARGET_CHANGED, "missing"),
                Sabotage.of("a relation file is dropped before the start")
                        .after(RENDER, scene -> Files.delete(scene.target(scene.file("orders"))))
                        .fails(TARGET_CHANGED, "missing"),
                Sabotage.of("a relation file is truncated")
                        .after(RENDER, scene -> truncate(scene.target(scene.file("orders")), 8192))
                        .fails(TARGET_CHANGED, "8192 bytes, the copy left"),
                Sabotage.of("one page is zeroed")
                        .after(RENDER, scene -> Scene.zeroPage(scene.target(scene.file("orders")), 1))
                        .fails(TARGET_CHANGED, "was modified at"),
                Sabotage.of("a file is changed within the very second of its time")
                        .after(RENDER, scene -> {
                            Path file = scene.target(scene.file("orders"));
                            long second = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
                            Scene.flipBit(file, 9000);
                            Files.setLastModifiedTime(file, FileTime.from(second * 1000 + 1, TimeUnit.MILLISECONDS));
                        })
                        .fails(TARGET_CHANGED, "was modified at"),
                Sabotage.of("pg_xact is stale")
                        .before(COPY, scene -> scene.remember("xact", scene.onPrimary(xact(scene))))
                        .after(RENDER, scene -> scene.put(scene.target(xact(scene)), scene.remembered("xact")))
                        .fails(TARGET_CHANGED, "0000", "was modified at"),
                Sabotage.of("pg_multixact is stale")
                        .after(
                                RENDER,
                                scene -> scene.put(
                                        scene.target("pg_multixact/offsets/0000"),
                                        Files.readAllBytes(scene.target("pg_multixact/offsets/0000"))))
                        .fails(TARGET_CHANGED, "pg_multixact/offsets/0000", "was modified at"),
                Sabotage.of("pg_filenode.map is stale")
                        .after(
                                RENDER,
                                scene -> scene.put(
                                        scene.target("global/pg_filenode.map"),
                                        Files.readAllBytes(scene.target("global/pg_filenode.map"))))
                        .fails(TARGET_CHANGED, "global/pg_filenode.map", "was modified at"),
                Sabotage.of("a file is a link to the primary's own")
                        .after(RENDER, scene -> {
                            Path file = scene.target(scene.file("orders"));
                            Files.delete(file);
                            Files.createSymbolicLink(file, scene.onPrimary(scene.file("orders")));
                        })
                        .fails(TARGET_CHANGED, "missing"),
                Sabotage.of("a file is another name of the primary's own")
                        .after(RENDER, scene -> {
                            Path file = scene.target(scene.file("orders"));
                            Files.delete(file);
                            Files.createLink(file, scene.onPrimary(scene.file("orders")));
                        })
                        .fails(TARGET_CHANGED, "was modified at"),
                Sabotage.of("a segment that the copy did not write")
                        .after(RENDER, scene -> {
                            String segment = scene.file("orders") + ".1";
                            scene.put(scene.target(segment), Files.readAllBytes(scene.target(scene.file("orders"))));
                        })
                        .fails(TARGET_CHANGED, "did not write it"),
                Sabotage.of("contents of an unlogged relation that the copy left out")
                        .after(
                                RENDER,
                                scene -> scene.put(
                                        scene.target(scene.file("passing")),
                                        Files.readAllBytes(scene.onPrimary(scene.file("passing")))))
                        .fails(TARGET_CHANGED, "did not write it"),
                Sabotage.of("a relation's file is lost on the primary, so that no copy can have it")
                        .before("start-backup", scene -> {
                            // Before the backup begins, so that no WAL of it brings the file back.
                            scene.primary().execute("CREATE TABLE lost AS SELECT generate_series(1, 100) AS n");
                            scene.checkpoint();
                        })
                        .before(COPY, FileSabotage::lose)
                        .fails(NOT_PROVEN, "relation public.lost of database \"postgres\" has no file"),
                Sabotage.of("the copy's inventory is gone")
                        .after(
                                RENDER,
                                scene ->
                                        Files.delete(scene.context().directory().resolve("inventory")))
                        .fails(TARGET_CHANGED, "no inventory"));
    }

    private static String xact(Scene scene) {
        return (scene.isModern() ? "pg_xact" : "pg_clog") + "/0000";
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void lose(Scene scene) throws IOException {
        Path file = scene.onPrimary(scene.file("lost"));
        Path away = scene.primary().scratch("away").resolve("lost");
        Files.move(file, away);
        scene.afterwards(end -> {
            Files.move(away, file);
            end.primary().execute("DROP TABLE lost");
        });
    }
}
