package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.archive.ArchivePlace;
import dev.understudy.promotion.archive.ArchivePlace.Kind;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.ArchiveFacts;
import dev.understudy.promotion.facts.ArchiveFacts.ArchiveDirectory;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import java.util.Map;
import java.util.Optional;

/**
 * An archive that the standby could write to. The command is not run, and no file is made: asked is whether the server's
 * account may write in the directory that the command names, and how much room there is; of any other command, whether its
 * program is there.
 */
public final class ArchiveWritableCheck implements PromotionCheck {
    private static final String ID = "archive-writable";
    private static final long SEGMENT_BYTES = 16L << 20;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standby(),
                standby -> Compared.text(standby, "archive_mode").equals("off")
                        ? CheckResult.skipped(ID, "archive_mode is off on the standby")
                        : CheckResult.of(ID, facts.settings().archive(), archive -> judge(archive, standby)));
    }

    private static CheckResult judge(ArchiveFacts archive, Map<String, Setting> standby) {
        ArchivePlace place = archive.place();
        return switch (place.kind()) {
            case NONE, DISCARDS -> CheckResult.skipped(ID, "the standby archives with " + place.describe());
            case LIBRARY ->
                CheckResult.skipped(
                        ID, "the standby archives through %s, which was not asked".formatted(place.describe()));
            case OTHER_HOST ->
                CheckResult.skipped(
                        ID, "the standby archives to another host, which was not looked into; try its command by hand");
            case DIRECTORY ->
                CheckResult.of(ID, archive.directory(), directory -> directory(archive, directory, standby));
            case TOOL, PROGRAM -> CheckResult.of(ID, archive.program(), there -> program(place, there));
        };
    }

    private static CheckResult directory(
            ArchiveFacts archive, Optional<ArchiveDirectory> found, Map<String, Setting> standby) {
        CheckResult.Builder result = CheckResult.builder(ID);
        if (archive.program().is(false)) {
            return program(archive.place(), false);
        }
        if (found.isEmpty()) {
            return result.seen(
                            "file system of the standby",
                            "no directory " + archive.place().directory())
                    .fail(
                            "There is no directory \"%s\" to archive to"
                                    .formatted(archive.place().directory()),
                            "Make it, or mount it, and give it to the server's account");
        }
        ArchiveDirectory directory = found.get();
        result.seen(
                        "access(2) as the server's account",
                        directory.path() + (directory.writable() ? " is writable" : " is not writable"))
                .seen("file system of " + directory.path(), directory.freeBytes() + " bytes free")
                .figure("archive_free_bytes", directory.freeBytes());
        if (!directory.writable()) {
            return result.fail(
                    "The server's account may not write to the archive \"%s\"".formatted(directory.path()),
                    "Give the directory to the account that the server runs as, or mount it for writing");
        }
        long segment = Compared.number(standby, "wal_segment_size").orElse(SEGMENT_BYTES);
        return directory.freeBytes() < segment
                ? result.fail(
                        "The archive \"%s\" has no room for a WAL segment".formatted(directory.path()),
                        "Make room in it")
                : result.pass("The server's account may write to the archive \"%s\" (nothing was written)"
                        .formatted(directory.path()));
    }

    private static CheckResult program(ArchivePlace place, boolean there) {
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen("command -v, as the server's account", place.program() + (there ? " is there" : " is not there"));
        return there
                ? result.pass(
                        place.kind() == Kind.TOOL
                                ? "\"%s\" is installed; its own check was not run".formatted(place.program())
                                : "\"%s\" is there; what it does was not looked into".formatted(place.program()))
                : result.fail(
                        "archive_command runs \"%s\", which the standby's host does not have"
                                .formatted(place.program()),
                        "Install it there, and try: sudo -u postgres " + place.program());
    }
}
