package dev.understudy.doctor.archive;

import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads an archive, or a receiver's directory: names and sizes of all, headers of the newest. */
public final class SegmentDirectoryReader {
    /** Headers that are read of one directory. */
    private static final int HEADERS = 400;

    private static final int OTHERS = 20;
    private static final int HISTORY_BYTES = 1 << 20;

    /** Enough of a compressed file for the first page of what is in it. */
    private static final int HEAD_BYTES = 256 << 10;

    /** Enough of a plain one. */
    private static final int HEADER_BYTES = 40;

    /** Prints for each file a line that says whether it can be read, then the bytes of its header in hexadecimal. */
    private static final String READ_HEADERS = """
            d=$1; shift
            for f; do
              if [ ! -e "$d/$f" ]; then echo "? $f"
              elif [ ! -r "$d/$f" ]; then echo "! $f"
              else echo "= $f"; od -An -v -tx1 -N40 -- "$d/$f"
              fi
            done""";

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
        List<FileStatus> looked = segments.subList(0, Math.min(HEADERS, segments.size()));
        Map<String, Known<byte[]>> plain = headers(looked);
        List<SegmentFile> files = new ArrayList<>();
        for (FileStatus segment : segments) {
            files.add(file(segment, files.size() < looked.size(), plain));
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

    /** The first bytes of the plain files, by one command: over SSH each would be a round trip. */
    private Map<String, Known<byte[]>> headers(List<FileStatus> segments) {
        List<String> names = segments.stream()
                .map(FileStatus::path)
                .filter(name -> Compression.parse(name).orElseThrow().compression() == Compression.NONE)
                .toList();
        Map<String, Known<byte[]>> headers = new HashMap<>();
        if (names.isEmpty()) {
            return headers;
        }
        List<String> words = new ArrayList<>(List.of(path));
        words.addAll(names);
        String current = "";
        for (String line : host.run(Command.shell(READ_HEADERS, words.toArray(String[]::new)))
                .text()
                .split("\n", -1)) {
            if (line.startsWith("= ")) {
                current = line.substring(2);
                headers.put(current, Known.of(new byte[0]));
            } else if (line.startsWith("! ")) {
                headers.put(line.substring(2), Known.unknown(forbidden()));
            } else if (!line.isBlank() && headers.containsKey(current)) {
                byte[] more = HexFormat.of().parseHex(line.replace(" ", ""));
                headers.computeIfPresent(current, (name, known) -> known.map(bytes -> joined(bytes, more)));
            }
        }
        return headers;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private SegmentFile file(FileStatus status, boolean looked, Map<String, Known<byte[]>> plain) {
        Compression.Name name = Compression.parse(status.path()).orElseThrow();
        Known<WalIdentity> header = Known.unknown(SegmentFile.SKIPPED);
        if (looked) {
            header = name.compression() == Compression.NONE
                    ? plain.getOrDefault(status.path(), Known.unknown(SegmentFile.UNREADABLE + " read it any more"))
                            .flatMap(bytes -> identity(status, name, bytes))
                    : compressed(status, name);
        }
        return new SegmentFile(
                name.segment(), status.path(), name.compression().toString(), name.partial(), status.size(), header);
    }

    private Known<WalIdentity> compressed(FileStatus status, Compression.Name name) {
        try {
            byte[] head = host.files().readRange(path + "/" + status.path(), 0, HEAD_BYTES);
            return identity(status, name, name.compression().expand(head, HEADER_BYTES));
        } catch (UnderstudyException e) {
            return Known.unknown(
                    e.code() == ErrorCode.FILE_FORBIDDEN
                            ? forbidden()
                            : e.message() + (e.detail().isEmpty() ? "" : ": " + e.detail()));
        } catch (IOException e) {
            return Known.unknown("it is not compressed as its name says: " + e.getMessage());
        }
    }

    private static Known<WalIdentity> identity(FileStatus status, Compression.Name name, byte[] bytes) {
        try {
            Optional<WalIdentity> identity = WalIdentity.read(new MemorySegment(status.path(), name.partial(), bytes));
            return identity.map(Known::of)
                    .orElseGet(() -> Known.unknown(bytes.length == 0 ? "the file is empty" : "it begins with zeroes"));
        } catch (UnderstudyException e) {
            return Known.unknown(e.message() + (e.detail().isEmpty() ? "" : ": " + e.detail()));
        }
    }

    private String forbidden() {
        return SegmentFile.UNREADABLE + ": permission denied for account \""
                + host.account().name() + "\"";
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
