# Puts a backup in the place of the data. What was there is moved aside, and comes back when the restore fails. For xlpm.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with xlpm.

# restore_backup DATA_FILE [--keys FILE] --identity FILE
restore_backup() {
    local folder argument given=() code=0 mark with_keys=
    [[ "${1:-}" != '' && "$1" != -* ]] || stop "no backup was named" "xlpm restore FILE --identity FILE [--keys FILE]; 'xlpm backup --list' shows what there is" 2
    folder=$(mktemp -d "$DATA_FOLDER/.restore.XXXXXX")
    # shellcheck disable=SC2064  # The folder of now.
    trap "rm -rf '$folder'; end_telling" EXIT
    outlive_terminal restore
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
    say "What is there is put aside as $(aside_words "$mark")"
    { move_aside "$mark" "$with_keys" && as_service -- "$PROGRAM" restore "${given[@]}"; } || code=$?
    if [ "$code" = 3 ]; then
        # The books were broken when the backup was made; that is no reason to have none.
        warn "The backup was put back, and its books do not agree (see above): 'xlpm check'. Sales are closed."
        code=0
    fi
    if [ "$code" != 0 ]; then
        say "The restore failed; what was there comes back"
        move_back "$mark" "$with_keys"
    fi
    # Where the file did not come back either, as after a restore before this one that was cut off, the mark stays.
    [ ! -e "$DATA_FOLDER/$NAME.sqlite3" ] || rm -f "$(half_mark)"
    say "Starting the shop"
    start_all
    [ "$code" = 0 ] || stop "the backup was not restored (see above); the shop runs with the data that was there" "see 'Restore' in $PROGRAM_FOLDER/current/docs/operations.md" "$code"
    say "What was there before is kept: $(aside_words "$mark"). Delete it when you are sure."
}

# Where it is, no shop starts without its file (SQLite): were the power to go now, it would look like a new one.
half_mark() {
    echo "$DATA_FOLDER/$NAME.sqlite3.restoring"
}

on_postgres() {
    [ -n "$(setting DATABASE_URL)" ]
}

# Only what this installer made can be moved: another machine's database is for its own operator. The first step that fails ends it.
move_aside() {
    local file key=$DATA_FOLDER/encryption.key
    if ! on_postgres; then
        [ ! -e "$DATA_FOLDER/$NAME.sqlite3" ] || : >"$(half_mark)" || return 1
        # The file itself last: where it is aside, the others are, too.
        for file in "$DATA_FOLDER/$NAME.sqlite3"{-wal,-shm,}; do
            [ ! -e "$file" ] || mv "$file" "$file.before-$1" || return 1
        done
    elif [[ "$(setting DATABASE_URL)" =~ @127\.0\.0\.1:[0-9]+/$DATABASE(\?|$) ]]; then
        # A dump that is being made must not keep the shop down.
        as_postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE'" >/dev/null &&
            as_postgres -c "ALTER DATABASE $DATABASE RENAME TO ${DATABASE}_before_${1,,}" &&
            create_database "$DATABASE" &&
            # As the program marks it, too: were the power to go now, no shop would start on an empty database.
            as_postgres -d "$DATABASE" -c "CREATE SCHEMA xlpm_restoring AUTHORIZATION $DATABASE" || return 1
    fi
    # The backup's key comes with it.
    if [ -n "$2" ] && [ -e "$key" ]; then
        mv "$key" "$key.before-$1"
    fi
}

# Only what was really moved.
move_back() {
    local file key=$DATA_FOLDER/encryption.key
    if ! on_postgres; then
        for file in "$DATA_FOLDER/$NAME.sqlite3"{,-wal,-shm}; do
            [ ! -e "$DATA_FOLDER/$NAME.sqlite3.before-$1" ] || rm -f "$file"
        done
        for file in "$DATA_FOLDER/$NAME.sqlite3"{-wal,-shm,}; do
            [ ! -e "$file.before-$1" ] || mv "$file.before-$1" "$file"
        done
    elif [ -n "$(as_postgres -c "SELECT 1 FROM pg_database WHERE datname = '${DATABASE}_before_${1,,}'")" ]; then
        as_postgres -c "DROP DATABASE IF EXISTS $DATABASE WITH (FORCE)"
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
