# Puts versions of the program in place, changes between them, and goes back. Shared by install.sh and xlpm.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

HEALTH_TIMEOUT_SECONDS=60
MOST_RESTARTS=4
VERSIONS_KEPT=3

# place_version FOLDER VERSION: copies an unpacked archive beside the other versions.
place_version() {
    local folder="$1" target="$PROGRAM_FOLDER/$2"
    if [ -d "$target" ] && diff -r "$folder" "$target" >/dev/null; then
        return
    fi
    say "Putting version $2 into $target"
    run install -d -m 0755 "$PROGRAM_FOLDER"
    # On the same file system as its target, so that the last step is one rename.
    run rm -rf "$target.new" "$target.old"
    run cp -R "$folder" "$target.new"
    run chown -R root:root "$target.new"
    run chmod -R u=rwX,go=rX "$target.new"
    # Whole on the disk before a link leads to it.
    run sync -f "$target.new"
    [ ! -e "$target" ] || run mv "$target" "$target.old"
    run mv "$target.new" "$target"
    run rm -rf "$target.old"
    changed=1
}

version_now() {
    readlink "$PROGRAM_FOLDER/current" 2>/dev/null || true
}

version_before() {
    readlink "$PROGRAM_FOLDER/previous" 2>/dev/null || true
}

point_link() {
    run ln -sfn "$2" "$PROGRAM_FOLDER/$1.new"
    run mv -T "$PROGRAM_FOLDER/$1.new" "$PROGRAM_FOLDER/$1"
    run sync -f "$PROGRAM_FOLDER"
}

# The units of a version come with it, so that going back takes them back too.
place_units() {
    local unit reload=
    for unit in "$1"/deploy/systemd/*; do
        write_file "$UNIT_FOLDER/${unit##*/}" 0644 <"$unit"
        [ -z "$written" ] || reload=1
    done
    if [ -n "$reload" ]; then
        run systemctl daemon-reload
        changed=1
    fi
}

# switch_to VERSION: from here on it is the one that runs. Pages of the version before still find their files.
switch_to() {
    local now
    now=$(version_now)
    if [ -n "$now" ] && [ "$now" != "$1" ]; then
        point_link previous "$now"
    fi
    [ "$now" = "$1" ] || point_link current "$1"
    # With --dry-run nothing was put there.
    place_units "$([ -n "${dry_run:-}" ] && echo "$unpacked" || echo "$PROGRAM_FOLDER/$1")"
}

# Restarts one copy after the other; with two of them, one always answers.
restart_all() {
    local port
    for port in $(ports); do
        restart_one "$port" || return 1
    done
}

# Tells its last words when it does not become healthy.
restart_one() {
    if run systemctl restart "$NAME@$1.service" 2>/dev/null && wait_for_health "$1"; then
        return
    fi
    journalctl --sync 2>/dev/null || true
    journalctl -u "$NAME@$1.service" -o cat -n 20 --no-pager >&2 || true
    return 1
}

# Brings the schema up to date while the version before still runs: migrations only add.
migrate_with() {
    say "Bringing the database up to date"
    run as_service -- "$1/$NAME" migrate
}

wait_for_health() {
    [ -z "${dry_run:-}" ] || return 0
    local port="$1" deadline=$((SECONDS + HEALTH_TIMEOUT_SECONDS)) unit="$NAME@$1.service" restarts
    restarts=$(systemctl show --property=NRestarts --value "$unit")
    while [ "$SECONDS" -lt "$deadline" ]; do
        if healthy "$port"; then
            # One that falls over right after its first answer is not well.
            sleep 2
            ! healthy "$port" || return 0
        fi
        # It ends again and again; more of that makes it no better.
        [ $(($(systemctl show --property=NRestarts --value "$unit") - restarts)) -lt "$MOST_RESTARTS" ] || break
        sleep 0.3
    done
    return 1
}

# healthy PORT [PATH]. In plain bash, because a small server may have no curl, and because a broken program must not judge itself.
# shellcheck disable=SC2016  # The inner shell expands $1 and $2.
healthy() {
    local answer
    # Another program on the same port could answer too.
    systemctl is-active --quiet "$NAME@$1.service" || return 1
    answer=$(timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$2" >&3 && head -n 1 <&3' - "$1" "${2:-/healthz}" 2>/dev/null) || return 1
    [[ "$answer" == 'HTTP/1.'?' 200'* ]]
}

# Whether a copy runs another program than the one in place: an earlier run may have ended between the two.
another_runs() {
    local running
    running=$(readlink "/proc/$(systemctl show --property=MainPID --value "$NAME@$1.service" 2>/dev/null)/exe" 2>/dev/null) || return 1
    [ "$running" != "$PROGRAM_FOLDER/$(version_now)/$NAME" ]
}

# Whether somebody changed the settings since a copy has read them.
settings_are_newer() {
    local started
    started=$(TZ=UTC systemctl show --property=ActiveEnterTimestamp --value "$NAME@$1.service" 2>/dev/null) || return 1
    [ -n "$started" ] && [ "$(stat -c %Y "$ENV_FILE" 2>/dev/null || echo 0)" -gt "$(date -d "$started" +%s)" ]
}

# update_to FOLDER VERSION: backup, migrate, switch, health check; back again when the new version does not run. A shop that
# sells with the old version is better than none. Data is never taken back: the old version runs on the new schema.
update_to() {
    local folder="$1" version="$2" before older
    before=$(version_now)
    older=$(version_before)
    [ -n "$(ports)" ] || stop "the shop is not installed completely here" "run install.sh --archive FILE --domain NAME"
    if [ "$version" = "$before" ]; then
        diff -r "$folder" "$PROGRAM_FOLDER/$version" >/dev/null ||
            stop "the archive has version $version, which is installed, with other contents" "give a new version its own number; to repair the installed one run install.sh --archive"
        if all_run; then
            say "Version $version runs already."
            return
        fi
        say "Version $version is in place and does not run as it should: an update may have been cut off. Going on with it."
        before="$older"
        older=
    else
        prepare_update "$folder" "$version" "$before"
    fi
    say "Changing from ${before:-nothing} to $version"
    switch_to "$version"
    if restart_all; then
        forget_old_versions
        say "Version $version runs."
        return
    fi
    { [ -n "$before" ] && [ "$before" != "$version" ] && [ -d "$PROGRAM_FOLDER/$before" ]; } ||
        stop "version $version does not become healthy, its last messages are above, and there is none to go back to" "correct $ENV_FILE and run 'xlpm restart'"
    say "Version $version does not become healthy; going back to $before"
    switch_to "$before"
    # A rollback later must not lead to the version that failed.
    if [ -n "$older" ] && [ "$older" != "$version" ]; then
        point_link previous "$older"
    else
        run rm -f "$PROGRAM_FOLDER/previous"
    fi
    run rm -rf "${PROGRAM_FOLDER:?}/$version"
    restart_all || stop "version $version does not become healthy, and $before does not run any more either" "see 'xlpm logs'; correct $ENV_FILE and run 'xlpm restart'"
    stop "version $version does not become healthy, its last messages are above; version $before runs again" "correct $ENV_FILE if it is the reason, or use another version"
}

# Whether each copy answers, with the program that is in place.
all_run() {
    local port
    for port in $(ports); do
        healthy "$port" && ! another_runs "$port" || return 1
    done
}

# prepare_update FOLDER VERSION BEFORE: everything that can be done while the version before still sells.
prepare_update() {
    local folder="$1" version="$2" before="$3"
    if [ -n "${no_backup:-}" ]; then
        say "No backup is made (--no-backup)."
    elif [ -z "$(setting BACKUP_RECIPIENTS)" ]; then
        say "No backup is made: BACKUP_RECIPIENTS is not set."
    else
        say "Making a backup"
        run systemctl start "$NAME-backup.service" ||
            stop "the backup before the update failed; nothing was changed" "see 'journalctl -u $NAME-backup', or update with --no-backup"
    fi
    place_version "$folder" "$version"
    migrate_with "$([ -n "${dry_run:-}" ] && echo "$folder" || echo "$PROGRAM_FOLDER/$version")" ||
        stop "version $version could not bring the database up to date (see above); version $before goes on running" "update with another version; nothing has to be undone"
}

# Back to the version that ran before, without touching the data.
roll_back() {
    local now before
    now=$(version_now)
    before=$(version_before)
    { [ -n "$before" ] && [ "$before" != "$now" ] && [ -d "$PROGRAM_FOLDER/$before" ]; } ||
        stop "there is no earlier version here" "see $PROGRAM_FOLDER; 'xlpm update FILE' installs any version"
    say "Going back from $now to $before; the data stays as it is"
    switch_to "$before"
    if restart_all; then
        say "Version $before runs."
        return
    fi
    say "Version $before does not become healthy; $now comes back"
    switch_to "$now"
    restart_all || stop "neither $before nor $now runs" "see 'xlpm logs'; correct $ENV_FILE and run 'xlpm restart'"
    stop "version $before does not become healthy, its last messages are above; $now runs again" "find out why with 'xlpm logs'"
}

# The newest few stay, and those that are linked always.
forget_old_versions() {
    local folder kept=0
    while IFS= read -r folder; do
        kept=$((kept + 1))
        case "${folder##*/}" in "$(version_now)" | "$(version_before)") continue ;; esac
        [ "$kept" -le "$VERSIONS_KEPT" ] || run rm -rf "$folder"
    done < <(find "$PROGRAM_FOLDER" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2-)
}
