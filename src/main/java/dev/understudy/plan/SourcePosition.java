package dev.understudy.plan;

/**
 * A place in a playbook.
 *
 * @param file as it was named
 * @param line from 1
 * @param column from 1, in characters
 */
public record SourcePosition(String file, int line, int column) {
    /** As compilers print it, so that editors can go there. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
