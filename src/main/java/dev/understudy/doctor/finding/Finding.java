package dev.understudy.doctor.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Something that is not well.
 *
 * @param id the rule's, stable
 * @param severity how bad it is
 * @param subject what is not well: {@code standby}, {@code primary}, {@code slot "x"}, {@code archive}
 * @param summary one sentence without a full stop
 * @param evidence what it rests on; never empty
 * @param remedies ways out, the cheapest first
 * @param followsFrom id of the finding that causes this one; empty if it is a cause itself
 */
public record Finding(
        String id,
        Severity severity,
        String subject,
        String summary,
        List<Sign> evidence,
        List<Remedy> remedies,
        Optional<String> followsFrom) {
    public Finding {
        evidence = List.copyOf(evidence);
        remedies = remedies.stream().sorted(Comparator.comparing(Remedy::cost)).toList();
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("finding " + id + " has no evidence");
        }
    }

    public Finding following(String cause) {
        return new Finding(id, severity, subject, summary, evidence, remedies, Optional.of(cause));
    }

    public static Builder error(String id, String subject) {
        return new Builder(id, Severity.ERROR, subject);
    }

    public static Builder warning(String id, String subject) {
        return new Builder(id, Severity.WARNING, subject);
    }

    /** Collects the parts of a finding. */
    public static final class Builder {
        private final String id;
        private final Severity severity;
        private final String subject;
        private final List<Sign> evidence = new ArrayList<>();
        private final List<Remedy> remedies = new ArrayList<>();

        private Builder(String id, Severity severity, String subject) {
            this.id = id;
            this.severity = severity;
            this.subject = subject;
        }

        public Builder seen(String source, String detail) {
            evidence.add(new Sign(source, detail));
            return this;
        }

        public Builder seen(Optional<Sign> sign) {
            sign.ifPresent(evidence::add);
            return this;
        }

        public Builder remedy(Remedy remedy) {
            remedies.add(remedy);
            return this;
        }

        public Finding says(String summary) {
            return new Finding(id, severity, subject, summary, evidence, remedies, Optional.empty());
        }
    }
}
