package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.WalSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * WAL segments in local files: plain, {@code .partial} (still being received), {@code .gz} or both. A plain file wins
 * over the others.
 */
public final class WalFiles implements WalSource {
    /** What may stand after a segment's name, the best first. */
    private static final List<String> SUFFIXES = List.of("", ".gz", ".partial", ".gz.partial", ".partial.gz");

    private static final Pattern FILE =
            Pattern.compile("([0-9A-F]{24})(|\\.gz|\\.partial|\\.gz\\.partial|\\.partial\\.gz)");

    /** Either a directory, looked into anew for each segment, */
    private final Optional<Path> directory;
    /** or given files by the segment's name. */
    private final TreeMap<String, Path> files;

    private WalFiles(Optional<Path> directory, TreeMap<String, Path> files) {
        this.directory = directory;
        this.files = files;
    }

    /** The segments of a directory, whatever it holds when one is asked for. */
    public static WalFiles ofDirectory(Path directory) {
        return new WalFiles(Optional.of(directory), new TreeMap<>());
    }

    /**
     * Exactly these files.
     *
     * @throws UnderstudyException {@link ErrorCode#SEGMENT_NAME_INVALID} if one is not named like a WAL segment
     */
    public static WalFiles of(Collection<Path> paths) {
        TreeMap<String, Path> files = new TreeMap<>();
        for (Path path : paths) {
            String name = segmentName(path)
                    .orElseThrow(() -> UnderstudyException.of(
                                    ErrorCode.SEGMENT_NAME_INVALID, "\"%s\" is not named like a WAL segment", path)
                            .hint("A segment's name is 24 hexadecimal digits, perhaps with .partial or .gz after them.")
                            .build());
            files.put(name, path);
        }
        return new WalFiles(Optional.empty(), files);
    }

    /** The 24 digits of a WAL segment file's name; empty if it is another kind of file. */
    public static Optional<String> segmentName(Path path) {
        Matcher matcher = FILE.matcher(String.valueOf(path.getFileName()));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Names of the segments that are there now, in order, each once. */
    public List<String> names() {
        if (directory.isEmpty()) {
            return List.copyOf(files.keySet());
        }
        try (Stream<Path> entries = Files.list(directory.get())) {
            TreeSet<String> names = new TreeSet<>();
            entries.forEach(entry -> segmentName(entry).ifPresent(names::add));
            return List.copyOf(names);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "could not list directory \"%s\"", directory.get())
                    .detail("%s", Reasons.of(e))
                    .cause(e)
                    .build();
        }
    }

    @Override
    public Optional<SegmentInput> open(WalSegment segment) throws IOException {
        return openNamed(segment.name());
    }

    /** Opens a segment by its 24 digits. */
    public Optional<SegmentInput> openNamed(String name) throws IOException {
        Optional<Path> path = find(name);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        boolean compressed = String.valueOf(path.get().getFileName()).contains(".gz");
        return Optional.of(compressed ? new GzipSegmentInput(path.get()) : new FileSegmentInput(path.get()));
    }

    private Optional<Path> find(String name) {
        if (directory.isEmpty()) {
            return Optional.ofNullable(files.get(name));
        }
        return SUFFIXES.stream()
                .map(suffix -> directory.get().resolve(name + suffix))
                .filter(Files::exists)
                .findFirst();
    }
}
