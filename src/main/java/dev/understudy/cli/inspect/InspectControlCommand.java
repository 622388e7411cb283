package dev.understudy.cli.inspect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code inspect control}: what pg_controldata says, for any supported major. */
@Command(name = "control", description = "Says what pg_control holds.", mixinStandardHelpOptions = true)
final class InspectControlCommand implements Callable<Integer> {
    @Mixin
    private InspectOutput output = new InspectOutput();

    @Parameters(index = "0", paramLabel = "PATH", description = "pg_control, or the data directory.")
    private @Nullable Path path;

    @Override
    public Integer call() {
        Path file = fileOf(Objects.requireNonNull(path));
        byte[] bytes = ControlFileReader.bytesOf(file);
        ControlFile control = ControlFileReader.readLeniently(bytes);
        if (output.isJson()) {
            output.print(ControlFileJson.of(control));
        } else {
            ControlFileText.print(control, output);
        }
        return verdict(bytes, control);
    }

    private int verdict(byte[] bytes, ControlFile control) {
        output.out().flush();
        try {
            ControlFileReader.read(bytes);
            return InspectOutput.OK;
        } catch (UnderstudyException e) {
            // The text says itself that the checksum is wrong; a strange value it does not.
            if (output.isJson() || e.code() != ErrorCode.CONTROL_FILE_CRC_WRONG || control.crcOk()) {
                output.complain(e);
            }
            return InspectOutput.FINDINGS;
        }
    }

    private static Path fileOf(Path path) {
        return Files.isDirectory(path) ? path.resolve(ControlFileReader.PATH) : path;
    }
}
