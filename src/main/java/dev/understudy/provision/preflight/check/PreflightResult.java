package dev.understudy.provision.preflight.check;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;

/**
 * What one check says.
 *
 * @param id the check
 * @param state how it went
 * @param summary one sentence in lower case without a full stop, with exact values; the reason where skipped
 * @param seen what that rests on
 * @param hints what to do, one whole sentence each, with statements ready to run
 * @param grants privileges that are missing, one statement ready to run each
 */
public record PreflightResult(
        String id, CheckState state, String summary, List<Seen> seen, List<String> hints, List<String> grants) {
    /**
     * Something that was seen.
     *
     * @param claim what, one sentence without a full stop
     * @param source where: a query, a file, a command
     */
    public record Seen(String claim, String source) {}

    public PreflightResult {
        seen = List.copyOf(seen);
        hints = List.copyOf(hints);
        grants = List.copyOf(grants);
    }

    static PreflightResult of(String id, CheckState state, String summary) {
        return new PreflightResult(id, state, summary, List.of(), List.of(), List.of());
    }

    /** The result of a check that the plan told not to make. */
    public static PreflightResult notWanted(String id) {
        return of(id, CheckState.SKIPPED, "the plan skips this check");
    }

    public PreflightResult seen(String claim, String source) {
        List<Seen> more = new ArrayList<>(seen);
        more.add(new Seen(claim, source));
        return new PreflightResult(id, state, summary, more, hints, grants);
    }

    @FormatMethod
    public PreflightResult hint(@FormatString String text, Object... arguments) {
        return hints(List.of(String.format(text, arguments)));
    }

    public PreflightResult hints(List<String> more) {
        List<String> all = new ArrayList<>(hints);
        all.addAll(more);
        return new PreflightResult(id, state, summary, seen, all, grants);
    }

    public PreflightResult grants(List<String> statements) {
        return new PreflightResult(id, state, summary, seen, hints, statements);
    }

    /** For people: the summary, then hints and statements, a line each. */
    public String describe() {
        StringBuilder text = new StringBuilder(id + ": " + summary);
        seen.forEach(each -> text.append("\n  saw: ")
                .append(each.claim())
                .append(" (")
                .append(each.source())
                .append(')'));
        hints.forEach(hint -> text.append("\n  hint: ").append(hint));
        grants.forEach(grant -> text.append("\n  run: ").append(grant));
        return text.toString();
    }
}
