package dev.understudy.cli;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ErrorReporter;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.LibraryLogs;
import dev.understudy.cli.console.Version;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Where the process begins and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int status = execute(Console.system(), arguments);
        System.exit(status);
    }

    /** Runs one command line and gives its exit code; never throws. */
    public static int execute(Console console, String... arguments) {
        if (isVersionAsked(arguments)) {
            console.out().line(Version.line());
            return ExitCode.OK.number();
        }
        ErrorReporter errors = new ErrorReporter(console);
        if (arguments.length == 0) {
            errors.showUsage("no command given", "understudy");
            return ExitCode.USAGE.number();
        }
        LibraryLogs.silence();
        CommandLine commands = Commands.of(console);
        commands.setOut(new java.io.PrintWriter(console.out().print(), true));
        commands.setErr(new java.io.PrintWriter(console.err().print(), true));
        commands.setColorScheme(
                CommandLine.Help.defaultColorScheme(console.out().colour() ? Ansi.ON : Ansi.OFF));
        commands.setExecutionExceptionHandler(
                (error, command, parsed) -> errors.report(error).number());
        commands.setParameterExceptionHandler((error, parsed) -> usage(errors, error));
        try {
            return commands.execute(arguments);
        } catch (Throwable error) {
            return errors.report(error).number();
        } finally {
            console.out().print().flush();
            console.err().print().flush();
        }
    }

    /** Scripts ask for it often, and it needs none of the commands. */
    private static boolean isVersionAsked(String[] arguments) {
        return arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"));
    }

    private static int usage(ErrorReporter errors, ParameterException error) {
        errors.showUsage(
                UsageMessages.rephrase(error),
                error.getCommandLine().getCommandSpec().qualifiedName());
        return ExitCode.USAGE.number();
    }
}
