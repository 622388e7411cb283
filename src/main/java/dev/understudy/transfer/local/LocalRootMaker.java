package dev.understudy.transfer.local;

import dev.understudy.transfer.files.TargetLayout;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the directories that a target's parts lie in, and the links between them. */
final class LocalRootMaker {
    private final TargetLayout layout;
    private final Map<String, Path> roots;
    private final Ownership ownership;

    LocalRootMaker(TargetLayout layout, Map<String, Path> roots, Ownership ownership) {
        this.layout = layout;
        this.roots = roots;
        this.ownership = ownership;
    }

    void make(int mode) {
        roots.values().forEach(root -> makeRoot(root, mode));
        if (!layout.tablespaces().isEmpty()) {
            makeTablespaces(Path.of(layout.dataDirectory(), TargetLayout.TABLESPACES), mode);
        }
        layout.links().forEach(this::link);
    }

    /** A directory that the plan names, be it by a link. */
    private void makeRoot(Path directory, int mode) {
        try {
            makeParents(directory.getParent());
            if (Files.isDirectory(directory)) {
                ownership.requireMayGiveAway(directory.toRealPath());
            } else {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(Modes.permissions(mode)));
            }
            ownership.settleDirectory(directory.toRealPath(), mode);
        } catch (IOException failure) {
            throw LocalErrors.of(failure, "could not make directory", directory.toString());
        }
    }

    /** Inside the data directory nothing is a link but what this makes. */
    private void makeTablespaces(Path directory, int mode) {
        try {
            if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(Modes.permissions(mode)));
            }
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw SafeDirectories.unsafe(directory, new IOException("not a directory"));
            }
            ownership.settleDirectory(directory, mode);
        } catch (IOException failure) {
            throw LocalErrors.of(failure, "could not make directory", directory.toString());
        }
    }

    private void makeParents(@Nullable Path parent) throws IOException {
        if (parent == null || Files.isDirectory(parent)) {
            return;
        }
        makeParents(parent.getParent());
        Files.createDirectory(parent, PosixFilePermissions.asFileAttribute(Modes.permissions(0755)));
        ownership.settleDirectory(parent, 0755);
    }

    private void link(String path, String location) {
        Path link = Path.of(layout.dataDirectory()).resolve(path);
        try {
            Path parent = link.getParent();
            if (parent != null && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS) && !isRoot(parent)) {
                throw SafeDirectories.unsafe(parent, new IOException("not a directory"));
            }
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, Path.of(location));
                ownership.settleLink(link);
            } else if (!Files.readSymbolicLink(link).toString().equals(location)) {
                throw new FileAlreadyExistsException(link.toString());
            }
        } catch (IOException failure) {
            throw LocalErrors.of(failure, "could not make the link", link.toString());
        }
    }

    private boolean isRoot(Path directory) {
        return directory.equals(Path.of(layout.dataDirectory()));
    }
}
