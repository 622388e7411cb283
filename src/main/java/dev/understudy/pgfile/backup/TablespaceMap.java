package dev.understudy.pgfile.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.Tablespace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The file {@code tablespace_map}: a line a tablespace, its object identifier, a space and its location. A backslash
 * stands before a newline or carriage return that belongs to a location, and from 14 also before a backslash.
 *
 * <p>Source: {@code do_pg_backup_start} in {@code xlog.c}, {@code read_tablespace_map} in {@code xlogrecovery.c}.
 */
public final class TablespaceMap {
    public static final String FILE_NAME = "tablespace_map";
    public static final String OLD_FILE_NAME = "tablespace_map.old";

    private TablespaceMap() {}

    /** @throws UnderstudyException {@link ErrorCode#TABLESPACE_MAP_INVALID} */
    public static List<Tablespace> parse(byte[] file, ServerMajor major) {
        List<Tablespace> tablespaces = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean escapesBackslash = major.isAtLeast(ServerMajor.V14);
        for (int i = 0; i < file.length; i++) {
            byte next = i + 1 < file.length ? file[i + 1] : 0;
            if (file[i] == '\\' && (next == '\n' || next == '\r' || next == '\\' && escapesBackslash)) {
                line.write(next);
                i++;
            } else if (file[i] == '\n' || file[i] == '\r') {
                addLine(line, tablespaces);
            } else {
                line.write(file[i]);
            }
        }
        if (line.size() > 0) {
            throw invalid(line.toString(StandardCharsets.UTF_8), "The last line does not end with a newline.");
        }
        return List.copyOf(tablespaces);
    }

    private static void addLine(ByteArrayOutputStream bytes, List<Tablespace> tablespaces) {
        String line = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        if (line.isEmpty()) {
            return;
        }
        int space = line.indexOf(' ');
        if (space <= 0 || space == line.length() - 1) {
            throw invalid(line, "A line is an object identifier, a space and a path.");
        }
        try {
            tablespaces.add(new Tablespace(Oid.parse(line.substring(0, space)), line.substring(space + 1)));
        } catch (NumberFormatException e) {
            throw invalid(line, "A line is an object identifier, a space and a path.");
        }
    }

    /** The bytes a server of this major reads as these tablespaces. */
    public static byte[] format(List<Tablespace> tablespaces, ServerMajor major) {
        StringBuilder text = new StringBuilder();
        for (Tablespace tablespace : tablespaces) {
            String location = tablespace.location();
            if (major.isAtLeast(ServerMajor.V14)) {
                location = location.replace("\\", "\\\\");
            }
            location = location.replace("\n", "\\\n").replace("\r", "\\\r");
            text.append(tablespace.oid()).append(' ').append(location).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static UnderstudyException invalid(String line, String detail) {
        return UnderstudyException.of(ErrorCode.TABLESPACE_MAP_INVALID, "invalid line in tablespace_map: \"%s\"", line)
                .detail("%s", detail)
                .build();
    }
}
