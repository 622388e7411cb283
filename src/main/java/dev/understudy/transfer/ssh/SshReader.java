package dev.understudy.transfer.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SourceReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads another machine's files over one connection: whole files by tar, stretches by dd, digests by sha256sum. */
final class SshReader implements SourceReader {
    /** A unit over a slow line: 32 MB at 10 kB/s take an hour. */
    private static final Duration LIMIT = Duration.ofHours(2);

    /** A stretch from which on it is worth a command of its own. */
    private static final int LONG_BYTES = 1 << 20;

    private static final int COARSE_BYTES = 4 << 20;
    private static final int FINE_BYTES = 128 << 10;
    /** Arguments of one command together stay well below what every system takes. */
    private static final int RANGES_AT_ONCE = 500;

    private static final String ENTER = "cd -- \"$1\" || exit 65\nshift\n";

    /** Names come on standard input, each with a NUL after it, and begin with {@code ./}. */
    private static final String TAR =
            ENTER + "exec tar --create --file=- --format=gnu --no-recursion --null --files-from=-";

    /** Triples of offset, length and name; each answered by a line with the number of bytes that follow, or -1. */
    private static final String RANGES = ENTER
            + "while [ $# -gt 0 ]; do\n"
            + "size=$(stat -L --printf %s -- \"$3\" 2>/dev/null) || size=-1\n"
            + "n=$((size - $1)); [ \"$n\" -le \"$2\" ] || n=$2; [ \"$n\" -ge 0 ] || n=0; [ \"$size\" -ge 0 ] || n=-1\n"
            + "echo \"$n\"\n"
            // A file cut short at this moment is filled up with zeros, as tar does; replay cuts the copy as well.
            + "[ \"$n\" -le 0 ] || { dd if=\"$3\" bs=262144 iflag=skip_bytes,count_bytes,fullblock skip=\"$1\" count=\"$n\""
            + " status=none; dd if=/dev/zero bs=262144 iflag=count_bytes count=\"$n\" status=none 2>/dev/null; }"
            + " | head -c \"$n\"\n"
            + "shift 3\ndone";

    /** The same for one stretch, without the programs in between; where the file is cut short, fewer bytes come. */
    private static final String LONG_RANGE = ENTER
            + "size=$(stat -L --printf %s -- \"$3\" 2>/dev/null) || { echo -1; exit 0; }\n"
            + "n=$((size - $1)); [ \"$n\" -le \"$2\" ] || n=$2; [ \"$n\" -gt 0 ] || { echo 0; exit 0; }\n"
            + "echo \"$n\"\n"
            + "exec dd if=\"$3\" bs=262144 iflag=skip_bytes,count_bytes,fullblock skip=\"$1\" count=\"$n\" status=none";

    private static final String HASH_FILES = ENTER + "exec xargs -0 -r sha256sum -z --";

    private static final String HASH_RANGES = ENTER
            + "while [ $# -gt 0 ]; do\n"
            + "if [ -e \"$3\" ]; then dd if=\"$3\" bs=262144 iflag=skip_bytes,count_bytes,fullblock skip=\"$1\""
            + " count=\"$2\" status=none | sha256sum; else echo -; fi\n"
            + "shift 3\ndone";

    private static final String STILL_THERE =
            ENTER + "for f; do if [ -e \"$f\" ]; then printf '%s\\0' \"$f\"; fi; done";

    private final Host host;
    private final String directory;
    private final String side;

    SshReader(Host host, String directory, String side) {
        this.host = host;
        this.directory = directory;
        this.side = side;
    }

    @Override
    public void read(FileTable files, List<Piece> pieces, PieceReceiver receiver) {
        List<Piece> whole = pieces.stream().filter(Piece::whole).toList();
        List<Piece> ranges = pieces.stream().filter(piece -> !piece.whole()).toList();
        if (!whole.isEmpty()) {
            readWhole(files, whole, receiver);
        }
        ranges.stream()
                .filter(piece -> piece.length() >= LONG_BYTES)
                .forEach(piece -> readRanges(LONG_RANGE, files, List.of(piece), receiver));
        List<Piece> brief =
                ranges.stream().filter(piece -> piece.length() < LONG_BYTES).toList();
        for (int from = 0; from < brief.size(); from += RANGES_AT_ONCE) {
            List<Piece> some = brief.subList(from, Math.min(brief.size(), from + RANGES_AT_ONCE));
            readRanges(RANGES, files, some, receiver);
        }
    }

    private void readWhole(FileTable files, List<Piece> pieces, PieceReceiver receiver) {
        TarPieces entries = new TarPieces(files, pieces, receiver, side);
        TarPushParser parser = new TarPushParser(entries);
        CommandResult result = PushOutput.run(host, command(TAR, List.of()).withInput(names(files, pieces)), parser);
        // tar's status is 1 for a file that changed, 2 for one that is gone too: what it brought is what counts.
        if (!parser.hasEnded() || result.status() > 2) {
            throw unreadable(files.path(pieces.get(0).file()), pieces.size(), result.error());
        }
        Collection<Piece> missing = entries.missing();
        requireGone(files, missing, result.error());
        missing.forEach(receiver::vanished);
    }

    private void readRanges(String script, FileTable files, List<Piece> pieces, PieceReceiver receiver) {
        FramedPieces frames = new FramedPieces(pieces, receiver);
        CommandResult result = PushOutput.run(host, command(script, triples(files, pieces)), frames);
        // A file dropped between stat and dd comes as zeros: the drop is in the WAL, too.
        boolean onlyGone = result.error().lines().allMatch(line -> line.contains("No such file or directory"));
        if (result.succeeded()) {
            frames.endShort();
        }
        if (!frames.isComplete() || !onlyGone) {
            throw unreadable(files.path(pieces.get(0).file()), pieces.size(), result.error());
        }
    }

    @Override
    public List<byte[]> hash(FileTable files, List<Piece> pieces) {
        return new SshHashes(this, files).of(pieces);
    }

    /** Digests of whole files, as {@code digest␣␣name NUL}; what is not there is left out. */
    String hashFiles(FileTable files, List<Piece> pieces) {
        return output(command(HASH_FILES, List.of()).withInput(names(files, pieces)));
    }

    /** Digests of stretches, a line each; {@code -} for a file that is not there. */
    String hashRanges(FileTable files, List<Piece> pieces) {
        StringBuilder lines = new StringBuilder();
        for (int from = 0; from < pieces.size(); from += RANGES_AT_ONCE) {
            List<Piece> some = pieces.subList(from, Math.min(pieces.size(), from + RANGES_AT_ONCE));
            lines.append(output(command(HASH_RANGES, triples(files, some))));
        }
        return lines.toString();
    }

    private String output(Command command) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PushOutput.run(host, command, output);
        return output.toString(StandardCharsets.UTF_8);
    }

    @Override
    public Digest digest() {
        return new Digest("SHA-256", COARSE_BYTES, FINE_BYTES);
    }

    @Override
    public byte[] readControlFile() {
        return host.files().read(directory + "/" + TargetLayout.CONTROL_FILE, 64 << 10);
    }

    private Command command(String script, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(directory));
        arguments.addAll(more);
        return Command.shell(script, arguments.toArray(String[]::new))
                .withLimit(LIMIT)
                .withEnvironment("LC_ALL", "C");
    }

    private static byte[] names(FileTable files, Collection<Piece> pieces) {
        StringBuilder names = new StringBuilder();
        pieces.forEach(
                piece -> names.append("./").append(files.path(piece.file())).append('\0'));
        return names.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> triples(FileTable files, List<Piece> pieces) {
        List<String> triples = new ArrayList<>();
        for (Piece piece : pieces) {
            triples.add(Long.toString(piece.offset()));
            triples.add(Long.toString(piece.length()));
            triples.add("./" + files.path(piece.file()));
        }
        return triples;
    }

    /** A file that brought nothing must be gone; if it is still there it could not be read. */
    void requireGone(FileTable files, Collection<Piece> pieces, String error) {
        if (pieces.isEmpty()) {
            return;
        }
        List<String> paths = pieces.stream()
                .map(piece -> "./" + files.path(piece.file()))
                .distinct()
                .toList();
        String there = output(command(STILL_THERE, paths));
        if (!there.isEmpty()) {
            throw unreadable(there.substring(2, there.indexOf('\0')), 1, error);
        }
    }

    private UnderstudyException unreadable(String path, int count, String error) {
        String others = count > 1 ? " or one of the %d read with it".formatted(count - 1) : "";
        return UnderstudyException.of(
                        ErrorCode.SOURCE_UNREADABLE,
                        "could not read file \"%s\"%s of the %s",
                        RelativePath.printable(path),
                        others,
                        side)
                .detail("%s", error.isBlank() ? "The connection gave no reason." : error.strip())
                .build();
    }

    @Override
    public void close() {
        host.close();
    }
}
