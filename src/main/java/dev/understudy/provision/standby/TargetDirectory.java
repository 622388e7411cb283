package dev.understudy.provision.standby;

import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.provision.copy.TargetClaim;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.TargetLayout;
import java.util.Optional;

/** The target's data directory as the steps after the copy see it: what is in it, by name. */
public final class TargetDirectory {
    private static final int SMALL_FILE_BYTES = 4 << 20;

    private final TargetSite target;

    public TargetDirectory(TargetSite target) {
        this.target = target;
    }

    private HostFiles files() {
        return target.host().files();
    }

    public boolean has(String relative) {
        return files().status(target.path(relative)).isPresent();
    }

    /** Permission bits for files: the group may read where the data directory lets it in. */
    public int fileMode() {
        int mode = files().status(target.dataDirectory()).map(FileStatus::mode).orElse(0700);
        return (mode & 0050) == 0050 ? 0640 : 0600;
    }

    public byte[] read(String relative) {
        return files().read(target.path(relative), SMALL_FILE_BYTES);
    }

    public Optional<byte[]> find(String relative) {
        return has(relative) ? Optional.of(read(relative)) : Optional.empty();
    }

    /** Makes or replaces a file, flushed. */
    public void write(String relative, byte[] contents) {
        files().writeAtomically(target.path(relative), contents, fileMode());
    }

    /** Readable by its owner alone, whatever the directory's mode. */
    public void writePrivate(String relative, byte[] contents) {
        files().writeAtomically(target.path(relative), contents, 0600);
    }

    /** pg_control as it stands there now; a running server may be writing it. */
    public ControlFile controlFile() {
        return ControlFileReader.readRetrying(() -> read(TargetLayout.CONTROL_FILE));
    }

    /** The copied pg_control before it has its name, or with it where an earlier attempt was cut short after that. */
    public byte[] copiedControlFile() {
        return find(TargetLayout.PENDING_CONTROL_FILE).orElseGet(() -> read(TargetLayout.CONTROL_FILE));
    }

    /** Puts pg_control in place: from this moment the server's programs take the directory for a database cluster. */
    public void installControlFile(byte[] sealed) {
        files().writeAtomically(target.path(TargetLayout.CONTROL_FILE), sealed, fileMode());
        files().delete(target.path(TargetLayout.PENDING_CONTROL_FILE));
        files().delete(target.path(TargetClaim.FORMER_CONTROL_FILE));
    }
}
