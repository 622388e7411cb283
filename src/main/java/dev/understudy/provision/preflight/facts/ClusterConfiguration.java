package dev.understudy.provision.preflight.facts;

import java.util.Optional;

/**
 * The configuration of a cluster of Debian's, under {@code /etc/postgresql}.
 *
 * @param program what is to start the cluster
 * @param programFound whether the machine has that program
 * @param file absolute path of its postgresql.conf
 * @param fileFound whether the file is there and readable
 * @param dataDirectory the data directory that the file names
 * @param port the port that the file names
 */
public record ClusterConfiguration(
        String program,
        boolean programFound,
        String file,
        boolean fileFound,
        Optional<String> dataDirectory,
        Optional<Integer> port) {}
