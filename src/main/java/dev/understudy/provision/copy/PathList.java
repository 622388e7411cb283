package dev.understudy.provision.copy;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several paths as one fact, a line each. A path may hold a newline itself, and what a run clears away is read back from
 * here: so newline and backslash are escaped, and nothing in a path can become another path.
 */
final class PathList {
    private PathList() {}

    static String join(Collection<String> paths) {
        return paths.stream()
                .map(path -> path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"))
                .collect(Collectors.joining("\n"));
    }

    static List<String> split(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.split("\n", -1)).stream()
                        .map(PathList::unescaped)
                        .toList();
    }

    private static String unescaped(String line) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            if (character != '\\' || i + 1 == line.length()) {
                path.append(character);
                continue;
            }
            char next = line.charAt(++i);
            path.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
        }
        return path.toString();
    }
}
