package dev.understudy.postgres;

/**
 * A tablespace outside the data directory: {@code pg_tblspc/OID} is a symbolic link to its location.
 *
 * @param oid its object identifier, the name of the link
 * @param location the absolute path of its directory on the server's host
 */
public record Tablespace(Oid oid, String location) {}
