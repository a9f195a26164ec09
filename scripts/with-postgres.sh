#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own, which is removed afterwards, also after Ctrl-C:
#
#     scripts/with-postgres.sh COMMAND [ARGUMENT…]
#
# The command finds the server's address in TEST_DATABASE_URL. Writes are synced as in production (fsync on): the tests
# are about what survives.
set -euo pipefail

[ $# -gt 0 ] || {
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

programs=$(dirname "$(command -v initdb || true)")
if [ "$programs" = . ]; then
    programs=$(find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2>/dev/null | sort -V | tail -n 1 || true)
fi
[ -n "$programs" ] || {
    echo "with-postgres: PostgreSQL's server programs were not found. Run scripts/setup.sh test." >&2
    exit 1
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/xl-postgres.XXXXXX")
started=

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

end() {
    trap '' INT TERM HUP
    if [ -n "$started" ]; then
        as_postgres "$programs/pg_ctl" stop -D "$folder/data" -m immediate -w -t 20 >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
}
trap end EXIT
# Without these, bash would end on the signal before the trap above has run.
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$folder/password"
[ "$(id -u)" != 0 ] || chown -R postgres "$folder"

as_postgres "$programs/initdb" -D "$folder/data" -U xl_test --pwfile="$folder/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 >"$folder.log" 2>&1 || {
    cat "$folder.log" >&2
    rm -f "$folder.log"
    exit 1
}
rm -f "$folder.log"

# Another program may take the free port between the look and the start, so a few are tried.
for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then
        continue
    fi
    if as_postgres "$programs/pg_ctl" start -D "$folder/data" -l "$folder/log" -w -t 60 \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=400 -c fsync=on" >/dev/null; then
        started=1
        break
    fi
done
[ -n "$started" ] || {
    echo "with-postgres: PostgreSQL did not start. Its log:" >&2
    cat "$folder/log" >&2
    exit 1
}

export TEST_DATABASE_THROWAWAY=yes
export TEST_DATABASE_URL="postgres://xl_test:$password@127.0.0.1:$port/postgres"
"$@"
