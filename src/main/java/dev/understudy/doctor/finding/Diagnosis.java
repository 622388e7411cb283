package dev.understudy.doctor.finding;

import dev.understudy.doctor.facts.Facts.NotExamined;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an examination came to.
 *
 * @param examinedAt when the facts were gathered
 * @param state how things stand, which a verdict needs besides the findings
 * @param findings causes first, each followed by what follows from it
 * @param restsOn what was seen to be well, for a healthy verdict to rest on, or what is known where no cause was found
 * @param notExamined what was not looked at, and why
 */
public record Diagnosis(
        Instant examinedAt, State state, List<Finding> findings, List<Sign> restsOn, List<NotExamined> notExamined) {
    /** How things stand apart from the findings. */
    public enum State {
        /** Something was seen to work, and nothing that does not. */
        WORKING("works"),
        /** It does not work yet, and is on its way as far as can be seen. */
        UNDER_WAY("is not open yet, or receives nothing; nothing that was examined stands in its way"),
        /** Nothing was seen to work. */
        UNKNOWN("cannot be judged by what was examined");

        private final String printed;

        State(String printed) {
            this.printed = printed;
        }

        @Override
        public String toString() {
            return printed;
        }
    }

    public Diagnosis {
        findings = List.copyOf(findings);
        restsOn = List.copyOf(restsOn);
        notExamined = List.copyOf(notExamined);
    }

    public boolean isHealthy() {
        return findings.isEmpty() && state == State.WORKING;
    }

    public List<Finding> causes() {
        return findings.stream().filter(found -> found.followsFrom().isEmpty()).toList();
    }

    /** What follows from a finding, directly or not. */
    public List<Finding> consequencesOf(Finding cause) {
        return findings.stream()
                .filter(found -> found.followsFrom().filter(cause.id()::equals).isPresent())
                .toList();
    }

    /** A remedy by its id; of several the first, which belongs to the foremost cause. */
    public Optional<Remedy> remedy(String id) {
        return findings.stream()
                .flatMap(found -> found.remedies().stream())
                .filter(remedy -> remedy.id().equals(id))
                .findFirst();
    }
}
