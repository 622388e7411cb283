package dev.understudy.provision.site;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Host;
import dev.understudy.host.open.LaterHost;
import dev.understudy.plan.Plan;
import dev.understudy.plan.PrimarySection;
import dev.understudy.plan.StandbySection;
import dev.understudy.plan.StepKinds;
import dev.understudy.postgres.Conninfo;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

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
        String dataDirectory = absolute(standby.dataDirectory());
        Host login = login(plan, standby);
        TargetSite target = new TargetSite(
                login,
                working(plan, login, standby, dataDirectory),
                dataDirectory,
                standby.findBinDirectory(),
                standby.findPort().map(OptionalInt::of).orElse(OptionalInt.empty()),
                standby.findSocketDirectory(),
                standby.findWalDirectory().map(SiteOpener::absolute),
                standby.tablespaces());
        return new Site(new PrimarySite(Conninfo.parse(primary.connect()), primaryHost), target, hosts.apply("local"));
    }

    /** A machine that a hook of the plan may make is not there yet. */
    private static boolean maybeLater(Plan plan, StandbySection standby) {
        return plan.findStep(StepKinds.SNAPSHOT).isPresent() && !standby.host().equals("local");
    }

    private Host login(Plan plan, StandbySection standby) {
        return maybeLater(plan, standby)
                ? new LaterHost(standby.host(), () -> hosts.apply(standby.host()))
                : hosts.apply(standby.host());
    }

    private static Host working(Plan plan, Host login, StandbySection standby, String dataDirectory) {
        Supplier<Host> opener = () -> {
            Account account = TargetAccount.choose(login, standby.findAccount(), dataDirectory);
            return login.as(account);
        };
        return maybeLater(plan, standby) ? new LaterHost(standby.host(), opener) : opener.get();
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
