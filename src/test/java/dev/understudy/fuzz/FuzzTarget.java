package dev.understudy.fuzz;

import dev.understudy.engine.journal.JournalFuzz;
import dev.understudy.host.posix.HostAnswersFuzz;
import dev.understudy.pgfile.backup.BackupLabelFuzz;
import dev.understudy.pgfile.backup.BackupManifestFuzz;
import dev.understudy.pgfile.backup.TablespaceMapFuzz;
import dev.understudy.pgfile.control.ControlFileFuzz;
import dev.understudy.pgfile.page.PageFuzz;
import dev.understudy.pgfile.wal.TimelineHistoryFuzz;
import dev.understudy.pgfile.wal.WalFuzz;
import dev.understudy.plan.PlaybookFuzz;
import dev.understudy.postgres.ConninfoFuzz;
import dev.understudy.provision.control.ServerFilesFuzz;
import dev.understudy.provision.recovery.SettingsFileFuzz;
import dev.understudy.server.connect.ConnectionFilesFuzz;
import dev.understudy.server.hba.HbaRulesFuzz;
import dev.understudy.transfer.ssh.RemoteAnswersFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The readers under fuzzing. */
public enum FuzzTarget {
    BACKUP_LABEL(BackupLabelFuzz::fuzzerTestOneInput, BackupLabelFuzz::seeds, 4 << 10),
    BACKUP_MANIFEST(BackupManifestFuzz::fuzzerTestOneInput, BackupManifestFuzz::seeds, 16 << 10),
    CONNECTION_FILES(ConnectionFilesFuzz::fuzzerTestOneInput, ConnectionFilesFuzz::seeds, 4 << 10),
    CONNINFO(ConninfoFuzz::fuzzerTestOneInput, ConninfoFuzz::seeds, 4 << 10),
    CONTROL_FILE(ControlFileFuzz::fuzzerTestOneInput, ControlFileFuzz::seeds, 1 << 10),
    HBA_RULES(HbaRulesFuzz::fuzzerTestOneInput, HbaRulesFuzz::seeds, 4 << 10),
    HOST_ANSWERS(HostAnswersFuzz::fuzzerTestOneInput, HostAnswersFuzz::seeds, 4 << 10),
    JOURNAL(JournalFuzz::fuzzerTestOneInput, JournalFuzz::seeds, 16 << 10),
    PAGE(PageFuzz::fuzzerTestOneInput, PageFuzz::seeds, 24 << 10),
    PLAYBOOK(PlaybookFuzz::fuzzerTestOneInput, PlaybookFuzz::seeds, 16 << 10),
    REMOTE_ANSWERS(RemoteAnswersFuzz::fuzzerTestOneInput, RemoteAnswersFuzz::seeds, 16 << 10),
    SERVER_FILES(ServerFilesFuzz::fuzzerTestOneInput, ServerFilesFuzz::seeds, 16 << 10),
    SETTINGS_FILE(SettingsFileFuzz::fuzzerTestOneInput, SettingsFileFuzz::seeds, 16 << 10),
    TABLESPACE_MAP(TablespaceMapFuzz::fuzzerTestOneInput, TablespaceMapFuzz::seeds, 4 << 10),
    TIMELINE_HISTORY(TimelineHistoryFuzz::fuzzerTestOneInput, TimelineHistoryFuzz::seeds, 4 << 10),
    WAL(WalFuzz::fuzzerTestOneInput, WalFuzz::seeds, 64 << 10);

    /** Inputs that were findings once, in a directory for each target. */
    private static final Path CORPUS = Path.of("src/test/resources/dev/understudy/fuzz");

    private final Consumer<byte[]> reading;
    private final Supplier<List<byte[]>> seeds;
    private final int longestBytes;

    FuzzTarget(Consumer<byte[]> reading, Supplier<List<byte[]>> seeds, int longestBytes) {
        this.reading = reading;
        this.seeds = seeds;
        this.longestBytes = longestBytes;
    }

    /** Longest input that the fuzzer makes, in bytes. */
    int longestBytes() {
        return longestBytes;
    }

    /** Has one input read. */
    void read(byte[] input) {
        reading.accept(input);
    }

    /** Good inputs to begin with. */
    List<byte[]> seeds() {
        return seeds.get();
    }

    /** Inputs that were findings once. */
    List<Path> corpus() {
        Path directory = CORPUS.resolve(directory());
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return new ArrayList<>(files.sorted().toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The name of its directory. */
    String directory() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
