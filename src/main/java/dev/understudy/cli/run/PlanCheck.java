package dev.understudy.cli.run;

import dev.understudy.report.Section;
import java.util.Arrays;
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

    /** Reads the checks that the preflight published. */
    static List<PlanCheck> published(Section preflight) {
        return preflight.sections("checks").stream().map(PlanCheck::read).toList();
    }

    private static PlanCheck read(Section check) {
        String result = check.text("result").orElse("");
        return new PlanCheck(
                check.text("id").orElse(""),
                Arrays.stream(Result.values())
                        .filter(known -> known.printed().equals(result))
                        .findFirst()
                        .orElse(Result.SKIPPED),
                check.text("summary").orElse(""),
                check.text("detail").orElse(""),
                check.texts("hints"),
                check.texts("grants"));
    }

    public PlanCheck {
        remedies = List.copyOf(remedies);
        grants = List.copyOf(grants);
    }
}
