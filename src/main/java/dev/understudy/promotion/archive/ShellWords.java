package dev.understudy.promotion.archive;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line taken apart into words as a POSIX shell does it, without expanding anything. Operators are words of their
 * own.
 */
final class ShellWords {
    private static final String OPERATORS = "|&;<>()";

    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;

    private ShellWords() {}

    static List<String> of(String line) {
        ShellWords words = new ShellWords();
        words.read(line);
        return List.copyOf(words.words);
    }

    static boolean isOperator(String word) {
        return !word.isEmpty() && OPERATORS.indexOf(word.charAt(0)) >= 0;
    }

    private void read(String line) {
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == '\'' ? c != '\'' : quote == '"' && c != '"' && c != '\\') {
                add(c);
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && i + 1 < line.length()) {
                i++;
                add(line.charAt(i));
            } else if (c == '\'' || c == '"') {
                quote = c;
                begun = true;
            } else if (Character.isWhitespace(c)) {
                end();
            } else if (OPERATORS.indexOf(c) >= 0) {
                operator(c);
            } else {
                add(c);
            }
        }
        end();
    }

    private void add(char c) {
        word.append(c);
        begun = true;
    }

    /** The same operator character twice is one word: {@code &&}. A digit before a redirection belongs to it. */
    private void operator(char c) {
        if (begun && (c == '<' || c == '>') && word.toString().matches("\\d")) {
            word.setLength(0);
            begun = false;
        }
        end();
        int last = words.size() - 1;
        if (last >= 0 && words.get(last).equals(String.valueOf(c))) {
            words.set(last, words.get(last) + c);
        } else {
            words.add(String.valueOf(c));
        }
    }

    private void end() {
        if (begun) {
            words.add(word.toString());
            word.setLength(0);
            begun = false;
        }
    }
}
