# Puts a backup in the place of the data of a shop in containers. For docker-install.sh.
# shellcheck shell=bash disable=SC2154  # The two share their variables.

# What was there is moved aside, and comes back when the restore fails, whatever it is that fails.
restore() {
    [ -n "$(version_now)" ] || stop "the shop is not installed in $folder" "run docker-install.sh --domain NAME first"
    local mark box
    mark=$(date -u +%Y%m%dt%H%M%Sz)
    box=$(mktemp -d "$folder/.restore.XXXXXX")
    # shellcheck disable=SC2064  # The names of now.
    trap "rm -rf '$box'" EXIT
    cp "$data_file" "$box/data" && cp "$keys_file" "$box/keys" && cp "$identity_file" "$box/identity"
    chown -R 10001:10001 "$box"
    say "Stopping the shop"
    compose stop app backup
    if put_in "$mark" "$box"; then
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
    compose exec -T database psql -qXtA -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$1"
}

in_data() {
    compose run -T --rm --no-deps --entrypoint sh backup -c "cd /data && $1"
}
