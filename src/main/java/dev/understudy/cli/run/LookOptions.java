package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.Format;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.report.Paint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a command that looks at servers and says what it found: facts saved and read, and the result's form. */
public final class LookOptions {
    @Option(
            names = "--collect",
            paramLabel = "FILE",
            description = "Saves the facts, without secrets, to be examined elsewhere.")
    private Optional<Path> collect = Optional.empty();

    @Option(names = "--from", paramLabel = "FILE", description = "Examines saved facts.")
    private Optional<Path> from = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "text|json|html",
            defaultValue = "text",
            description = "How the result is printed; ${DEFAULT-VALUE} by default.")
    private Format format = Format.TEXT;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Writes the result to a file instead of standard output.")
    private Optional<Path> output = Optional.empty();

    /** The file of facts that is to be examined, if one was named. */
    public Optional<Path> from() {
        return from;
    }

    public Format format() {
        return format;
    }

    /** Colour for a terminal, and none for a file. */
    public Paint paint(Console console) {
        return console.out().colour() && output.isEmpty() ? Paint.COLOURED : Paint.PLAIN;
    }

    /** Saves facts, if that was asked for. */
    public void save(String facts) {
        collect.ifPresent(file -> write(file, facts));
    }

    /** Prints a result, or writes it to the file that was named. */
    public void print(Console console, String text) {
        if (output.isPresent()) {
            write(output.get(), text);
        } else {
            console.out().print().print(text);
            console.out().print().flush();
        }
    }

    /**
     * The text of a file.
     *
     * @param code of the error if it cannot be read
     */
    public static String read(Path file, ErrorCode code) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw UnderstudyException.of(code, "could not read file \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.OUTPUT_FAILED, "could not write file \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }
}
