package dev.understudy.cli.console;

import dev.understudy.error.Category;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Tells a person what went wrong, as {@code psql} would: message, DETAIL, HINT. */
public final class ErrorReporter {
    private final Console.Stream stream;

    public ErrorReporter(Console console) {
        this.stream = console.err();
    }

    /** Shows any error and gives the exit code that goes with it. */
    public ExitCode report(Throwable error) {
        if (error instanceof UnderstudyException known) {
            show(known);
            return ExitCode.of(known.code().category());
        }
        showDefect(error);
        return ExitCode.DEFECT;
    }

    public void show(UnderstudyException error) {
        line("error", error.describe());
        if (error.code().category() == Category.DEFECT) {
            line("detail", "DETAIL:  " + keepDetails(error));
        }
    }

    /** A message about usage, with the command whose help to look at. */
    public void showUsage(String message, String command) {
        line("error", message);
        stream.line("HINT:  Try \"%s --help\".".formatted(command));
    }

    /** The message of a foreign exception may quote anything, a password too; so only its kind is shown. */
    private void showDefect(Throwable error) {
        line("error", "defect in Understudy: " + error.getClass().getSimpleName());
        line("detail", "DETAIL:  " + keepDetails(error));
        stream.line("HINT:  Please report this. If a run was under way, \"understudy runs\" shows how it stands.");
    }

    private void line(String kind, String text) {
        String prefix = kind.equals("error") ? "understudy: " + red("error: ") : "";
        stream.line(prefix + text);
    }

    private String red(String text) {
        return stream.colour() ? "\u001B[1;31m" + text + "\u001B[0m" : text;
    }

    /** Where in the code it happened, without any message, in a file that only this account can read. */
    private static String keepDetails(Throwable error) {
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Path file = Files.createTempFile("understudy-defect-", ".txt", ownerOnly);
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
                writer.println("understudy " + Version.number() + ", Java " + System.getProperty("java.version"));
                for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                    writer.println(cause.getClass().getName());
                    for (StackTraceElement element : cause.getStackTrace()) {
                        writer.println("    at " + element);
                    }
                }
            }
            return "Where it happened is written in \"%s\".".formatted(file);
        } catch (IOException e) {
            return "Where it happened could not be written to a file: %s."
                    .formatted(e.getClass().getSimpleName());
        }
    }
}
