package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Known;
import dev.understudy.provision.guard.GuardState;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.check.access.TargetAccountCheck;
import dev.understudy.provision.preflight.check.clone.CloneGuardCheck;
import dev.understudy.provision.preflight.check.clone.VolumesCheck;
import dev.understudy.provision.preflight.check.primary.SourceRoleCheck;
import dev.understudy.provision.preflight.facts.CloneFacts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked where somebody else makes the copy. The volume map's own judgement has its own test. */
final class CloneChecksTest {
    private final SampleFacts facts = new SampleFacts();

    @BeforeEach
    void leaveTheCopyToSomebodyElse() {
        facts.intent = facts.intent.withVolumes(List.of("/pg"));
    }

    private PreflightResult examine(PreflightCheck check) {
        return check.examine(facts.build());
    }

    private void guard(Optional<String> record, Optional<String> program, Optional<String> service) {
        facts.clone = new CloneFacts(Known.unknown("no"), Known.of(new GuardState(record, program, service)));
    }

    @Test
    void aGuardThatIsAskedBeforeEveryStartPasses() {
        guard(Optional.of("/d.understudy-guard"), Optional.of("/sbin/guard"), Optional.of("/etc/pg.conf"));

        assertThat(examine(new CloneGuardCheck()).state()).isEqualTo(CheckState.PASS);
    }

    @Test
    void whatOfTheGuardIsMissingIsSaidWithTheCommandThatInstallsIt() {
        guard(Optional.empty(), Optional.empty(), Optional.empty());
        PreflightResult none = examine(new CloneGuardCheck());
        assertThat(none.state()).isEqualTo(CheckState.WARN);
        assertThat(none.summary())
                .isEqualTo("the source has no clone guard: a clone of the whole machine that boots starts a second"
                        + " primary");
        assertThat(none.hints().get(0))
                .isEqualTo("Install it once, as root on the source: understudy guard -D /primary/data | sh");

        guard(Optional.of("/r"), Optional.empty(), Optional.empty());
        assertThat(examine(new CloneGuardCheck()).summary()).contains("but no clone guard that reads it");
        guard(Optional.of("/r"), Optional.of("/sbin/guard"), Optional.empty());
        assertThat(examine(new CloneGuardCheck()).summary())
                .contains("\"/sbin/guard\" is there, but no service asks it");
    }

    @Test
    void volumesThatCannotBeToldAreWarnedOf() {
        facts.clone = CloneFacts.unknown("the plan names no host for the source's files (primary_host)");

        PreflightResult result = examine(new VolumesCheck());
        assertThat(result.state()).isEqualTo(CheckState.WARN);
        assertThat(result.summary())
                .isEqualTo(
                        "whether the snapshots hold all of the cluster cannot be told: the plan names no host for the"
                                + " source's files (primary_host)");
    }

    @Test
    void aMachineThatAHookIsToMakeNeedNotBeThereYet() {
        facts.targetRefusal = Known.of("host \"db2\" cannot be reached");

        assertThat(examine(new TargetAccountCheck()).state()).isEqualTo(CheckState.WARN);
    }

    @Test
    void aStandbyMayBeTheSource() {
        facts.inRecovery = true;

        assertThat(examine(new SourceRoleCheck()).state()).isEqualTo(CheckState.WARN);
    }

    @Test
    void aCopyOfOurOwnAsksNothingOfIt() {
        facts.intent = new SampleFacts().intent;

        assertThat(examine(new VolumesCheck()).state()).isEqualTo(CheckState.SKIPPED);
        assertThat(examine(new CloneGuardCheck()).state()).isEqualTo(CheckState.SKIPPED);
    }
}
