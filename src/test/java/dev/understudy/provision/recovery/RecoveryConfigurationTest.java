package dev.understudy.provision.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RecoveryConfigurationTest {
    /** What ALTER SYSTEM wrote in a database of another encoding: no UTF-8. */
    private static final byte[] LATIN1 = "'Stra\u00dfe'".getBytes(StandardCharsets.ISO_8859_1);

    private static byte[] inherited() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("# Do not edit\nmy.place = ".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(LATIN1);
        bytes.writeBytes("\nPort = 5432\nprimary_conninfo = 'host=old'\n".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    @Test
    void inheritedBytesStayAndOursAreUtf8() {
        RecoveryConfiguration configuration = new RecoveryConfiguration(
                ServerMajor.V15,
                "host=p\u00fc",
                Optional.of("s1"),
                Optional.empty(),
                Map.of("port", "5433", "cluster_name", "it's"));

        byte[] written = configuration.autoConf(inherited(), new Templates());

        assertThat(new String(written, StandardCharsets.ISO_8859_1))
                .startsWith("# Do not edit\nmy.place = 'Stra\u00dfe'\n")
                .contains("cluster_name = 'it''s'\n", "port = '5433'\n")
                .doesNotContain("host=old", "Port");
        assertThat(new String(written, StandardCharsets.UTF_8)).contains("primary_conninfo = 'host=p\u00fc'\n");
        assertThat(SettingsFile.parse(written).settings())
                .containsEntry("primary_conninfo", "host=p\u00fc")
                .containsEntry("primary_slot_name", "s1")
                .containsEntry("hot_standby", "on");
    }

    @Test
    void aFileWithoutOneOfItsSettingsKeepsTheOthersByteForByte() {
        byte[] kept = SettingsFile.parse(inherited())
                .without(java.util.Set.of("port", "primary_conninfo"))
                .bytes();

        assertThat(kept).startsWith("# Do not edit\nmy.place = ".getBytes(StandardCharsets.US_ASCII));
        assertThat(kept).containsSubsequence(LATIN1);
        assertThat(kept).endsWith((byte) '\'', (byte) '\n');
    }
}
