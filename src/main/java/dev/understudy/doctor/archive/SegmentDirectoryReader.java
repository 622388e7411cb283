package dev.understudy.doctor.archive;

import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.Host;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads an archive, or a receiver's directory: names and sizes of all, headers of the newest. */
public final class SegmentDirectoryReader {
    /** Headers that are read of one directory; over SSH each is a round trip. */
    private static final int HEADERS = 400;

    private static final int OTHERS = 20;
    private static final int HISTORY_BYTES = 1 << 20;

    /** Enough of a compressed file for the first page of what is in it. */
    private static final int HEAD_BYTES = 256 << 10;

    private static final int PAGE_BYTES = 8192;

    private final Host host;
    private final String path;

    public SegmentDirectoryReader(Host host, String path) {
        this.host = host;
        this.path = path;
    }

    /** Reads the directory as it is now. */
    public SegmentDirectory read() {
        List<FileStatus> all =
                host.files().list(path).stream().filter(FileStatus::isFile).toList();
        List<FileStatus> segments = all.stream()
                .filter(file -> Compression.parse(file.path()).isPresent())
                .sorted(Comparator.comparing(FileStatus::path).reversed())
                .toList();
        List<SegmentFile> files = new ArrayList<>();
        for (FileStatus segment : segments) {
            boolean looked = files.size() < HEADERS;
            files.add(file(segment, looked));
        }
        Map<String, String> histories = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (FileStatus file : all) {
            if (TimelineHistory.timelineOf(file.path()).isPresent()) {
                byte[] text = host.files().read(path + "/" + file.path(), HISTORY_BYTES);
                histories.put(file.path(), new String(text, StandardCharsets.UTF_8));
            } else if (Compression.parse(file.path()).isEmpty() && others.size() < OTHERS) {
                others.add(file.path());
            }
        }
        return new SegmentDirectory(path, segmentBytes(files), files, histories, others, usage());
    }

    private Known<FileSystemUsage> usage() {
        try {
            return Known.of(host.files().usage(path));
        } catch (UnderstudyException e) {
            return Known.unknown("could not: " + e.message());
        }
    }

    private SegmentFile file(FileStatus status, boolean looked) {
        Compression.Name name = Compression.parse(status.path()).orElseThrow();
        Known<WalIdentity> header = looked ? header(status, name) : Known.unknown(SegmentFile.SKIPPED);
        return new SegmentFile(
                name.segment(), status.path(), name.compression().toString(), name.partial(), status.size(), header);
    }

    private Known<WalIdentity> header(FileStatus status, Compression.Name name) {
        String file = path + "/" + status.path();
        try {
            byte[] head =
                    host.files().readRange(file, 0, name.compression() == Compression.NONE ? PAGE_BYTES : HEAD_BYTES);
            byte[] page = name.compression().expand(head, PAGE_BYTES);
            Optional<WalIdentity> identity = WalIdentity.read(new MemorySegment(status.path(), name.partial(), page));
            return identity.map(Known::of)
                    .orElseGet(() -> Known.unknown(page.length == 0 ? "the file is empty" : "it begins with zeroes"));
        } catch (UnderstudyException e) {
            return Known.unknown(
                    e.code() == ErrorCode.FILE_FORBIDDEN
                            ? SegmentFile.UNREADABLE + ": permission denied for account \""
                                    + host.account().name() + "\""
                            : e.message() + (e.detail().isEmpty() ? "" : ": " + e.detail()));
        } catch (IOException e) {
            return Known.unknown("it is not compressed as its name says: " + e.getMessage());
        }
    }

    private static int segmentBytes(List<SegmentFile> files) {
        return files.stream()
                .flatMap(file -> file.header().value().stream())
                .map(header -> header.segmentSize().bytes())
                .findFirst()
                .or(() -> files.stream()
                        .filter(file -> file.compression().equals("none") && file.sizeBytes() <= 1 << 30)
                        .map(file -> (int) file.sizeBytes())
                        .filter(WalSegmentSize::isValid)
                        .findFirst())
                .orElse(WalSegmentSize.DEFAULT.bytes());
    }
}
