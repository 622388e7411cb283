package dev.understudy.provision.copy;

/**
 * What the target's machine does to keep and to put back a directory's old contents. Entries are separated by NUL, which
 * no name holds; directories are entered without following a link on the way.
 */
final class OldContentsScripts {
    /**
     * {@code $1} result, then the prefix and the place of each root: a record for each entry, sorted, so that two of them
     * can be compared in bounded memory. The path comes first and ends with two slashes, which no path holds.
     */
    static final String LIST = """
            out=$1; shift
            : > "$out.part" || exit 1
            while [ $# -gt 0 ]; do
            if [ -d "$2" ]; then
            (cd -P -- "$2" && find . \\( -type d -printf "$1%P// d %m %U %G\\0" \\)\
             -o \\( -type l -printf "$1%P// l %U %G %l\\0" \\) -o -printf "$1%P// %y %m %U %G %s %T@\\0")\
             >> "$out.part" || exit 1
            fi
            shift 2
            done
            LC_ALL=C sort -z -o "$out.part" -- "$out.part" && sync -- "$out.part" && mv -T -- "$out.part" "$out"
            """;

    /** {@code $1} old list, {@code $2} new list: what only one of them has, the new one's with a tab before. */
    static final String COMPARE = "LC_ALL=C exec comm -z -3 -- \"$1\" \"$2\"";

    /** {@code $1} root, {@code $2} path below it, {@code $3} where its copy goes, unless there is one or there is no file. */
    static final String KEEP = """
            [ ! -e "$3" ] || exit 0
            cd -P -- "$1" || exit 1
            r=${PWD%/}
            case $2 in */*)
            d=${2%/*}
            [ -d "./$d" ] || exit 0
            cd -P -- "./$d" || exit 1
            [ "$PWD" = "$r/$d" ] || { echo "$r/$d: Is a symbolic link" >&2; exit 1; };;
            esac
            n=./${2##*/}
            [ ! -h "$n" ] || { echo "$PWD/$n: Is a symbolic link" >&2; exit 1; }
            [ -f "$n" ] || exit 0
            mkdir -p -m 0700 -- "${3%/*}" && cp -p --reflink=auto -T -- "$n" "$3.part"\
             && sync -- "$3.part" && mv -T -- "$3.part" "$3"
            """;

    /** {@code $1} root, {@code $2} where all of its files are copied to; then roots below it, to be passed over. */
    static final String KEEP_ALL = """
            r=$1; s=$2; shift 2
            [ ! -e "$s" ] || exit 0
            for p; do set -- "$@" -path "./$p" -prune -o; shift; done
            rm -rf -- "$s.part" && mkdir -p -m 0700 -- "$s.part" || exit 1
            cd -P -- "$r" || exit 1
            find . "$@" -type f -exec cp -p --reflink=auto --parents -t "$s.part" -- {} + || exit 1
            sync -f -- "$s.part" && mv -T -- "$s.part" "$s"
            """;

    /** {@code $1} directory, {@code $2} where everything in it is moved to, {@code $3} a mark that this was done. */
    static final String MOVE_ALL = """
            [ ! -e "$3" ] || exit 0
            if [ -d "$1" ]; then
            mkdir -p -m 0700 -- "$2" && cd -P -- "$1" || exit 1
            find . -mindepth 1 -maxdepth 1 -exec mv -n -t "$2" -- {} + || exit 1
            fi
            : > "$3"
            """;

    /** {@code $1} root, {@code $2} what was kept of it; then roots below it, to be passed over. Directories first. */
    static final String PUT_BACK = """
            r=$1; s=$2; shift 2
            [ -d "$s" ] || exit 0
            cd -P -- "$r" || exit 1; r=${PWD%/}
            cd -P -- "$s" || exit 1
            for p; do set -- "$@" -path "./$p" -prune -o; shift; done
            find . -mindepth 1 "$@" -type d -exec sh -c 'r=$1; shift; for d; do e=$r/${d#./}
            [ ! -h "$e" ] || { echo "$e: Is a symbolic link" >&2; exit 1; }
            [ ! -d "$d" ] || [ -d "$e" ] || mv -T -- "$d" "$e" || exit 1; done' sh "$r" {} + || exit 1
            find . -mindepth 1 "$@" ! -type d ! -name '*.part' -exec sh -c 'r=$1; s=$2; shift 2; for f; do d=${f%/*}
            cd -P -- "$r${d#.}/" || exit 1
            [ "${PWD%/}" = "$r${d#.}" ] || { echo "$r${d#.}: Is a symbolic link" >&2; exit 1; }
            mv -f -T -- "$s/${f#./}" "./${f##*/}" || exit 1; done' sh "$r" "$PWD" {} +
            """;

    /** Input: mode, seconds and absolute path, again and again. */
    static final String SET_ATTRIBUTES = """
            exec xargs -0 -r -n 300 sh -c 'while [ $# -gt 0 ]; do
            [ ! -h "$3" ] || { echo "$3: Is a symbolic link" >&2; exit 1; }
            chmod -- "$1" "$3" || exit 1
            [ "$2" = - ] || touch -c -m -d "@$2" -- "$3" || exit 1
            shift 3; done' sh
            """;

    /** Input: absolute paths, what is below a directory before it. */
    static final String REMOVE = """
            exec xargs -0 -r sh -c 'for f; do
            if [ -d "$f" ] && [ ! -h "$f" ]; then rmdir -- "$f"; else rm -f -- "$f"; fi || exit 1
            done' sh
            """;

    private OldContentsScripts() {}
}
