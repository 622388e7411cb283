package dev.understudy.transfer.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SourceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads another machine's files over one connection, through a shell that stays: whole files by tar, stretches by dd,
 * digests by sha256sum.
 */
final class SshReader implements SourceReader {
    static final int COARSE_BYTES = 4 << 20;
    static final int FINE_BYTES = 128 << 10;
    private static final byte[] NONE = new byte[0];
    private static final int RECORD_BYTES = 64 << 10;

    private static final String ENTER = "cd -- \"$1\" || exit 65\nstrict=\n";

    /** {@code archive BYTES} takes names; answers with a tar stream, tar's status on a line, what it said, a NUL. */
    private static final String ARCHIVE = """
            archive() {
            e=$(names "$1" | tar --create --file=- --format=gnu --no-recursion --blocking-factor=128 --null\
             --files-from=- 2>&1 >&3); s=$?
            [ "$s" -le 2 ] || { printf '%s\\n' "$e" >&2; exit 1; }
            printf '%s\\n%s\\0' "$s" "$e"
            }
            """;

    /** {@code there FILE} answers whether a file is there, {@code 1} or {@code 0}. */
    private static final String THERE = "there() { if [ -e \"$1\" ]; then echo 1; else echo 0; fi; }\n";

    private final Host host;
    private final String directory;
    private final String side;
    private @Nullable RemoteShell opened;

    SshReader(Host host, String directory, String side) {
        this.host = host;
        this.directory = directory;
        this.side = side;
    }

    private synchronized RemoteShell shell() {
        RemoteShell known = opened;
        if (known == null) {
            known = new RemoteShell(host, ENTER + RemoteFiles.FUNCTIONS + ARCHIVE + THERE, directory);
            opened = known;
        }
        return known;
    }

    private RemoteFiles remote() {
        return new RemoteFiles(shell(), Footing.ONE_DIRECTORY);
    }

    @Override
    public void read(FileTable files, List<Piece> pieces, PieceReceiver receiver) {
        List<Piece> whole = pieces.stream().filter(Piece::whole).toList();
        List<Piece> ranges = pieces.stream().filter(piece -> !piece.whole()).toList();
        if (!whole.isEmpty()) {
            exchange(files, whole, () -> readWhole(files, whole, receiver));
        }
        if (!ranges.isEmpty()) {
            exchange(files, ranges, () -> {
                remote().read(ranges(files, ranges), new RangeReceiver(files, ranges, receiver));
                return true;
            });
        }
    }

    private boolean readWhole(FileTable files, List<Piece> pieces, PieceReceiver receiver) throws IOException {
        TarPieces entries = new TarPieces(files, pieces, receiver, side);
        TarPushParser parser = new TarPushParser(entries);
        RemoteShell shell = shell();
        byte[] names = remote().names(paths(files, pieces));
        shell.request("archive", Integer.toString(names.length));
        shell.data(names, 0, names.length);
        shell.flush();
        long taken = 0;
        while (!parser.hasEnded() || taken < parser.length(RECORD_BYTES)) {
            shell.bytes(RECORD_BYTES, bytes -> parser.write(bytes.array(), bytes.position(), bytes.remaining()));
            taken += RECORD_BYTES;
        }
        // tar's status is 1 for a file that changed, 2 for one that is gone too: what it brought is what counts.
        shell.number();
        String words = shell.text('\0');
        Collection<Piece> missing = entries.missing();
        requireGone(files, missing, words);
        missing.forEach(receiver::vanished);
        return true;
    }

    @Override
    public List<byte[]> hash(FileTable files, List<Piece> pieces) {
        return pieces.isEmpty() ? List.of() : exchange(files, pieces, () -> digests(files, pieces));
    }

    /** Whole files many by one process, stretches by a process each. */
    private List<byte[]> digests(FileTable files, List<Piece> pieces) throws IOException {
        // A file that has grown beyond its piece gives a digest that fits nothing, and is copied anew: that is right
        // too.
        List<Piece> whole = pieces.stream()
                .filter(piece -> piece.offset() == 0 && piece.length() >= files.size(piece.file()))
                .toList();
        List<Piece> parts = new ArrayList<>(pieces);
        parts.removeAll(new java.util.HashSet<>(whole));
        String algorithm = digest().algorithm();
        Map<Piece, byte[]> digests = new LinkedHashMap<>();
        Map<String, byte[]> byPath = whole.isEmpty() ? Map.of() : remote().hashFiles(algorithm, paths(files, whole));
        whole.forEach(piece -> digests.put(piece, byPath.getOrDefault(files.path(piece.file()), NONE)));
        List<byte[]> ofParts = remote().hashRanges(algorithm, ranges(files, parts));
        for (int part = 0; part < parts.size(); part++) {
            digests.put(parts.get(part), ofParts.get(part));
        }
        requireGone(
                files,
                pieces.stream()
                        .filter(piece -> digest(digests, piece).length == 0)
                        .toList(),
                "");
        return pieces.stream().map(piece -> digest(digests, piece)).toList();
    }

    private static byte[] digest(Map<Piece, byte[]> digests, Piece piece) {
        return digests.getOrDefault(piece, NONE);
    }

    @Override
    public Digest digest() {
        return new Digest("SHA-256", COARSE_BYTES, FINE_BYTES);
    }

    @Override
    public byte[] readControlFile() {
        return host.files().read(directory + "/" + TargetLayout.CONTROL_FILE, 64 << 10);
    }

    private static List<String> paths(FileTable files, List<Piece> pieces) {
        return pieces.stream().map(piece -> files.path(piece.file())).toList();
    }

    private static List<RemoteFiles.Range> ranges(FileTable files, List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> new RemoteFiles.Range(files.path(piece.file()), piece.offset(), piece.length()))
                .toList();
    }

    /** A file that brought nothing must be gone; if it is still there it could not be read. */
    private void requireGone(FileTable files, Collection<Piece> pieces, String words) throws IOException {
        List<String> paths = pieces.stream()
                .map(piece -> files.path(piece.file()))
                .distinct()
                .toList();
        for (String path : paths) {
            shell().request("there", Footing.ONE_DIRECTORY.name(path));
        }
        shell().flush();
        String there = "";
        for (String path : paths) {
            there = shell().number() == 1 ? path : there;
        }
        if (!there.isEmpty()) {
            throw unreadable(there, 1, words.isBlank() ? "It is there, but gave nothing." : words);
        }
    }

    private <T> T exchange(FileTable files, List<Piece> pieces, RemoteShell.Exchange<T> exchange) {
        try {
            return shell().within(exchange);
        } catch (IOException failure) {
            throw unreadable(files.path(pieces.get(0).file()), pieces.size(), shell().words(failure));
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

    /** Hands ranges on as the pieces they are. */
    private final class RangeReceiver implements RemoteFiles.Receiver {
        private final FileTable files;
        private final List<Piece> pieces;
        private final PieceReceiver receiver;

        RangeReceiver(FileTable files, List<Piece> pieces, PieceReceiver receiver) {
            this.files = files;
            this.pieces = pieces;
            this.receiver = receiver;
        }

        @Override
        public void begin(int range) {
            receiver.begin(pieces.get(range));
        }

        @Override
        public void accept(ByteBuffer bytes) {
            receiver.accept(bytes);
        }

        @Override
        public void end(int range) {
            receiver.end();
        }

        @Override
        public void missing(int range) {
            receiver.vanished(pieces.get(range));
        }

        @Override
        public void failed(int range, String words) {
            throw unreadable(files.path(pieces.get(range).file()), 1, words);
        }
    }

    @Override
    public void close() {
        RemoteShell known;
        synchronized (this) {
            known = opened;
        }
        if (known != null) {
            known.close();
        }
        host.close();
    }
}
