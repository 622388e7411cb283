package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** File names are bytes; those that are not UTF-8 are refused, not garbled. */
public final class FileNames {
    private FileNames() {}

    /**
     * The name as text.
     *
     * @throws UnderstudyException {@link ErrorCode#FILE_NAME_UNREADABLE} if it is not UTF-8, quoting it with its odd bytes
     *     as {@code \xNN}
     */
    public static String decode(String host, byte[] name) {
        try {
            // A new decoder reports malformed input; the String constructor would replace it.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            throw UnderstudyException.of(
                            ErrorCode.FILE_NAME_UNREADABLE,
                            "cannot read file name \"%s\" on host \"%s\"",
                            escaped(name),
                            host)
                    .detail("The name is not valid UTF-8.")
                    .hint("Rename or remove the file.")
                    .cause(e)
                    .build();
        }
    }

    /** What a file is, by {@code st_mode}. Source: {@code S_IFMT} in {@code inode(7)}. */
    public static FileStatus.Kind kind(int mode) {
        return switch (mode & 0170000) {
            case 0100000 -> FileStatus.Kind.FILE;
            case 0040000 -> FileStatus.Kind.DIRECTORY;
            case 0120000 -> FileStatus.Kind.SYMBOLIC_LINK;
            default -> FileStatus.Kind.OTHER;
        };
    }

    private static String escaped(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (byte b : name) {
            text.append(b >= ' ' && b < 127 ? String.valueOf((char) b) : "\\x%02X".formatted(b & 0xFF));
        }
        return text.toString();
    }
}
