package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;

/** Says what a check is expected to say of facts. */
final class CheckAssert {
    private CheckAssert() {}

    static PreflightResult passes(PreflightCheck check, SampleFacts facts, String summary) {
        return says(check, facts, CheckState.PASS, summary);
    }

    static PreflightResult warns(PreflightCheck check, SampleFacts facts, String summary) {
        return says(check, facts, CheckState.WARN, summary);
    }

    static PreflightResult fails(PreflightCheck check, SampleFacts facts, String summary) {
        return says(check, facts, CheckState.FAIL, summary);
    }

    static PreflightResult skips(PreflightCheck check, SampleFacts facts, String summary) {
        return says(check, facts, CheckState.SKIPPED, summary);
    }

    private static PreflightResult says(PreflightCheck check, SampleFacts facts, CheckState state, String summary) {
        PreflightResult result = check.examine(facts.build());
        assertThat(result.summary()).isEqualTo(summary);
        assertThat(result.state()).isEqualTo(state);
        assertThat(result.id()).isEqualTo(check.id());
        return result;
    }
}
