package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.CopyEstimate;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.preflight.facts.SpaceFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.provision.route.Route;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A check that each file system of the standby has room for all that goes there: data, each tablespace, and the WAL of the copy. What shares a file system is added up. */
@CheckInfo(id = "disk-space", summary = "Every file system has room for what goes there")
public final class DiskSpaceCheck implements PreflightCheck {
    /** What goes to one file system. */
    private static final class Load {
        private final SpaceFacts space;
        private long bytes;
        private String what = "";

        Load(SpaceFacts space) {
            this.space = space;
        }

        void add(String name, long more) {
            bytes += more;
            what += (what.isEmpty() ? "" : ", ") + name + " " + Amount.bytes(more);
        }

        boolean fits() {
            return bytes <= space.availableBytes();
        }

        /** Less than a tenth left over. */
        boolean isTight() {
            return bytes > space.availableBytes() / 10 * 9;
        }

        String describe() {
            return "\"%s\" has %s free and gets %s (%s)"
                    .formatted(space.mountPoint(), Amount.bytes(space.availableBytes()), Amount.bytes(bytes), what);
        }
    }

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .match(
                        primary -> facts.target().match(target -> judge(facts, primary, target), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, TargetFacts target) {
        if (facts.intent().route() == Route.COMMAND) {
            return skipped("whoever makes the copy makes room for it");
        }
        Known<Long> data = primary.storage().dataBytes();
        if (!data.isKnown()) {
            return warn("how much is to be copied is not known: %s", data.reason())
                    .hint(
                            "Run on the primary: GRANT pg_monitor TO \"%s\"; or compare du and df by hand.",
                            primary.role().name());
        }
        if (facts.intent().target().existing() || facts.intent().target().ours()) {
            return skipped("most of it is there already; what is missing is known when both sides are compared");
        }
        Map<String, Load> loads = new LinkedHashMap<>();
        add(loads, target.dataDirectory(), "data", data.orElse(0L));
        long wal = CopyEstimate.of(facts).map(CopyEstimate::walBytes).orElse(64L << 20);
        add(loads, target.walDirectory().orElse(target.dataDirectory()), "WAL", wal);
        for (TablespaceSurvey each : primary.storage().tablespaces().orElse(List.of())) {
            Known<PathFacts> place = target.tablespaces().getOrDefault(each.location(), Known.unknown("not mapped"));
            add(loads, place, "tablespace " + each.name(), Math.max(0, each.bytes()));
        }
        addWalOfPrimary(facts, loads, wal);
        return judge(loads, CopyEstimate.of(facts));
    }

    /** On one machine the copy may fill the very disk on which the primary keeps the slot's WAL. */
    private static void addWalOfPrimary(PreflightFacts facts, Map<String, Load> loads, long wal) {
        Optional<Load> shared = facts.primaryFiles()
                .flatMap(PrimaryFilesFacts::walDirectory)
                .value()
                .flatMap(PathFacts::space)
                .filter(space -> facts.sameMachine().is(true))
                .map(space -> loads.get(space.mountPoint()));
        shared.filter(load -> facts.intent().slot().isPresent())
                .ifPresent(load -> load.add("WAL that the primary keeps", wal));
    }

    private static void add(Map<String, Load> loads, Known<PathFacts> place, String what, long bytes) {
        Optional<SpaceFacts> space = place.value().flatMap(PathFacts::space);
        space.ifPresent(found -> loads.computeIfAbsent(found.mountPoint(), mount -> new Load(found))
                .add(what, bytes));
    }

    private PreflightResult judge(Map<String, Load> loads, Optional<CopyEstimate> estimate) {
        if (loads.isEmpty()) {
            return skipped("the free space of the standby's machine could not be read");
        }
        List<Load> full = loads.values().stream().filter(load -> !load.fits()).toList();
        List<Load> tight = loads.values().stream().filter(Load::isTight).toList();
        PreflightResult result;
        if (!full.isEmpty()) {
            result = fail("not enough room: %s", full.get(0).describe())
                    .hint("Make room, or send parts elsewhere with wal_directory and tablespaces.");
        } else if (!tight.isEmpty()) {
            result = warn("little room will be left: %s", tight.get(0).describe());
        } else {
            result = pass("there is room: %s", loads.values().iterator().next().describe());
        }
        for (Load load : loads.values()) {
            result = result.seen(load.describe(), "df of the standby's machine, sizes from the primary");
        }
        return estimate.isPresent() ? result.seen(estimate.get().basis(), "estimate") : result;
    }
}
