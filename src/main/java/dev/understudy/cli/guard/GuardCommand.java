package dev.understudy.cli.guard;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.guard.CloneGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what keeps a booted clone of a machine from starting its server unsealed. */
@Command(
        name = "guard",
        description = "Prints a script that installs the clone guard on the machine that will be cloned: a booted clone"
                + " then refuses to start its PostgreSQL before it is sealed. Installed on the source, once, as root.",
        footer = {
            "",
            "Examples:",
            "  understudy guard -D /var/lib/postgresql/15/main | ssh root@db1 sh",
            "  understudy guard -D /srv/pg/data --unit postgresql-15.service | sh",
            "  understudy guard -D /var/lib/postgresql/15/main -o files"
        })
public final class GuardCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-D", "--data-directory"},
            paramLabel = "DATADIR",
            required = true,
            description = "The data directory on the machine that will be cloned.")
    private String dataDirectory = "";

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            description = "The systemd service that starts its server; postgresql@VERSION-NAME.service for a data"
                    + " directory of Debian's layout.")
    private Optional<String> unit = Optional.empty();

    @Option(
            names = "--program",
            paramLabel = "FILE",
            defaultValue = CloneGuard.PROGRAM,
            description = "Where the guard is installed; ${DEFAULT-VALUE} by default.")
    private String program = CloneGuard.PROGRAM;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "Writes the guard and its drop-in as files into a directory instead of printing an installer.")
    private Optional<Path> output = Optional.empty();

    public GuardCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String directory = dataDirectory.replaceAll("(?<=.)/+$", "");
        CloneGuard guard = new CloneGuard(
                directory,
                unit.map(name -> name.endsWith(".service") ? name : name + ".service")
                        .or(() -> CloneGuard.debianUnit(directory))
                        .orElseThrow(GuardCommand::unitMissing),
                program);
        if (output.isPresent()) {
            write(output.get(), guard);
        } else {
            console.out().print().print(guard.installer());
        }
        return ExitCode.OK.number();
    }

    private static UnderstudyException unitMissing() {
        return UnderstudyException.of(ErrorCode.VALUE_INVALID, "which service starts the server cannot be told")
                .hint("Name it: --unit postgresql-15.service")
                .build();
    }

    private void write(Path directory, CloneGuard guard) {
        try {
            Files.createDirectories(directory);
            write(directory.resolve("understudy-guard"), CloneGuard.script());
            write(directory.resolve("understudy-guard.conf"), guard.dropIn());
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.OUTPUT_FAILED, "could not write into \"%s\"", directory)
                    .detail("%s", e)
                    .cause(e)
                    .build();
        }
        console.err().line("wrote understudy-guard and understudy-guard.conf to " + directory);
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    }
}
