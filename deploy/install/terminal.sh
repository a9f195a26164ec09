# What must not stop half-way goes on when the connection drops. Shared by install.sh, xlpm and docker-install.sh.
# shellcheck shell=bash disable=SC2154  # Names of who reads it.

# outlive_terminal NAME: from here on. What is said is in a file, too; to a terminal that is gone nothing could be said, and that
# would end it.
outlive_terminal() {
    [ -z "${dry_run:-}${teller:-}" ] || return 0
    local pipe
    pipe=$(mktemp -u "/run/$NAME.XXXXXX")
    trap '' HUP
    mkfifo -m 0600 "$pipe"
    tee -p "/var/log/$NAME-$1.log" <"$pipe" &
    teller=$!
    exec >"$pipe" 2>&1
    rm -f "$pipe"
}

# The last words are out before the command ends. For the trap of EXIT.
end_telling() {
    [ -n "${teller:-}" ] || return 0
    exec >/dev/null 2>&1
    wait "$teller" || true
}
