package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.facts.ServiceFacts;
import dev.understudy.promotion.facts.ServiceFacts.DebianCluster;
import dev.understudy.promotion.policy.Policy;
import java.util.List;
import java.util.Optional;

/** A service manager that starts the server after a reboot: systemd's unit, or pg_ctlcluster. */
public final class ServiceManagerCheck implements PromotionCheck {
    private static final String ID = "service-manager";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.directory(),
                directory ->
                        CheckResult.of(ID, facts.settings().service(), service -> judge(service, directory.path())));
    }

    private static CheckResult judge(ServiceFacts service, String dataDirectory) {
        CheckResult.Builder result = CheckResult.builder(ID);
        String unit = service.controlGroup().orElse(Optional.empty()).orElse("");
        Optional<DebianCluster> cluster = service.cluster(dataDirectory);
        result.seen(
                "control group of the server's process",
                service.controlGroup().isKnown()
                        ? unit.isEmpty() ? "no systemd unit" : unit
                        : service.controlGroup().reason());
        service.enabled().value().ifPresent(word -> result.seen("systemctl is-enabled " + unit, word));
        cluster.ifPresent(found -> result.seen("/etc/postgresql/" + found.name() + "/start.conf", found.start()));
        if (cluster.isPresent() && !cluster.get().start().equals("auto")) {
            return result.warn(
                    "pg_ctlcluster knows the cluster %s and does not start it after a reboot"
                            .formatted(cluster.get().name()),
                    "Write auto into /etc/postgresql/%s/start.conf"
                            .formatted(cluster.get().name()));
        }
        if (cluster.isPresent() && unit.isEmpty()) {
            return result.warn(
                    "pg_ctlcluster knows the cluster %s, but the running server was started without systemd"
                            .formatted(cluster.get().name()),
                    "At a convenient time stop it, and start it with: systemctl start postgresql@"
                            + cluster.get().name().replace('/', '-'));
        }
        if (unit.isEmpty()) {
            List<DebianCluster> others = service.clusters().orElse(List.of());
            if (!others.isEmpty()) {
                result.seen(
                        "/etc/postgresql",
                        "other clusters: "
                                + String.join(
                                        ", ",
                                        others.stream().map(DebianCluster::name).toList()));
            }
            return result.warn(
                    "No service manager knows the server: nothing starts it after a reboot",
                    "Make it a service of its host, as the primary is");
        }
        boolean starts = cluster.isPresent()
                || !service.enabled().isKnown()
                || service.enabled()
                        .value()
                        .filter(word -> word.matches("enabled.*|static|indirect|generated|alias"))
                        .isPresent();
        return starts
                ? result.pass("systemd runs the server as " + unit)
                : result.warn(
                        "systemd runs the server as %s, and does not start it after a reboot".formatted(unit),
                        "systemctl enable " + unit);
    }
}
