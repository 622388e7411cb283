package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Playbooks, and the plans they give. */
public final class PlaybookFuzz {
    private static final Map<String, String> GIVEN =
            Map.of("primary", "host=db1 password='a b'", "data_directory", "/srv/standby");

    private PlaybookFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Fuzz.reading(Set.of(ErrorCode.PLAYBOOK_INVALID), () -> {
            Playbook playbook = Playbook.read("fuzzed.yaml", text);
            Fuzz.reading(
                    Set.of(ErrorCode.PLAYBOOK_INVALID, ErrorCode.PARAMETER_INVALID),
                    () -> Fuzz.print(playbook.resolve(GIVEN)));
        });
    }

    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String directory : List.of("playbooks", "src/test/resources/dev/understudy/plan/wrong")) {
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    seeds.add(Files.readAllBytes(file));
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return seeds;
    }
}
