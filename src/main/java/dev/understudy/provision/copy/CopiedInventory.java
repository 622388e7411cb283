package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.backup.ManifestFile;
import dev.understudy.pgfile.backup.WalRange;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.wal.ReceivedWal;
import dev.understudy.transfer.ManifestFiles;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.route.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the copy left in the target, kept in the run's directory, so that a later step sees whether anything changed. */
public final class CopiedInventory {
    /** Control files under names that no server reads. */
    private static final Set<String> OURS = Set.of(TargetLayout.PENDING_CONTROL_FILE, TargetClaim.FORMER_CONTROL_FILE);

    private static final ServerMajor MANIFEST_SINCE = ServerMajor.V13;

    /** pg_verifybackup passes over these, since a standby's own come in their place. */
    private static final Set<String> NOT_IN_MANIFEST =
            Set.of("postgresql.auto.conf", "recovery.conf", "recovery.signal", "standby.signal");

    /** Small files that decide where and as what the server starts: their contents are read again at any depth. */
    private static final Set<String> DECISIVE = Set.of(
            TargetLayout.CONTROL_FILE,
            "backup_label",
            "postgresql.auto.conf",
            "recovery.conf",
            "recovery.signal",
            "standby.signal",
            "tablespace_map");

    /** Names that a server that recovers looks for. */
    private static final Pattern WAL_FILE = Pattern.compile("[0-9A-F]{24}(\\.partial)?|[0-9A-F]{8}\\.history");

    /** Whether somebody else cloned the directory, so that only what the run wrote into it can be looked at again. */
    private static final String OF_CLONE = "target_is_clone";

    private final StepContext context;
    private final Path file;

    private CopiedInventory(StepContext context) {
        this.context = context;
        this.file = context.directory().resolve("inventory");
    }

    public static CopiedInventory of(StepContext context) {
        return new CopiedInventory(context);
    }

    void save(TargetInventory inventory) {
        inventory.save(file);
    }

    /** Begins an inventory of a directory that somebody else cloned: empty until the run writes into it. */
    public void startWithClone(TargetLayout layout) {
        RecordedLayout.record(context, layout);
        save(new TargetInventory());
        context.record(OF_CLONE, "true");
    }

    private boolean isOfClone() {
        return context.facts().isTrue(OF_CLONE);
    }

    private boolean isThere() {
        return Files.exists(file);
    }

    /** Writes the backup_manifest, from PostgreSQL 13, which lists the copied files and those given besides; not for a clone. */
    public void writeManifest(Map<String, byte[]> rendered, ControlFile control, TargetSite target) {
        if (!control.major().isAtLeast(MANIFEST_SINCE) || isOfClone()) {
            return;
        }
        List<ManifestFile> extra = new ArrayList<>();
        new TreeMap<>(rendered).forEach((path, contents) -> {
            if (!NOT_IN_MANIFEST.contains(path)) {
                extra.add(ManifestFile.of(path, contents.length, context.clock().instant(), crc(contents)));
            }
        });
        TimelineId timeline =
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(StartBackup.START_TIMELINE)));
        WalRange range = new WalRange(
                timeline,
                context.facts().lsn(StartBackup.START_LSN),
                context.facts().lsn(StopBackup.STOP_LSN));
        ByteArrayOutputStream manifest = new ByteArrayOutputStream();
        try {
            ManifestFiles.write(
                    manifest,
                    control.major(),
                    control.systemIdentifier(),
                    TargetInventory.load(file),
                    extra,
                    List.of(range));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        target.host().files().writeAtomically(target.path("backup_manifest"), manifest.toByteArray(), 0600);
    }

    /** Takes the rendered files in, as they stand in the target now, so that the last look covers them too. */
    public void complete(Map<String, byte[]> rendered, TargetSite target) {
        TargetInventory copied = TargetInventory.load(file);
        TargetInventory complete = new TargetInventory();
        FileTable files = copied.files();
        for (int index = 0; index < files.count(); index++) {
            if (!rendered.containsKey(files.path(index))) {
                copied.copyTo(complete, index);
            }
        }
        new TreeMap<>(rendered).forEach((path, contents) -> {
            FileStatus status =
                    target.host().files().status(target.path(path)).orElseThrow(() -> changed(path, "it is missing"));
            Instant modified = status.modified();
            complete.add(path, status.size(), modified.getEpochSecond(), modified.getNano(), OwnChecksums.of(contents));
        });
        complete.save(file);
    }

    private static int crc(byte[] contents) {
        return Crc32c.of(contents, 0, contents.length);
    }

    /**
     * Looks at every file of the target that the copy wrote: there, and with the size and time that it left. Of a clone
     * only what the run wrote into it is known, and read again.
     *
     * @param readContents whether to read and check every byte as well
     * @throws UnderstudyException {@link ErrorCode#TARGET_CHANGED} naming the first file that is not
     */
    public Evidence verify(Site site, boolean readContents) {
        return verify(site, readContents, Set.of());
    }

    /**
     * The same.
     *
     * @param except relative paths that are not looked at, because a step was cut short while it wrote them
     */
    Evidence verify(Site site, boolean readContents, Set<String> except) {
        if (!isThere()) {
            throw UnderstudyException.of(ErrorCode.TARGET_CHANGED, "the run has no inventory of what it copied")
                    .build();
        }
        TargetInventory inventory = TargetInventory.load(file);
        if (isOfClone()) {
            return new RenderedInventory(site.target(), inventory, DECISIVE).verify(context);
        }
        TargetLayout layout = RecordedLayout.read(context.facts(), site.target().dataDirectory());
        try (Sink sink = new CopyEnds(site, context::checkAlive).sink(layout)) {
            TargetListing listing = sink.list();
            FileTable found = listing.files();
            FileTable files = inventory.files();
            for (int file = 0; file < files.count(); file++) {
                if (!except.contains(files.path(file))) {
                    requireUnchanged(files, file, found);
                }
            }
            refuseStrangers(listing, files, except);
            refuseWal(found, layout.walName());
            ContentCheck contents = new ContentCheck(sink, inventory, context);
            if (readContents) {
                contents.run();
            } else {
                contents.run(path -> DECISIVE.contains(path) && !except.contains(path));
            }
            return context.evidence(
                    "all %d copied files are there with the size and time that the copy left; %s"
                            .formatted(
                                    files.count(),
                                    readContents
                                            ? "every byte was read again and has the right checksum"
                                            : "the contents of those that decide how the server starts were read again, the others' not"),
                    site.target().display());
        }
    }

    /** What nobody copied but a server would take for its own: another fork or segment, a signal file, a map. */
    private static void refuseStrangers(TargetListing listing, FileTable files, Set<String> except) {
        for (String root : listing.foreignRoots()) {
            throw changed(root, "the target has no link to it any more");
        }
        for (String path : listing.others()) {
            if (isServersOwn(path)) {
                throw changed(path, "it is a link or a special file, which the copy did not make");
            }
        }
        FileTable found = listing.files();
        for (int file = 0; file < found.count(); file++) {
            String path = found.path(file);
            if (files.find(path) < 0 && isServersOwn(path) && !except.contains(path)) {
                throw changed(path, "the copy did not write it");
            }
        }
    }

    /** WAL that came with the backup is withheld until the start; what lies where a server reads it is not ours. */
    private void refuseWal(FileTable found, String walName) {
        if (context.facts().isTrue(ReceivedWal.INSTALLED)) {
            return;
        }
        for (int file = 0; file < found.count(); file++) {
            if (found.directory(file).equals(walName)
                    && WAL_FILE.matcher(found.name(file)).matches()) {
                throw changed(found.path(file), "it is WAL that no backup of this run brought");
            }
        }
    }

    private static boolean isServersOwn(String path) {
        int slash = path.indexOf('/');
        if (slash < 0) {
            return DECISIVE.contains(path);
        }
        String top = path.substring(0, slash);
        return top.equals("base")
                || (top.equals("global") && !OURS.contains(path))
                || (top.startsWith("pg_") && !WalDirectory.NAMES.contains(top));
    }

    private static void requireUnchanged(FileTable files, int file, FileTable found) {
        String path = files.path(file);
        int other = found.find(path);
        if (other < 0) {
            throw changed(path, "it is missing");
        }
        if (found.size(other) != files.size(file)) {
            throw changed(path, "it has %d bytes, the copy left %d".formatted(found.size(other), files.size(file)));
        }
        // The copy leaves whole seconds: a change within the second that the source's file had is told by its fraction.
        Instant modified = modified(found, other);
        if (!modified.equals(modified(files, file))) {
            throw changed(path, "it was modified at " + modified);
        }
    }

    private static Instant modified(FileTable files, int file) {
        return Instant.ofEpochSecond(files.modifiedSeconds(file), files.modifiedNanos(file));
    }

    static UnderstudyException changed(String path, String detail) {
        return UnderstudyException.of(
                        ErrorCode.TARGET_CHANGED, "file \"%s\" of the target is not as the copy left it", path)
                .detail("%s.", Character.toUpperCase(detail.charAt(0)) + detail.substring(1))
                .hint("Something else worked on the directory. Clear it away with \"understudy abort\" and start anew.")
                .build();
    }
}
