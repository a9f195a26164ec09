#!/usr/bin/env bash
# Installs XL Package Manager on Debian or Ubuntu as a systemd service. See --help.
set -euo pipefail

NAME=xl-package-manager
PROGRAM_FOLDER=/opt/$NAME
DATA_FOLDER=/var/lib/$NAME
ENV_FILE=/etc/$NAME.env
UNIT_FILE=/etc/systemd/system/$NAME.service
COMMAND_FILE=/usr/local/bin/$NAME
DEFAULT_LISTEN=127.0.0.1:3000
HEALTH_TIMEOUT_SECONDS=60
MOST_RESTARTS=5

archive=
sha256=
listen=
public_url=
dry_run=
uninstall=
work=
version=
version_before=
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
  /var/lib/xl-package-manager                               the data: the database and the key
  /etc/xl-package-manager.env                               the settings; never overwritten
  /usr/local/bin/xl-package-manager                         runs a command with the service's user and settings
  xl-package-manager.service                                runs as its own user, with little more than its data folder

It may be run again at any time: what is there already is left alone. A version that does not run is taken back.
Ends with 0 when all is well, 2 when the options are wrong, and 1 for everything else that stops it.

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
    choose_settings
    fetch
    unpack
    make_user
    make_settings
    make_unit
    make_command
    start_service
    wait_for_health || go_back
    report
}

options() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --archive | --sha256 | --public-url | --listen)
                # The next option is no value: without this, `--archive --dry-run` would install for real.
                [[ "${2:-}" != '' && "$2" != -* ]] || misused "$1 needs a value" "see --help"
                case "$1" in
                    --archive) archive="$2" ;;
                    --sha256) sha256="${2,,}" ;;
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
            -*) misused "unknown option '$1'" "see --help" ;;
            *) misused "unexpected '$1'" "an archive is named with --archive, see --help" ;;
        esac
        shift
    done
    [ -n "$uninstall" ] || [ -n "$archive" ] || misused "no archive was named" "give --archive FILE-OR-URL, see --help"
    [ -z "$uninstall" ] || [ -z "$archive" ] || misused "both --archive and --uninstall were given" "give one of them"
    [ -z "$sha256" ] || is_sha256 "$sha256" || misused "--sha256 is not a SHA-256 checksum: $sha256" "it has 64 characters of 0-9 and a-f"
    [ -z "$listen" ] || is_address "$listen" || misused "--listen is not ADDRESS:PORT: $listen" "for example --listen 127.0.0.1:3000"
    # It is written into a file that systemd reads, so nothing but an address may be in it.
    [ -z "$public_url" ] || [[ "$public_url" =~ ^https?://[]A-Za-z0-9.:[-]+$ ]] || misused "--public-url is not an address: $public_url" "for example --public-url https://pulsa.example.id (no path)"
}

is_sha256() {
    [[ "$1" =~ ^[0-9a-f]{64}$ ]]
}

is_address() {
    [[ "$1" =~ ^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[1-9][0-9]{0,4}$ ]] && [ "$(port_of "$1")" -le 65535 ]
}

say() {
    printf '%s: %s\n' "$NAME" "$*"
}

# What failed, what to do.
stop() {
    printf '\ninstall.sh: STOPPED: %s\n            What to do: %s\n' "$1" "$2" >&2
    exit "${3:-1}"
}

# The same, for wrong options.
misused() {
    stop "$1" "$2" 2
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
    # Nothing came of it, and this folder is empty.
    [ -n "$dry_run" ] || rmdir "$PROGRAM_FOLDER" 2>/dev/null || true
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
    # The program trusts who the system trusts; smallest images come without anybody.
    [ -n "$uninstall" ] || [ -s /etc/ssl/certs/ca-certificates.crt ] || stop "there are no CA certificates here, so the gateway could not be called" "apt-get update && apt-get install ca-certificates"
}

# ---- The program -----------------------------------------------------------------------------------------------------

# Copies the archive to a folder of our own and checks it there, so that what was checked is what is unpacked.
fetch() {
    # Not in /tmp: on some servers no program may run there, and the new one is tried before it is put in place.
    if [ -n "$dry_run" ]; then
        work=$(mktemp -d)
    else
        # Whatever the umask says: the service must get in.
        install -d -m 0755 "$PROGRAM_FOLDER"
        work=$(mktemp -d "$PROGRAM_FOLDER/.work.XXXXXX")
    fi
    case "$archive" in
        http://* | https://*)
            if [ -n "$dry_run" ]; then
                say "would fetch $archive and check it"
                return
            fi
            command -v curl >/dev/null || stop "curl is missing" "apt-get install curl, or fetch the archive yourself and give its path"
            # Whoever sits on the way could change both the archive and the checksum beside it.
            case "$archive" in
                http://*) [ -n "$sha256" ] || stop "$archive is not fetched over https" "give its checksum with --sha256, or use an https address" ;;
            esac
            local protocols='=http,https'
            case "$archive" in https://*) protocols='=https' ;; esac
            say "Fetching $archive"
            curl --proto "$protocols" --proto-redir "$protocols" -fsSL --retry 3 --max-time 900 -o "$work/archive" "$archive" || stop "could not fetch $archive" "check the address and the network"
            [ -n "$sha256" ] || curl --proto "$protocols" --proto-redir "$protocols" -fsSL --retry 3 --max-time 60 -o "$work/sha256" "$archive.sha256" || stop "could not fetch $archive.sha256" "give the checksum with --sha256"
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
    wanted="${sha256:-$(cut -d ' ' -f 1 "$work/sha256" | head -n 1)}"
    is_sha256 "$wanted" || stop "there is no SHA-256 checksum in $archive.sha256" "copy it again, or give the checksum with --sha256"
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
    [ -n "$dry_run" ] || "$folder/$NAME" --version >/dev/null || stop "the program does not run on this machine" "see the message above; an old system may need an archive that was built on it"

    local target="$PROGRAM_FOLDER/$version"
    if [ -d "$target" ] && diff -r "$folder" "$target" >/dev/null; then
        say "Version $version is unpacked already."
    else
        say "Putting version $version into $target"
        run install -d -m 0755 "$PROGRAM_FOLDER"
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
    version_before=$(readlink "$PROGRAM_FOLDER/current" 2>/dev/null || true)
    if [ "$version_before" != "$version" ]; then
        point_to "$version"
        changed=1
    fi
}

point_to() {
    run ln -sfn "$1" "$PROGRAM_FOLDER/current.new"
    run mv -T "$PROGRAM_FOLDER/current.new" "$PROGRAM_FOLDER/current"
}

# ---- User, settings, service -----------------------------------------------------------------------------------------

make_user() {
    if ! getent passwd "$NAME" >/dev/null; then
        say "Making the system user $NAME"
        run useradd --system --user-group --home-dir "$DATA_FOLDER" --no-create-home --shell /usr/sbin/nologin "$NAME"
    fi
    run install -d -o "$NAME" -g "$NAME" -m 0700 "$DATA_FOLDER"
}

# What the settings will be: as asked for, else as they are, else the default.
choose_settings() {
    local asked="$public_url" url
    url="${asked:-$(setting PUBLIC_URL)}"
    # An address that only this machine has was our default, and follows the port.
    if [ -n "$listen" ] && [ -z "$asked" ] && [[ "${url:-http://localhost:0}" =~ ^http://localhost:[0-9]+$ ]]; then
        case "$listen" in
            127.* | '[::1]:'*) public_url="http://localhost:$(port_of "$listen")" ;;
            *) misused "with --listen $listen others can reach the service, but it is not known under which address" "give --public-url too" ;;
        esac
    fi
}

make_settings() {
    if [ ! -f "$ENV_FILE" ]; then
        say "Writing the settings to $ENV_FILE"
        write_file "$ENV_FILE" 0600 <<TEXT
# Settings of XL Package Manager. After a change: systemctl restart $NAME
# '$NAME serve --help' names them all.

# Where the service listens. A web server with TLS stands in front of it.
LISTEN_ADDR=${listen:-$DEFAULT_LISTEN}

# The address that people type. It is used in links, and to see where a form was sent from.
PUBLIC_URL=${public_url:-http://localhost:$(port_of "${listen:-$DEFAULT_LISTEN}")}

# The database and the key. The service may write nowhere else.
DATA_DIR=$DATA_FOLDER

# PostgreSQL instead of a SQLite file in DATA_DIR. What is in the SQLite file is not taken along.
# To make the database on this machine:
#   sudo -u postgres createuser --pwprompt xl
#   sudo -u postgres createdb --owner xl xl
#DATABASE_URL=postgres://xl:PASSWORD@127.0.0.1/xl

# The gateway; without it nothing can be delivered.
#XL_GATEWAY_URL=https://api.digiflazz.com/v1
#XL_GATEWAY_USERNAME=
#XL_GATEWAY_KEY=
#XL_GATEWAY_WEBHOOK_SECRET=
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

# As systemd reads it: the last one counts, and quotes are not part of it.
setting() {
    sed -n "s/^[[:space:]]*$1=//p" "$ENV_FILE" 2>/dev/null | tail -n 1 | sed "s/[[:space:]]*$//; s/^\([\"']\)\(.*\)\1$/\2/" || true
}

listens_on() {
    local address
    address=$(setting LISTEN_ADDR)
    echo "${address:-$DEFAULT_LISTEN}"
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
# However long its database is away, it tries again.
StartLimitIntervalSec=0

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

# The program would else be run as root, with a database of its own in the folder where that happens to be.
make_command() {
    local text
    text=$(
        cat <<TEXT
#!/bin/sh
# Runs a command of XL Package Manager as the service's user and with the service's settings, for example
#   sudo $NAME check
[ "\$(id -u)" = 0 ] || { echo "$NAME: this must run as root: sudo $NAME …" >&2; exit 1; }
exec systemd-run --quiet --collect --wait --pipe --pty \\
    --property=User=$NAME --property=EnvironmentFile=$ENV_FILE --property=WorkingDirectory=$DATA_FOLDER \\
    --property=UMask=0077 $PROGRAM_FOLDER/current/$NAME "\$@"
TEXT
    )
    if [ -f "$COMMAND_FILE" ] && [ "$(cat "$COMMAND_FILE")" = "$text" ]; then
        return
    fi
    say "Writing the command $COMMAND_FILE"
    write_file "$COMMAND_FILE" 0755 <<<"$text"
}

start_service() {
    run systemctl enable --quiet "$NAME"
    if another_runs || settings_are_newer; then
        changed=1
    fi
    if [ -n "$changed" ] || ! systemctl is-active --quiet "$NAME"; then
        say "Starting the service"
        run systemctl restart "$NAME"
    else
        say "Nothing has changed; the service keeps running."
    fi
}

# Whether the running program is not the one in place: an earlier run may have ended between the two.
another_runs() {
    local running
    running=$(readlink "/proc/$(systemctl show --property=MainPID --value "$NAME" 2>/dev/null)/exe" 2>/dev/null) || return 1
    [ "$running" != "$PROGRAM_FOLDER/$version/$NAME" ]
}

# Whether somebody changed them since the service has read them.
settings_are_newer() {
    local started
    started=$(TZ=UTC systemctl show --property=ActiveEnterTimestamp --value "$NAME" 2>/dev/null) || return 1
    [ -n "$started" ] && [ -f "$ENV_FILE" ] && [ "$(stat -c %Y "$ENV_FILE")" -gt "$(date -d "$started" +%s)" ]
}

wait_for_health() {
    [ -z "$dry_run" ] || return 0
    local deadline=$((SECONDS + HEALTH_TIMEOUT_SECONDS))
    while [ "$SECONDS" -lt "$deadline" ]; do
        if healthy; then
            return
        fi
        # It ends again and again; more of that makes it no better.
        [ "$(systemctl show --property=NRestarts --value "$NAME")" -lt "$MOST_RESTARTS" ] || break
        sleep 0.3
    done
    journalctl -u "$NAME" -o cat -n 20 --no-pager >&2 || true
    return 1
}

# A shop that sells with the old version is better than none.
go_back() {
    local failed="version $version does not become healthy, its last messages are above"
    if [ -z "$version_before" ] || [ "$version_before" = "$version" ] || [ ! -d "$PROGRAM_FOLDER/$version_before" ]; then
        stop "$failed" "correct $ENV_FILE and run 'systemctl restart $NAME'"
    fi
    say "Version $version does not become healthy; going back to $version_before"
    point_to "$version_before"
    systemctl restart "$NAME"
    wait_for_health || stop "$failed, and $version_before does not run any more either" "correct $ENV_FILE and run this again"
    stop "$failed; version $version_before runs again" "correct $ENV_FILE if it is the reason, or use another version"
}

# In plain bash, because a small server may have no curl.
# shellcheck disable=SC2016  # The inner shell expands $1 and $2.
healthy() {
    local address host port answer
    # Another program on the same port could answer too.
    systemctl is-active --quiet "$NAME" || return 1
    address=$(listens_on)
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
    local link url address
    url=$(setting PUBLIC_URL)
    address=$(listens_on)
    say "Version $version runs: ${url:-http://$address}  (listening on $address)"
    # Printed by the service at its start, and only while there is no administrator. Only the running start's link counts.
    journalctl --sync 2>/dev/null || true
    link=$(journalctl -o cat --no-pager "_SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value "$NAME")" 2>/dev/null |
        grep -oE 'https?://[^[:space:]]+/setup[^[:space:]]*' | tail -n 1 || true)
    if [ -n "$link" ]; then
        say "If there is no administrator yet, make the first one here (works once, within a day): $link"
        say "  or with a command: $NAME create-admin --username NAME --email ADDRESS --phone NUMBER"
    fi
    if [[ "$url" == http://localhost:* ]]; then
        say "That address is on this machine only. To open it on yours: ssh -L $(port_of "$url"):$address THIS-SERVER"
    fi
    [ -n "$(setting XL_GATEWAY_URL)" ] || say "No gateway is set up yet (XL_GATEWAY_URL), so nothing can be delivered."
    say "Log: journalctl -u $NAME -f     Settings: $ENV_FILE     Data: $DATA_FOLDER"
}

remove_all() {
    if [ ! -e "$UNIT_FILE" ] && [ ! -e "$PROGRAM_FOLDER" ] && [ ! -e "$COMMAND_FILE" ]; then
        say "It is not installed here; there is nothing to remove."
        return
    fi
    if [ -f "$UNIT_FILE" ]; then
        say "Stopping and removing the service"
        run systemctl disable --now --quiet "$NAME"
        run rm -f "$UNIT_FILE"
        run systemctl daemon-reload
    fi
    run rm -rf "$PROGRAM_FOLDER" "$COMMAND_FILE"
    if [ -n "$dry_run" ]; then
        say "Nothing was changed (--dry-run)."
        return
    fi
    say "Removed. Kept: the data in $DATA_FOLDER, the settings in $ENV_FILE and the user $NAME."
    say "To delete them too, and the money's history with them: rm -rf $DATA_FOLDER $ENV_FILE; userdel $NAME"
}

main "$@"
