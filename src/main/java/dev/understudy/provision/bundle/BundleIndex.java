package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The bundles that were begun by an account on this machine, wherever they are, so that a forgotten one is found again: a
 * directory of small files, each of which says one bundle's path.
 */
public record BundleIndex(Path directory) {
    private static final String SUFFIX = ".bundle";

    /** @param state the account's state directory */
    public static BundleIndex in(Path state) {
        return new BundleIndex(state.resolve("bundles"));
    }

    /**
     * Notes a bundle, and forgets those that are not there any more.
     *
     * @throws UnderstudyException {@link ErrorCode#STATE_DIRECTORY_UNUSABLE}
     */
    public void add(BundleDirectory bundle) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            for (Path entry : entries()) {
                if (find(entry).filter(known -> !known.equals(bundle)).isEmpty()) {
                    Files.deleteIfExists(entry);
                }
            }
            Path temporary = directory.resolve(UUID.randomUUID() + ".tmp");
            Files.writeString(temporary, bundle.path() + "\n");
            Files.move(temporary, directory.resolve(UUID.randomUUID() + SUFFIX));
        } catch (IOException e) {
            throw UnderstudyException.of(
                            ErrorCode.STATE_DIRECTORY_UNUSABLE, "could not note the bundle in \"%s\"", directory)
                    .detail("%s", e)
                    .hint("Another place for it can be set in the environment variable UNDERSTUDY_STATE.")
                    .cause(e)
                    .build();
        }
    }

    /** Those that are still there, the one begun last in front. */
    public List<BundleDirectory> list() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try {
            List<BundleDirectory> found = new ArrayList<>();
            for (Path entry : entries()) {
                find(entry).ifPresent(found::add);
            }
            found.sort(Comparator.comparing(BundleIndex::begun).reversed());
            return found;
        } catch (IOException e) {
            throw UnderstudyException.of(
                            ErrorCode.STATE_DIRECTORY_UNUSABLE, "could not read the directory \"%s\"", directory)
                    .detail("%s", e)
                    .cause(e)
                    .build();
        }
    }

    private static Instant begun(BundleDirectory bundle) {
        try {
            return bundle.state().beganAt();
        } catch (UnderstudyException e) {
            // A damaged one is listed, too, and says itself what is wrong with it.
            return Instant.EPOCH;
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /** The bundle that an entry names; empty if it is not there any more, or another process has just removed the entry. */
    private static Optional<BundleDirectory> find(Path entry) throws IOException {
        try {
            return Optional.of(BundleDirectory.of(Path.of(
                            Files.readString(entry, StandardCharsets.UTF_8).strip())))
                    .filter(BundleDirectory::hasState);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
