package dev.understudy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import dev.understudy.testing.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo in a process of its own, as people start it. Whatever happens, it leaves nothing. */
final class DemoIT {
    private static final Pattern PLACE = Pattern.compile("all in \"([^\"]+)\"");

    @TempDir
    private Path state;

    private Process start(String... arguments) throws IOException {
        Stream<String> line = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dunderstudy.home=" + Path.of("").toAbsolutePath(),
                "-jar",
                "target/understudy.jar",
                "demo");
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(line, Stream.of(arguments)).toList());
        builder.redirectOutput(state.resolve("out").toFile());
        builder.redirectError(state.resolve("err").toFile());
        builder.environment().put("UNDERSTUDY_STATE", state.toString());
        return builder.start();
    }

    private String out() {
        try {
            return Files.readString(state.resolve("out"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int end(Process demo) throws InterruptedException {
        if (!demo.waitFor(3, TimeUnit.MINUTES)) {
            demo.destroyForcibly();
            throw new IllegalStateException("the demo did not end:\n" + out());
        }
        return demo.exitValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"18", "9.6"})
    void aStandbyOfABusyPrimaryIsProvenAndTheLedgerIsRight(String major) throws Exception {
        int status = end(start("--pg-version", major));

        assertThat(out()).contains("Proven. ").contains("sum 1,000,000: right.").contains("report.html");
        assertThat(status).isZero();
        nothingIsLeft(out());
        try (Stream<Path> files = Files.walk(state.resolve("runs"))) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("report.json", "report.html");
        }
    }

    /** What it says to connect and to end is taken at its word. */
    @Test
    void keptServersGoOnAndEndAsItSays() throws Exception {
        int status = end(start("--keep"));
        assertThat(status).as(out()).isZero();
        Matcher psql = Pattern.compile("\n +psql (.+)").matcher(out());
        List<Boolean> inRecovery = new ArrayList<>();
        while (psql.find()) {
            String keywords = Account.run(List.of("sh", "-c", "printf %s " + psql.group(1)), Map.of());
            try (Session session = Session.open(Conninfo.parse(keywords))) {
                inRecovery.add(session.one(row -> row.flag("r"), "SELECT pg_is_in_recovery() AS r"));
            }
        }
        assertThat(inRecovery).as("primary, standby").containsExactly(false, true);

        String commands = out().substring(out().indexOf("To stop them and remove all:"));
        for (String command :
                commands.lines().skip(1).filter(line -> line.startsWith("  ")).toList()) {
            Account.run(List.of("sh", "-c", command), Map.of());
        }
        nothingIsLeft(out());
    }

    @Test
    void programsReadJsonAloneFromStandardOutput() throws Exception {
        int status = end(start("--format", "json"));

        List<String> lines = out().lines().toList();
        ObjectMapper mapper = new ObjectMapper();
        JsonNode report = mapper.readTree(lines.get(lines.size() - 1));
        assertThat(status).isZero();
        assertThat(report.get("outcome").asText()).isEqualTo("proven");
        assertThat(mapper.readTree(lines.get(0)).get("event").asText()).isEqualTo("run-started");
        for (String line : lines) {
            assertThat(mapper.readTree(line).isObject()).isTrue();
        }
        nothingIsLeft(Files.readString(state.resolve("err")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server programs unpacked", "✓ start-backup", "✓ stop-backup"})
    void toldToStopItClearsUpWhereverItIs(String moment) throws Exception {
        Process demo = start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> out().contains(moment));
        demo.destroy();

        assertThat(end(demo)).isEqualTo(4);
        nothingIsLeft(out());
    }

    private static void nothingIsLeft(String said) {
        Matcher place = PLACE.matcher(said);
        assertThat(place.find()).as(said).isTrue();
        assertThat(Path.of(place.group(1))).doesNotExist();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                        .noneMatch(line -> line.contains(place.group(1))));
    }
}
