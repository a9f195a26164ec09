# Puts a backup in the place of the data. What was there is moved aside, and comes back when the restore fails. For xlpm.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with xlpm.

# restore_backup DATA_FILE [--keys FILE] --identity FILE
restore_backup() {
    local folder argument given=() code=0 mark with_keys=
    [[ "${1:-}" != '' && "$1" != -* ]] || stop "no backup was named" "xlpm restore FILE --identity FILE [--keys FILE]; 'xlpm backup --list' shows what there is" 2
    folder=$(mktemp -d "$DATA_FOLDER/.restore.XXXXXX")
    # shellcheck disable=SC2064  # The folder of now.
    trap "rm -rf '$folder'" EXIT
    # They may lie where only root can read, so copies are handed over, for as long as it takes.
    for argument in "$@"; do
        if [ -f "$argument" ]; then
            cp "$argument" "$folder/" || stop "$argument could not be copied" "see the message above, and 'df -h'"
            argument="$folder/${argument##*/}"
        fi
        [ "$argument" != --keys ] || with_keys=1
        given+=("$argument")
    done
    chown -R "$NAME:$NAME" "$folder"
    mark=$(date -u +%Y%m%dT%H%M%SZ)
    say "Stopping the shop"
    stop_all
    move_aside "$mark" "$with_keys"
    as_service -- "$PROGRAM" restore "${given[@]}" || code=$?
    if [ "$code" != 0 ]; then
        say "The restore failed; what was there comes back"
        move_back "$mark" "$with_keys"
    fi
    say "Starting the shop"
    start_all
    [ "$code" = 0 ] || stop "the backup was not restored (see above); the shop runs with the data that was there" "see 'Restore' in $PROGRAM_FOLDER/current/docs/operations.md" "$code"
    say "What was there before is kept: $(aside_words "$mark"). Delete it when you are sure."
}

on_postgres() {
    [ -n "$(setting DATABASE_URL)" ]
}

# Only what this installer made can be moved: another machine's database is for its own operator.
move_aside() {
    local file key=$DATA_FOLDER/encryption.key
    if ! on_postgres; then
        for file in "$DATA_FOLDER/$NAME.sqlite3"{,-wal,-shm}; do
            [ ! -e "$file" ] || mv "$file" "$file.before-$1"
        done
    elif [[ "$(setting DATABASE_URL)" =~ @127\.0\.0\.1:[0-9]+/$DATABASE(\?|$) ]]; then
        # A dump that is being made must not keep the shop down.
        as_postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE'" >/dev/null
        as_postgres -c "ALTER DATABASE $DATABASE RENAME TO ${DATABASE}_before_${1,,}" || {
            start_all
            stop "the database could not be moved aside" "see the message above; the shop runs with the data that is there"
        }
        make_database_named "$DATABASE"
    fi
    # The backup's key comes with it.
    if [ -n "$2" ] && [ -e "$key" ]; then
        mv "$key" "$key.before-$1"
    fi
}

move_back() {
    local file key=$DATA_FOLDER/encryption.key
    if ! on_postgres; then
        for file in "$DATA_FOLDER/$NAME.sqlite3"{,-wal,-shm}; do
            rm -f "$file"
            [ ! -e "$file.before-$1" ] || mv "$file.before-$1" "$file"
        done
    elif [ -n "$(as_postgres -c "SELECT 1 FROM pg_database WHERE datname = '${DATABASE}_before_${1,,}'")" ]; then
        as_postgres -c "DROP DATABASE $DATABASE WITH (FORCE)"
        as_postgres -c "ALTER DATABASE ${DATABASE}_before_${1,,} RENAME TO $DATABASE"
    fi
    if [ -n "$2" ] && [ -e "$key.before-$1" ]; then
        mv "$key.before-$1" "$key"
    fi
}

aside_words() {
    if on_postgres; then
        echo "the database ${DATABASE}_before_${1,,}, and the key beside $DATA_FOLDER/encryption.key"
    else
        echo "the files in $DATA_FOLDER that end in .before-$1"
    fi
}
