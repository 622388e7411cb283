package dev.understudy.transfer;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.route.Sink;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes a target ready: refuses one that is not empty, or clears one from what the source does not have. */
final class TargetCleaning {
    private final CopyRequest request;
    private final Sink sink;
    private final TargetListing target;

    TargetCleaning(CopyRequest request, Sink sink, TargetListing target) {
        this.request = request;
        this.sink = sink;
        this.target = target;
    }

    void prepare(SourceListing source) {
        refuseForeignRoots();
        if (request.form() == CopyRequest.Form.FULL) {
            refuseContents();
            return;
        }
        clear(List.of(TargetLayout.CONTROL_FILE, TargetLayout.PENDING_CONTROL_FILE).stream()
                .filter(path -> target.files().find(path) >= 0) // First of all: from here on nothing can start it.
                .toList());
        Set<String> gone = new LinkedHashSet<>();
        target.others().forEach(path -> note(path, gone));
        noteDirectories(source, gone);
        for (int file = 0; file < target.files().count(); file++) {
            String path = target.files().path(file);
            if (source.files().find(path) < 0 && !isControlFile(path)) {
                note(path, gone);
            }
        }
        clear(List.copyOf(gone));
    }

    private void refuseForeignRoots() {
        for (String root : target.foreignRoots()) {
            throw UnderstudyException.of(ErrorCode.TARGET_NOT_EMPTY, "directory \"%s\" is not empty", root)
                    .detail("The target has no link to it, so what it holds is not this standby's.")
                    .hint("Choose another directory, or empty it.")
                    .build();
        }
    }

    private void refuseContents() {
        for (int file = 0; file < target.files().count(); file++) {
            refuse(target.files().path(file));
        }
        target.directories().forEach(this::refuse);
        target.others().forEach(this::refuse);
    }

    private void refuse(String path) {
        if (!isKept(path) && request.keep().stream().noneMatch(kept -> kept.startsWith(path + "/"))) {
            throw UnderstudyException.of(ErrorCode.TARGET_NOT_EMPTY, "%s is not empty", sink.describe())
                    .detail("It holds \"%s\".", path)
                    .hint("Choose a directory that is empty or does not exist yet, or reseed what is there.")
                    .build();
        }
    }

    private static boolean isControlFile(String path) {
        return path.equals(TargetLayout.CONTROL_FILE) || path.equals(TargetLayout.PENDING_CONTROL_FILE);
    }

    private void noteDirectories(SourceListing source, Set<String> gone) {
        Set<String> wanted = new HashSet<>(source.directories());
        source.tablespaces().forEach(each -> wanted.add(TargetLayout.TABLESPACES + "/" + each.oid()));
        wanted.add(TargetLayout.TABLESPACES);
        wanted.add(request.rules().walDirectory());
        for (String directory : target.directories()) {
            if (!wanted.contains(directory)) {
                note(directory, gone);
            }
        }
    }

    /** What goes with a directory above it is not noted itself. */
    private void note(String path, Set<String> gone) {
        if (!isKept(path) && !isBelow(path, gone) && !isOfOtherMajor(path)) {
            gone.add(path);
        }
    }

    private void clear(List<String> paths) {
        request.liveness().run();
        if (!paths.isEmpty()) {
            request.aside().ifPresentOrElse(aside -> setAside(paths, aside), () -> sink.remove(paths));
        }
    }

    private void setAside(List<String> paths, CopyRequest.Aside aside) {
        sink.remove(paths.stream().filter(aside.own()).toList());
        sink.setAside(paths.stream().filter(path -> !aside.own().test(path)).toList(), aside.directory());
    }

    private boolean isKept(String path) {
        return request.keep().stream().anyMatch(kept -> path.equals(kept) || path.startsWith(kept + "/"));
    }

    /** A tablespace's directory can serve clusters of other majors besides. */
    private boolean isOfOtherMajor(String path) {
        String[] names = path.split("/", 4);
        return names.length >= 3
                && names[0].equals(TargetLayout.TABLESPACES)
                && names[2].startsWith("PG_")
                && !names[2].equals(request.rules().tablespaceVersionDirectory());
    }

    private static boolean isBelow(String path, Set<String> directories) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (directories.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }
}
