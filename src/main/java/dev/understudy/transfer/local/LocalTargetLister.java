package dev.understudy.transfer.local;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists what is in a target, not following symbolic links. */
final class LocalTargetLister {
    private final TargetLayout layout;
    private final Map<String, Path> roots;
    private final FileTable files = new FileTable();
    private final List<String> directories = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();

    LocalTargetLister(TargetLayout layout, Map<String, Path> roots) {
        this.layout = layout;
        this.roots = roots;
    }

    TargetListing list() {
        for (Map.Entry<String, Path> root : roots.entrySet()) {
            try {
                Path directory = root.getValue().toRealPath();
                Files.walkFileTree(directory, new Collector(root.getKey(), directory));
                if (!root.getKey().isEmpty() && !isLinked(root.getKey()) && !isEmpty(directory)) {
                    foreign.add(root.getValue().toString());
                }
            } catch (NoSuchFileException nothing) {
                continue;
            } catch (IOException failure) {
                throw LocalErrors.of(failure, "could not list", root.getValue().toString());
            }
        }
        return new TargetListing(files, directories, others, foreign);
    }

    /** Whether the target has our link at this relative path. */
    private boolean isLinked(String path) throws IOException {
        Path link = Path.of(layout.dataDirectory()).resolve(path);
        return Files.isSymbolicLink(link)
                && Files.readSymbolicLink(link).toString().equals(layout.links().get(path));
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    /** Sorts entries by kind. */
    private final class Collector extends SimpleFileVisitor<Path> {
        private final String prefix;
        private final Path root;

        Collector(String prefix, Path root) {
            this.prefix = prefix;
            this.root = root;
        }

        private String relative(Path path) {
            String below = root.relativize(path).toString();
            return prefix.isEmpty() ? below : prefix + "/" + below;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (!directory.equals(root)) {
                directories.add(relative(directory));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            String path = relative(file);
            if (attributes.isRegularFile()) {
                int mode = Modes.bits(Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .permissions());
                Instant modified = attributes.lastModifiedTime().toInstant();
                files.add(path, attributes.size(), modified.getEpochSecond(), modified.getNano(), mode);
            } else if (!isLinked(path)) {
                others.add(path);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            Optional<IOException> problem =
                    failure instanceof NoSuchFileException ? Optional.empty() : Optional.of(failure);
            if (problem.isPresent()) {
                throw problem.get();
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
