package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Required;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** PostgreSQL 15's own client programs, where the machine has them. */
final class OracleTools {
    private OracleTools() {}

    static Optional<Path> find(String program) {
        Optional<Path> found = Stream.concat(
                        Stream.of("/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin"),
                        Stream.of(System.getenv("PATH").split(":")))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            Required.part("postgresql-15", false, program + " is not there");
        }
        return found;
    }

    static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
