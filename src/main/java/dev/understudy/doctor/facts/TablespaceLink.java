package dev.understudy.doctor.facts;

import java.util.Optional;

/**
 * An entry of pg_tblspc.
 *
 * @param oid its name
 * @param target where the link leads; empty if the entry is no symbolic link
 * @param targetThere whether a directory is there
 * @param realTarget the target with every link resolved; empty if it is not there
 */
public record TablespaceLink(String oid, Optional<String> target, boolean targetThere, Optional<String> realTarget) {}
