package dev.understudy.transfer.ssh;

import dev.understudy.host.Host;
import dev.understudy.transfer.route.TargetHasher;
import dev.understudy.transfer.route.TargetReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads or hashes a target on another machine, over a connection of its own. */
final class RemoteTarget implements TargetReader, TargetHasher {
    private final RemoteSink sink;
    private final Host host;
    private final RemoteShell shell;
    private final RemoteFiles files;

    RemoteTarget(RemoteSink sink, Host host) {
        this.sink = sink;
        this.host = host;
        this.shell = new RemoteShell(host, TargetScripts.ENTER + RemoteFiles.FUNCTIONS);
        this.files = new RemoteFiles(shell, sink.footing());
    }

    @Override
    public long read(String path, long offset, long length, Consumer<ByteBuffer> receiver) {
        OneRange one = new OneRange(path, receiver);
        return exchange(path, () -> {
            files.read(List.of(new RemoteFiles.Range(path, offset, length)), one);
            return one.length;
        });
    }

    @Override
    public List<Hashed> hash(String algorithm, List<Stretch> stretches) {
        return stretches.isEmpty() ? List.of() : exchange(stretches.get(0).path(), () -> digests(algorithm, stretches));
    }

    @Override
    public List<Long> lengths(List<Stretch> stretches) {
        if (stretches.isEmpty()) {
            return List.of();
        }
        return exchange(stretches.get(0).path(), () -> {
            Map<String, Long> sizes = sizes(stretches);
            return stretches.stream().map(stretch -> length(stretch, sizes)).toList();
        });
    }

    private Map<String, Long> sizes(List<Stretch> stretches) throws IOException {
        return files.sizes(stretches.stream().map(Stretch::path).distinct().toList());
    }

    private static long length(Stretch stretch, Map<String, Long> sizes) {
        long size = sizes.getOrDefault(stretch.path(), -1L);
        return size < 0 ? -1 : Math.max(0, Math.min(stretch.length(), size - stretch.offset()));
    }

    private List<Hashed> digests(String algorithm, List<Stretch> stretches) throws IOException {
        Map<String, Long> sizes = sizes(stretches);
        Map<Stretch, Long> lengths = new HashMap<>();
        List<Stretch> whole = new ArrayList<>();
        List<Stretch> parts = new ArrayList<>();
        for (Stretch stretch : stretches) {
            long length = length(stretch, sizes);
            lengths.put(stretch, length);
            if (length > 0) {
                (length == sizes.getOrDefault(stretch.path(), -1L) ? whole : parts).add(stretch);
            }
        }
        Map<Stretch, byte[]> digests = digests(algorithm, whole, parts);
        byte[] nothing = ofNothing(algorithm);
        return stretches.stream()
                .map(stretch -> {
                    long length = lengths.getOrDefault(stretch, -1L);
                    byte[] digest = length < 0 ? new byte[0] : digests.getOrDefault(stretch, nothing);
                    return new Hashed(length, digest);
                })
                .toList();
    }

    private Map<Stretch, byte[]> digests(String algorithm, List<Stretch> whole, List<Stretch> parts)
            throws IOException {
        Map<Stretch, byte[]> digests = new HashMap<>();
        Map<String, byte[]> byPath =
                files.hashFiles(algorithm, whole.stream().map(Stretch::path).toList());
        for (Stretch stretch : whole) {
            digests.put(stretch, readable(stretch, byPath.getOrDefault(stretch.path(), new byte[0])));
        }
        List<byte[]> ofParts = files.hashRanges(
                algorithm,
                parts.stream()
                        .map(part -> new RemoteFiles.Range(part.path(), part.offset(), part.length()))
                        .toList());
        for (int part = 0; part < parts.size(); part++) {
            digests.put(parts.get(part), readable(parts.get(part), ofParts.get(part)));
        }
        return digests;
    }

    /** Its size was seen a moment ago, and only this copy works on the target. */
    private byte[] readable(Stretch stretch, byte[] digest) {
        if (digest.length == 0) {
            throw sink.failure("could not read", sink.absolute(stretch.path()), "It is there, but gave nothing.");
        }
        return digest;
    }

    private static byte[] ofNothing(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest();
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalArgumentException(failure);
        }
    }

    private <T> T exchange(String path, RemoteShell.Exchange<T> exchange) {
        try {
            return shell.within(exchange);
        } catch (IOException failure) {
            throw sink.failure("could not read", sink.absolute(path), shell.words(failure));
        }
    }

    @Override
    public int fineBytes() {
        return SshReader.FINE_BYTES;
    }

    @Override
    public int coarseBytes() {
        return SshReader.COARSE_BYTES;
    }

    /** Takes one range. */
    private final class OneRange implements RemoteFiles.Receiver {
        private final String path;
        private final Consumer<ByteBuffer> receiver;
        private long length;

        OneRange(String path, Consumer<ByteBuffer> receiver) {
            this.path = path;
            this.receiver = receiver;
        }

        @Override
        public void begin(int range) {
            length = 0;
        }

        @Override
        public void accept(ByteBuffer bytes) {
            length += bytes.remaining();
            receiver.accept(bytes);
        }

        @Override
        public void end(int range) {
            // The number of bytes is known.
        }

        @Override
        public void missing(int range) {
            length = -1;
        }

        @Override
        public void failed(int range, String words) {
            throw sink.failure("could not read", sink.absolute(path), words);
        }
    }

    @Override
    public void close() {
        shell.close();
        host.close();
    }
}
