package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.ErrorCode;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Optional;

/** A standby that replays, and answers nobody because it was told so. */
public final class HotStandbyOffRule implements Rule {
    private static final String ID = "hot-standby-off";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<Attempt.Failure> refused = facts.standby()
                .value()
                .flatMap(Attempt::failure)
                .filter(failure -> failure.code() == ErrorCode.SERVER_STARTING)
                .filter(failure -> failure.detail().contains("Hot standby mode is disabled"));
        boolean off =
                View.directory(facts).isPresent() && isOff(View.directory(facts).get());
        boolean inRecovery = View.directory(facts)
                .filter(found -> found.isRunning().orElse(false))
                .flatMap(found -> found.control().value())
                .filter(control -> control.state() == ClusterState.IN_ARCHIVE_RECOVERY)
                .isPresent();
        if (refused.isEmpty() && !(off && inRecovery && View.standby(facts).isEmpty())) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(facts.standby()
                        .value()
                        .flatMap(Attempt::failure)
                        .map(failure -> new Sign("connection to the standby", failure.detail())))
                .seen(View.directory(facts)
                        .flatMap(found -> found.setting("hot_standby"))
                        .map(setting -> new Sign(setting.place(), "hot_standby = " + setting.value())))
                .seen(
                        off
                                        && View.directory(facts)
                                                .get()
                                                .setting("hot_standby")
                                                .isEmpty()
                                ? Optional.of(new Sign(
                                        "configuration files",
                                        "do not set hot_standby, which is off by default up to 9.6"))
                                : Optional.empty())
                .remedy(Remedy.byHand(
                        "switch-hot-standby-on",
                        "Switch hot_standby on and restart the standby",
                        "echo \"hot_standby = on\" >> "
                                + ShellQuote.quote(facts.given().dataDirectoryOrWord() + "/postgresql.auto.conf")
                                + " && pg_ctl -D "
                                + ShellQuote.quote(facts.given().dataDirectoryOrWord()) + " restart",
                        Cost.RESTART))
                .says("The standby replays and answers nobody: hot_standby is off"));
    }

    private static boolean isOff(DirectoryFacts directory) {
        boolean byDefault = directory
                .major()
                .value()
                .filter(major -> !major.isAtLeast(ServerMajor.V10))
                .isPresent();
        return directory.settings().isKnown()
                && directory
                        .setting("hot_standby")
                        .map(setting -> !setting.isOn())
                        .orElse(byDefault);
    }
}
