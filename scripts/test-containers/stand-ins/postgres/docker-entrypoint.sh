#!/bin/sh
# An empty folder becomes a cluster, and the scripts in /docker-entrypoint-initdb.d run on it while only the socket answers.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    # shellcheck disable=SC2086  # Several options.
    initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    # As the real one: what the scripts are to know is in POSTGRES_PASSWORD then.
    POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
    export POSTGRES_PASSWORD
    unset POSTGRES_PASSWORD_FILE
    pg_ctl -w -o "-c listen_addresses=''" start
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ ! -e "$script" ] || "$script"
    done
    pg_ctl -w -m fast stop
    unset POSTGRES_PASSWORD
fi
exec "$@" -c listen_addresses='*'
