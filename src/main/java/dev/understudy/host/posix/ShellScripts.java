package dev.understudy.host.posix;

/**
 * The scripts of {@link ShellFiles}, for {@code /bin/sh} with GNU coreutils. {@code $1} is the path in question; each
 * says how the rest is numbered. Errors reach people through the programs' own messages in the C locale.
 */
final class ShellScripts {
    /** A directory that cannot be entered or is none: nothing at all was read. */
    static final int NOT_READ = 120;

    private static final String STAT = "stat --printf 'S %f %s %.9Y %u %g %d\\0%n\\0'";

    /** {@code readlink -n} leaves out the line end that a target could also end in. */
    private static final String LINKS =
            "for f; do t=$(readlink -n -- \"$f\" && echo /) && printf 'L\\0%s\\0%s\\0' \"$f\" \"${t%/}\"; done";

    static final String STATUS = STAT + " -- \"$1\" || exit 1\nif [ -h \"$1\" ]; then " + LINKS + "; fi";

    /** {@code cd} says no reason when it fails, {@code stat} does. */
    private static final String ENTER =
            "stat -L --printf '' -- \"$1/.\" || exit " + NOT_READ + "\ncd -- \"$1\" || exit " + NOT_READ + "\n";

    private static final String EACH =
            " -exec " + STAT + " -- {} + -type l -exec sh -c '" + LINKS.replace("'", "'\\''") + "' sh {} +";

    static final String LIST = ENTER + "find . ! -name . -prune" + EACH;

    static final String LIST_RECURSIVELY = ENTER + "find . ! -path ." + EACH;

    /** {@code $2} offset, {@code $3} count, in bytes. */
    static final String READ_RANGE = "size=$(stat -L --printf %s -- \"$1\") || exit 1\n"
            + "[ \"$2\" -lt \"$size\" ] || [ \"$size\" -eq 0 ] || exit 0\n"
            + "exec dd if=\"$1\" bs=65536 iflag=skip_bytes,count_bytes,fullblock skip=\"$2\" count=\"$3\" status=none";

    /**
     * {@code $2} temporary name, {@code $3} directory, {@code $4} mode, {@code $5} size. The size is looked at again
     * because a connection that is cut looks like the end of the input.
     */
    static final String WRITE = "umask 077\n"
            + "fail() { rm -f -- \"$tmp\"; exit 1; }\n"
            + "tmp=$2\n"
            + "dd of=\"$tmp\" bs=65536 iflag=fullblock conv=excl,fsync status=none || fail\n"
            + "size=$(stat --printf %s -- \"$tmp\") || fail\n"
            + "[ \"$size\" -eq \"$5\" ] || { echo \"input ended after $size of $5 bytes\" >&2; fail; }\n"
            + "chmod -- \"$4\" \"$tmp\" || fail\n"
            + "mv -f -T -- \"$tmp\" \"$1\" || fail\n"
            + "exec sync -- \"$3\"";

    /** {@code $2} mode, {@code $3} parent. */
    static final String MAKE_DIRECTORY = "mkdir -m \"$2\" -- \"$1\" || exit 1\nexec sync -- \"$3\"";

    /** {@code $1} mode, then every directory from the outermost to the one wanted. */
    static final String MAKE_DIRECTORIES = "mode=$1\nshift\nparent=/\nfor d; do\n"
            + "if [ ! -d \"$d\" ]; then\n"
            + "mkdir -m \"$mode\" -- \"$d\" || exit 1\nsync -- \"$parent\" || exit 1\nprintf '%s\\0' \"$d\"\nfi\n"
            + "parent=$d\ndone";

    /** {@code $2} target, {@code $3} parent. */
    static final String LINK = "ln -s -T -- \"$2\" \"$1\" || exit 1\nexec sync -- \"$3\"";

    /** {@code $2} mode. There is no chmod that leaves a link alone. */
    static final String MODE =
            "if [ -h \"$1\" ]; then echo 'Is a symbolic link' >&2; exit 1; fi\nexec chmod -- \"$2\" \"$1\"";

    /** {@code $2} new name, {@code $3} and {@code $4} parents. {@code mv} would copy to another file system. */
    private static final String SAME_FILE_SYSTEM = "from=$(stat --printf %d -- \"$3\") || exit 1\n"
            + "to=$(stat --printf %d -- \"$4\") || exit 1\n"
            + "[ \"$from\" = \"$to\" ] || { echo 'Invalid cross-device link' >&2; exit 1; }\n";

    private static final String SYNC_PARENTS = "sync -- \"$4\" || exit 1\n[ \"$3\" = \"$4\" ] || exec sync -- \"$3\"";

    static final String RENAME = SAME_FILE_SYSTEM
            + "if [ -e \"$2\" ] || [ -h \"$2\" ]; then echo 'File exists' >&2; exit 1; fi\n"
            + "mv -n -T -- \"$1\" \"$2\" || exit 1\n"
            // Until coreutils 9.2 a move that was left undone for an existing target ends with status 0.
            + "if [ -e \"$1\" ] || [ -h \"$1\" ]; then echo 'File exists' >&2; exit 1; fi\n"
            + SYNC_PARENTS;

    static final String REPLACE = SAME_FILE_SYSTEM + "mv -f -T -- \"$1\" \"$2\" || exit 1\n" + SYNC_PARENTS;

    static final String DELETE =
            "if [ -d \"$1\" ] && [ ! -h \"$1\" ]; then exec rmdir -- \"$1\"; fi\nexec rm -f -- \"$1\"";

    /** Mount point, block size, blocks, blocks available, type; of the nearest parent that exists. */
    static final String USAGE = "p=$1\nwhile [ ! -e \"$p\" ] && [ -n \"$p\" ]; do p=${p%/*}; done\np=${p:-/}\n"
            + "stat --printf '%m\\0' -- \"$p\" || exit 1\n"
            + "stat -f --printf '%S\\0%b\\0%a\\0' -- \"$p\" || exit 1\n"
            + "type=$(df --output=fstype -- \"$p\" | tail -n 1)\n"
            + "printf '%s\\0' \"$type\"";

    private ShellScripts() {}
}
