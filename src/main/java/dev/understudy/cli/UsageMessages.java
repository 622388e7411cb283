package dev.understudy.cli;

import dev.understudy.report.Printable;
import java.util.Locale;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts picocli's messages into PostgreSQL's style: lower case, names in double quotes, no full stop. */
final class UsageMessages {
    private UsageMessages() {}

    static String rephrase(ParameterException error) {
        if (error instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        String message =
                Printable.line(String.valueOf(error.getMessage())).strip().replace('\'', '"');
        String shortened = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        return shortened.isEmpty() || !Character.isUpperCase(shortened.charAt(0))
                ? shortened
                : shortened.substring(0, 1).toLowerCase(Locale.ROOT) + shortened.substring(1);
    }

    private static String unmatched(UnmatchedArgumentException error) {
        String first = error.getUnmatched().isEmpty()
                ? ""
                : Printable.line(error.getUnmatched().get(0));
        if (first.startsWith("-")) {
            return "unknown option \"%s\"".formatted(first);
        }
        boolean verbExpected = !error.getCommandLine().getSubcommands().isEmpty();
        return (verbExpected ? "unknown command \"%s\"" : "unexpected argument \"%s\"").formatted(first);
    }
}
