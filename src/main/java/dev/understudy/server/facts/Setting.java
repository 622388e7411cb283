package dev.understudy.server.facts;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A setting in force, a row of {@code pg_settings}.
 *
 * @param value in {@code unit}s
 * @param unit such as {@code 8kB}, {@code ms}; empty text if it has none
 * @param context when it can be changed: {@code postmaster}, {@code sighup}, …
 * @param source where the value comes from: {@code default}, {@code configuration file}, …
 * @param bootValue the built-in default
 * @param sourceFile empty if it is not from a file, or the role may not see it
 * @param pendingRestart whether the file has another value that waits for a restart
 */
public record Setting(
        String name,
        String value,
        String unit,
        String type,
        String context,
        String source,
        String bootValue,
        Optional<String> sourceFile,
        OptionalInt sourceLine,
        boolean pendingRestart) {}
