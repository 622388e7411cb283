package dev.understudy.server.hba;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression for roles or databases in pg_hba.conf, from PostgreSQL 16. It is PostgreSQL's, which Java's is not quite, and
 * somebody else wrote it: one that Java cannot read, or that takes it too long, fits nobody.
 *
 * <p>Source: {@code check_role} and {@code check_db} in {@code src/backend/libpq/hba.c}.
 */
record NamePattern(String expression) {
    /** A role's name has 63 bytes at most; the parser's own recursion goes by the expression's length. */
    private static final int LONGEST = 512;

    private static final int MOST_LOOKS = 100_000;

    boolean fits(String name) {
        if (expression.length() > LONGEST || name.length() > LONGEST) {
            return false;
        }
        try {
            return Pattern.compile(expression)
                    .matcher(new Patient(name, new int[1]))
                    .find();
        } catch (PatternSyntaxException | TooLongException e) {
            // It counts as one for somebody else.
            return false;
        }
    }

    /** An expression like (a+)+$ looks at a text as often as two to the power of its length. */
    private record Patient(String text, int[] looks) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++looks[0] > MOST_LOOKS) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Patient(text.substring(start, end), looks);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("the expression takes too long", null, false, false);
        }
    }
}
