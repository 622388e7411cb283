package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.Host;
import dev.understudy.host.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.provision.preflight.request.Route;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preflight against real servers. */
final class PreflightIT {
    private static final List<String> NEVER_IN_ORDER_HERE = List.of("fsync");

    private static Host target() {
        Host here = Hosts.local();
        return here.as(here.findAccount(Account.ofServers()).orElseThrow());
    }

    static PreflightRequest request(EmbeddedPostgres primary) {
        Target target = Target.of(primary.scratch("copies") + "/standby")
                .withBinDirectory(primary.binDirectory().toString())
                .withPort(EmbeddedPostgres.freePort())
                .withSocketDirectory(primary.scratch("t").toString());
        Conninfo conninfo = Conninfo.parse(primary.conninfo());
        return PreflightRequest.of(conninfo, target(), conninfo, Intent.of(target, "understudy"));
    }

    private static String describe(PreflightReport report) {
        return report.results().stream()
                .map(result -> result.state().printed() + " " + result.describe())
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "12", "15", "18"})
    void aHealthyPairPasses(String major) {
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(ServerMajor.parse(major)).withChecksums().start()) {
            PreflightReport report = Preflight.run(request(primary));

            assertThat(report.failures()).as(describe(report)).isEmpty();
            assertThat(report.warnings())
                    .as(describe(report))
                    .extracting(PreflightResult::id)
                    .containsExactlyElementsOf(NEVER_IN_ORDER_HERE);
            assertThat(report.route().route()).isEqualTo(Account.isRoot() ? Route.LOCAL : Route.LOCAL);
            System.out.println(describe(report));
            assertThat(report.in(CheckState.SKIPPED)).isNotEmpty();
        }
    }
}
