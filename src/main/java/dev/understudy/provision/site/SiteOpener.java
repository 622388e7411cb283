package dev.understudy.provision.site;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Host;
import dev.understudy.plan.Plan;
import dev.understudy.plan.PrimarySection;
import dev.understudy.plan.StandbySection;
import dev.understudy.postgres.Conninfo;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Opens the hosts that a plan names.
 *
 * @param hosts gives a host by its name, {@code local} or {@code ssh://…}
 */
public record SiteOpener(Function<String, Host> hosts) {
    private static final String NONE = "none";

    /** @throws UnderstudyException if a host cannot be reached, or the target's account cannot be had */
    public Site open(Plan plan) {
        PrimarySection primary = plan.primary();
        StandbySection standby = plan.standby();
        Optional<Host> primaryHost =
                primary.host().equals(NONE) ? Optional.empty() : Optional.of(hosts.apply(primary.host()));
        Host login = hosts.apply(standby.host());
        String dataDirectory = absolute(standby.dataDirectory());
        Account account = TargetAccount.choose(login, standby.findAccount(), dataDirectory);
        TargetSite target = new TargetSite(
                login,
                login.as(account),
                dataDirectory,
                standby.findBinDirectory(),
                standby.findPort().map(OptionalInt::of).orElse(OptionalInt.empty()),
                standby.findSocketDirectory(),
                standby.findWalDirectory().map(SiteOpener::absolute),
                standby.tablespaces());
        return new Site(new PrimarySite(Conninfo.parse(primary.connect()), primaryHost), target, hosts.apply("local"));
    }

    private static String absolute(String path) {
        // One directory, one name: runs are kept apart by it.
        String trimmed = path.replaceAll("/(?:\\.?/)+", "/").replaceAll("(?<=.)/\\.?$", "");
        boolean climbs = (trimmed + "/").contains("/../");
        if (!trimmed.startsWith("/") || trimmed.equals("/") || trimmed.equals("/.") || climbs) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "\"%s\" is not an absolute path of a directory", path)
                    .build();
        }
        return trimmed;
    }
}
