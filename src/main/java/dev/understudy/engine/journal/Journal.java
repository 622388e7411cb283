package dev.understudy.engine.journal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A run's journal, {@code journal.jsonl}: one event a line, appended only, and on disk before {@link #append} returns.
 * A last line without its end is what a crash leaves of a write; it is ignored, and cut off before the next event. Any
 * other line that cannot be read is an error that names it. Thread-safe.
 */
public final class Journal implements AutoCloseable {
    /** The file's name in a run's directory. */
    public static final String FILE_NAME = "journal.jsonl";

    private final Path file;
    // Not a FileChannel: an interrupt of the writing thread would close it.
    private final RandomAccessFile output;
    private long length;

    private Journal(Path file, RandomAccessFile output, long length) {
        this.file = file;
        this.output = output;
        this.length = length;
    }

    /**
     * Starts a journal.
     *
     * @throws UnderstudyException {@link ErrorCode#JOURNAL_UNWRITABLE} if there is one already or it cannot be made
     */
    public static Journal create(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Durable.flushDirectory(file.toAbsolutePath().getParent());
            return new Journal(file, new RandomAccessFile(file.toFile(), "rw"), 0);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /**
     * Opens a journal to append to it; a torn last line is cut off.
     *
     * @throws UnderstudyException {@link ErrorCode#JOURNAL_UNWRITABLE}, {@link ErrorCode#JOURNAL_DAMAGED}
     */
    public static Journal open(Path file) {
        long whole = contents(file).wholeBytes();
        try {
            RandomAccessFile output = new RandomAccessFile(file.toFile(), "rw");
            if (output.length() > whole) {
                output.setLength(whole);
                output.getFD().sync();
            }
            return new Journal(file, output, whole);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /**
     * The events of a journal, in order; a torn last line is left out. Empty if a crash came before the first.
     *
     * @throws UnderstudyException {@link ErrorCode#JOURNAL_DAMAGED} naming the line;
     *     {@link ErrorCode#STATE_DIRECTORY_UNUSABLE} if the file cannot be read
     */
    public static List<JournalEvent> read(Path file) {
        return contents(file).events();
    }

    /**
     * Appends an event; it is on disk when this returns. After a failed write the file is as long as it was before.
     *
     * @throws UnderstudyException {@link ErrorCode#JOURNAL_UNWRITABLE}
     */
    public synchronized void append(JournalEvent event) {
        byte[] line = (JournalCodec.write(event) + '\n').getBytes(StandardCharsets.UTF_8);
        try {
            output.seek(length);
            output.write(line);
            output.getFD().sync();
            length += line.length;
        } catch (IOException e) {
            UnderstudyException error = unwritable(file, e);
            cutBack(error);
            throw error;
        }
    }

    private void cutBack(UnderstudyException error) {
        try {
            output.setLength(length);
        } catch (IOException e) {
            error.addSuppressed(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            output.close();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private record Contents(List<JournalEvent> events, long wholeBytes) {}

    private static Contents contents(Path file) {
        byte[] bytes = bytes(file);
        List<JournalEvent> events = new ArrayList<>();
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                if (end == bytes.length - 1 && isUnwritten(bytes, start)) {
                    break;
                }
                events.add(event(file, bytes, start, end, events.size() + 1));
                start = end + 1;
            }
        }
        return new Contents(List.copyOf(events), start);
    }

    /** A crash of the machine can leave a last line whose end was written and whose beginning was not: zeroes. */
    private static boolean isUnwritten(byte[] bytes, int start) {
        for (int i = start; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw damaged(file, "is missing", e);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.STATE_DIRECTORY_UNUSABLE, "could not read journal \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }

    private static JournalEvent event(Path file, byte[] bytes, int start, int end, int number) {
        try {
            JournalEvent event = JournalCodec.read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString());
            if (number == 1 && !(event instanceof JournalEvent.RunStarted)) {
                throw new IOException("the first event is not run-started");
            }
            return event;
        } catch (CharacterCodingException e) {
            throw damaged(file, "is damaged in line " + number + ": not UTF-8", e);
        } catch (IOException e) {
            throw damaged(file, "is damaged in line " + number + ": " + firstLine(e), e);
        }
    }

    private static String firstLine(IOException error) {
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        return message.lines().findFirst().orElse("");
    }

    private static UnderstudyException damaged(Path file, String problem, IOException cause) {
        return UnderstudyException.of(ErrorCode.JOURNAL_DAMAGED, "journal \"%s\" %s", file, problem)
                .hint(
                        "Nothing was changed. What the run made has to be cleared away by hand; the lines before it tell what.")
                .cause(cause)
                .build();
    }

    private static UnderstudyException unwritable(Path file, IOException cause) {
        return UnderstudyException.of(ErrorCode.JOURNAL_UNWRITABLE, "could not write journal \"%s\"", file)
                .detail("%s", cause.toString())
                .cause(cause)
                .build();
    }
}
