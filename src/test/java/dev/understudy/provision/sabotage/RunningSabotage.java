package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.INDEX_CORRUPT;
import static dev.understudy.error.ErrorCode.NOT_PROVEN;
import static dev.understudy.error.ErrorCode.PAGE_CORRUPT;

import dev.understudy.postgres.ServerMajor;
import java.nio.file.Files;
import java.util.List;

/** Done to the standby while its server runs already, before the proof. */
final class RunningSabotage {
    private static final String START = "start-standby";

    private RunningSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("a relation file is dropped from under the running standby")
                        .after(START, scene -> Files.delete(scene.target(scene.file("orders"))))
                        .fails(NOT_PROVEN, "relation public.orders of database \"postgres\" has no file"),
                Sabotage.of("a relation file of a tablespace is dropped from under the running standby")
                        .after(START, scene -> Files.delete(scene.target(scene.file("elsewhere"))))
                        .fails(NOT_PROVEN, "relation public.elsewhere of database \"postgres\" has no file"),
                Sabotage.of("one bit of a page is flipped under the running standby, unseen")
                        .readingAll()
                        .after(
                                START,
                                scene -> Scene.disguised(
                                        scene.target(scene.file("orders")), file -> Scene.flipBit(file, 8192 + 4000)))
                        .fails(PAGE_CORRUPT, "page 1 of", "is corrupt"),
                Sabotage.of("an index of the running standby is another's, every page of it well")
                        .readingAll()
                        .from(ServerMajor.V11)
                        .after(
                                START,
                                scene -> Scene.overwrite(
                                        scene.target(scene.file("orders_backwards")),
                                        0,
                                        Files.readAllBytes(scene.target(scene.file("orders_id")))))
                        .fails(INDEX_CORRUPT, "orders_backwards"));
    }
}
