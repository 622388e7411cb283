package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.CheckResult;

/**
 * The worst of several things that one check looks at. All of them are evidence; the first of the worst kind makes the
 * summary and the remedy.
 */
final class Worst {
    private final CheckResult.Builder result;
    private String failure = "";
    private String failureRemedy = "";
    private String warning = "";
    private String warningRemedy = "";

    Worst(CheckResult.Builder result) {
        this.result = result;
    }

    void fail(String summary, String remedy) {
        if (failure.isEmpty()) {
            failure = summary;
            failureRemedy = remedy;
        }
    }

    void warn(String summary, String remedy) {
        if (warning.isEmpty()) {
            warning = summary;
            warningRemedy = remedy;
        }
    }

    boolean isWell() {
        return failure.isEmpty() && warning.isEmpty();
    }

    CheckResult orPass(String summary) {
        if (!failure.isEmpty()) {
            return result.fail(failure, failureRemedy);
        }
        return warning.isEmpty() ? result.pass(summary) : result.warn(warning, warningRemedy);
    }
}
