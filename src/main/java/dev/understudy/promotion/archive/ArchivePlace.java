package dev.understudy.promotion.archive;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a command puts WAL segments, or gets them from, as far as its text tells.
 *
 * @param kind what kind of command it is
 * @param program what it runs first, as it is written, or the library; empty text for none
 * @param directory the directory beside {@code %f}; as written, so it may be relative to the data directory; empty text
 *     unless the kind is {@link Kind#DIRECTORY}
 */
public record ArchivePlace(Kind kind, String program, String directory) {
    private static final Set<String> TOOLS = Set.of(
            "barman-cloud-wal-archive",
            "barman-cloud-wal-restore",
            "barman-wal-archive",
            "barman-wal-restore",
            "pg_probackup",
            "pgbackrest",
            "wal-e",
            "wal-g",
            "walg");

    private static final Set<String> DISCARDING = Set.of("true", ":", "exit", "echo", "cd");

    /** Programs that run the program that is named after their own arguments. */
    private static final Set<String> WRAPPERS =
            Set.of("env", "envdir", "ionice", "nice", "nohup", "sudo", "time", "timeout", "exec", "chronic");

    private static final Set<String> OF_SHELL = Set.of("test", "[", "!", "if", "then", "{", "mkdir");

    /** Kinds of commands. */
    public enum Kind {
        /** There is none. */
        NONE,
        /** It does nothing with the segment, and says that it is done. */
        DISCARDS,
        /** It copies to or from a directory of its own host. */
        DIRECTORY,
        /** It copies to or from another host. */
        OTHER_HOST,
        /** It is the command of a backup tool, which has its own configuration and its own check. */
        TOOL,
        /** A script or a program whose text does not tell. */
        PROGRAM,
        /** It is no command but a library that the archiver loads. */
        LIBRARY
    }

    /** Reads {@code archive_command} or {@code restore_command}. */
    public static ArchivePlace of(String command) {
        List<String> words = ShellWords.of(command);
        if (words.isEmpty() || command.equals("(disabled)")) {
            return new ArchivePlace(Kind.NONE, "", "");
        }
        String program = program(words);
        String name = program.substring(program.lastIndexOf('/') + 1);
        if (TOOLS.contains(name)) {
            return new ArchivePlace(Kind.TOOL, program, "");
        }
        Optional<String> place = place(words);
        if (place.isPresent()) {
            return place.get().matches("[^/]+:.*")
                    ? new ArchivePlace(Kind.OTHER_HOST, program, "")
                    : new ArchivePlace(Kind.DIRECTORY, program, place.get());
        }
        boolean discards = DISCARDING.contains(name) && !command.contains("%p");
        return new ArchivePlace(discards ? Kind.DISCARDS : Kind.PROGRAM, program, "");
    }

    /** Through a library, which has its own settings. */
    public static ArchivePlace library(String name) {
        return new ArchivePlace(Kind.LIBRARY, name, "");
    }

    /** A directory of this host, as a setting names it. */
    public static ArchivePlace directory(String path) {
        return new ArchivePlace(Kind.DIRECTORY, "", path);
    }

    /** The directory, absolute. */
    public String absolute(String dataDirectory) {
        return directory.startsWith("/") ? directory : dataDirectory + "/" + directory;
    }

    /** Empty if another program runs it, whose own arguments are not told from it. */
    private static String program(List<String> words) {
        // The last one, for a tool's configuration may be called like the tool.
        Optional<String> tool = words.stream()
                .filter(word -> TOOLS.contains(word.substring(word.lastIndexOf('/') + 1)))
                .reduce((earlier, later) -> later);
        if (tool.isPresent()) {
            return tool.get();
        }
        boolean wrapped = false;
        for (String word : words) {
            String name = word.substring(word.lastIndexOf('/') + 1);
            boolean assignment = word.matches("[A-Za-z_][A-Za-z0-9_]*=.*");
            wrapped |= WRAPPERS.contains(name);
            if (!assignment && !wrapped && !ShellWords.isOperator(word)) {
                return word;
            }
        }
        return "";
    }

    /** The directory of the last word that ends with the segment's name, or of a copy to a directory. */
    private static Optional<String> place(List<String> words) {
        Optional<String> found = Optional.empty();
        for (String word : words) {
            if (word.matches("(.*/)?%f(\\.[A-Za-z0-9.]+)?") && word.contains("/")) {
                found = Optional.of(directoryOf(word));
            }
        }
        String last = words.get(words.size() - 1);
        boolean copies = words.stream().anyMatch(word -> word.matches("(.*/)?(cp|rsync|scp|install|mv|ln)"));
        return found.isPresent() || !copies || !words.contains("%p") || !last.endsWith("/")
                ? found
                : Optional.of(directoryOf(last));
    }

    private static String directoryOf(String path) {
        String directory = path.substring(0, path.lastIndexOf('/'));
        return directory.isEmpty() ? "/" : directory;
    }

    /** Whether a program of this name is looked for in PATH or at its path, rather than being the shell's own. */
    public boolean hasProgram() {
        return kind != Kind.LIBRARY
                && !program.isEmpty()
                && !OF_SHELL.contains(program)
                && !DISCARDING.contains(program);
    }

    /** For people: the kinds in words. */
    public String describe() {
        return switch (kind) {
            case NONE -> "no command";
            case DISCARDS -> "a command that keeps nothing";
            case DIRECTORY -> "directory \"" + directory + "\"";
            case OTHER_HOST -> "another host, through \"" + program + "\"";
            case TOOL -> "the backup tool \"" + program + "\"";
            case LIBRARY -> "the library \"" + program + "\"";
            case PROGRAM -> program.isEmpty() ? "a program" : "the program \"" + program + "\"";
        };
    }
}
