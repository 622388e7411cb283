package dev.understudy.promotion.machine;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the places that a server writes to. */
public final class StorageReader {
    /** Servers of several majors may share a tablespace's directory, each in one of its own. */
    private static final String OWN_VERSION =
            "cd \"$1\" && for d in PG_\"$2\"_*; do [ -d \"$d\" ] && exit 0; done; exit 1";

    private final Host host;
    private final HostFiles files;
    private final String dataDirectory;
    private final ServerMajor major;
    private final List<Volume> volumes = new ArrayList<>();

    /** @param host acting as the server's account */
    public StorageReader(Host host, String dataDirectory, ServerMajor major) {
        this.host = host;
        this.files = host.files();
        this.dataDirectory = dataDirectory;
        this.major = major;
    }

    /** @throws UnderstudyException if the data directory cannot be looked into */
    public Storage read() {
        add("data directory", dataDirectory);
        String wal = dataDirectory + "/" + WalDirectory.of(major);
        add("WAL", wal);
        List<TablespaceLink> links = files.list(dataDirectory + "/pg_tblspc").stream()
                .filter(entry -> entry.path().matches("\\d+"))
                .map(this::link)
                .toList();
        long walBytes = files.list(files.realPath(wal).orElse(wal)).stream()
                .filter(FileStatus::isFile)
                .mapToLong(FileStatus::size)
                .sum();
        return new Storage(volumes, links, walBytes);
    }

    private void add(String use, String path) {
        String real = files.realPath(path).orElse(path);
        Known<FileSystemUsage> usage;
        try {
            usage = Known.of(files.usage(real));
        } catch (UnderstudyException e) {
            usage = Known.unknown(e.message());
        }
        volumes.add(new Volume(use, real, usage));
    }

    private TablespaceLink link(FileStatus entry) {
        String path = dataDirectory + "/pg_tblspc/" + entry.path();
        Optional<String> real = files.realPath(path);
        real.ifPresent(found -> add("tablespace " + entry.path(), found));
        boolean version =
                real.map(found -> holds(OWN_VERSION, found, major.toString())).orElse(false);
        boolean writable = real.map(found -> holds("[ -d \"$1\" ] && [ -w \"$1\" ] && [ -x \"$1\" ]", found))
                .orElse(false);
        return new TablespaceLink(entry.path(), entry.linkTarget(), real, version, writable);
    }

    private boolean holds(String script, String... arguments) {
        return host.run(Command.shell(script, arguments)).succeeded();
    }
}
