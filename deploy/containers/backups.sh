#!/bin/sh
# The backup container's clock: a backup each day and a restore test each week, where there is no systemd with its timers.
# What goes wrong is an alarm in the shop, as everywhere.
#
#     backups.sh run          for ever, at BACKUP_AT (hours and minutes in UTC)
#     backups.sh check        ends with 1 when the newest backup is older than a day and two hours
#     backups.sh COMMAND …    any command of the program
set -eu

BACKUP_AT="${BACKUP_AT:-19:30}"
BACKUP_DIR="${BACKUP_DIR:-/backups}"
DAY=86400
HOUR=3600
# In minutes: a day and two hours, a week less two hours.
OLD=1560
WEEK=9960
# Touched after each restore test.
TESTED="$BACKUP_DIR/.restore-test"
child=

main() {
    case "${1:-run}" in
        run) run ;;
        check) has_new_backup ;;
        *) exec xl-package-manager "$@" ;;
    esac
}

run() {
    is_time "$BACKUP_AT" || {
        echo "backups: BACKUP_AT is no time of day like 19:30: $BACKUP_AT" >&2
        exit 2
    }
    trap 'stop_child; exit 0' INT TERM
    while [ -z "${BACKUP_RECIPIENTS:-}" ]; do
        echo "backups: BACKUP_RECIPIENTS is empty, so there are no backups (see docs/containers.md)" >&2
        wait_for sleep "$DAY"
    done
    # A host that was off makes it up.
    has_new_backup || turn
    while true; do
        wait_for sleep "$(seconds_until "$BACKUP_AT")"
        turn
    done
}

# A backup, again after an hour when it failed, and the restore test when a week has gone by.
turn() {
    until wait_for xl-package-manager backup; do
        echo "backups: the backup failed (see above); the shop shows it as an alarm. Once more in an hour" >&2
        wait_for sleep "$HOUR"
    done
    if [ -z "$(find "$TESTED" -mmin "-$WEEK" 2>/dev/null)" ]; then
        wait_for xl-package-manager restore-test || echo "backups: the restore test failed (see above); the shop shows it as an alarm" >&2
        touch "$TESTED"
    fi
}

has_new_backup() {
    [ -n "$(find "$BACKUP_DIR" -name '*-data.tar.gz.age' -mmin "-$OLD" 2>/dev/null | head -n 1)" ]
}

is_time() {
    case "$1" in
        [01][0-9]:[0-5][0-9] | 2[0-3]:[0-5][0-9]) ;;
        *) return 1 ;;
    esac
}

seconds_until() {
    now=$(date -u +%s)
    next=$(date -u -d "$1" +%s)
    [ "$next" -gt "$now" ] || next=$((next + DAY))
    echo $((next - now))
}

# A signal ends the command, and is not left waiting for its end.
wait_for() {
    "$@" &
    child=$!
    code=0
    wait "$child" || code=$?
    child=
    return "$code"
}

stop_child() {
    [ -z "$child" ] || {
        kill "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    }
}

main "$@"
