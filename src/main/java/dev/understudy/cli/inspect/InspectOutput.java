package dev.understudy.cli.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every subcommand of {@code inspect} shares: the choice of form, and where to print. */
final class InspectOutput {
    enum Format {
        text,
        json
    }

    static final int OK = 0;
    static final int FINDINGS = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Form of the output (default: ${DEFAULT-VALUE}).")
    private Format format = Format.text;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    boolean isJson() {
        return format == Format.json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** One line of JSON, without its newline. */
    static String line(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JSON for one answer, over several lines. */
    void print(ObjectNode node) {
        out().println(node.toPrettyString());
        out().flush();
    }

    /** A line of text, {@code name} padded as pg_controldata does. */
    void print(String name, Object value) {
        out().println(padded(name) + value);
    }

    static String padded(String name) {
        return "%-38s".formatted(name + ":");
    }

    /** Prints an error that does not keep the rest from being shown. */
    void complain(UnderstudyException error) {
        out().flush();
        err().println(error.describe());
        err().flush();
    }

    static byte[] bytesOf(Path file, int atMost) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(atMost);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static UnderstudyException unreadable(Path file, IOException e) {
        return UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "could not read file \"%s\"", file)
                .detail("%s", Reasons.of(e))
                .cause(e)
                .build();
    }
}
