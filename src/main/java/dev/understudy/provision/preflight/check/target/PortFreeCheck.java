package dev.understudy.provision.preflight.check.target;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.ExistingCluster;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import java.util.Optional;
import java.util.Set;

/** A check that nobody listens on the port that the standby is to have, by TCP or by a socket lock file. */
@CheckInfo(id = "port-free", summary = "The standby's port is free on its machine")
public final class PortFreeCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.target().match(target -> judge(facts, target), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, TargetFacts target) {
        if (target.port().isEmpty()) {
            return skipped("the standby's port is chosen later, among free ones");
        }
        int port = target.port().get();
        int own = target.existing()
                .orElse(Optional.empty())
                .map(ExistingCluster::livePid)
                .orElse(0);
        if (facts.intent().target().ours() && own != 0) {
            return pass("the server that this run has started (pid %d) has port %d", own, port);
        }
        if (port < 1 || port > 65_535) {
            return fail("%d is not a port", port).hint("A port is a number from 1 to 65535.");
        }
        if (target.listeningPorts().orElse(Set.of()).contains(port)) {
            return fail("port %d is in use on host %s", port, target.machine().name())
                    .seen("somebody listens on TCP port " + port, "/proc/net/tcp of the standby's machine")
                    .hint("Give the standby another port, or see who has it: ss -ltnp 'sport = :%d'", port);
        }
        if (target.socketLocks().orElse(Set.of()).contains(port)) {
            return fail("a server's Unix socket for port %d is in the standby's socket directory", port)
                    .seen(".s.PGSQL.%d.lock exists".formatted(port), "socket directory")
                    .hint("Give the standby another port or another socket_directory.");
        }
        return target.listeningPorts()
                .match(
                        ports -> pass(
                                "port %d is free on host %s",
                                port, target.machine().name()),
                        this::skipped);
    }
}
