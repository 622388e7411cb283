package dev.understudy.promotion;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import java.util.List;

/**
 * Go or no-go, with what it rests on.
 *
 * @param certificate what it is about
 * @param checks what each check said, in the catalogue's order
 */
public record Verdict(Certificate certificate, List<CheckResult> checks) {
    public Verdict {
        checks = List.copyOf(checks);
    }

    /** Go: no check has failed. */
    public boolean isGo() {
        return count(Result.FAIL) == 0;
    }

    public long count(Result result) {
        return of(result).size();
    }

    public List<CheckResult> of(Result result) {
        return checks.stream().filter(check -> check.result() == result).toList();
    }
}
