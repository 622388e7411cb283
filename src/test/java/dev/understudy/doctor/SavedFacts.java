package dev.understudy.doctor;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.FactsJson;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Facts of real servers in known states, kept to be examined without any server. */
final class SavedFacts {
    private static final Path DIRECTORY = Path.of("src/test/resources/dev/understudy/doctor/facts");

    private SavedFacts() {}

    /** Saves facts under the cause that they show, if told to; places of this machine are renamed. */
    static void write(
            String cause, ServerMajor major, Facts facts, EmbeddedPostgres primary, EmbeddedPostgres standby) {
        if (!"write".equals(System.getProperty("understudy.corpus"))) {
            return;
        }
        String json = FactsJson.write(facts);
        if (standby != null) {
            json = json.replace(standby.logFile().getParent().toString(), "/srv/standby");
        }
        json = json.replace(primary.dataDirectory().getParent().toString(), "/srv/primary")
                .replace(primary.binDirectory().toString(), "/usr/lib/postgresql/bin");
        try {
            Files.createDirectories(DIRECTORY);
            Files.writeString(DIRECTORY.resolve(cause + "@" + major + ".json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cause that a file's name says. */
    static String cause(Path file) {
        return file.getFileName().toString().replaceFirst("@.*", "");
    }

    static Facts read(Path file) {
        try {
            return FactsJson.read(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
