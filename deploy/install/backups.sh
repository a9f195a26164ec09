# Nightly backups, encrypted for keys that the owner has, and the weekly proof that they can be restored.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

make_backups() {
    if skipped backups; then
        return
    fi
    set_default BACKUP_DIR "$BACKUP_FOLDER"
    set_default BACKUP_SETTINGS_FILE "$ENV_FILE"
    [ -z "$backup_remote" ] || install_packages rclone
    [ -z "$backup_remote" ] || set_setting BACKUP_RCLONE_REMOTE "$backup_remote"
    [ -z "$backup_recipients" ] || set_setting BACKUP_RECIPIENTS "$backup_recipients"
    local timer
    for timer in "$NAME-backup.timer" "$NAME-restore-test.timer"; do
        systemctl is-active --quiet "$timer" || run systemctl enable --now --quiet "$timer"
    done
}

# Without the owner's key there is no backup. Who has brought none gets one, which this server does not keep.
make_backup_keys() {
    local text public file=~root/"$NAME-owner-key.txt"
    if skipped backups || [ -n "$(setting BACKUP_RECIPIENTS)$dry_run" ]; then
        return
    fi
    text=$("$PROGRAM_FOLDER/current/$NAME" backup --new-identity 2>/dev/null) || {
        warn "This version makes no backups by itself."
        return
    }
    public=$(grep -oE 'age1[a-z0-9]+' <<<"$text" | head -n 1)
    # An older one that nobody has taken away yet may open older backups.
    [ ! -e "$file" ] || file="${file%.txt}-$(date -u +%Y%m%dT%H%M%SZ).txt"
    # First of all it is kept: no backup is ever made for a key that nobody has.
    write_file "$file" 0600 <<<"$text"
    set_setting BACKUP_RECIPIENTS "$public"
    if [ -t 1 ]; then
        printf '\n%s\n\n' "$text"
        rm -f "$file"
        warn "The lines above open the backups, and nothing else does once this server is lost. Keep them elsewhere, now: they are shown once and kept nowhere."
    else
        warn "$file opens the backups, and nothing else does once this server is lost. Take it off this server, then delete it here."
    fi
}
