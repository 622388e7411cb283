package dev.understudy.engine.journal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the state directory lies, and the making of private files in it: directories 0700, files 0600. */
final class StateDirectory {
    private StateDirectory() {}

    /**
     * {@code $UNDERSTUDY_STATE}, else {@code $XDG_STATE_HOME/understudy}, else {@code ~/.local/state/understudy}, where
     * home is {@code $HOME}, else the account's. A relative {@code XDG_STATE_HOME} is ignored, as its specification
     * says.
     */
    static Path locate(Map<String, String> environment, Path accountHome) {
        String own = environment.getOrDefault("UNDERSTUDY_STATE", "");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        if (xdg.startsWith("/")) {
            return Path.of(xdg, "understudy");
        }
        String home = environment.getOrDefault("HOME", "");
        Path base = home.isEmpty() ? accountHome : Path.of(home);
        return base.resolve(".local/state/understudy").toAbsolutePath();
    }

    /** Makes a directory and those above it; new ones are 0700. */
    static void makeDirectories(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        try {
            makeDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw unusable("cannot use", directory, e);
            }
        } catch (IOException e) {
            throw unusable("cannot make directory", directory, e);
        }
    }

    /** Makes one directory that must not be there yet, and flushes its name. */
    static void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Durable.flushDirectory(directory.getParent());
    }

    /** Writes a file that must not be there yet, 0600, flushed. */
    static void writeFile(Path file, String text) {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw unusable("could not write", file, e);
        }
    }

    static UnderstudyException unusable(String verb, Path path, @Nullable IOException cause) {
        UnderstudyException.Builder error =
                UnderstudyException.of(ErrorCode.STATE_DIRECTORY_UNUSABLE, "%s \"%s\"", verb, path);
        if (cause != null) {
            error.detail("%s", cause.toString()).cause(cause);
        }
        return error.hint("Set UNDERSTUDY_STATE to a directory that this account can write to.")
                .build();
    }
}
