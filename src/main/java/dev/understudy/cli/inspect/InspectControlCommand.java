package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.condition.DirectoryCondition;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
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
        Optional<DirectoryCondition> condition = condition();
        if (output.isJson()) {
            ObjectNode node = ControlFileJson.of(control);
            condition.ifPresent(found -> node.put("directoryCondition", found.id()));
            output.print(node);
        } else {
            ControlFileText.print(control, output);
            condition.ifPresent(found -> output.print("Data directory", found.words()));
        }
        return verdict(bytes, control);
    }

    /** Of a whole directory more can be told than of the file alone. */
    private Optional<DirectoryCondition> condition() {
        return Optional.of(Objects.requireNonNull(path))
                .filter(Files::isDirectory)
                .map(directory -> new LocalDirectory(directory).condition());
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
