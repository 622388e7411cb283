package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.BackupEndFacts;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Permissions;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.TablespaceLink;
import dev.understudy.doctor.facts.WalListing;
import dev.understudy.doctor.facts.WalTail;
import dev.understudy.host.Account;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegment;
import dev.understudy.provision.control.ServerPrograms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at a standby's data directory. Works whether its server runs or not, and changes nothing. */
final class DirectoryGatherer {
    private static final int SMALL_FILE_BYTES = 1 << 20;
    private static final int FOREIGN_SHOWN = 10;

    /** What restore_command writes to. Source: {@code RestoreArchivedFile} in {@code xlogarchive.c}. */
    private static final String RESTORED = "RECOVERYXLOG";

    private static final List<String> LABELS =
            List.of("backup_label", "backup_label.old", "tablespace_map", "tablespace_map.old");

    private final Host host;
    private final HostFiles files;
    private final String path;
    private final Known<SegmentDirectory> archive;
    private final Known<SegmentDirectory> receiver;

    DirectoryGatherer(Host host, String path, Known<SegmentDirectory> archive, Known<SegmentDirectory> receiver) {
        this.host = host;
        this.files = host.files();
        this.path = path;
        this.archive = archive;
        this.receiver = receiver;
    }

    DirectoryFacts gather() {
        List<FileStatus> top = files.list(path);
        Known<ServerMajor> major = Looking.at(() -> text("PG_VERSION").strip())
                .flatMap(text -> text.matches("\\d{1,3}(?:\\.\\d)?")
                        ? Known.of(ServerMajor.parse(text))
                        : Known.unknown("PG_VERSION does not hold a version"));
        Known<ControlFile> control = Looking.at(() -> ControlFileReader.readRetrying(
                () -> files.read(path + "/" + ControlFileReader.PATH, ControlFileReader.FILE_BYTES)));
        Known<WalListing> wal = Looking.at(() -> wal(top, major, control));
        WalReading reading = new WalReading(host, wal, archive, receiver);
        Map<String, String> labels = labels(top);
        Known<WalTail> walEnd = control.flatMap(found -> wal.flatMap(listing -> reading.tail(found)));
        Known<BackupEndFacts> backupEnd = control.flatMap(found -> wal.flatMap(listing -> reading.backupEnd(found)));
        ProcessGatherer processes = new ProcessGatherer(host, path);
        Known<List<ProcessGatherer.Listed>> running = Looking.at(processes::list);
        return new DirectoryFacts(
                path,
                major,
                control,
                top.stream().map(FileStatus::path).toList(),
                labels,
                Looking.at(() -> new ConfigurationGatherer(files, path).gather()),
                Looking.at(() -> processes.server(running)),
                Looking.at(this::tablespaces),
                Looking.at(() -> permissions(top)),
                wal.map(listing -> listing.withEmptyRestore(isEmptyRestore(listing, running))),
                walEnd,
                backupEnd,
                Looking.at(() -> programs(major)),
                usage(wal));
    }

    private String text(String file) {
        return new String(files.read(path + "/" + file, SMALL_FILE_BYTES), StandardCharsets.UTF_8);
    }

    private Map<String, String> labels(List<FileStatus> top) {
        Map<String, String> labels = new TreeMap<>();
        top.stream()
                .filter(file -> file.isFile() && LABELS.contains(file.path()))
                .forEach(file -> Looking.at(() -> labels.put(file.path(), text(file.path()))));
        return labels;
    }

    /** Lists the WAL directory anew. */
    static WalListing listWal(Host host, DirectoryFacts seen) {
        DirectoryGatherer gatherer = new DirectoryGatherer(
                host, seen.path(), Known.unknown("not looked at"), Known.unknown("not looked at"));
        return gatherer.wal(host.files().list(seen.path()), seen.major(), seen.control());
    }

    private WalListing wal(List<FileStatus> top, Known<ServerMajor> major, Known<ControlFile> control) {
        String name = major.value()
                .map(found -> FormatVersion.of(found).walDirectory())
                .orElseGet(() -> top.stream().anyMatch(file -> file.path().equals("pg_xlog")) ? "pg_xlog" : "pg_wal");
        String directory = files.realPath(path + "/" + name).orElse(path + "/" + name);
        long full = control.map(found -> (long) found.walSegmentSize().bytes()).orElse(-1L);
        List<String> segments = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Map<String, String> histories = new TreeMap<>();
        for (FileStatus file : files.list(directory)) {
            boolean segment = WalSegment.isName(file.path()) && (full < 0 || file.size() == full);
            if (segment) {
                segments.add(file.path());
            } else if (TimelineHistory.timelineOf(file.path()).isPresent()) {
                histories.put(
                        file.path(),
                        new String(
                                files.read(directory + "/" + file.path(), SMALL_FILE_BYTES), StandardCharsets.UTF_8));
            } else {
                others.add(file.path());
            }
        }
        int ready = (int) files.list(directory + "/archive_status").stream()
                .filter(file -> file.path().endsWith(".ready"))
                .count();
        return new WalListing(directory, segments, others, histories, ready, Optional.of(isEmptyRestore(directory)));
    }

    private boolean isEmptyRestore(String directory) {
        return files.status(directory + "/" + RESTORED)
                .filter(file -> file.size() == 0)
                .isPresent();
    }

    /** Believed only if no command was at work since it was seen first: any command may begin with an empty file. */
    private boolean isEmptyRestore(WalListing listing, Known<List<ProcessGatherer.Listed>> running) {
        return listing.emptyRestore().orElse(false)
                && running.map(all -> !ProcessGatherer.isRestoring(all)).orElse(false)
                && isEmptyRestore(listing.path());
    }

    private List<TablespaceLink> tablespaces() {
        List<TablespaceLink> links = new ArrayList<>();
        for (FileStatus entry : files.list(path + "/pg_tblspc")) {
            String link = path + "/pg_tblspc/" + entry.path();
            Optional<String> real = entry.isSymbolicLink() ? files.realPath(link) : Optional.empty();
            boolean there =
                    real.flatMap(files::status).filter(FileStatus::isDirectory).isPresent();
            links.add(new TablespaceLink(entry.path(), entry.linkTarget(), there, real));
        }
        return links;
    }

    private Permissions permissions(List<FileStatus> top) {
        FileStatus directory = files.status(path).orElseThrow();
        String owner = host.findAccount(Integer.toUnsignedString(directory.uid()))
                .map(Account::name)
                .orElse(Integer.toUnsignedString(directory.uid()));
        List<String> foreign = new ArrayList<>();
        top.stream()
                .filter(file -> isForeign(file, directory))
                .map(FileStatus::path)
                .forEach(foreign::add);
        for (String inner : List.of("global", "pg_wal", "pg_xlog", "base")) {
            Optional<String> real = files.realPath(path + "/" + inner)
                    .filter(found ->
                            files.status(found).filter(FileStatus::isDirectory).isPresent());
            real.ifPresent(found -> files.list(found).stream()
                    .filter(file -> isForeign(file, directory))
                    .forEach(file -> foreign.add(inner + "/" + file.path())));
        }
        return new Permissions(
                directory.mode(),
                directory.uid(),
                owner,
                host.account().name(),
                foreign.stream().limit(FOREIGN_SHOWN).toList());
    }

    /** Whose a symbolic link is decides nothing: what it leads to does. */
    private static boolean isForeign(FileStatus file, FileStatus directory) {
        return !file.isSymbolicLink() && file.uid() != directory.uid();
    }

    /** Those that ran the server last, by postmaster.opts, else those that are found for the major. */
    private String programs(Known<ServerMajor> major) {
        Optional<String> last = files.status(path + "/postmaster.opts")
                        .filter(FileStatus::isFile)
                        .isPresent()
                ? Optional.of(text("postmaster.opts").strip().split("\\s", 2)[0])
                        .filter(program -> program.startsWith("/") && program.endsWith("/postgres"))
                        .map(program -> program.substring(0, program.length() - "/postgres".length()))
                : Optional.empty();
        return last.flatMap(directory -> ServerPrograms.inspect(host, directory))
                .orElseGet(() -> ServerPrograms.find(
                        host, Optional.empty(), major.value().orElse(ServerMajor.NEWEST)))
                .version();
    }

    private Map<String, Known<FileSystemUsage>> usage(Known<WalListing> wal) {
        Map<String, Known<FileSystemUsage>> usage = new LinkedHashMap<>();
        usage.put("data directory", Looking.at(() -> files.usage(path)));
        wal.value().ifPresent(found -> usage.put("WAL", Looking.at(() -> files.usage(found.path()))));
        return usage;
    }
}
