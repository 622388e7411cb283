package dev.understudy.promotion.rehearse;

import dev.understudy.engine.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a rehearsal found and how long each of its phases took. It is kept in the run's facts, so that it outlives the
 * process, and published as the part {@code rehearsal} of the report.
 */
record Protocol(StepContext context) {
    static final String PART = "rehearsal";

    private static final String FINDING = "rehearsal_finding_";
    private static final String UNSEEN = "rehearsal_not_examined_";
    private static final String OVER = "rehearsal_over";
    private static final String CLEARING = "rehearsal_clearing";
    private static final String KEPT = "rehearsal_kept";

    /** Something that is measured, in the order of the report. */
    enum Phase {
        COPIED("copied", "copy made"),
        CONSISTENT("consistent", "from the start of its server until it was consistent and answered"),
        REPLAYED("replayed", "from the start of its server until all that the standby had was replayed"),
        PROMOTED("promoted", "from the order to promote until it was no longer in recovery"),
        FIRST_WRITE("first-write", "from the order to promote until a write had committed"),
        CHECKPOINT("checkpoint", "the first checkpoint as a primary"),
        EXAMINED("examined", "all looks at what was promoted");

        private final String printed;
        private final String meaning;

        Phase(String printed, String meaning) {
            this.printed = printed;
            this.meaning = meaning;
        }

        private String fact() {
            return "rehearsal_" + name().toLowerCase(Locale.ROOT) + "_seconds";
        }
    }

    void took(Phase phase, Duration duration) {
        context.record(phase.fact(), String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9));
        publish();
    }

    void found(Finding finding) {
        if (!findings().contains(finding)) {
            context.record(FINDING + (findings().size() + 1), finding.text());
            publish();
        }
    }

    List<Finding> findings() {
        return texts(FINDING).stream().map(Finding::parse).toList();
    }

    /** Says what could not be looked at, and why; that is no finding. */
    void notExamined(String what, String why) {
        String text = what + ": " + why;
        if (!texts(UNSEEN).contains(text)) {
            context.record(UNSEEN + (texts(UNSEEN).size() + 1), text);
            context.warn("not examined: " + text);
            publish();
        }
    }

    /** Nothing that comes after makes sense any more: the copy did not get so far. */
    void over(Finding why) {
        found(why);
        context.record(OVER, why.summary());
    }

    /** Why the rehearsal went no further, if it did not. */
    Optional<String> whyOver() {
        return context.facts().find(OVER);
    }

    /** From here on the copy goes: whoever resumes has nothing but that to do. */
    void clearing() {
        context.record(CLEARING, "true");
    }

    boolean isClearing() {
        return context.facts().isTrue(CLEARING);
    }

    /** The copy stays on purpose. */
    void kept(String removal) {
        context.record(KEPT, removal);
        publish();
    }

    boolean isKept() {
        return context.facts().find(KEPT).isPresent();
    }

    private List<String> texts(String prefix) {
        List<String> texts = new ArrayList<>();
        for (int number = 1; context.facts().find(prefix + number).isPresent(); number++) {
            texts.add(context.facts().get(prefix + number));
        }
        return texts;
    }

    /** What the report shows. */
    void publish() {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("good", findings().isEmpty());
        part.put(
                "findings",
                findings().stream()
                        .map(finding -> Map.of(
                                "id", finding.id(), "summary", finding.summary(), "evidence", finding.evidence()))
                        .toList());
        part.put("phases", phases());
        part.put("notExamined", texts(UNSEEN));
        StandbyLag.published(context.facts()).ifPresent(lag -> part.put("standbyLag", lag));
        context.facts().find(KEPT).ifPresent(removal -> part.put("kept", removal));
        context.publish(PART, part);
    }

    private List<Map<String, Object>> phases() {
        List<Map<String, Object>> phases = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            context.facts()
                    .find(phase.fact())
                    .ifPresent(seconds -> phases.add(Map.of(
                            "name", phase.printed, "meaning", phase.meaning, "seconds", Double.parseDouble(seconds))));
        }
        return phases;
    }
}
