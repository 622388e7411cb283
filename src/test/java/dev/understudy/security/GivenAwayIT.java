package dev.understudy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Required;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run as root gives what it makes to the standby's account. Whoever has that account may put links where the standby's
 * directories are to be: what they lead to is not given away.
 */
final class GivenAwayIT {
    /** Of nobody in Debian; any number but root's will do. */
    private static final Account STANDBY = new Account("standby", 65534, 65534, "/");

    @TempDir
    Path temporary;

    @BeforeEach
    void isRoot() {
        Required.part("root", dev.understudy.testing.Account.isRoot(), "only root can give files to another account");
    }

    @ParameterizedTest
    @ValueSource(strings = {"standby", "space", "wal", "standby/pg_tblspc"})
    void aDirectoryOfSomebodyElsesIsNotGivenToTheStandbysAccount(String planted) throws IOException {
        Path precious = Files.createDirectories(temporary.resolve("precious"));
        Files.writeString(precious.resolve("shadow"), "root's");
        Path link = temporary.resolve(planted);
        Files.createDirectories(link.resolveSibling("."));
        Files.createSymbolicLink(link, precious);
        TargetLayout layout = new TargetLayout(
                temporary.resolve("standby").toString(),
                Map.of(Oid.parse("16384"), temporary.resolve("space").toString()),
                Optional.of(temporary.resolve("wal").toString()),
                "pg_wal");
        SourceListing source = new ListingBuilder(CopyRules.of(ServerMajor.V15), "primary").build();
        Object mode = Files.getAttribute(precious, "unix:mode");

        try (LocalSink sink = new LocalSink(layout, STANDBY, () -> {})) {
            UnderstudyException refused = catchThrowableOfType(UnderstudyException.class, () -> sink.makeRoots(source));

            assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE);
        }
        assertThat(Files.getAttribute(precious, "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(precious, "unix:mode")).isEqualTo(mode);
        assertThat(precious).isDirectoryNotContaining(path -> !path.endsWith("shadow"));
    }
}
