package dev.understudy.transfer.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/** Removes what lies below a safely opened directory, never following a symbolic link. */
final class LocalRemoval {
    private LocalRemoval() {}

    /** Removes a file, a link, or a directory with all below it; what is not there is fine. */
    static void remove(LocalRoots.Place place) throws IOException {
        remove(place.directory(), place.name());
    }

    static void remove(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        try {
            if (!SafeDirectories.attributes(parent, name).isDirectory()) {
                parent.deleteFile(name);
                return;
            }
            try (SecureDirectoryStream<Path> directory = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                removeContents(directory);
            }
            parent.deleteDirectory(name);
        } catch (NoSuchFileException gone) {
            return;
        }
    }

    /** Removes all that is in a directory; one that is not there is empty. */
    static void empty(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.toRealPath())) {
            if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("this platform cannot remove files relative to a directory");
            }
            removeContents(secure);
        }
    }

    static void removeContents(SecureDirectoryStream<Path> directory) throws IOException {
        for (Path entry : directory) {
            Path name = entry.getFileName();
            if (name != null) {
                remove(directory, name);
            }
        }
    }
}
