package dev.understudy.provision.sabotage;

import static dev.understudy.error.ErrorCode.NOT_PROVEN;
import static dev.understudy.error.ErrorCode.TARGET_CHANGED;

import dev.understudy.testing.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tablespaces missing, or leading to the primary's own. */
final class TablespaceSabotage {
    private static final String RENDER = "render-recovery";

    private TablespaceSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("a tablespace is missing")
                        .after(
                                RENDER,
                                scene -> Files.move(
                                        scene.tablespace(), scene.tablespace().resolveSibling("moved-away")))
                        .fails(TARGET_CHANGED, "pg_tblspc/", "missing"),
                Sabotage.of("a tablespace's link leads to the primary's own directory")
                        .after(RENDER, TablespaceSabotage::relink)
                        .fails(TARGET_CHANGED, "no link to it"),
                Sabotage.of("a tablespace's directory is a link to the primary's own")
                        .after(RENDER, scene -> {
                            Files.move(scene.tablespace(), scene.tablespace().resolveSibling("moved-away"));
                            Files.createSymbolicLink(scene.tablespace(), primarys(scene));
                        })
                        .fails(TARGET_CHANGED, "pg_tblspc/"),
                Sabotage.of("the tablespace map leads to the primary's own directory")
                        .after(
                                RENDER,
                                scene -> scene.put(
                                        scene.target("tablespace_map"),
                                        Files.readString(scene.target("tablespace_map"))
                                                .replace(
                                                        scene.tablespace().toString(),
                                                        primarys(scene).toString())))
                        .fails(TARGET_CHANGED, "tablespace_map"),
                Sabotage.of("the tablespace map is missing")
                        .after(RENDER, scene -> Files.delete(scene.target("tablespace_map")))
                        .fails(TARGET_CHANGED, "tablespace_map", "missing"),
                Sabotage.of("a running standby's tablespace link leads to the primary's own directory")
                        .after("start-standby", TablespaceSabotage::relink)
                        .fails(NOT_PROVEN, "link \"pg_tblspc/", "of the standby leads to"));
    }

    private static Path primarys(Scene scene) throws IOException {
        return Files.readSymbolicLink(link(scene.onPrimary("pg_tblspc")));
    }

    private static Path link(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findFirst().orElseThrow();
        }
    }

    private static void relink(Scene scene) throws IOException {
        Path link = link(scene.target("pg_tblspc"));
        Path mine = Files.readSymbolicLink(link);
        Files.delete(link);
        Files.createSymbolicLink(link, primarys(scene));
        if (Account.isRoot()) {
            Account.run(List.of("chown", "-h", Account.ofServers(), link.toString()), Map.of());
        }
        if (mine.equals(primarys(scene))) {
            throw new IllegalStateException("led there before");
        }
    }
}
