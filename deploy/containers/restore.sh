# Puts a backup in the place of the data of a shop in containers. For docker-install.sh.
# shellcheck shell=bash disable=SC2154  # The two share their variables.

# What was there is moved aside, and comes back when the restore fails, whatever it is that fails.
restore() {
    [ -n "$(version_now)" ] || stop "the shop is not installed in $folder" "run docker-install.sh --domain NAME first"
    local mark box code=0
    mark=$(date -u +%Y%m%dt%H%M%Sz)
    box=$(mktemp -d "$folder/.restore.XXXXXX")
    # shellcheck disable=SC2064  # The names of now.
    trap "rm -rf '$box'; end_telling" EXIT
    outlive_terminal restore
    { cp "$data_file" "$box/data" && cp "$keys_file" "$box/keys" && cp "$identity_file" "$box/identity"; } ||
        stop "the three files could not be copied to $folder; nothing was changed" "see the message above, and 'df -h'"
    chown -R 10001:10001 "$box"
    say "Stopping the shop"
    compose stop app backup
    say "What is there is put aside: the database ${DATABASE}_before_$mark, and encryption.key.before-$mark in the volume"
    put_in "$mark" "$box" || code=$?
    if [ "$code" = 3 ]; then
        # The books were broken when the backup was made; that is no reason to have none.
        say "NOTE: the backup was put back, and its books do not agree (see above). Sales are closed."
        code=0
    fi
    if [ "$code" = 0 ]; then
        say "Starting the shop"
        start || stop "the shop does not become healthy, its last messages are above" "see 'docker compose logs app' in $folder"
        say "Restored. The shop does not sell yet: sign in as an admin and open /admin/backups."
        say "What was there before is kept: the database ${DATABASE}_before_$mark, and encryption.key.before-$mark in the volume."
        return
    fi
    say "The restore failed; what was there comes back"
    put_back "$mark"
    say "Starting the shop"
    start || stop "the backup was not restored, and the shop does not become healthy either" "see 'docker compose logs app' in $folder"
    stop "the backup was not restored (see above); the shop runs with the data that was there" "see docs/containers.md"
}

# One step after the other; the first that fails ends it.
put_in() {
    on_database "ALTER DATABASE $DATABASE RENAME TO ${DATABASE}_before_$1" &&
        make_database &&
        # As the program marks it, too: were the power to go now, no shop would start on an empty database.
        on_database "CREATE SCHEMA xlpm_restoring AUTHORIZATION $DATABASE" "$DATABASE" &&
        in_data "if [ -e encryption.key ]; then mv encryption.key encryption.key.before-$1; fi" &&
        compose run -T --rm --no-deps -v "$2:/restore:ro" backup restore /restore/data --keys /restore/keys --identity /restore/identity
}

# Only what was really moved.
put_back() {
    if [ "$(on_database "SELECT 1 FROM pg_database WHERE datname = '${DATABASE}_before_$1'")" = 1 ]; then
        on_database "DROP DATABASE IF EXISTS $DATABASE WITH (FORCE)" || true
        on_database "ALTER DATABASE ${DATABASE}_before_$1 RENAME TO $DATABASE" || true
    fi
    in_data "if [ -e encryption.key.before-$1 ]; then mv encryption.key.before-$1 encryption.key; fi" || true
}

on_database() {
    compose exec -T database psql -qXtA -v ON_ERROR_STOP=1 -U postgres -d "${2:-postgres}" -c "$1"
}

in_data() {
    compose run -T --rm --no-deps --entrypoint sh backup -c "cd /data && $1"
}
