package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.page.PageFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect pages}: whether the checksum of every page of a data directory is right. */
@Command(
        name = "pages",
        description = {
            "Checks the checksum of every page of a data directory, as pg_checksums does, but also while a server runs.",
            "Ends with 1 if a checksum is wrong, or if the cluster has none."
        },
        mixinStandardHelpOptions = true)
final class InspectPagesCommand implements Callable<Integer> {
    /** A damaged disk can have millions; what is listed is for people. */
    private static final int MOST_LISTED = 1000;

    @Mixin
    private InspectOutput output = new InspectOutput();

    @Parameters(index = "0", paramLabel = "PATH", description = "The data directory.")
    private @Nullable Path path;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description = "How many threads read and check (default: as many as there are processors).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        Path directory = Objects.requireNonNull(path).toAbsolutePath().normalize();
        ControlFile control = new LocalDirectory(directory)
                .control()
                .orElseThrow(
                        () -> UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "\"%s\" has no pg_control", directory)
                                .hint("Give the data directory itself.")
                                .build());
        if (control.sizes().dataChecksumVersion() == 0) {
            throw UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "cannot check the pages of \"%s\"", directory)
                    .detail("The cluster has no data checksums, so no page tells whether it is right.")
                    .build();
        }
        DirectoryPages.Result result = new DirectoryPages(directory, control).check(Math.max(1, jobs));
        if (output.isJson()) {
            output.print(json(directory, result));
        } else {
            print(directory, result);
        }
        return result.failures().isEmpty() ? InspectOutput.OK : InspectOutput.FINDINGS;
    }

    private static List<DirectoryPages.Failure> listed(DirectoryPages.Result result) {
        return result.failures()
                .subList(0, Math.min(MOST_LISTED, result.failures().size()));
    }

    private static ObjectNode json(Path directory, DirectoryPages.Result result) {
        ObjectNode node = InspectOutput.object();
        node.put("directory", directory.toString());
        node.put("files", result.files());
        node.put("pagesChecked", result.pages());
        node.put("pageChecksumFailures", result.failures().size());
        ArrayNode failures = node.putArray("failures");
        for (DirectoryPages.Failure failure : listed(result)) {
            PageFailure page = failure.page();
            failures.addObject()
                    .put("file", failure.path())
                    .put("block", Integer.toUnsignedLong(page.blockNumber()))
                    .put("computed", page.computed())
                    .put("found", page.found())
                    .put("lsn", page.lsn().toString());
        }
        return node;
    }

    private void print(Path directory, DirectoryPages.Result result) {
        output.print("Directory", directory);
        output.print("Files", result.files());
        output.print("Pages checked", result.pages());
        output.print("Wrong checksums", result.failures().size());
        for (DirectoryPages.Failure failure : listed(result)) {
            PageFailure page = failure.page();
            output.out()
                    .println("wrong checksum in file \"%s\", block %s: computed %04X, found %04X, LSN %s"
                            .formatted(
                                    failure.path(),
                                    Integer.toUnsignedString(page.blockNumber()),
                                    page.computed(),
                                    page.found(),
                                    page.lsn()));
        }
        if (result.failures().size() > MOST_LISTED) {
            output.out().println("… and %d more".formatted(result.failures().size() - MOST_LISTED));
        }
        output.out().flush();
    }
}
