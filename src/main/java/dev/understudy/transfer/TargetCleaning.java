package dev.understudy.transfer;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.route.Sink;
import java.util.HashSet;
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
        clearControlFiles();
        Set<String> gone = new HashSet<>();
        clear(target.others(), gone);
        clearDirectories(source, gone);
        for (int file = 0; file < target.files().count(); file++) {
            String path = target.files().path(file);
            if (source.files().find(path) < 0 && !isControlFile(path)) {
                clear(List.of(path), gone);
            }
        }
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

    /** First of all, so that from here on nothing can start the target. */
    private void clearControlFiles() {
        for (String path : List.of(TargetLayout.CONTROL_FILE, TargetLayout.PENDING_CONTROL_FILE)) {
            if (target.files().find(path) >= 0) {
                clear(path);
            }
        }
    }

    private static boolean isControlFile(String path) {
        return path.equals(TargetLayout.CONTROL_FILE) || path.equals(TargetLayout.PENDING_CONTROL_FILE);
    }

    private void clearDirectories(SourceListing source, Set<String> gone) {
        Set<String> wanted = new HashSet<>(source.directories());
        source.tablespaces().forEach(each -> wanted.add(TargetLayout.TABLESPACES + "/" + each.oid()));
        wanted.add(TargetLayout.TABLESPACES);
        wanted.add(request.rules().walDirectory());
        for (String directory : target.directories()) {
            if (!wanted.contains(directory)) {
                clear(List.of(directory), gone);
            }
        }
    }

    private void clear(List<String> paths, Set<String> gone) {
        for (String path : paths) {
            if (isKept(path) || isBelow(path, gone) || isOfOtherMajor(path)) {
                continue;
            }
            clear(path);
            gone.add(path);
        }
    }

    private void clear(String path) {
        request.liveness().run();
        request.aside().ifPresentOrElse(aside -> sink.setAside(path, aside), () -> sink.remove(path));
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
