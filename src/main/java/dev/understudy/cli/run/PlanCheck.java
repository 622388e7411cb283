package dev.understudy.cli.run;

import java.util.List;

/**
 * Something looked at before anything is changed.
 *
 * @param id stable, for scripts
 * @param summary what was seen, one sentence without a full stop
 * @param detail what is known besides; may be empty
 * @param remedies what to do, one whole sentence each
 * @param grants missing privileges as statements, each ready to run
 */
public record PlanCheck(
        String id, Result result, String summary, String detail, List<String> remedies, List<String> grants) {
    /** How a check ended. The printed words are a promise to scripts. */
    public enum Result {
        PASS("pass"),
        WARN("warn"),
        FAIL("fail"),
        SKIPPED("skipped");

        private final String printed;

        Result(String printed) {
            this.printed = printed;
        }

        public String printed() {
            return printed;
        }
    }

    public PlanCheck {
        remedies = List.copyOf(remedies);
        grants = List.copyOf(grants);
    }
}
