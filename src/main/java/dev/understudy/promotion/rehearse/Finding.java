package dev.understudy.promotion.rehearse;

import java.util.List;

/**
 * Something that the rehearsal found wrong with what the standby would become.
 *
 * @param id stable, for scripts
 * @param summary one sentence without a full stop
 * @param evidence what was seen, in the words of whoever saw it
 */
record Finding(String id, String summary, List<String> evidence) {
    Finding {
        evidence = List.copyOf(evidence);
    }

    Finding(String id, String summary, String evidence) {
        this(
                id,
                summary,
                evidence.isBlank() ? List.of() : evidence.strip().lines().toList());
    }

    /** As a fact holds it: the first line is id and summary. */
    String text() {
        return String.join("\n", id + ": " + summary.replace('\n', ' '), String.join("\n", evidence))
                .strip();
    }

    static Finding parse(String text) {
        List<String> lines = text.lines().toList();
        int colon = lines.get(0).indexOf(": ");
        return new Finding(
                lines.get(0).substring(0, colon), lines.get(0).substring(colon + 2), lines.subList(1, lines.size()));
    }
}
