#!/bin/sh
# Keeps a clone of this machine from starting its PostgreSQL before somebody has made it a standby.
#
#   understudy-guard record -D DATADIR   writes down which machine this data directory belongs to; once, as root
#   understudy-guard check  -D DATADIR   status 0 if the server may start here, 1 if not; says why on standard error
#   understudy-guard show   -D DATADIR   the machine as recorded and as it is
#
# --record FILE   where it is written down; beside the data directory, DATADIR.understudy-guard, if not given
# --root DIR      the machine's files are below DIR, as for a disk that is mounted elsewhere
#
# A machine is told by what changes when it is cloned: the UUID and serial numbers that firmware or hypervisor give it.
# /etc/machine-id alone is not enough, since a clone of the disk carries it along; it counts only as one thing more.
# POSIX sh and coreutils; no network.
set -u
LC_ALL=C
export LC_ALL
umask 022

name=understudy-guard
root=
data=
record=

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() {
    say "$*"
    exit 2
}

# One line a source that is there: its name, a blank, its value. A source that only root may read must be read by root.
identity() {
    for source in \
        product_uuid=/sys/class/dmi/id/product_uuid \
        product_serial=/sys/class/dmi/id/product_serial \
        board_asset_tag=/sys/class/dmi/id/board_asset_tag \
        hypervisor_uuid=/sys/hypervisor/uuid \
        vm_uuid=/proc/device-tree/vm,uuid \
        serial_number=/proc/device-tree/serial-number \
        machine_id=/etc/machine-id; do
        file=$root${source#*=}
        [ -e "$file" ] || continue
        value=$(tr -d '\000' 2>/dev/null <"$file") 2>/dev/null || {
            printf '%s ?\n' "${source%%=*}"
            continue
        }
        value=$(printf '%s\n' "$value" | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' | head -n 1)
        case $value in
            '' | 'Not Specified' | 'None' | 'Default string' | 'To be filled by O.E.M.' | 'No Asset Tag') ;;
            00000000-0000-0000-0000-000000000000) ;;
            *) printf '%s %s\n' "${source%%=*}" "$value" ;;
        esac
    done
}

# The label of a backup_label, or nothing.
label() { if [ -f "$1" ]; then sed -n 's/^LABEL: //p' "$1" | head -n 1; fi; }

# The one that the server recovers from, or else recovered from.
newest_label() { if [ -f "$data/backup_label" ]; then label "$data/backup_label"; else label "$data/backup_label.old"; fi; }

# Signal files say "standby" to PostgreSQL: recovery.conf up to 11, standby.signal from 12.
is_standby() { [ -f "$data/standby.signal" ] || [ -f "$data/recovery.conf" ]; }

# Only somebody who completed a backup of Understudy's and sealed the directory puts this label there: PostgreSQL itself
# never has it in the directory that is backed up, so no clone brings it along.
is_ours() {
    case $1 in
        understudy\ * | *\ understudy\ *) true ;;
        *) false ;;
    esac
}

recorded() { sed -n "s/^$1 //p" "$record" | head -n 1; }

write_record() {
    now=$(identity)
    case $now in
        *' ?'*) die "cannot read all that tells this machine from its clones: run this as root" ;;
    esac
    case $now in
        *product_* | *board_asset_tag* | *_uuid* | *serial_number*) ;;
        *) say "warning: this machine has no UUID or serial number of its own, and a clone carries /etc/machine-id along:" \
            "a clone that keeps it will not be noticed" ;;
    esac
    new=$record.new
    {
        printf '%s\n' "# Which machine this data directory belongs to; written by $name, see $name show."
        printf '%s\n' "$now"
        printf 'label %s\n' "$(newest_label)"
        printf 'guard %s\n' "$self"
    } >"$new" || die "cannot write \"$new\""
    mv -f -- "$new" "$record" || die "cannot write \"$record\""
    sync -- "$record" 2>/dev/null || sync
}

# Prints what differs, a line each: source, recorded, here.
differences() {
    now=$(identity)
    for source in product_uuid product_serial board_asset_tag hypervisor_uuid vm_uuid serial_number machine_id; do
        then=$(recorded "$source")
        here=$(printf '%s\n' "$now" | sed -n "s/^$source //p")
        [ -n "$then" ] || continue
        if [ "$here" = "?" ]; then
            printf '%s cannot be read by this account: the guard must run as root (ExecStartPre=+ in the unit)\n' "$source"
            continue
        fi
        [ "$then" = "$here" ] || printf '%s was "%s", is "%s"\n' "$source" "$then" "${here:-not there}"
    done
}

check() {
    [ -f "$data/PG_VERSION" ] || exit 0
    if [ -f "$record" ]; then
        different=$(differences)
        [ -n "$different" ] || exit 0
    else
        different="nobody has recorded a machine in \"$record\""
    fi
    # Sealed and not started yet: the next start is the one that uses the label up.
    if is_standby && is_ours "$(label "$data/backup_label")"; then
        adopt "it is sealed as a standby"
    fi
    # Sealed, and started once already by something else than this service.
    old=$(label "$data/backup_label.old")
    if is_standby && is_ours "$old" && [ -f "$record" ] && [ "$old" != "$(recorded label)" ]; then
        adopt "it was sealed as a standby and has run as one since the record was made"
    fi
    refuse
}

adopt() {
    say "\"$data\" came from another machine; $1, and belongs to this one from now on"
    write_record
    exit 0
}

refuse() {
    say "PostgreSQL must not start from \"$data\": this is a clone that nobody has made a standby"
    printf '%s\n' "$different" | while IFS= read -r line; do say "  $line"; done
    say "Started as it is, it would be a second primary, or be silently corrupt."
    say "To make it a standby, with the backup's bundle:  understudy seal --bundle DIR -D \"$data\""
    say "If this machine is the right one and only changed its hardware, or is to go its own way, and the first is off:"
    say "  $self record -D \"$data\""
    exit 1
}

show() {
    if [ -f "$record" ]; then
        printf 'recorded in %s:\n' "$record"
        sed 's/^/  /' "$record"
    else
        printf 'nothing is recorded in %s\n' "$record"
    fi
    printf 'this machine:\n'
    identity | sed 's/^/  /'
}

[ $# -gt 0 ] || die "no verb given: record, check or show"
verb=$1
shift
while [ $# -gt 0 ]; do
    case $1 in
        -D | --record | --root) [ $# -gt 1 ] || die "$1 needs a value" ;;
        *) die "unknown option \"$1\"" ;;
    esac
    case $1 in
        -D) data=$2 ;;
        --record) record=$2 ;;
        --root) root=${2%/} ;;
    esac
    shift 2
done
[ -n "$data" ] || die "no data directory given: -D DATADIR"
data=${data%/}
record=${record:-$data.understudy-guard}
self=$(command -v -- "$0" || printf '%s' "$0")

case $verb in
    record)
        [ -f "$data/PG_VERSION" ] || die "\"$data\" is not a data directory"
        write_record
        ;;
    check) check ;;
    show) show ;;
    *) die "unknown verb \"$verb\": record, check or show" ;;
esac
