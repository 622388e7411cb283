package dev.understudy.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Types of parameters that say where something is or what it is called. */
final class Places {
    private Places() {}

    /** An absolute path on the host that it is meant for; {@link String}. */
    record AbsolutePath() implements Named {
        @Override
        public String name() {
            return "path";
        }

        @Override
        public String expected() {
            return "an absolute path";
        }

        @Override
        public Optional<Object> find(String text) {
            boolean clean = text.startsWith("/") && text.chars().noneMatch(c -> c == 0 || c == '\n' || c == '\r');
            return clean ? Optional.of(text) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }

    /** Absolute paths, as a YAML list or comma-separated; a {@link List} of strings. */
    record AbsolutePaths() implements Named {
        @Override
        public String name() {
            return "paths, comma-separated or a list";
        }

        @Override
        public String expected() {
            return "absolute paths, comma-separated or as a list";
        }

        @Override
        public Optional<Object> find(String text) {
            List<String> paths = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                Optional<Object> path = new AbsolutePath().find(part.strip());
                if (path.isEmpty()) {
                    return Optional.empty();
                }
                paths.add(part.strip());
            }
            return Optional.of(List.copyOf(paths));
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("anyOf", List.of(Schemas.scalar(), Map.of("type", "array", "items", Schemas.scalar())));
        }
    }

    /** {@code local}, {@code ssh://user@host:port}, perhaps {@code none}; {@link String}. */
    record HostAddress(boolean noneAllowed) implements Named {
        private static final Pattern SSH = Pattern.compile("ssh://[^\\s/\\p{Cntrl}]+/?");

        @Override
        public String name() {
            return "host";
        }

        @Override
        public String expected() {
            return noneAllowed ? "local, ssh://user@host:port or none" : "local or ssh://user@host:port";
        }

        @Override
        public Optional<Object> find(String text) {
            boolean word = text.equals("local") || noneAllowed && text.equals("none");
            return word || SSH.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }

    /** A replication slot's name; {@link String}. */
    record SlotName() implements Named {
        private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,63}");

        @Override
        public String name() {
            return "slot name";
        }

        @Override
        public String expected() {
            return "a slot name: 1 to 63 lower-case letters, digits and underscores";
        }

        @Override
        public Optional<Object> find(String text) {
            return NAME.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            // A name of digits alone is a number to YAML, and so on.
            return Map.of("anyOf", List.of(Schemas.pattern(NAME), Map.of("type", List.of("number", "boolean"))));
        }
    }

    /** Ids, as a YAML list or comma-separated; a {@link List} of strings. */
    record Names() implements Named {
        private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");

        @Override
        public String name() {
            return "ids, comma-separated or a list";
        }

        @Override
        public String expected() {
            return "ids, comma-separated or as a list";
        }

        @Override
        public Optional<Object> find(String text) {
            List<String> names = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                String name = part.strip();
                if (!NAME.matcher(name).matches()) {
                    return Optional.empty();
                }
                names.add(name);
            }
            return Optional.of(List.copyOf(names));
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("anyOf", List.of(Schemas.scalar(), Map.of("type", "array", "items", Schemas.scalar())));
        }
    }

    /** Volumes, as a YAML list or comma-separated: paths, devices, data sets; a {@link List} of strings. */
    record VolumeNames() implements Named {
        @Override
        public String name() {
            return "volumes, comma-separated or a list";
        }

        @Override
        public String expected() {
            return "mount points, devices or data sets, comma-separated or as a list, each once";
        }

        @Override
        public Optional<Object> find(String text) {
            List<String> names = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                String name = part.strip();
                boolean clean = !name.isEmpty() && name.chars().noneMatch(Character::isISOControl);
                if (!clean || names.contains(name)) {
                    return Optional.empty();
                }
                names.add(name);
            }
            return Optional.of(List.copyOf(names));
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("anyOf", List.of(Schemas.scalar(), Map.of("type", "array", "items", Schemas.scalar())));
        }
    }
}
