package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A standby whose server was built by somebody else than the primary's: it sorts with another ICU, and has other time
 * zone data.
 */
final class OtherLibrariesIT {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql/15/bin");

    @Test
    void indexesAndZonesOfOtherLibrariesAreNamed() throws IOException {
        Required.part("postgresql-15", Files.isDirectory(DEBIAN), "there is no PostgreSQL 15 of Debian's");
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute(
                    "CREATE TABLE t (a text)",
                    "CREATE INDEX \"T de\" ON t (a COLLATE \"de-x-icu\")",
                    "CREATE INDEX t_c ON t (a COLLATE \"C\")",
                    "CHECKPOINT");
            Path clone = primary.scratch("clones").resolve("clone");
            primary.stop();
            PairFiles.copy(primary.dataDirectory(), clone);
            primary.start();
            PairFiles.follow(primary, clone);
            int port = EmbeddedPostgres.freePort();
            Files.writeString(
                    clone.resolve("postgresql.conf"),
                    "port = %d\nunix_socket_directories = '%s'\n".formatted(port, primary.socketDirectory()),
                    StandardOpenOption.APPEND);
            control(clone, "start", "-w", "-l", clone + ".log");
            try {
                BuiltStandby standby = BuiltStandby.at(ServerMajor.V15, clone, port);
                Awaitility.await("the standby to answer")
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> "t".equals(standby.query("SELECT pg_is_in_recovery()")));
                assertVerdict(examine(primary, standby));
            } finally {
                control(clone, "stop", "-w", "-m", "immediate");
            }
        }
    }

    private static Verdict examine(EmbeddedPostgres primary, BuiltStandby standby) {
        PromotionRequest request = new PromotionRequest(
                Conninfo.parse("host=127.0.0.1 port=%d user=postgres dbname=postgres".formatted(standby.port())),
                Optional.of(Conninfo.parse(primary.conninfo())),
                "local",
                Optional.of(standby.dataDirectory().toString()),
                List.of(),
                Depth.QUICK);
        return Promotion.examine(
                new PromotionGatherer(Hosts::open, Clock.systemUTC()).gather(request), Policy.standard());
    }

    private static void assertVerdict(Verdict verdict) {
        assertThat(PromotionPair.result(verdict, "collation-versions").result()).isEqualTo(Result.FAIL);
        assertThat(PromotionPair.result(verdict, "collation-versions").summary())
                .matches("Text may not be found in 1 index: built with icu [0-9.]+, and the standby has [0-9.]+");
        assertThat(PromotionPair.result(verdict, "collation-versions").evidence())
                .extracting(sign -> sign.source() + ": " + sign.detail())
                .contains("indexes at risk: public.\"T de\"");
        assertThat(PromotionPair.result(verdict, "time-zone-data").result()).isEqualTo(Result.WARN);
        assertThat(PromotionPair.result(verdict, "time-zone-data").summary())
                .startsWith("Not what they are on the primary: the rules of ");
    }

    private static void control(Path directory, String verb, String... options) {
        List<String> line =
                new ArrayList<>(List.of(DEBIAN.resolve("pg_ctl").toString(), verb, "-s", "-D", directory.toString()));
        line.addAll(List.of(options));
        Account.run(Account.asServer(line), Map.of("LC_ALL", "C"));
    }
}
