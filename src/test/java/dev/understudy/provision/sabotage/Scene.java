package dev.understudy.provision.sabotage;

import dev.understudy.engine.StepContext;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a run works, with the tools of those who tamper: the primary, the target, and what is remembered meanwhile. */
final class Scene {
    private static final int PAGE_BYTES = 8192;

    private final EmbeddedPostgres primary;
    private final Path work;
    private final Map<String, byte[]> remembered = new HashMap<>();
    private final Deque<Tampering> repairs = new ArrayDeque<>();
    private @Nullable StepContext context;
    private int hits;

    /** @param work a directory of the servers' account for this run's target */
    Scene(EmbeddedPostgres primary, Path work) {
        this.primary = primary;
        this.work = work;
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    ServerMajor major() {
        return primary.major();
    }

    boolean isModern() {
        return major().isAtLeast(ServerMajor.V10);
    }

    String walName() {
        return isModern() ? "pg_wal" : "pg_xlog";
    }

    Path target() {
        return work.resolve("standby");
    }

    Path target(String relative) {
        return target().resolve(relative);
    }

    /** Where the primary's tablespace goes. */
    Path tablespace() {
        return work.resolve("archive");
    }

    Path onPrimary(String relative) {
        return primary.dataDirectory().resolve(relative);
    }

    void enter(StepContext step) {
        context = step;
    }

    StepContext context() {
        return Objects.requireNonNull(context, "no step has been hit yet");
    }

    void noteHit() {
        hits++;
    }

    int hits() {
        return hits;
    }

    Lsn fact(String name) {
        return context().facts().lsn(name);
    }

    /** The first file of a table or index, relative to the data directory. */
    String file(String relation) {
        return Objects.requireNonNull(primary.query("SELECT pg_relation_filepath('" + relation + "')"));
    }

    void checkpoint() {
        primary.execute("CHECKPOINT");
    }

    void remember(String name, Path file) throws IOException {
        remembered.put(name, Files.readAllBytes(file));
    }

    byte[] remembered(String name) {
        return Objects.requireNonNull(remembered.get(name), name);
    }

    /** Does something when the run is over, whatever its end: the primary is used by other rows. */
    void afterwards(Tampering repair) {
        repairs.push(repair);
    }

    void repair() throws IOException {
        while (!repairs.isEmpty()) {
            repairs.pop().on(this);
        }
    }

    /** Makes or replaces a file of the servers' account. */
    void put(Path file, byte[] contents) throws IOException {
        Files.write(file, contents);
        Account.give(file);
    }

    void put(Path file, String contents) throws IOException {
        put(file, contents.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Overwrites a stretch of a file in place. */
    static void overwrite(Path file, long offset, byte[] bytes) throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(offset);
            channel.write(ByteBuffer.wrap(bytes));
        }
    }

    static void flipBit(Path file, long offset) throws IOException {
        byte[] contents = Files.readAllBytes(file);
        contents[(int) offset] ^= 0x10;
        overwrite(file, offset, new byte[] {contents[(int) offset]});
    }

    static void zeroPage(Path file, int page) throws IOException {
        overwrite(file, (long) page * PAGE_BYTES, new byte[PAGE_BYTES]);
    }

    /** Tampers with a file so that its size and time tell nothing. */
    static void disguised(Path file, FileTampering tampering) throws IOException {
        FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        long size = Files.size(file);
        tampering.on(file);
        Files.setLastModifiedTime(file, time);
        if (Files.size(file) != size) {
            throw new IllegalStateException("the size of " + file + " gives it away");
        }
    }

    /** Works on one file. */
    interface FileTampering {
        void on(Path file) throws IOException;
    }

    /** A pg_control with a number in it changed and its checksum made right again, past our own reader. */
    static byte[] controlFileWith(byte[] file, int offset, long number, int bytes) {
        byte[] changed = file.clone();
        int crc = checksumOffset(file);
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes == 8) {
            buffer.putLong(offset, number);
        } else {
            buffer.putInt(offset, (int) number);
        }
        buffer.putInt(crc, Crc32c.of(changed, 0, crc));
        return changed;
    }

    /** Where the checksum lies differs between majors: it is where it is right. */
    private static int checksumOffset(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 200; offset < 400; offset += 4) {
            if (buffer.getInt(offset) == Crc32c.of(file, 0, offset)) {
                return offset;
            }
        }
        throw new IllegalArgumentException("not a pg_control");
    }

    /** What the standby's server has logged. */
    String standbyLog() throws IOException {
        return Files.readString(target("understudy-start.log"));
    }
}
