package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Password files and service files. */
public final class ConnectionFilesFuzz {
    private static final Path FILE = temporary();

    private ConnectionFilesFuzz() {}

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("understudy-fuzz", ".pgpass"); // Mode 0600, as a password file must have.
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(Set.of(), () -> {
            Files.write(FILE, bytes);
            new PassFile(FILE, warning -> {}).find("db1", "5432", "replication", "u:\\x");
        });
        Environment environment = new Environment(Map.of(), "u", FILE.resolveSibling("."));
        Fuzz.reading(
                Set.of(ErrorCode.SERVICE_NOT_FOUND, ErrorCode.CONNINFO_INVALID),
                () -> ServiceFile.options("primary", FILE.toString(), environment));
    }

    public static List<byte[]> seeds() {
        return Stream.of(
                        "# comment\ndb1:5432:*:u\\:\\\\x:pass\\:word\n*:*:*:*:other\n",
                        "[other]\nhost=a\n\n[primary]\n# comment\nhost=db1\npassword=x\nport=5432\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
