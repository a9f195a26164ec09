# Nightly backups, encrypted for keys that the owner has, and the weekly proof that they can be restored.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

make_backups() {
    if skipped backups; then
        return
    fi
    set_default BACKUP_DIR "$BACKUP_FOLDER"
    set_default BACKUP_SETTINGS_FILE "$ENV_FILE"
    [ -z "$backup_remote" ] || set_setting BACKUP_RCLONE_REMOTE "$backup_remote"
    [ -z "$backup_recipients" ] || set_setting BACKUP_RECIPIENTS "$backup_recipients"
    local timer
    for timer in "$NAME-backup.timer" "$NAME-restore-test.timer"; do
        systemctl is-active --quiet "$timer" || run systemctl enable --now --quiet "$timer"
    done
}

make_backup_keys() {
    :
}
