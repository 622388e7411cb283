package dev.understudy.pgfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of a real server of each major, made by {@code src/test/scripts/make-golden-pgfile}. */
public record Golden(ServerMajor major, Path directory) {
    /** Every known major, oldest first; a method source for parameterized tests. */
    public static Stream<Golden> all() {
        return FormatVersion.known().stream().map(version -> of(version.major()));
    }

    /** Those whose records pg_walinspect listed, which is there from 15. */
    public static Stream<Golden> withRecords() {
        return all().filter(golden -> Files.exists(golden.directory().resolve("records.csv")));
    }

    public static Golden of(ServerMajor major) {
        try {
            var url = Golden.class.getResource("/dev/understudy/pgfile/golden/" + major);
            if (url == null) {
                throw new AssertionError("no golden files of PostgreSQL " + major);
            }
            return new Golden(major, Path.of(url.toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public byte[] bytes(String name) {
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(bytes(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> lines(String name) {
        try {
            return Files.readAllLines(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return major.toString();
    }
}
