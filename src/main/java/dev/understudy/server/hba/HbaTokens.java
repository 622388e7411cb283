package dev.understudy.server.hba;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of pg_hba.conf taken apart: fields between blanks, each a list of words between commas. Double quotes keep blanks
 * and commas, a hash sign outside of them begins a comment.
 */
final class HbaTokens {
    private final List<List<String>> fields = new ArrayList<>();
    private final List<String> field = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private boolean afterComma;

    private HbaTokens() {}

    static List<List<String>> fields(String line) {
        HbaTokens tokens = new HbaTokens();
        tokens.read(line);
        return List.copyOf(tokens.fields);
    }

    private void read(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                beginWord();
                quoted = !quoted;
            } else if (quoted) {
                word.append(c);
            } else if (c == '#') {
                break;
            } else if (c == ',') {
                endWord();
                afterComma = true;
            } else if (Character.isWhitespace(c)) {
                endWord();
            } else {
                beginWord();
                word.append(c);
            }
        }
        endWord();
        endField();
    }

    /** A blank ends a field, unless a comma came before: {@code all, app} is one. */
    private void beginWord() {
        if (!begun && !afterComma) {
            endField();
        }
        begun = true;
    }

    private void endWord() {
        if (begun) {
            field.add(word.toString());
            word.setLength(0);
            begun = false;
            afterComma = false;
        }
    }

    private void endField() {
        if (!field.isEmpty()) {
            fields.add(List.copyOf(field));
            field.clear();
        }
    }
}
