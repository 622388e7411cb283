package dev.understudy.promotion.machine;

import dev.understudy.postgres.Known;

/**
 * What a server's machine has. Limits of the control group that the server runs in count as the machine's own.
 *
 * @param name how people name it: {@code local}, {@code ssh://user@host}
 * @param identity tells whether two hosts are one machine
 * @param memoryBytes what the server can have at most
 * @param processors how many it can have at most; a part of one counts as such
 * @param hugePages how many huge pages are reserved
 * @param hugePageBytes size of one
 * @param libc name and version of the C library: {@code glibc 2.36}
 * @param limits what the kernel allows the postmaster
 */
public record MachineFacts(
        String name,
        Known<String> identity,
        Known<Long> memoryBytes,
        Known<Double> processors,
        Known<Long> hugePages,
        Known<Long> hugePageBytes,
        Known<String> libc,
        Known<ProcessLimits> limits) {}
