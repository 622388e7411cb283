package dev.understudy.provision.preflight.check;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.understudy.provision.preflight.facts.PreflightFacts;

/**
 * One thing that would make a later step fail. A check is a pure function of the facts: it touches nothing, keeps nothing
 * and gives the same answer to the same facts. Its class carries a {@link CheckInfo}.
 */
public interface PreflightCheck {
    PreflightResult examine(PreflightFacts facts);

    default CheckInfo info() {
        CheckInfo info = getClass().getAnnotation(CheckInfo.class);
        if (info == null) {
            throw new IllegalStateException(getClass() + " has no @CheckInfo");
        }
        return info;
    }

    default String id() {
        return info().id();
    }

    @FormatMethod
    default PreflightResult pass(@FormatString String summary, Object... arguments) {
        return PreflightResult.of(id(), CheckState.PASS, String.format(summary, arguments));
    }

    @FormatMethod
    default PreflightResult warn(@FormatString String summary, Object... arguments) {
        return PreflightResult.of(id(), CheckState.WARN, String.format(summary, arguments));
    }

    @FormatMethod
    default PreflightResult fail(@FormatString String summary, Object... arguments) {
        return PreflightResult.of(id(), CheckState.FAIL, String.format(summary, arguments));
    }

    /** For what does not apply, or could not be told; the reason fits after "because". */
    default PreflightResult skipped(String reason) {
        return PreflightResult.of(id(), CheckState.SKIPPED, reason);
    }
}
