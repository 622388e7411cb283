package dev.understudy.provision.standby;

import dev.understudy.pgfile.backup.TablespaceMap;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.Tablespace;
import java.util.List;
import java.util.Map;

/**
 * Points the primary's tablespace_map to where the tablespaces lie on the standby: the server makes its links anew from
 * the map, so an unchanged one would lead a standby on the same machine to the primary's own files.
 */
final class TablespaceMapRewrite {
    private TablespaceMapRewrite() {}

    static byte[] relocate(byte[] map, Map<String, String> locations, ServerMajor major) {
        List<Tablespace> relocated = TablespaceMap.parse(map, major).stream()
                .map(old -> new Tablespace(old.oid(), locations.getOrDefault(old.location(), old.location())))
                .toList();
        return TablespaceMap.format(relocated, major);
    }
}
