#!/bin/sh
# The backup container's clock: a backup each day and a restore test each week, where there is no systemd with its timers.
# What goes wrong is an alarm in the shop, as everywhere.
#
#     backups.sh run      for ever, at BACKUP_AT (hours and minutes in UTC)
#     backups.sh check    ends with 1 when the newest backup is older than a day and two hours
set -eu

BACKUP_AT="${BACKUP_AT:-19:30}"
BACKUP_DIR="${BACKUP_DIR:-/backups}"
DAY=86400
# In minutes.
OLD=1560

main() {
    case "${1:-run}" in
        run) run ;;
        check) has_new_backup ;;
        # Any other command of the program: `docker compose run --rm backup restore …`.
        *) exec xl-package-manager "$@" ;;
    esac
}

run() {
    is_time "$BACKUP_AT" || {
        echo "backups: BACKUP_AT is no time of day like 19:30: $BACKUP_AT" >&2
        exit 2
    }
    trap 'exit 0' INT TERM
    while [ -z "${BACKUP_RECIPIENTS:-}" ]; do
        echo "backups: BACKUP_RECIPIENTS is empty, so there are no backups. Make a key: docker compose run --rm backup backup --new-identity" >&2
        rest "$DAY"
    done
    # A host that was off makes it up.
    has_new_backup || backup
    while true; do
        rest "$(seconds_until "$BACKUP_AT")"
        backup
        # Monday in Jakarta.
        [ "$(date -u +%u)" != 7 ] || xl-package-manager restore-test || true
    done
}

backup() {
    xl-package-manager backup || echo "backups: the backup failed (see above); the shop shows it as an alarm" >&2
}

has_new_backup() {
    [ -n "$(find "$BACKUP_DIR" -name '*data*.age' -mmin "-$OLD" 2>/dev/null | head -n 1)" ]
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

# A signal ends the wait, and not only what comes after it.
rest() {
    sleep "$1" &
    wait $!
}

main "$@"
