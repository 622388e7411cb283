package dev.understudy.provision.standby;

import java.util.Map;
import java.util.TreeMap;

/** Files that were written into the target besides the copied ones, kept for its manifest. */
final class RenderedFiles {
    private final TargetDirectory directory;
    private final Map<String, byte[]> files = new TreeMap<>();

    RenderedFiles(TargetDirectory directory) {
        this.directory = directory;
    }

    TargetDirectory directory() {
        return directory;
    }

    void write(String relative, byte[] contents) {
        directory.write(relative, contents);
        files.put(relative, contents);
    }

    void writePrivate(String relative, byte[] contents) {
        directory.writePrivate(relative, contents);
        files.put(relative, contents);
    }

    /** A file that is about to be written by other means. */
    void add(String relative, byte[] contents) {
        files.put(relative, contents);
    }

    /** By path relative to the data directory. */
    Map<String, byte[]> files() {
        return Map.copyOf(files);
    }
}
