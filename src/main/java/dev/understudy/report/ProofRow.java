package dev.understudy.report;

/**
 * One part of the proof that a standby is consistent.
 *
 * @param part what had to hold, a few words
 * @param mark whether it was seen to hold
 * @param claim what was seen, with exact values
 * @param source where
 */
public record ProofRow(String part, Mark mark, String claim, String source) {
    /** What the proof says of a part. */
    public enum Mark {
        HOLDS("✓", "holds"),
        FAILS("✗", "does not hold"),
        /** The plan did not ask for it, so nothing is claimed. */
        NOT_EXAMINED("–", "not examined");

        private final String sign;
        private final String words;

        Mark(String sign, String words) {
            this.sign = sign;
            this.words = words;
        }

        public String sign() {
            return sign;
        }

        public String words() {
            return words;
        }

        static Mark of(boolean holds) {
            return holds ? HOLDS : FAILS;
        }
    }
}
