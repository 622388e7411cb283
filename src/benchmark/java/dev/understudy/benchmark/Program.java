package dev.understudy.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs programs and takes their time and the most memory they had. */
public final class Program {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final long LOOK_EVERY_MILLIS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path output;
    private final Map<String, String> environment;

    /**
     * @param output where what they write goes, errors beside it; only the last one's is kept
     * @param environment added to this process's
     */
    public Program(Path output, Map<String, String> environment) {
        this.output = output;
        this.environment = Map.copyOf(environment);
    }

    /**
     * How a program ran.
     *
     * @param seconds from start to end
     * @param peakResidentBytes the most memory it had at a time, without its children; looked at every 20 ms
     * @param output what it wrote to its standard output
     */
    public record Ran(double seconds, long peakResidentBytes, String output) {
        public double peakMegabytes() {
            return peakResidentBytes / 1e6;
        }

        /** This one and then another, as one; what the other wrote. */
        public Ran then(Ran other) {
            return new Ran(seconds + other.seconds, Math.max(peakResidentBytes, other.peakResidentBytes), other.output);
        }

        /** The same with another time, of which it was a part. */
        public Ran lasting(double other) {
            return new Ran(other, peakResidentBytes, output);
        }

        /** What it wrote last, which is the report of a run. */
        public JsonNode report() {
            List<String> lines = output.lines().toList();
            try {
                return JSON.readTree(lines.get(lines.size() - 1));
            } catch (IOException e) {
                throw new UncheckedIOException(output, e);
            }
        }
    }

    /** Starts a program in a process group of its own. */
    public Process start(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().remove("SSH_AUTH_SOCK");
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end; fails if its status is not 0. */
    public Ran run(List<String> command) {
        long begun = System.nanoTime();
        Process process = start(command);
        long peak = 0;
        try {
            do {
                peak = Math.max(peak, peakResidentBytes(process.pid()));
            } while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS));
            double seconds = (System.nanoTime() - begun) / 1e9;
            String said = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IllegalStateException(
                        "status " + process.exitValue() + ": " + command + "\n" + said + Files.readString(errors()));
            }
            return new Ran(seconds, peak, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Path errors() {
        return output.resolveSibling(output.getFileName() + ".err");
    }

    private static long peakResidentBytes(long pid) {
        try {
            Matcher found = PEAK.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return found.find() ? Long.parseLong(found.group(1)) * 1024 : 0;
        } catch (IOException ended) {
            return 0;
        }
    }
}
