package dev.understudy.cli;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the manual pages. */
@Command(
        name = "generate-man-pages",
        description = "Writes a manual page for each command into a directory.",
        footer = {"", "Example:", "  understudy generate-man-pages ~/.local/share/man/man1 && man understudy-run"})
final class ManPagesCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "DIRECTORY", description = "Where to write them; made if it is not there.")
    private Path directory = Path.of(".");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ManPagesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<String, String> pages = ManPages.of(spec.root().commandLine());
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(directory.resolve(page.getKey()), page.getValue());
            }
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.OUTPUT_FAILED, "could not write manual pages to \"%s\"", directory)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
        console.out().line("%d manual pages are in \"%s\".".formatted(pages.size(), directory));
        return ExitCode.OK.number();
    }
}
