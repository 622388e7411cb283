package dev.understudy.promotion.machine;

import java.util.Optional;

/**
 * An entry of pg_tblspc as the server's account sees it.
 *
 * @param oid its name
 * @param target where the link leads; empty if it is no symbolic link
 * @param realPath where that really is; empty if nothing is there
 * @param versionDirectory whether the directory of the server's own version is in it
 * @param writable whether the server's account may write there
 */
public record TablespaceLink(
        String oid, Optional<String> target, Optional<String> realPath, boolean versionDirectory, boolean writable) {}
