package dev.understudy.server.surroundings;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.Oid;

/**
 * A tablespace outside of the data directory, as the running server sees it.
 *
 * @param oid its object identifier, the name of its link in pg_tblspc
 * @param name its name
 * @param location where the link leads; relative for one that lies in the data directory
 * @param there whether the server can open its directory
 */
public record TablespaceState(Oid oid, String name, String location, Known<Boolean> there) {
    /** Whether it is a directory in pg_tblspc itself ({@code allow_in_place_tablespaces}). */
    public boolean isInPlace() {
        return !location.startsWith("/");
    }
}
