package dev.understudy.transfer.ssh;

/**
 * What the shell of a target's machine can be asked to do. It works from within a directory that it has entered: a link on
 * the way there is noticed, since the directory then is another than its path says, and nothing that is put in the way
 * afterwards moves a shell that stands there already. All names are plain ones below it, beginning with {@code ./}.
 */
final class TargetScripts {
    /** {@code enter ROOT DIRECTORY}: the root may be reached by links, what is below it must not. */
    static final String ENTER = """
            strict=1
            at=
            fail() { echo "in directory $PWD" >&2; exit 1; }
            linked() { echo "$1: Is a symbolic link" >&2; exit 1; }
            plain() { [ ! -h "$1" ] || linked "$PWD/$1"; }
            enter() {
            [ "$at" != "$1$nl$2" ] || return 0
            at=
            cd -P -- "$1" || { stat -L --printf '' -- "$1/."; exit 1; }
            root=${PWD%/}
            if [ "$2" != . ]; then
            cd -P -- "./$2" || { stat -L --printf '' -- "$root/$2/."; exit 1; }
            [ "$PWD" = "$root/$2" ] || linked "$root/$2"
            fi
            at=$1$nl$2
            }
            """;

    /**
     * {@code put FILE OFFSET BYTES}, {@code extract BYTES} (a tar archive of plain names), {@code cut SIZE FILE…},
     * {@code mode MODE FILE…}, {@code stamp SECONDS FILE…}, {@code discard FILE…}; {@code acknowledge} answers when all
     * before is done. A link that is put in a file's place between a look at it and the change is not followed: dd opens the
     * file itself, and chmod, which would follow one, is given the file that was opened and looked at. Where there is no
     * {@code /proc} it is given the name; only the account whose the target is can put a link there, and the shell has no
     * rights but that account's.
     */
    static final String WRITE = """
            put() {
            dd of="$1" bs=262144 iflag=fullblock,count_bytes oflag=seek_bytes,nofollow conv=notrunc seek="$2" count="$3"\
             status=none || fail
            }
            extract() {
            dd bs=65536 iflag=fullblock,count_bytes count="$1" status=none | tar --extract --file=- --blocking-factor=128\
             --preserve-permissions --no-same-owner || fail
            }
            cut() {
            v=$1; shift
            for f; do dd if=/dev/null of="$f" bs=1 oflag=nofollow seek="$v" count=0 status=none || fail; done
            }
            mode() {
            v=$1; shift
            for f; do
            plain "$f"
            { if [ -e /proc/self/fd/9 ]; then
            t=$(readlink /proc/self/fd/9 && echo /)
            [ "$t" = "$PWD/${f#./}$nl/" ] || linked "$PWD/$f"
            chmod -- "$v" /proc/self/fd/9
            else chmod -- "$v" "$f"; fi; } 9<"$f" || fail
            done
            }
            stamp() { v=$1; shift; touch -c -h -m -d "@$v" -- "$@" || fail; }
            discard() { rm -f -- "$@" || fail; }
            acknowledge() { echo; }
            """;

    /**
     * {@code directory MODE NAME}, {@code remove NAME…}, {@code aside TO PATH NAME}, {@code link TO NAME}, and {@code whole FILE
     * MODE BYTES}: a file replaced and flushed.
     */
    static final String ARRANGE = """
            directory() {
            plain "$2"
            if [ -d "$2" ]; then chmod -- "$1" "$2" || fail
            else mkdir -m "$1" -- "$2" || fail; fi
            }
            remove() { rm -rf -- "$@" || fail; }
            aside() {
            t=$1/$2 i=0
            while [ -e "$t" ] || [ -h "$t" ]; do i=$((i + 1)); t=$1.$i/$2; done
            mkdir -p -m 0700 -- "${t%/*}" && mv -T -n -- "$3" "$t" || fail
            if [ -e "$3" ] || [ -h "$3" ]; then echo "$t: File exists" >&2; exit 1; fi
            }
            link() {
            if [ -h "$2" ]; then t=$(readlink -n -- "$2" && echo /)
            [ "${t%/}" = "$1" ] || { echo "$PWD/$2: File exists" >&2; exit 1; }
            else ln -s -T -- "$1" "$2" || fail; fi
            }
            whole() {
            t=./.understudy.tmp
            rm -f -- "$t"
            dd of="$t" bs=65536 iflag=fullblock,count_bytes conv=excl,fsync count="$3" status=none || fail
            s=$(stat --printf %s -- "$t")
            [ "$s" = "$3" ] || { echo "input ended after $s of $3 bytes" >&2; rm -f -- "$t"; exit 1; }
            chmod -- "$2" "$t" && mv -f -T -- "$t" "$1" && sync . || fail
            }
            """;

    private TargetScripts() {}
}
