package dev.understudy.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes the secrets out of a playbook and the values given to it. Used once. */
final class Redaction {
    private record Change(RawValue value, String replacement) {}

    private final Playbook playbook;
    private final Map<String, String> given;
    private final Set<String> secrets;
    private final Set<String> withheld = new TreeSet<>();
    private final List<Change> changes = new ArrayList<>();

    Redaction(Playbook playbook, Map<String, String> given) {
        this.playbook = playbook;
        this.given = given;
        this.secrets = new HashSet<>(playbook.secretNames());
    }

    RedactedPlan redact() {
        playbook.values().forEach(this::redactValue);
        playbook.defaults().forEach(this::redactDefault);
        Map<String, String> values = new TreeMap<>();
        given.forEach((name, value) -> {
            String kept = secrets.contains(name) ? "" : Secrets.strip(value);
            if (!kept.equals(value)) {
                withheld.add(name);
            }
            if (!secrets.contains(name)) {
                values.put(name, kept);
            }
        });
        return new RedactedPlan(text(), values, List.copyOf(withheld));
    }

    /** A password that is a parameter's value makes that parameter secret; one written out is removed. */
    private void redactValue(RawValue value) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        for (Secrets.Range range : Secrets.find(value.text())) {
            String found = value.text().substring(range.start(), range.end());
            List<String> references = new Template(found).references();
            secrets.addAll(references);
            if (references.isEmpty()) {
                kept.append(value.text(), from, range.start());
                from = range.end();
            }
        }
        if (from > 0) {
            kept.append(value.text(), from, value.text().length());
            changes.add(new Change(value, kept.toString().strip()));
            withheld.add(value.owner());
        }
    }

    private void redactDefault(RawValue value) {
        String kept = secrets.contains(value.owner()) ? "" : Secrets.strip(value.text());
        if (!kept.equals(value.text())) {
            changes.add(new Change(value, kept));
            if (given.getOrDefault(value.owner(), "").isEmpty()) {
                withheld.add(value.owner());
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(playbook.text());
        changes.stream()
                .sorted(Comparator.comparingInt(
                                (Change change) -> change.value().start())
                        .reversed())
                .forEach(change -> text.replace(
                        change.value().start(),
                        change.value().end(),
                        quoted(change.replacement()) + (change.value().isBlock() ? "\n" : "")));
        return withoutSecretComments(text.toString());
    }

    /** A comment may hold a password too; where one is found after a number sign, the rest of the line goes. */
    private static String withoutSecretComments(String text) {
        StringBuilder kept = new StringBuilder();
        for (String line : text.split("(?<=\n)", -1)) {
            int sign = line.indexOf('#');
            boolean secret = sign >= 0
                    && Secrets.find(line.substring(sign)).stream()
                            .map(range -> line.substring(sign + range.start(), sign + range.end()))
                            .anyMatch(found -> !found.contains("${"));
            kept.append(secret ? line.substring(0, sign) + "#\n" : line);
        }
        return kept.toString();
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (Character.isISOControl(c)) {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
