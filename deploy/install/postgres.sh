# PostgreSQL on this machine only, with a password that nobody knows but the settings.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

DATABASE=xl_package_manager
SCRATCH_DATABASE=xl_restore_test

make_database() {
    # Who has one set up keeps it, also one on another machine.
    if [ -n "$(setting DATABASE_URL)" ]; then
        if [[ "$(setting DATABASE_URL)" == *@127.0.0.1:* ]]; then
            repair_database
        fi
        return
    fi
    if [ "$database" = sqlite ]; then
        say "The database is a SQLite file in $DATA_FOLDER."
        return
    fi
    if [ -e "$DATA_FOLDER/$NAME.sqlite3" ]; then
        say "The shop has a SQLite file already and keeps it."
        return
    fi
    install_packages postgresql postgresql-client
    tune_database
    local password
    password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    say "Making the database $DATABASE"
    if [ -n "$dry_run" ]; then
        return
    fi
    make_role "$password"
    set_setting DATABASE_URL "postgres://$DATABASE:$password@127.0.0.1:$(database_port)/$DATABASE?sslmode=disable"
    set_default BACKUP_SCRATCH_DATABASE_URL "postgres://$DATABASE:$password@127.0.0.1:$(database_port)/$SCRATCH_DATABASE?sslmode=disable"
}

# A later run: server, role and database are there, or come back.
repair_database() {
    install_packages postgresql postgresql-client
    tune_database
    [ -z "$dry_run" ] || return 0
    local url password
    url=$(setting DATABASE_URL)
    password="${url#*://*:}"
    password="${password%%@*}"
    if ! PGPASSWORD="$password" PGCONNECT_TIMEOUT=5 psql -qXtA -h 127.0.0.1 -p "$(database_port)" -U "$DATABASE" -d "$DATABASE" -c 'SELECT 1' >/dev/null 2>&1; then
        refuse_half_restored
        say "The database does not take the password in the settings; setting it anew"
        make_role "$password"
    fi
}

# A restore that was cut off has put the database aside: an empty one in its place would look like a new shop.
refuse_half_restored() {
    local before
    before=$(as_postgres -c "SELECT datname FROM pg_database WHERE datname ~ '^${DATABASE}_before_' AND NOT EXISTS (SELECT FROM pg_database WHERE datname = '$DATABASE') ORDER BY datname DESC LIMIT 1")
    [ -z "$before" ] || stop "the database is not there; a restore that was cut off has put it aside as $before" \
        "runuser -u postgres -- psql -c 'ALTER DATABASE $before RENAME TO $DATABASE'; then run this again, and the restore"
}

# The cluster that the shop uses, as pg_lsclusters has it: version, name, port.
cluster() {
    local port
    port=$(setting DATABASE_URL | sed -n 's#.*@127\.0\.0\.1:\([0-9]*\)/.*#\1#p')
    { pg_lsclusters -h 2>/dev/null || true; } | awk -v port="$port" '(port == "" && $4 ~ /^online/) || $3 == port { print $1, $2, $3; exit }'
}

database_port() {
    local port
    port=$(cluster | cut -d ' ' -f 3)
    echo "${port:-5432}"
}

as_postgres() {
    (cd / && runuser -u postgres -- psql -qXtA -v ON_ERROR_STOP=1 -p "$(database_port)" "$@")
}

make_role() {
    local name
    [ -n "$(pg_lsclusters -h 2>/dev/null)" ] || stop "PostgreSQL is installed but has no cluster" "make one with 'pg_createcluster VERSION main --start' (see 'ls /usr/lib/postgresql'), then run this again"
    # By standard input, so that the process list never shows the password.
    as_postgres <<SQL || stop "PostgreSQL did not make the role $DATABASE" "see the message above and 'pg_lsclusters', then run this again"
DO \$\$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$DATABASE') THEN CREATE ROLE $DATABASE LOGIN; END IF;
END \$\$;
ALTER ROLE $DATABASE LOGIN PASSWORD '$1';
SQL
    for name in "$DATABASE" "$SCRATCH_DATABASE"; do
        [ -n "$(as_postgres -c "SELECT 1 FROM pg_database WHERE datname = '$name'")" ] || make_database_named "$name"
    done
}

make_database_named() {
    create_database "$1" || stop "PostgreSQL did not make the database $1" "see the message above, then run this again"
}

create_database() {
    as_postgres -c "CREATE DATABASE $1 OWNER $DATABASE ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0" &&
        as_postgres -c "REVOKE ALL ON DATABASE $1 FROM PUBLIC"
}

# For what the shop does: short transactions from few connections. A quarter of the memory at most, so that a machine of 1 GB
# keeps room for the shop itself.
tune_database() {
    local memory shared folder release main
    # Rounded: another kernel may leave some MB more or less, which is no reason to restart a database.
    memory=$(awk '/^MemTotal/ { print int($2 / 1024 / 128) * 128 }' /proc/meminfo)
    shared=$((memory / 4 / 64 * 64))
    [ "$shared" -ge 128 ] || shared=128
    [ "$shared" -le 2048 ] || shared=2048
    read -r release main _ <<<"$(cluster)" || true
    folder="/etc/postgresql/${release:-}/${main:-}"
    if [ -n "${main:-}" ] && [ -d "$folder" ] && is_ours "$folder"; then
        run install -d -o postgres -g postgres -m 0755 "$folder/conf.d"
        write_file "$folder/conf.d/$NAME.conf" 0644 <<TEXT
# Written by the installer of XL Package Manager, for $memory MB of memory.
listen_addresses = '127.0.0.1'
max_connections = 60
shared_buffers = ${shared}MB
effective_cache_size = $((memory / 2))MB
work_mem = 4MB
maintenance_work_mem = 64MB
max_wal_size = 512MB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
# Money: what was committed is on the disk. Never switch these off.
fsync = on
synchronous_commit = on
full_page_writes = on
# A forgotten transaction must not hold the shop up.
idle_in_transaction_session_timeout = 5min
TEXT
        [ -z "$written" ] || run systemctl restart "postgresql@$release-$main"
    fi
    [ -n "$dry_run" ] || wait_for_database
}

# Whether nobody else has a database there. Who has, has settings of their own.
is_ours() {
    [ -e "$1/conf.d/$NAME.conf" ] || [ -n "$dry_run" ] ||
        [ "$(as_postgres -c "SELECT COUNT(*) FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1') AND datname !~ '^(${DATABASE}|$SCRATCH_DATABASE)'" 2>/dev/null)" = 0 ]
}

wait_for_database() {
    local tries
    for ((tries = 0; tries < 60; tries++)); do
        ! as_postgres -c 'SELECT 1' >/dev/null 2>&1 || return 0
        sleep 0.5
    done
    stop "PostgreSQL does not answer" "see 'pg_lsclusters' and 'journalctl -u postgresql@*', then run this again"
}
