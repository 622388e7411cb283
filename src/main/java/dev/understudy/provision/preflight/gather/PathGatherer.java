package dev.understudy.provision.preflight.gather;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.HostFiles;
import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PathFacts.Kind;
import dev.understudy.provision.preflight.facts.SpaceFacts;
import java.util.List;
import java.util.Optional;

/** Looks at paths of one host. */
final class PathGatherer {
    private static final int MOST_ENTRIES = 20;

    private final Looks looks;
    private final HostFiles files;

    PathGatherer(Looks looks) {
        this.looks = looks;
        this.files = looks.host().files();
    }

    Known<PathFacts> look(String path) {
        if (!path.startsWith("/")) {
            return Known.unknown("\"%s\" is not an absolute path".formatted(path));
        }
        return Looks.known(() -> facts(withoutSlash(path)));
    }

    /** The same; what the account may not even look at is a fact too, since it cannot be built there. */
    Known<PathFacts> lookForRoom(String path) {
        try {
            return path.startsWith("/") ? Known.of(facts(withoutSlash(path))) : look(path);
        } catch (UnderstudyException e) {
            return e.code() == ErrorCode.FILE_FORBIDDEN ? Known.of(forbidden(withoutSlash(path))) : look(path);
        }
    }

    private static PathFacts forbidden(String path) {
        return new PathFacts(
                path, Kind.FORBIDDEN, path, Optional.empty(), -1, List.of(), Optional.empty(), Optional.empty());
    }

    private static String withoutSlash(String path) {
        String stripped = path.replaceAll("/+$", "");
        return stripped.isEmpty() ? "/" : stripped;
    }

    private PathFacts facts(String path) {
        Optional<FileStatus> itself = files.status(path);
        Optional<String> real = files.realPath(path);
        Optional<FileStatus> end = real.flatMap(files::status);
        Kind kind = kind(itself, end);
        List<String> entries = List.of();
        if (kind == Kind.DIRECTORY) {
            if (looks.holds("[ -r \"$1\" ] && [ -x \"$1\" ]", path)) {
                entries = files.list(path).stream()
                        .map(FileStatus::path)
                        .limit(MOST_ENTRIES)
                        .toList();
            } else {
                kind = Kind.FORBIDDEN;
            }
        }
        return new PathFacts(
                path,
                kind,
                real.orElseGet(() -> realOfAbsent(path)),
                itself.flatMap(FileStatus::linkTarget),
                end.map(FileStatus::uid).orElse(-1),
                entries,
                issue(path, kind),
                space(path));
    }

    /** A symbolic link that leads nowhere is something that stands there. */
    private static Kind kind(Optional<FileStatus> itself, Optional<FileStatus> end) {
        if (itself.isEmpty()) {
            return Kind.ABSENT;
        }
        return end.filter(FileStatus::isDirectory).isPresent() ? Kind.DIRECTORY : Kind.OTHER;
    }

    private Optional<String> issue(String path, Kind kind) {
        if (kind == Kind.DIRECTORY) {
            return looks.holds("[ -w \"$1\" ]", path)
                    ? Optional.empty()
                    : Optional.of("may not be written by account \"%s\""
                            .formatted(looks.host().account().name()));
        }
        if (kind != Kind.ABSENT) {
            return Optional.empty();
        }
        String parent = existingParent(path);
        String account = looks.host().account().name();
        if (!looks.holds("[ -d \"$1\" ]", parent)) {
            return Optional.of("cannot be made: \"%s\" is not a directory".formatted(parent));
        }
        return looks.holds("[ -w \"$1\" ] && [ -x \"$1\" ]", parent)
                ? Optional.empty()
                : Optional.of("cannot be made: \"%s\" may not be written by account \"%s\"".formatted(parent, account));
    }

    private String existingParent(String path) {
        String parent = parent(path);
        while (!parent.equals("/") && files.status(parent).isEmpty()) {
            parent = parent(parent);
        }
        return parent;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private String realOfAbsent(String path) {
        String parent = existingParent(path);
        String rest = path.substring(parent.equals("/") ? 0 : parent.length());
        String real = files.realPath(parent).orElse(parent);
        return real.equals("/") ? rest : real + rest;
    }

    private Optional<SpaceFacts> space(String path) {
        try {
            FileSystemUsage usage = files.usage(path);
            return Optional.of(new SpaceFacts(usage.mountPoint(), usage.type(), usage.availableBytes()));
        } catch (UnderstudyException e) {
            // The check says that the file system does not tell.
            return Optional.empty();
        }
    }
}
