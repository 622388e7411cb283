package dev.understudy.provision.preflight.facts;

import dev.understudy.host.Account;
import dev.understudy.postgres.Known;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The machine and the place where the standby is to be.
 *
 * @param machine the machine
 * @param account who is to own the standby and run it
 * @param dataDirectory the data directory to be
 * @param walDirectory the WAL directory to be, if elsewhere
 * @param tablespaces the directories to be, by the primary's path
 * @param socketDirectory where the Unix socket goes, if that is known
 * @param existing the cluster that is in the data directory; empty if there is none
 * @param installation the server programs; the reason says where was looked
 * @param port the port the standby is to listen on; empty if it is chosen later
 * @param listeningPorts TCP ports somebody listens on
 * @param socketLocks ports with a socket lock file in the socket directory
 * @param addresses the machine's own addresses, and loopback
 * @param configuration the configuration of the cluster of Debian's that it is to be started as, if it is
 * @param presentFiles of the files that the configuration names, those that are there and readable
 */
public record TargetFacts(
        MachineFacts machine,
        Account account,
        Known<PathFacts> dataDirectory,
        Optional<Known<PathFacts>> walDirectory,
        Map<String, Known<PathFacts>> tablespaces,
        Optional<Known<PathFacts>> socketDirectory,
        Known<Optional<ExistingCluster>> existing,
        Known<InstallationFacts> installation,
        Optional<Integer> port,
        Known<Set<Integer>> listeningPorts,
        Known<Set<Integer>> socketLocks,
        Known<Set<String>> addresses,
        Optional<Known<ClusterConfiguration>> configuration,
        Known<Set<String>> presentFiles) {
    public TargetFacts {
        tablespaces = Map.copyOf(tablespaces);
    }
}
