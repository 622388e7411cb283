package dev.understudy.transfer.files;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of regular files that stays small in memory: about 44 bytes a file besides its name, so that a million files take
 * some 50 MB. Files are numbered from 0 in the order they were added; paths are relative, with {@code /} between names.
 *
 * <p>Filled by one thread; once filled, read by any number.
 */
public final class FileTable {
    private final List<String> directories = new ArrayList<>();
    private final Map<String, Integer> directoryNumbers = new HashMap<>();
    private byte[] names = new byte[1 << 12];
    private int namesEnd;
    private int[] nameStarts = new int[1 << 8];
    private int[] directoryOf = new int[1 << 8];
    private long[] sizes = new long[1 << 8];
    private long[] modified = new long[1 << 8];
    private int[] modifiedNanos = new int[1 << 8];
    private short[] modes = new short[1 << 8];
    private int count;
    private long totalBytes;
    private int[] index = new int[0];

    /**
     * Adds a file.
     *
     * @param path relative path, already found safe
     * @param size in bytes
     * @param modifiedSeconds time of last modification in whole seconds since 1970
     * @param mode permission bits, or -1 where the source cannot tell
     * @return its number
     */
    public int add(String path, long size, long modifiedSeconds, int mode) {
        return add(path, size, modifiedSeconds, 0, mode);
    }

    /**
     * Adds a file whose time is known more finely.
     *
     * @param nanos of the time of last modification, 0 to 999,999,999, on top of {@code modifiedSeconds}
     */
    public int add(String path, long size, long modifiedSeconds, int nanos, int mode) {
        grow();
        int slash = path.lastIndexOf('/');
        byte[] name = path.substring(slash + 1).getBytes(StandardCharsets.UTF_8);
        if (namesEnd + name.length > names.length) {
            names = Arrays.copyOf(names, Math.max(names.length + names.length / 2, namesEnd + name.length));
        }
        System.arraycopy(name, 0, names, namesEnd, name.length);
        nameStarts[count] = namesEnd;
        namesEnd += name.length;
        directoryOf[count] = directoryNumber(slash < 0 ? "" : path.substring(0, slash));
        sizes[count] = size;
        modified[count] = modifiedSeconds;
        modifiedNanos[count] = nanos;
        modes[count] = (short) mode;
        totalBytes += size;
        index = new int[0];
        return count++;
    }

    private void grow() {
        if (count == sizes.length) {
            int length = count + count / 2;
            nameStarts = Arrays.copyOf(nameStarts, length);
            directoryOf = Arrays.copyOf(directoryOf, length);
            sizes = Arrays.copyOf(sizes, length);
            modified = Arrays.copyOf(modified, length);
            modifiedNanos = Arrays.copyOf(modifiedNanos, length);
            modes = Arrays.copyOf(modes, length);
        }
    }

    private int directoryNumber(String directory) {
        return directoryNumbers.computeIfAbsent(directory, name -> {
            directories.add(name);
            return directories.size() - 1;
        });
    }

    public int count() {
        return count;
    }

    /** The sizes of all files together, in bytes. */
    public long totalBytes() {
        return totalBytes;
    }

    public String path(int file) {
        String directory = directory(file);
        return directory.isEmpty() ? name(file) : directory + "/" + name(file);
    }

    /** The directory part of the path, empty for a file at the top. */
    public String directory(int file) {
        return directories.get(directoryOf[file]);
    }

    public String name(int file) {
        int end = file + 1 < count ? nameStarts[file + 1] : namesEnd;
        return new String(names, nameStarts[file], end - nameStarts[file], StandardCharsets.UTF_8);
    }

    public long size(int file) {
        return sizes[file];
    }

    /** Time of last modification in whole seconds since 1970. */
    public long modifiedSeconds(int file) {
        return modified[file];
    }

    /** Nanoseconds of that time's fraction of a second; 0 in what a source lists. */
    public int modifiedNanos(int file) {
        return modifiedNanos[file];
    }

    /** Permission bits; -1 where the source could not tell. */
    public int mode(int file) {
        return modes[file];
    }

    /** The number of the file with this path, or -1. The first call after a change builds an index. */
    public synchronized int find(String path) {
        if (index.length == 0 && count > 0) {
            buildIndex();
        }
        if (index.length == 0) {
            return -1;
        }
        for (int slot = slot(path); index[slot] != 0; slot = (slot + 1) & (index.length - 1)) {
            if (path(index[slot] - 1).equals(path)) {
                return index[slot] - 1;
            }
        }
        return -1;
    }

    private void buildIndex() {
        index = new int[Integer.highestOneBit(count) * 4];
        for (int file = 0; file < count; file++) {
            int slot = slot(path(file));
            while (index[slot] != 0) {
                slot = (slot + 1) & (index.length - 1);
            }
            index[slot] = file + 1;
        }
    }

    private int slot(String path) {
        int hash = path.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 15) & (index.length - 1);
    }
}
