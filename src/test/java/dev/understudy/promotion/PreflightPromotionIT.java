package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Understudy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several standbys checked and ranked by a run of the engine. */
final class PreflightPromotionIT {
    private static final String SILENT = "host=127.0.0.1 port=1 user=nobody connect_timeout=2";

    @TempDir
    private Path home;

    @Test
    void aStandbyThatCanBePromotedComesFirstInTheReport() {
        try (PromotionPair pair = PromotionPair.of(ServerMajor.V17)) {
            Understudy.Ended run = new Understudy(home)
                    .runPlaybook(
                            "preflight-promotion",
                            Map.of(
                                    "primary",
                                    pair.primary().conninfo(),
                                    "standbys",
                                    SILENT + "; " + pair.standby().conninfo()));

            assertThat(run.status()).as(run.said()).isZero();
            assertThat(run.out())
                    .containsSubsequence(
                            "1. host=127.0.0.1 port=" + pair.standby().port(),
                            ": go, has WAL up to 0/",
                            "2. " + SILENT,
                            ": no-go, has WAL up to 0/0; fails: in-recovery");
        }
    }

    @Test
    void theRunIsRefusedIfNoneCanBePromoted() {
        Understudy.Ended run =
                new Understudy(home).runPlaybook("preflight-promotion", Map.of("primary", SILENT, "standbys", SILENT));

        assertThat(run.status()).as(run.said()).isEqualTo(3);
        assertThat(run.said())
                .contains("none of the 1 standbys can be promoted")
                .contains(": no-go, has WAL up to 0/0; fails: in-recovery");
    }
}
