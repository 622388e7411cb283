package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.TARGET_CHANGED;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/** Contents that changed after they were copied while size and time say nothing: found by reading everything again. */
final class ContentSabotage {
    private static final String START = "start-backup";
    private static final String RENDER = "render-recovery";
    private static final String ANOTHER = "another checksum than the copy left";

    private ContentSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("one page is zeroed, unseen")
                        .readingAll()
                        .after(
                                RENDER,
                                scene -> Scene.disguised(
                                        scene.target(scene.file("orders")), file -> Scene.zeroPage(file, 1)))
                        .fails(TARGET_CHANGED, ANOTHER),
                Sabotage.of("one bit is flipped, unseen")
                        .readingAll()
                        .after(
                                RENDER,
                                scene -> Scene.disguised(
                                        scene.target(scene.file("orders")), file -> Scene.flipBit(file, 8192 + 4000)))
                        .fails(TARGET_CHANGED, ANOTHER),
                Sabotage.of("one bit is flipped in a tablespace, unseen")
                        .readingAll()
                        .after(
                                RENDER,
                                scene -> Scene.disguised(
                                        scene.target(scene.file("elsewhere")), file -> Scene.flipBit(file, 4000)))
                        .fails(TARGET_CHANGED, "pg_tblspc/", ANOTHER),
                Sabotage.of("one page is from the past, unseen")
                        .readingAll()
                        .before(START, scene -> {
                            scene.checkpoint();
                            scene.remember("orders", scene.onPrimary(scene.file("orders")));
                            scene.primary().execute("UPDATE orders SET note = note WHERE id < 20");
                        })
                        .after(
                                RENDER,
                                scene -> Scene.disguised(
                                        scene.target(scene.file("orders")),
                                        file -> Scene.overwrite(
                                                file, 0, Arrays.copyOf(scene.remembered("orders"), 8192))))
                        .fails(TARGET_CHANGED, ANOTHER),
                stale("pg_xact is stale, unseen", ContentSabotage::transactions, ContentSabotage::xact),
                stale(
                        "pg_multixact is stale, unseen",
                        ContentSabotage::lockTogether,
                        scene -> "pg_multixact/offsets/0000"),
                stale(
                        "pg_filenode.map is stale, unseen",
                        scene -> scene.primary().execute("VACUUM FULL pg_class"),
                        scene -> Path.of(scene.file("pg_class"))
                                .resolveSibling("pg_filenode.map")
                                .toString()));
    }

    private interface Names {
        String in(Scene scene);
    }

    /** A file as it was before something happened that the backup has. */
    private static Sabotage stale(String name, Tampering happening, Names file) {
        return Sabotage.of(name)
                .readingAll()
                .before(START, scene -> {
                    scene.checkpoint();
                    scene.remember("stale", scene.onPrimary(file.in(scene)));
                    happening.on(scene);
                })
                .after(
                        RENDER,
                        scene -> Scene.disguised(
                                scene.target(file.in(scene)), path -> scene.put(path, scene.remembered("stale"))))
                .fails(TARGET_CHANGED, ANOTHER);
    }

    private static String xact(Scene scene) {
        return (scene.isModern() ? "pg_xact" : "pg_clog") + "/0000";
    }

    private static void transactions(Scene scene) {
        for (int round = 0; round < 20; round++) {
            scene.primary().execute("UPDATE counter SET n = n + 1");
        }
    }

    /** Two transactions that share one row's lock make a multixact. */
    private static void lockTogether(Scene scene) throws IOException {
        try (Connection one = scene.primary().connect();
                Connection other = scene.primary().connect();
                Statement first = one.createStatement();
                Statement second = other.createStatement()) {
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            first.execute("SELECT * FROM counter FOR SHARE");
            second.execute("SELECT * FROM counter FOR SHARE");
            one.commit();
            other.commit();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
