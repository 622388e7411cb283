package dev.understudy.doctor;

import dev.understudy.testing.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A server's configuration as it was when all was well, to be put back after somebody has broken it. */
final class SoundFiles {
    private static final List<String> NAMES = List.of(
            "pg_hba.conf",
            "pg_ident.conf",
            "postgresql.auto.conf",
            "postgresql.conf",
            "recovery.conf",
            "recovery.signal",
            "standby.signal");

    private final Path directory;
    private final Map<String, Optional<byte[]>> sound = new TreeMap<>();

    private SoundFiles(Path directory) {
        this.directory = directory;
    }

    /** Remembers the configuration of a data directory. */
    static SoundFiles of(Path directory) {
        SoundFiles files = new SoundFiles(directory);
        NAMES.forEach(name -> files.sound.put(name, files.read(name)));
        return files;
    }

    boolean areInPlace() {
        return NAMES.stream().allMatch(this::isSound);
    }

    /** Puts back what differs, and removes what was not there. */
    void restore() {
        NAMES.stream().filter(name -> !isSound(name)).forEach(this::restore);
    }

    private boolean isSound(String name) {
        Optional<byte[]> wanted = sound.get(name);
        Optional<byte[]> found = read(name);
        return wanted.isPresent() == found.isPresent()
                && Arrays.equals(wanted.orElse(new byte[0]), found.orElse(new byte[0]));
    }

    private void restore(String name) {
        Path file = directory.resolve(name);
        try {
            if (sound.get(name).isPresent()) {
                Files.write(file, sound.get(name).get());
                Account.give(file);
            } else {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<byte[]> read(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
