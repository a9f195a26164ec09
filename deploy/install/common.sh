# What all parts of the installer and xlpm share: names, folders, how to speak, how to change a file. To be sourced.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

NAME=xl-package-manager
PROGRAM_FOLDER=/opt/$NAME
DATA_FOLDER=/var/lib/$NAME
BACKUP_FOLDER=/var/backups/$NAME
ENV_FILE=/etc/$NAME.env
# What the release archives must be signed with, once it was given.
SIGNERS_FILE=/etc/$NAME.signers
COMMAND_FILE=/usr/local/bin/xlpm
UNIT_FOLDER=/etc/systemd/system
NGINX_FOLDER=/etc/nginx/$NAME
NGINX_SITE=/etc/nginx/sites-available/$NAME.conf
ACME_ROOT=/var/lib/$NAME-acme
FIRST_PORT=3000

say() {
    printf '%s: %s\n' "$NAME" "$*"
}

# What is not as it should be, but does not stop anything. Told again at the end.
warn() {
    warnings+=("$*")
    printf '%s: NOTE: %s\n' "$NAME" "$*"
}
warnings=()

# What failed and why, what to do.
stop() {
    printf '\n%s: STOPPED: %s\n%*s  What to do: %s\n' "$NAME" "$1" "${#NAME}" '' "$2" >&2
    exit "${3:-1}"
}

# Does something, or only says it with --dry-run.
run() {
    # For the words when it fails.
    doing="$*"
    if [ -n "${dry_run:-}" ]; then
        printf '  would run: %s\n' "$*"
    else
        "$@"
    fi
}

# write_file PATH MODE [OWNER] <TEXT: whole or not at all, never readable by others in between, and left alone when it
# says that already. Sets `written` when it was changed.
write_file() {
    local path="$1" mode="$2" owner="${3:-root:root}" text
    written=
    text=$(
        cat
        printf .
    )
    text="${text%.}"
    if [ -f "$path" ] && [ "$(cat "$path" && printf .)" = "$text." ] && [ "$(stat -c '%a %U:%G' "$path")" = "${mode#0} $owner" ]; then
        return
    fi
    written=1
    say "Writing $path"
    [ -z "${dry_run:-}" ] || return 0
    (
        umask 077
        printf '%s' "$text" >"$path.new"
    )
    chown "$owner" "$path.new"
    chmod "$mode" "$path.new"
    mv "$path.new" "$path"
}

# As systemd reads the settings: the last one counts, and quotes are not part of it.
setting() {
    sed -n "s/^[[:space:]]*$1=//p" "$ENV_FILE" 2>/dev/null | tail -n 1 | sed "s/[[:space:]]*$//; s/^\([\"']\)\(.*\)\1$/\2/" || true
}

# set_setting NAME VALUE: changes one line and nothing else in the settings.
set_setting() {
    ! grep -qxF "$1=$2" "$ENV_FILE" 2>/dev/null || return 0
    case "$1" in
        *KEY | *SECRET | *PASSWORD | DATABASE_URL | *_DATABASE_URL) say "Setting $1 in $ENV_FILE" ;;
        *) say "Setting $1=$2 in $ENV_FILE" ;;
    esac
    [ -z "${dry_run:-}" ] || return 0
    local text
    # The lines before and after stay as they are, and so does their order.
    text=$(WANTED="$1=$2" NAME_OF_IT="$1" awk '
        $0 ~ "^[[:space:]]*" ENVIRON["NAME_OF_IT"] "=" { if (!done) print ENVIRON["WANTED"]; done = 1; next }
        { print }
        END { if (!done) print ENVIRON["WANTED"] }' "$ENV_FILE")
    # The service's user has them all in its environment; its backups take the file along.
    write_file "$ENV_FILE" 0640 "root:$NAME" <<<"$text" >/dev/null
}

# Sets what has no line yet, and never what the operator wrote.
set_default() {
    grep -q "^[[:space:]]*$1=" "$ENV_FILE" 2>/dev/null || set_setting "$1" "$2"
}

domain_of_settings() {
    local url
    url=$(setting PUBLIC_URL)
    [[ "$url" == https://* ]] || return 0
    url="${url#https://}"
    printf '%s' "${url%%[:/]*}"
}

# The ports of the copies that are to run, one a line.
ports() {
    local link
    for link in "$UNIT_FOLDER/$NAME.target.wants/$NAME@"*.service; do
        if [ -L "$link" ]; then
            link="${link##*@}"
            echo "${link%.service}"
        fi
    done
}

# A command of the program as the service's user and with the service's settings. Options of systemd-run stand before `--`.
as_service() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    systemd-run --quiet --collect --wait --pipe --pty --property="User=$NAME" --property="Group=$NAME" \
        --property="EnvironmentFile=$ENV_FILE" --property="WorkingDirectory=$DATA_FOLDER" --property=UMask=0077 \
        "${options[@]}" "$@"
}

# Whether this part of the system is wanted: `skipped swap`.
skipped() {
    [[ " ${skip:-} " == *" $1 "* ]]
}

in_container() {
    systemd-detect-virt --container --quiet 2>/dev/null
}
