package dev.understudy.pgfile.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.Tablespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TablespaceMapTest {
    private static final List<Tablespace> ODD = List.of(
            new Tablespace(new Oid(16384), "/srv/a b"),
            new Tablespace(new Oid(-1), "/srv/new\nline\\n and \r return \\"));

    @Test
    void oddNamesComeBackAsTheyWere() {
        assertThat(TablespaceMap.parse(TablespaceMap.format(ODD, ServerMajor.V15), ServerMajor.V15))
                .isEqualTo(ODD);
        List<Tablespace> old = List.of(new Tablespace(new Oid(16384), "/srv/b\\ack\nline"));
        assertThat(TablespaceMap.parse(TablespaceMap.format(old, ServerMajor.V12), ServerMajor.V12))
                .isEqualTo(old);
    }

    @Test
    void escapesAsServersDo() {
        assertThat(new String(TablespaceMap.format(ODD, ServerMajor.V15), StandardCharsets.UTF_8))
                .isEqualTo("16384 /srv/a b\n4294967295 /srv/new\\\nline\\\\n and \\\r return \\\\\n");
    }

    @Test
    void wrongLinesAreSaid() {
        assertThat(error("16384\n")).isEqualTo("invalid line in tablespace_map: \"16384\"");
        assertThat(error("x /srv\n")).isEqualTo("invalid line in tablespace_map: \"x /srv\"");
        assertThat(error("16384 /srv")).isEqualTo("invalid line in tablespace_map: \"16384 /srv\"");
    }

    private static String error(String text) {
        UnderstudyException error = catchThrowableOfType(
                UnderstudyException.class,
                () -> TablespaceMap.parse(text.getBytes(StandardCharsets.UTF_8), ServerMajor.V15));
        assertThat(error.code()).isEqualTo(ErrorCode.TABLESPACE_MAP_INVALID);
        return error.message();
    }
}
