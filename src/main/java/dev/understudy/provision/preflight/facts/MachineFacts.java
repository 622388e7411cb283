package dev.understudy.provision.preflight.facts;

import dev.understudy.postgres.Known;
import java.time.Duration;

/**
 * A machine.
 *
 * @param name how people name it: {@code local}, {@code ssh://user@host}
 * @param identity tells whether two hosts are one machine
 * @param architecture {@code x86_64}, {@code aarch64}
 * @param glibcVersion version of the C library, {@code 2.36}; unknown where it is another library
 * @param clockOffset its clock minus ours
 */
public record MachineFacts(
        String name,
        Known<String> identity,
        Known<String> architecture,
        Known<String> glibcVersion,
        Known<Duration> clockOffset) {}
