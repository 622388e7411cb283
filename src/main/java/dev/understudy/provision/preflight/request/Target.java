package dev.understudy.provision.preflight.request;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.control.StartMethod.DebianCluster;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the standby is to be, on its host.
 *
 * @param dataDirectory absolute path of its data directory
 * @param walDirectory absolute path of its WAL, if that is to be elsewhere
 * @param tablespaces absolute path by the primary's path; a tablespace that is not named keeps its path
 * @param socketDirectory where its Unix socket goes; the server's default if empty
 * @param binDirectory its server programs; found for the primary's major if empty
 * @param port the port it listens on; chosen later if empty
 * @param existing whether the directory holds a stopped standby that is to be worked on
 * @param ours whether what is in the directory is known to be this run's own
 * @param cluster the cluster of Debian's that it is to be started as, if it is
 */
public record Target(
        String dataDirectory,
        Optional<String> walDirectory,
        Map<String, String> tablespaces,
        Optional<String> socketDirectory,
        Optional<String> binDirectory,
        Optional<Integer> port,
        boolean existing,
        boolean ours,
        Optional<DebianCluster> cluster) {
    public Target {
        if (!dataDirectory.startsWith("/")) {
            throw UnderstudyException.of(
                            ErrorCode.VALUE_INVALID, "data directory \"%s\" is not an absolute path", dataDirectory)
                    .build();
        }
        tablespaces = Map.copyOf(tablespaces);
    }

    /** A new directory, everything else by default. */
    public static Target of(String dataDirectory) {
        return new Target(
                dataDirectory,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty());
    }

    public Target withWalDirectory(String path) {
        return new Target(
                dataDirectory,
                Optional.of(path),
                tablespaces,
                socketDirectory,
                binDirectory,
                port,
                existing,
                ours,
                cluster);
    }

    public Target withTablespaces(Map<String, String> byOldPath) {
        return new Target(
                dataDirectory,
                walDirectory,
                new TreeMap<>(byOldPath),
                socketDirectory,
                binDirectory,
                port,
                existing,
                ours,
                cluster);
    }

    public Target withSocketDirectory(String path) {
        return new Target(
                dataDirectory,
                walDirectory,
                tablespaces,
                Optional.of(path),
                binDirectory,
                port,
                existing,
                ours,
                cluster);
    }

    public Target withBinDirectory(String path) {
        return new Target(
                dataDirectory,
                walDirectory,
                tablespaces,
                socketDirectory,
                Optional.of(path),
                port,
                existing,
                ours,
                cluster);
    }

    public Target withPort(int number) {
        return new Target(
                dataDirectory,
                walDirectory,
                tablespaces,
                socketDirectory,
                binDirectory,
                Optional.of(number),
                existing,
                ours,
                cluster);
    }

    /** The same, onto the stopped standby that is in the directory. */
    public Target ontoExisting() {
        return new Target(
                dataDirectory, walDirectory, tablespaces, socketDirectory, binDirectory, port, true, ours, cluster);
    }

    /** The same, where a former part of this run has filled the directory. */
    public Target ownedByThisRun() {
        return new Target(
                dataDirectory, walDirectory, tablespaces, socketDirectory, binDirectory, port, existing, true, cluster);
    }

    /** The same, started by Debian's programs. */
    public Target as(DebianCluster started) {
        return new Target(
                dataDirectory,
                walDirectory,
                tablespaces,
                socketDirectory,
                binDirectory,
                port,
                existing,
                ours,
                Optional.of(started));
    }
}
