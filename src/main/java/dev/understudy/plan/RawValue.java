package dev.understudy.plan;

import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * A scalar as the playbook has it.
 *
 * @param text its contents, references not filled in; empty for YAML's null
 * @param start offset of its first character in the playbook's text, in UTF-16 units
 * @param end offset after its last one
 * @param owner what it belongs to, for people: {@code primary.connect}
 */
record RawValue(String text, SourcePosition position, int start, int end, boolean isBlock, String owner) {
    static boolean isBlock(ScalarStyle style) {
        return style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
    }

    Template template() {
        return new Template(text);
    }
}
