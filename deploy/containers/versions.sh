# Another version of a shop in containers, and back again. For docker-install.sh.
# shellcheck shell=bash disable=SC2154  # The two share their variables.

# Backup, migrate, switch, health check; back again when the new version does not run. Data is never taken back: the version
# before runs on the newer schema.
update() {
    local before="$1" version="$2"
    outlive_terminal update
    say "Updating from $before to $version"
    if [ -n "$no_backup" ]; then
        say "No backup is made (--no-backup)."
    else
        say "Making a backup"
        compose exec -T backup "$NAME" backup || stop "the backup before the update failed; nothing was changed" "see the message above, or update with --no-backup"
    fi
    move_release "$folder" "$folder/.release.before"
    copy_release
    say "Building the images and bringing the database up to date; version $before goes on selling"
    if ! { build && compose run -T --rm --no-deps app migrate; }; then
        go_back
        stop "version $version could not be built, or not bring the database up to date (see above); version $before goes on running" "update with another version; nothing has to be undone"
    fi
    if start; then
        # Only now: a version that never ran is nothing to go back to.
        rm -rf "$folder/previous"
        mv "$folder/.release.before" "$folder/previous"
        forget_images "$before" "$version"
        forget_replaced_images
        report
        return
    fi
    say "Version $version does not become healthy; going back to $before"
    go_back
    start || stop "neither $version nor $before becomes healthy" "see 'docker compose logs app' in $folder"
    stop "version $version does not become healthy, its last messages are above; version $before runs again" "correct $folder/.env if it is the reason, or use another version"
}

# The release that was put aside comes back; what it replaces was never of use.
go_back() {
    move_release "$folder/.release.before" "$folder"
    rm -rf "$folder/.release.before"
    build_again || say "The images of $(version_now) could not be built again (see above)."
}

# An earlier run that was cut off in the middle of an update has left the version before beside its place, or parts of it.
finish_what_was_cut_off() {
    local file
    [ ! -s "$folder/.env.new" ] || put_settings
    [ -d "$folder/.release.before" ] || return 0
    say "An earlier update was cut off; the version before comes back first"
    for file in "${RELEASE[@]}"; do
        if [ -e "$folder/.release.before/$file" ]; then
            rm -rf "${folder:?}/$file"
            mv "$folder/.release.before/$file" "$folder/$file"
        fi
    done
    rm -rf "$folder/.release.before"
    name_release
}

roll_back() {
    local now before
    now=$(version_now)
    before=$(cat "$folder/previous/VERSION" 2>/dev/null || true)
    [ -n "$before" ] || stop "there is no earlier version in $folder/previous" "unpack the archive of the version that you want and run its docker-install.sh"
    outlive_terminal rollback
    say "Going back from $now to $before; the data stays as it is"
    swap_releases
    if build_again && start; then
        report
        return
    fi
    say "Version $before does not become healthy; $now comes back"
    swap_releases
    { build_again && start; } || stop "neither $before nor $now becomes healthy" "see 'docker compose logs app' in $folder"
    stop "version $before does not become healthy, its last messages are above; $now runs again" "unpack the archive of the version that you want and run its docker-install.sh"
}

swap_releases() {
    move_release "$folder" "$folder/.release.before"
    move_release "$folder/previous" "$folder"
    rm -rf "$folder/previous"
    mv "$folder/.release.before" "$folder/previous"
}

# forget_images VERSION VERSION: all but these.
forget_images() {
    local image
    for image in $(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter "reference=$NAME:*" --filter "reference=$NAME-backup:*"); do
        case "${image##*:}" in "$1" | "$2") ;; *) docker image rm "$image" >/dev/null 2>&1 || true ;; esac
    done
}

# move_release FROM TO: what is missing in FROM is of an older release that had no such file.
move_release() {
    local file
    install -d -m 0755 "$2"
    for file in "${RELEASE[@]}"; do
        rm -rf "${2:?}/$file"
        [ ! -e "$1/$file" ] || mv "$1/$file" "$2/$file"
    done
}
