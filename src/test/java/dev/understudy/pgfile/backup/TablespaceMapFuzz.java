package dev.understudy.pgfile.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.Tablespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** tablespace_map, which is read back as it was written. */
public final class TablespaceMapFuzz {
    private static final Set<ErrorCode> DOCUMENTED = Set.of(ErrorCode.TABLESPACE_MAP_INVALID);

    private TablespaceMapFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(DOCUMENTED, () -> TablespaceMap.parse(bytes, ServerMajor.V9_6));
        Fuzz.reading(DOCUMENTED, () -> {
            List<Tablespace> tablespaces = TablespaceMap.parse(bytes, ServerMajor.V18);
            byte[] written = TablespaceMap.format(tablespaces, ServerMajor.V18);
            if (!TablespaceMap.parse(written, ServerMajor.V18).equals(tablespaces)) {
                throw new AssertionError("not read back as it was written: " + tablespaces);
            }
        });
    }

    public static List<byte[]> seeds() {
        return Stream.of("16384 /srv/a\n", "16384 /srv/a b\\\nc\n16385 /srv/back\\\\slash\\\r\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
