package dev.understudy.provision.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Account;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** What looks odd in a data directory and is right: the run ends proven, with the same contents. */
final class HarmlessOddities {
    private static final String START = "start-backup";
    private static final long SPARSE_BYTES = 16L << 20;

    private static final List<String> NAMES = List.of(
            "sp ace ",
            "new\nline",
            "quo'te\"s",
            "-dash",
            "$(touch x)",
            "\u00fcn\u00efc\u00f6de",
            "back\\slash",
            "%41",
            "*",
            "x".repeat(255));

    private HarmlessOddities() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("file names with odd characters")
                        .before(START, HarmlessOddities::makeOddFiles)
                        .isHarmless(HarmlessOddities::hasOddFiles),
                Sabotage.of("file names with odd characters, through SQL")
                        .with("via", "sql")
                        .with("primary_host", "none")
                        .before(START, HarmlessOddities::makeOddFiles)
                        .isHarmless(HarmlessOddities::hasOddFiles),
                Sabotage.of("a sparse file")
                        .before(START, HarmlessOddities::makeSparse)
                        .isHarmless(scene -> assertThat(Files.size(scene.target(scene.file("sparse"))))
                                .isEqualTo(SPARSE_BYTES)),
                Sabotage.of("unlogged relations, of which only the empty form is copied")
                        .before(
                                "copy-data-directory",
                                scene -> scene.primary().execute("INSERT INTO passing SELECT generate_series(1, 10)"))
                        .isHarmless(scene -> {
                            Path file = scene.target(scene.file("passing"));
                            assertThat(file).doesNotExist();
                            assertThat(Path.of(file + "_init")).exists();
                        }),
                Sabotage.of("a named pipe in the primary's data directory, which nobody writes to")
                        .before(START, scene -> {
                            Path pipe = scene.onPrimary("base/pipe");
                            Account.run(Account.asServer(List.of("mkfifo", pipe.toString())), Map.of());
                            scene.afterwards(end -> Files.delete(pipe));
                        })
                        .isHarmless(
                                scene -> assertThat(scene.target("base/pipe")).doesNotExist()));
    }

    private static void makeOddFiles(Scene scene) throws IOException {
        for (String name : NAMES) {
            Path file = scene.onPrimary("base/" + name);
            scene.put(file, "contents of " + name);
            scene.afterwards(end -> Files.delete(file));
        }
    }

    private static void hasOddFiles(Scene scene) throws IOException {
        for (String name : NAMES) {
            assertThat(scene.target("base/" + name)).hasContent("contents of " + name);
        }
    }

    private static void makeSparse(Scene scene) throws IOException {
        scene.primary().execute("CREATE TABLE sparse AS SELECT generate_series(1, 100) AS n");
        scene.checkpoint();
        Path file = scene.onPrimary(scene.file("sparse"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), SPARSE_BYTES - 1);
        }
        scene.afterwards(end -> end.primary().execute("DROP TABLE sparse"));
    }
}
