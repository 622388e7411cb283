package dev.understudy.promotion.rehearse;

import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.postgres.Tablespace;
import dev.understudy.provision.copy.SourceCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a copy of a data directory that shares its blocks, by {@code cp} on the machine of both: what a base backup leaves
 * out is left out, pg_control too, and no link of the standby's comes along, since whoever followed it would write the
 * standby's own files.
 */
record ReflinkCopy(Host host, Home home) {
    private static final Duration LIMIT = Duration.ofHours(6);

    /**
     * {@code $1} from, {@code $2} to, {@code $3} name of the WAL directory. A file that the server removes meanwhile is no
     * loss: WAL has all of it.
     */
    private static final String DATA_DIRECTORY = """
            set -eu
            umask 077
            cd "$1"
            mkdir -- "$2"
            for n in * .[!.]*; do
                case $n in
                "$3"|pg_tblspc|pg_replslot|pg_stat_tmp|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_subtrans)
                    mkdir -p -- "$2/$n" ;;
                log|pg_log|*.conf|*.signal|postmaster.*|backup_label*|tablespace_map*|backup_manifest*|current_logfiles*) ;;
                *.log|core*|understudy*|.[!.]*) ;;
                *)
                    [ ! -L "$n" ] || { echo "\\"$1/$n\\" is a symbolic link" >&2; exit 1; }
                    p=$(cp --archive --reflink=always --one-file-system -- "$n" "$2/$n" 2>&1) || {
                        if printf '%s\\n' "$p" | grep -v -e ': No such file or directory$' >&2; then exit 1; fi
                    }
                    rm -f -- "$2/global/pg_control" ;;
                esac
            done
            find "$2" \\( -type l -o -name 'pgsql_tmp*' -o -name 'pg_internal.init*' \\) -prune -exec rm -rf -- {} +
            chmod 0700 -- "$2"
            """;

    /** {@code $1} the tablespace's directory for this major, {@code $2} where it goes, {@code $3} the link, made last. */
    private static final String TABLESPACE = """
            set -eu
            umask 077
            mkdir -p -- "$2"
            p=$(cp --archive --reflink=always --one-file-system -- "$1" "$2/" 2>&1) || {
                if printf '%s\\n' "$p" | grep -v -e ': No such file or directory$' >&2; then exit 1; fi
            }
            find "$2" \\( -type l -o -name 'pgsql_tmp*' \\) -prune -exec rm -rf -- {} +
            ln -s -- "$2" "$3"
            """;

    private static final String SIZE =
            "find \"$@\" -type f -printf '%s\\n' | awk '{ n++; b += $1 } END { printf \"%d %d\", n, b }'";

    /** What was copied. */
    record Copied(long files, long bytes) {}

    Copied copy(SourceCluster cluster) {
        String data = home.target().dataDirectory();
        run(DATA_DIRECTORY, cluster.dataDirectory(), data, cluster.rules().walDirectory());
        List<String> directories = new ArrayList<>(List.of(data));
        for (Tablespace tablespace : cluster.tablespaces()) {
            String oid = tablespace.oid().toString();
            run(
                    TABLESPACE,
                    tablespace.location() + "/" + cluster.rules().tablespaceVersionDirectory(),
                    home.tablespace(oid),
                    data + "/pg_tblspc/" + oid);
            directories.add(home.tablespace(oid));
        }
        String[] sums = host.run(
                        Command.shell(SIZE, directories.toArray(String[]::new)).withLimit(LIMIT))
                .orThrow()
                .text()
                .split(" ", -1);
        return new Copied(Long.parseLong(sums[0]), Long.parseLong(sums[1]));
    }

    private void run(String script, String... positional) {
        host.run(Reach.gently(Command.shell(script, positional))
                        .withEnvironment("LC_ALL", "C")
                        .withLimit(LIMIT))
                .orThrow();
    }
}
