package dev.understudy.cli.seal;

import dev.understudy.cli.backup.BundleOption;
import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.Bundle;
import dev.understudy.provision.bundle.BundleSeal;
import dev.understudy.provision.seal.Sealing;
import dev.understudy.provision.site.TargetAccount;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code seal}. */
@Command(
        name = "seal",
        description = {
            "Makes a cloned data directory a standby that cannot start unsealed.",
            "The clone's disk may be mounted anywhere; no server may run in it, nor have run since it was cloned."
        },
        footer = {
            "",
            "Example:",
            "  understudy seal --bundle /srv/bundles/b1 -D /mnt/clone/data"
                    + " -T /srv/fast=/mnt/clone-fast --primary 'host=db1 user=replicator'"
        })
public final class SealCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final BundleOption bundle = new BundleOption();

    @Option(
            names = {"-D", "--data-directory"},
            paramLabel = "DATADIR",
            required = true,
            description = "The cloned data directory.")
    private Path dataDirectory = Path.of("");

    @Option(
            names = "--primary",
            paramLabel = "CONN",
            description = "How the standby reaches its primary, if not as the bundle says.")
    private @Nullable String primary;

    @Option(
            names = "--bin-directory",
            paramLabel = "DIR",
            description = "The server programs that shall read its configuration; found if there are any.")
    private @Nullable String binDirectory;

    @Option(
            names = "--config-directory",
            paramLabel = "DIR",
            description = "Where its postgresql.conf is, if neither in it nor a cluster of Debian's.")
    private @Nullable String configDirectory;

    @Option(names = "--port", paramLabel = "N", description = "The standby's port, if not its source's.")
    private @Nullable Integer port;

    @Option(
            names = "--socket-directory",
            paramLabel = "DIR",
            description = "The standby's Unix socket directory, if not its source's.")
    private @Nullable String socketDirectory;

    @Option(names = "--slot", paramLabel = "SLOT", description = "The slot it streams from, if not the bundle's.")
    private @Nullable String slot;

    @Option(
            names = "--restore-command",
            paramLabel = "COMMAND",
            description = "How it fetches WAL from an archive; needed if its bundle was begun without a slot.")
    private @Nullable String restoreCommand;

    @Option(
            names = "--archive-mode",
            paramLabel = "off|keep",
            defaultValue = "off",
            description = "Whether it archives as its source does (default: ${DEFAULT-VALUE}).")
    private ArchiveMode archiveMode = ArchiveMode.off;

    @Option(
            names = "--keep",
            paramLabel = "SETTING",
            split = ",",
            description = "A setting that reaches into the source's world and shall stay as it is; repeatable.")
    private List<String> kept = List.of();

    @Option(
            names = {"-T", "--tablespace-mapping"},
            paramLabel = "OLD=NEW",
            description = "Where the clone of a tablespace is: the source's path and this machine's; repeatable.")
    private Map<String, String> tablespaces = Map.of();

    @Option(
            names = "--wal-directory",
            paramLabel = "DIR",
            description = "Where its WAL shall lie, if not where the clone's link leads.")
    private @Nullable String walDirectory;

    @Mixin
    private final FormatOption format = new FormatOption();

    /** {@code --archive-mode}. */
    enum ArchiveMode {
        off,
        keep
    }

    public SealCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Bundle complete = bundle.directory().bundle();
        try (Host login = Hosts.local()) {
            TargetSite target = target(login);
            BundleSeal.Options options = new BundleSeal.Options(
                    Optional.ofNullable(primary).map(Conninfo::parse),
                    Optional.ofNullable(slot),
                    Optional.ofNullable(restoreCommand),
                    port == null ? OptionalInt.empty() : OptionalInt.of(port),
                    Optional.ofNullable(configDirectory)
                            .map(path -> real(Path.of(path)).toString()),
                    archiveMode == ArchiveMode.keep,
                    new LinkedHashSet<>(kept));
            print(complete, target, new BundleSeal(complete, target, options).seal());
        }
        return ExitCode.OK.number();
    }

    /** The directory itself, if the path is a link to it. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            // Not there, or not to be seen: told as any directory that is not there.
            return path.toAbsolutePath().normalize();
        }
    }

    private TargetSite target(Host login) {
        String path = real(dataDirectory).toString();
        return new TargetSite(
                login,
                login.as(TargetAccount.choose(login, Optional.empty(), path)),
                path,
                Optional.ofNullable(binDirectory),
                port == null ? OptionalInt.empty() : OptionalInt.of(port),
                Optional.ofNullable(socketDirectory),
                Optional.ofNullable(walDirectory),
                tablespaces);
    }

    private void print(Bundle complete, TargetSite target, BundleSeal.Sealed sealed) {
        boolean standby = sealed.state() == Sealing.State.STANDBY;
        if (format.isJson()) {
            console.out().line(Json.pretty(tree(complete, target, sealed, standby)));
            return;
        }
        console.out()
                .line("\"%s\" is %s: %s."
                        .formatted(target.dataDirectory(), standby ? "a standby already" : "sealed", sealed.why()));
        sealed.done().forEach(line -> console.out().line("  " + line));
        sealed.notes().forEach(line -> console.out().line("  note: " + line));
        if (!standby) {
            console.out()
                    .line("Start it as account \"%s\", for example with: %s"
                            .formatted(target.host().account().name(), sealed.next()));
        }
    }

    private static Map<String, Object> tree(
            Bundle complete, TargetSite target, BundleSeal.Sealed sealed, boolean standby) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("dataDirectory", target.dataDirectory());
        tree.put("state", standby ? "standby" : "sealed");
        tree.put("why", sealed.why());
        tree.put("systemIdentifier", complete.systemIdentifier().toString());
        tree.put("startLsn", complete.label().startLsn().toString());
        tree.put("stopLsn", complete.stopLsn().toString());
        tree.put("done", sealed.done());
        tree.put("notes", sealed.notes());
        tree.put("next", sealed.next());
        return tree;
    }
}
