package dev.understudy.host.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What OpenSSH's client configuration says. {@code Host} with patterns and {@code !}, and {@code Include}, are read;
 * {@code Match all} holds always, any other {@code Match} never. Source: {@code ssh_config(5)}.
 */
final class SshConfig {
    private static final int INCLUDE_DEPTH = 16;
    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z0-9]+)(?:\\s*=\\s*|\\s+)(.*?)\\s*");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private final List<Line> lines = new ArrayList<>();
    private final SshOptions options;

    /** One setting, and the patterns of the {@code Host} lines that it stands under. */
    private record Line(List<List<String>> conditions, String keyword, String value) {}

    private SshConfig(SshOptions options) {
        this.options = options;
    }

    static SshConfig load(SshOptions options) {
        SshConfig config = new SshConfig(options);
        options.configFiles().forEach(file -> config.read(file, List.of(), 0));
        return config;
    }

    /** The first value that holds for a host. */
    Optional<String> first(String host, String keyword) {
        return all(host, keyword).stream().findFirst();
    }

    /** Every value that holds for a host, in order; the few keywords that add up are read so. */
    List<String> all(String host, String keyword) {
        String lower = keyword.toLowerCase(Locale.ROOT);
        return lines.stream()
                .filter(line -> line.keyword.equals(lower)
                        && line.conditions.stream().allMatch(patterns -> matches(patterns, host)))
                .map(Line::value)
                .toList();
    }

    private void read(Path file, List<List<String>> outer, int depth) {
        if (depth > INCLUDE_DEPTH) {
            throw UnderstudyException.of(
                            ErrorCode.SSH_CONFIGURATION_INVALID, "SSH configuration includes itself: \"%s\"", file)
                    .build();
        }
        if (!Files.exists(file)) {
            return;
        }
        List<List<String>> conditions = outer;
        for (String text : content(file).split("\r?\n", -1)) {
            Matcher matcher = LINE.matcher(text);
            if (text.stripLeading().startsWith("#") || !matcher.matches()) {
                continue;
            }
            String keyword = matcher.group(1).toLowerCase(Locale.ROOT);
            String value = matcher.group(2);
            switch (keyword) {
                case "host" -> conditions = with(outer, words(value));
                case "match" -> conditions = with(outer, value.equalsIgnoreCase("all") ? List.of("*") : List.of());
                case "include" -> include(file, value, conditions, depth);
                default -> lines.add(new Line(conditions, keyword, value));
            }
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw UnderstudyException.of(
                            ErrorCode.SSH_CONFIGURATION_INVALID, "could not read SSH configuration \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }

    private void include(Path file, String value, List<List<String>> conditions, int depth) {
        for (String word : words(value)) {
            Path path = expandHome(word, options.home());
            Path parent = file.toAbsolutePath().getParent();
            Path resolved = path.isAbsolute() || parent == null ? path : parent.resolve(path);
            matchingFiles(resolved).forEach(included -> read(included, conditions, depth + 1));
        }
    }

    private static List<Path> matchingFiles(Path pattern) {
        Path parent = pattern.getParent();
        Path name = pattern.getFileName();
        if (parent == null || name == null || !Files.isDirectory(parent)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, name.toString())) {
            entries.forEach(found::add);
        } catch (IOException e) {
            throw UnderstudyException.of(
                            ErrorCode.SSH_CONFIGURATION_INVALID, "could not read SSH configuration \"%s\"", pattern)
                    .cause(e)
                    .build();
        }
        found.sort(null);
        return found;
    }

    private static List<List<String>> with(List<List<String>> outer, List<String> patterns) {
        List<List<String>> conditions = new ArrayList<>(outer);
        conditions.add(patterns);
        return conditions;
    }

    /** Words apart by spaces, or in double quotes. */
    static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(value);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    static Path expandHome(String path, Path home) {
        if (path.equals("~")) {
            return home;
        }
        return path.startsWith("~/") ? home.resolve(path.substring(2)) : Path.of(path);
    }

    /** A host matches if a pattern does and none with {@code !} does. */
    private static boolean matches(List<String> patterns, String host) {
        boolean matched = false;
        for (String pattern : patterns) {
            boolean negated = pattern.startsWith("!");
            if (glob(negated ? pattern.substring(1) : pattern).matcher(host).matches()) {
                if (negated) {
                    return false;
                }
                matched = true;
            }
        }
        return matched;
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }
}
