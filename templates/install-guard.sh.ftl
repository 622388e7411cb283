#!/bin/sh
# Installs the clone guard for ${shell(dataDirectory)} on this machine; as root. Running it again changes nothing.
set -eu
umask 022
guard=${shell(guard)}
unit_directory=/etc/systemd/system/${shell(unit)}.d

mkdir -p -- "$(dirname -- "$guard")"
cat >"$guard.new" <<'END_OF_GUARD'
${script}END_OF_GUARD
chmod 0755 "$guard.new"
mv -f -- "$guard.new" "$guard"
"$guard" record -D ${shell(dataDirectory)}

if [ -d /etc/systemd/system ]; then
    mkdir -p -- "$unit_directory"
    cat >"$unit_directory/understudy-guard.conf" <<'END_OF_DROP_IN'
${dropIn}END_OF_DROP_IN
    if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
else
    printf '%s\n' "there is no systemd here: let whatever starts the server run this first:" \
        "  $guard check -D "${shell(shell(dataDirectory))} >&2
fi
