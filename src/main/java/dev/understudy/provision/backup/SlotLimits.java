package dev.understudy.provision.backup;

import java.util.Optional;

/**
 * When a slot is given up before what it keeps endangers the primary.
 *
 * @param keepFreeBytes free space of the primary's WAL file system, in bytes, below which it is given up; seen where the
 *     primary's files can be reached
 * @param keepMostBytes WAL that it keeps, in bytes, above which it is given up; seen by SQL
 */
public record SlotLimits(long keepFreeBytes, Optional<Long> keepMostBytes) {}
