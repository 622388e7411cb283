package dev.understudy.doctor;

import dev.understudy.doctor.finding.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which finding causes which. A row says that where both are there, the second follows from the first; the order of the
 * rows is the order of the causes, the one to look at first in front.
 */
final class Causes {
    private static final List<Map.Entry<String, List<String>>> ROWS = CauseRows.ROWS;

    private Causes() {}

    /**
     * The findings with causes first, each followed by what follows from it.
     *
     * @param ownSlot the standby's; what is the matter with another slot does not follow from what is with the standby
     */
    static List<Finding> order(List<Finding> findings, Optional<String> ownSlot) {
        List<Finding> causes = new ArrayList<>();
        List<Finding> consequences = new ArrayList<>();
        for (Finding finding : findings) {
            Optional<String> cause = causeOf(finding, candidates(finding, findings, ownSlot));
            if (cause.isPresent()) {
                consequences.add(finding.following(cause.get()));
            } else {
                causes.add(finding);
            }
        }
        causes.sort(Comparator.comparing(Finding::severity).thenComparing(found -> rank(found.id())));
        List<Finding> ordered = new ArrayList<>();
        for (Finding cause : causes) {
            ordered.add(cause);
            consequences.stream()
                    .filter(found ->
                            found.followsFrom().filter(cause.id()::equals).isPresent())
                    .filter(found -> !ordered.contains(found))
                    .forEach(ordered::add);
        }
        return ordered;
    }

    private static List<Finding> candidates(Finding finding, List<Finding> findings, Optional<String> ownSlot) {
        boolean other = isOfSlot(finding)
                && ownSlot.filter(name -> finding.subject().equals("slot \"" + name + "\""))
                        .isEmpty();
        return other
                ? findings.stream()
                        .filter(each -> each.subject().equals(finding.subject()))
                        .toList()
                : findings;
    }

    private static boolean isOfSlot(Finding finding) {
        return finding.subject().startsWith("slot \"");
    }

    /** The outermost cause of a finding among the others; empty if it has none. */
    private static Optional<String> causeOf(Finding finding, List<Finding> findings) {
        String current = finding.id();
        Optional<String> found = Optional.empty();
        // Each step climbs to an earlier row, so that this ends.
        for (int i = ROWS.size() - 1; i >= 0; i--) {
            Map.Entry<String, List<String>> row = ROWS.get(i);
            if (row.getValue().contains(current) && isThere(row.getKey(), findings)) {
                current = row.getKey();
                found = Optional.of(current);
            }
        }
        return found;
    }

    private static boolean isThere(String id, List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.id().equals(id));
    }

    private static int rank(String id) {
        for (int i = 0; i < ROWS.size(); i++) {
            if (ROWS.get(i).getKey().equals(id)) {
                return i;
            }
        }
        return ROWS.size();
    }
}
