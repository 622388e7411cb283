package dev.understudy.cli.run;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.report.HtmlReport;
import dev.understudy.report.JsonReport;
import dev.understudy.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes reports to files. */
final class ReportFiles {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private ReportFiles() {}

    /** Writes {@code report.json} and {@code report.html} into the run's directory; gives the page's path. */
    static Path write(RunReport report, Path directory) {
        writePrivately(directory.resolve("report.json"), JsonReport.pretty(report));
        Path page = directory.resolve("report.html");
        writePrivately(page, HtmlReport.render(report));
        return page;
    }

    /** Writes a file that the user named; it gets the mode that new files of the user have. */
    static void writeNamed(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** For its owner alone, and never half a file under its name. */
    private static void writePrivately(Path file, String text) {
        Path directory = file.toAbsolutePath().getParent();
        try {
            Path temporary = Files.createTempFile(directory, ".report", ".tmp", OWNER_ONLY);
            try {
                Files.writeString(temporary, text);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static UnderstudyException failed(Path file, IOException cause) {
        return UnderstudyException.of(ErrorCode.OUTPUT_FAILED, "could not write file \"%s\"", file)
                .detail("%s", cause.toString())
                .hint("The run's journal is not touched by that; \"understudy report\" makes the report anew.")
                .cause(cause)
                .build();
    }
}
