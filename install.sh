#!/usr/bin/env bash
# Installs XL Package Manager on Debian or Ubuntu as a systemd service. See --help.
set -euo pipefail

NAME=xl-package-manager
PROGRAM_FOLDER=/opt/$NAME
DATA_FOLDER=/var/lib/$NAME
ENV_FILE=/etc/$NAME.env
UNIT_FILE=/etc/systemd/system/$NAME.service
HEALTH_TIMEOUT_SECONDS=60

archive=
sha256=
listen=
public_url=
dry_run=
uninstall=
work=
version=
changed=

usage() {
    cat <<'TEXT'
Installs XL Package Manager on Debian or Ubuntu as a systemd service.

  sudo ./install.sh --archive FILE-OR-URL [options]     install, or change to another version
  sudo ./install.sh --uninstall                         remove the program and keep the data

  --archive FILE-OR-URL   the archive that `make dist` leaves in dist/
  --sha256 HEX            its checksum; without this, FILE-OR-URL.sha256 beside the archive is read
  --public-url URL        the address that people type, for example https://pulsa.example.id
                          (default http://localhost:PORT)
  --listen ADDRESS:PORT   where the service listens (default 127.0.0.1:3000)
  --dry-run               say what would be done and change nothing
  --help                  this text

What it makes:
  /opt/xl-package-manager/VERSION and the link `current`    the program
  /var/lib/xl-package-manager                               the data: database, uploads, keys
  /etc/xl-package-manager.env                               the settings; never overwritten
  xl-package-manager.service                                runs as its own user, with little more than its data folder

It may be run again at any time: what is there already is left alone.

Not done here, and to come in a later version: nginx, TLS certificates, firewall, PostgreSQL, backups and updates.
Until then put a web server with TLS in front of the service; it listens on this machine only.
TEXT
}

main() {
    options "$@"
    trap clean_up EXIT
    check_system
    if [ -n "$uninstall" ]; then
        remove_all
        return
    fi
    fetch
    unpack
    make_user
    make_settings
    make_unit
    start_service
    wait_for_health
    report
}

options() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --archive | --sha256 | --public-url | --listen)
                [ -n "${2:-}" ] || stop "$1 needs a value" "see --help"
                case "$1" in
                    --archive) archive="$2" ;;
                    --sha256) sha256="$2" ;;
                    --public-url) public_url="${2%/}" ;;
                    --listen) listen="$2" ;;
                esac
                shift
                ;;
            --dry-run) dry_run=1 ;;
            --uninstall) uninstall=1 ;;
            -h | --help)
                usage
                exit
                ;;
            *) stop "unknown option '$1'" "see --help" ;;
        esac
        shift
    done
    [ -n "$uninstall" ] || [ -n "$archive" ] || stop "no archive was named" "give --archive FILE-OR-URL, see --help"
    [ -z "$sha256" ] || [[ "$sha256" =~ ^[0-9a-f]{64}$ ]] || stop "--sha256 is not a SHA-256 checksum: $sha256" "it has 64 characters of 0-9 and a-f"
    [ -z "$listen" ] || [[ "$listen" =~ ^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]{1,5}$ ]] || stop "--listen is not ADDRESS:PORT: $listen" "for example --listen 127.0.0.1:3000"
    # It is written into a file that systemd reads, so nothing but an address may be in it.
    [ -z "$public_url" ] || [[ "$public_url" =~ ^https?://[]A-Za-z0-9.:[-]+$ ]] || stop "--public-url is not an address: $public_url" "for example --public-url https://pulsa.example.id (no path)"
}

say() {
    printf '%s: %s\n' "$NAME" "$*"
}

# What failed, what to do.
stop() {
    printf '\ninstall.sh: STOPPED: %s\n            What to do: %s\n' "$1" "$2" >&2
    exit 1
}

# Does something, or only says it with --dry-run.
run() {
    if [ -n "$dry_run" ]; then
        printf '  would run: %s\n' "$*"
    else
        "$@"
    fi
}

clean_up() {
    [ -z "$work" ] || rm -rf "$work"
}

check_system() {
    [ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || stop "this must run as root" "sudo $0 …"
    local ids
    ids=$(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null | tr -d '"' | tr '\n' ' ' || true)
    case " $ids " in
        *' debian '* | *' ubuntu '*) ;;
        *) stop "this is not Debian or Ubuntu (it says '$ids')" "install by hand: unpack the archive and run '$NAME serve' under your init system" ;;
    esac
    [ -d /run/systemd/system ] || [ -n "$dry_run" ] || stop "systemd does not run here" "in a container use the Dockerfile instead"
}

# ---- The program -----------------------------------------------------------------------------------------------------

# Copies the archive to a folder of our own and checks it there, so that what was checked is what is unpacked.
fetch() {
    work=$(mktemp -d)
    case "$archive" in
        http://* | https://*)
            if [ -n "$dry_run" ]; then
                say "would fetch $archive and check it"
                return
            fi
            command -v curl >/dev/null || stop "curl is missing" "apt-get install curl, or fetch the archive yourself and give its path"
            say "Fetching $archive"
            curl -fsSL --retry 3 --max-time 900 -o "$work/archive" "$archive" || stop "could not fetch $archive" "check the address and the network"
            [ -n "$sha256" ] || curl -fsSL --retry 3 --max-time 60 -o "$work/sha256" "$archive.sha256" || stop "could not fetch $archive.sha256" "give the checksum with --sha256"
            ;;
        *)
            [ -f "$archive" ] || stop "there is no file $archive" "make it with 'make dist', or check the path"
            cp "$archive" "$work/archive"
            if [ -z "$sha256" ]; then
                [ -f "$archive.sha256" ] || stop "there is no $archive.sha256" "copy it beside the archive, or give the checksum with --sha256"
                cp "$archive.sha256" "$work/sha256"
            fi
            ;;
    esac
    local wanted found
    wanted="${sha256:-$(cut -d ' ' -f 1 "$work/sha256")}"
    found=$(sha256sum "$work/archive" | cut -d ' ' -f 1)
    [ "$wanted" = "$found" ] || stop "the archive's checksum is wrong (is $found, should be $wanted)" "fetch it again; do not install this one"
    say "The archive's checksum is right."
}

unpack() {
    if [ ! -f "$work/archive" ]; then
        say "would unpack it to $PROGRAM_FOLDER/VERSION and point 'current' there"
        return
    fi
    mkdir "$work/new"
    tar -xzf "$work/archive" -C "$work/new" --no-same-owner --no-same-permissions || stop "the archive cannot be unpacked" "make or fetch it again"
    local folders=("$work"/new/"$NAME"-*)
    local folder="${folders[0]}"
    if [ "${#folders[@]}" != 1 ] || [ ! -f "$folder/$NAME" ] || [ ! -d "$folder/site" ] || [ ! -f "$folder/hash.txt" ]; then
        stop "the archive is not one of $NAME" "use the archive from dist/"
    fi
    version="${folder##*/"$NAME"-}"
    [[ "$version" =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || stop "the archive has a strange version: $version" "use the archive from dist/"
    # Found out now, and not after the running version was stopped.
    "$folder/$NAME" --version >/dev/null || stop "the program does not run on this machine" "see the message above; an old system may need an archive that was built on it"

    local target="$PROGRAM_FOLDER/$version"
    if [ -d "$target" ] && diff -r "$folder" "$target" >/dev/null; then
        say "Version $version is unpacked already."
    else
        say "Putting version $version into $target"
        run mkdir -p "$PROGRAM_FOLDER"
        # On the same file system as its target, so that the last step is one rename.
        run rm -rf "$target.new" "$target.old"
        run cp -R "$folder" "$target.new"
        run chown -R root:root "$target.new"
        run chmod -R u=rwX,go=rX "$target.new"
        [ ! -e "$target" ] || run mv "$target" "$target.old"
        run mv "$target.new" "$target"
        run rm -rf "$target.old"
        changed=1
    fi
    if [ "$(readlink "$PROGRAM_FOLDER/current" 2>/dev/null)" != "$version" ]; then
        run ln -sfn "$version" "$PROGRAM_FOLDER/current.new"
        run mv -T "$PROGRAM_FOLDER/current.new" "$PROGRAM_FOLDER/current"
        changed=1
    fi
}

# ---- User, settings, service -----------------------------------------------------------------------------------------

make_user() {
    if ! getent passwd "$NAME" >/dev/null; then
        say "Making the system user $NAME"
        run useradd --system --user-group --home-dir "$DATA_FOLDER" --no-create-home --shell /usr/sbin/nologin "$NAME"
    fi
    run install -d -o "$NAME" -g "$NAME" -m 0700 "$DATA_FOLDER"
}

make_settings() {
    if [ ! -f "$ENV_FILE" ]; then
        say "Writing the settings to $ENV_FILE"
        write_file "$ENV_FILE" 0600 <<TEXT
# Settings of XL Package Manager. After a change: systemctl restart $NAME
# '$NAME serve --help' names them all.

# Where the service listens. A web server with TLS stands in front of it.
LISTEN_ADDR=${listen:-127.0.0.1:3000}

# The address that people type. It is used in links, and to see where a form was sent from.
PUBLIC_URL=${public_url:-http://localhost:$(port_of "${listen:-127.0.0.1:3000}")}

# The database, uploads and keys.
DATA_DIR=$DATA_FOLDER

# PostgreSQL instead of a SQLite file in DATA_DIR:
#DATABASE_URL=postgres://USER:PASSWORD@HOST/DATABASE
TEXT
        changed=1
        return
    fi
    # Only what was asked for now is changed; the rest of the file is the operator's.
    [ -z "$listen" ] || set_setting LISTEN_ADDR "$listen"
    [ -z "$public_url" ] || set_setting PUBLIC_URL "$public_url"
}

set_setting() {
    if grep -qxF "$1=$2" "$ENV_FILE" 2>/dev/null; then
        return
    fi
    say "Setting $1=$2 in $ENV_FILE"
    changed=1
    if [ -n "$dry_run" ]; then
        return
    fi
    if grep -q "^$1=" "$ENV_FILE"; then
        sed -i "s|^$1=.*|$1=$2|" "$ENV_FILE"
    else
        printf '%s=%s\n' "$1" "$2" >>"$ENV_FILE"
    fi
}

setting() {
    sed -n "s/^$1=//p" "$ENV_FILE" 2>/dev/null | tail -n 1
}

port_of() {
    echo "${1##*:}"
}

make_unit() {
    # What the long list is for: a break-in into the service reaches its data folder and nothing else.
    local text
    text=$(
        cat <<TEXT
[Unit]
Description=XL Package Manager
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
User=$NAME
Group=$NAME
EnvironmentFile=$ENV_FILE
WorkingDirectory=$DATA_FOLDER
ExecStart=$PROGRAM_FOLDER/current/$NAME serve
Restart=always
RestartSec=2
TimeoutStopSec=40
LimitNOFILE=65536

ReadWritePaths=$DATA_FOLDER
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
TEXT
    )
    if [ -f "$UNIT_FILE" ] && [ "$(cat "$UNIT_FILE")" = "$text" ]; then
        return
    fi
    say "Writing the service to $UNIT_FILE"
    write_file "$UNIT_FILE" 0644 <<<"$text"
    run systemctl daemon-reload
    changed=1
}

# write_file PATH MODE <TEXT: whole or not at all, and never readable by others in between.
write_file() {
    if [ -n "$dry_run" ]; then
        sed 's/^/  | /'
        return
    fi
    (
        umask 077
        cat >"$1.new"
    )
    chmod "$2" "$1.new"
    mv "$1.new" "$1"
}

start_service() {
    run systemctl enable --quiet "$NAME"
    if [ -n "$changed" ] || ! systemctl is-active --quiet "$NAME"; then
        say "Starting the service"
        run systemctl restart "$NAME"
    else
        say "Nothing has changed; the service keeps running."
    fi
}

wait_for_health() {
    [ -z "$dry_run" ] || return 0
    local deadline=$((SECONDS + HEALTH_TIMEOUT_SECONDS))
    while [ "$SECONDS" -lt "$deadline" ]; do
        if healthy; then
            return
        fi
        sleep 0.3
    done
    journalctl -u "$NAME" -o cat -n 40 --no-pager >&2 || true
    stop "the service did not become healthy within $HEALTH_TIMEOUT_SECONDS seconds" "its last messages are above; correct $ENV_FILE and run 'systemctl restart $NAME'"
}

# In plain bash, because a small server may have no curl.
# shellcheck disable=SC2016  # The inner shell expands $1 and $2.
healthy() {
    local address host port answer
    # Another program on the same port could answer too.
    systemctl is-active --quiet "$NAME" || return 1
    address=$(setting LISTEN_ADDR)
    port=$(port_of "$address")
    host="${address%:*}"
    host="${host#[}"
    host="${host%]}"
    case "$host" in
        0.0.0.0) host=127.0.0.1 ;;
        ::) host=::1 ;;
    esac
    answer=$(timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n" >&3 && head -n 1 <&3' - "$host" "$port" 2>/dev/null) || return 1
    [[ "$answer" == 'HTTP/1.'?' 200'* ]]
}

report() {
    if [ -n "$dry_run" ]; then
        say "Nothing was changed (--dry-run)."
        return
    fi
    local link
    say "Running: $(setting PUBLIC_URL)  (listening on $(setting LISTEN_ADDR))"
    # Printed by the service at its start, and only while there is no administrator. Only the running start's link counts.
    link=$(journalctl -o cat --no-pager "_SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value "$NAME")" 2>/dev/null |
        grep -oE 'https?://[^[:space:]]+/setup[^[:space:]]*' | tail -n 1 || true)
    [ -z "$link" ] || say "If there is no administrator yet, make the first one here (it works once): $link"
    say "Log: journalctl -u $NAME -f     Settings: $ENV_FILE     Data: $DATA_FOLDER"
}

remove_all() {
    if [ -f "$UNIT_FILE" ]; then
        say "Stopping and removing the service"
        run systemctl disable --now --quiet "$NAME"
        run rm -f "$UNIT_FILE"
        run systemctl daemon-reload
    fi
    run rm -rf "$PROGRAM_FOLDER"
    say "Removed. Kept: the data in $DATA_FOLDER, the settings in $ENV_FILE and the user $NAME."
    say "To delete them too, and the money's history with them: rm -rf $DATA_FOLDER $ENV_FILE; userdel $NAME"
}

main "$@"
