package dev.understudy.cli.inspect;

import dev.understudy.error.UnderstudyException;
import picocli.CommandLine;

/** Runs {@code inspect} alone, for trials by hand and for the tests. */
final class InspectMain {
    private InspectMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new InspectCommand()).setExecutionExceptionHandler((exception, command, result) -> {
            if (exception instanceof UnderstudyException error) {
                command.getErr().println(error.describe());
                command.getErr().flush();
                return switch (error.code().category()) {
                    case FINDINGS -> 1;
                    case USAGE -> 2;
                    case REFUSED -> 3;
                    case FAILED -> 4;
                    case LEFT -> 5;
                    case DEFECT -> 70;
                };
            }
            throw exception;
        });
    }
}
