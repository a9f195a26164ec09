#!/usr/bin/env bash
# Installs XL Package Manager on a Debian or Ubuntu server: database, web server with TLS, firewall, backups. See --help.
#
# This file can be downloaded and run alone: it fetches the release archive, checks it, and takes everything else from it
# (deploy/install/ has one part for each concern).
# shellcheck disable=SC2034  # The parts use what is set here.
set -eEuo pipefail

# Also after a plain `su`.
export PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NAME=xl-package-manager
INSTALL_FOLDER=/opt/$NAME
BUILD_MEMORY_MB=3800
BUILD_DISK_MB=15000

archive="${XLPM_ARCHIVE:-}"
sha256="${XLPM_SHA256:-}"
signer="${XLPM_SIGNER:-}"
domain="${XLPM_DOMAIN:-}"
email="${XLPM_EMAIL:-}"
database="${XLPM_DATABASE:-}"
instances="${XLPM_INSTANCES:-}"
port="${XLPM_PORT:-}"
acme_server="${XLPM_ACME_SERVER:-}"
backup_recipients="${XLPM_BACKUP_RECIPIENTS:-}"
backup_remote="${XLPM_BACKUP_REMOTE:-}"
skip="${XLPM_SKIP:-}"
mode=install
dry_run=
yes=
no_backup=
delete_data=
from_source=
# What the parts share: the unpacked archive, its version, whether something of the service was changed.
work=
unpacked=
version=
changed=

usage() {
    cat <<'TEXT'
Installs XL Package Manager on a Debian 12/13 or Ubuntu 22.04/24.04 server, ready to be used over HTTPS.

  sudo ./install.sh --archive FILE-OR-URL --domain toko.example     install; asks for what is missing
  sudo ./install.sh                                                 repair what is installed; changes nothing else
  sudo ./install.sh --update --archive FILE-OR-URL                  only change the version (xlpm update does this)
  sudo ./install.sh --uninstall                                     remove the program and keep the data

Where the program comes from:
  --archive FILE-OR-URL   the release archive; run from an unpacked one, that one is taken       XLPM_ARCHIVE
  --sha256 HEX            its checksum; without this, FILE-OR-URL.sha256 is read                 XLPM_SHA256
  --signer FILE-OR-KEY    the SSH public key it must be signed with (FILE-OR-URL.sig); kept
                          and asked for at every later update                                    XLPM_SIGNER
  --from-source           build it from the checkout that this file is in (4 GB of memory and swap)

What it will be:
  --domain NAME           the name that people type, for example toko.example                    XLPM_DOMAIN
  --email ADDRESS         the owner of the account at the certificate authority                  XLPM_EMAIL
  --database KIND         postgres (default) or sqlite                                           XLPM_DATABASE
  --instances 1|2         copies of the shop; with two, updates interrupt nobody                 XLPM_INSTANCES
  --port NUMBER           the first copy's port on this machine (default 3000)                   XLPM_PORT
  --backup-recipients KEYS  the owner's age keys (age1…, with commas) that backups are encrypted for  XLPM_BACKUP_RECIPIENTS
  --backup-remote REMOTE  where rclone copies backups to, for example b2:shop-backups            XLPM_BACKUP_REMOTE
  --acme-server URL       another certificate authority than Let's Encrypt                       XLPM_ACME_SERVER
  --skip-NAME             leave a part alone: nginx, tls, firewall, swap, upgrades, backups      XLPM_SKIP="NAME …"

  --no-backup             update without a backup before it
  --delete-data           with --uninstall: delete database, keys, backups and settings too
  --yes                   ask nothing
  --dry-run               say what would be done and change nothing
  --help                  this text

It may be run again at any time: what is there already is left alone. A version that does not run is taken back.
Ends with 0 when all is well, 2 when the options are wrong, and 1 for everything else that stops it.
TEXT
}

main() {
    options "$@"
    check_system
    trap clean_up EXIT
    trap 'unexpected "$BASH_COMMAND"' ERR
    [ "$mode" != uninstall ] || {
        remove_all
        return
    }
    [ -z "$from_source" ] || build_from_source
    fetch
    check_signature
    unpack
    local part
    for part in "$unpacked"/deploy/install/*.sh; do
        # shellcheck source=/dev/null
        . "$part"
    done
    if [ "$mode" = update ]; then
        skip="$skip $(setting INSTALL_SKIP)"
        # An older archive may be wanted, whose parts do not have it.
        ! declare -F outlive_terminal >/dev/null || outlive_terminal update
        update_to "$unpacked" "$version"
        report_update
    else
        install_all
    fi
}

options() {
    local name
    while [ $# -gt 0 ]; do
        case "$1" in
            --archive | --sha256 | --signer | --domain | --email | --database | --instances | --port | --acme-server | --backup-recipients | --backup-remote)
                # The next option is no value: without this, `--archive --dry-run` would install for real.
                { [[ "${2:-}" != '' && "$2" != -* ]]; } || misused "$1 needs a value" "see --help"
                name="${1#--}"
                printf -v "${name//-/_}" '%s' "$2"
                shift
                ;;
            --skip-nginx | --skip-tls | --skip-firewall | --skip-swap | --skip-upgrades | --skip-backups) skip+=" ${1#--skip-}" ;;
            --dry-run) dry_run=1 ;;
            --yes) yes=1 ;;
            --no-backup) no_backup=1 ;;
            --delete-data) delete_data=1 ;;
            --from-source) from_source=1 ;;
            --update) mode=update ;;
            --uninstall) mode=uninstall ;;
            -h | --help)
                usage
                exit
                ;;
            -*) misused "unknown option '$1'" "see --help" ;;
            *) misused "unexpected '$1'" "an archive is named with --archive, see --help" ;;
        esac
        shift
    done
    check_options
}

check_options() {
    local part
    sha256="${sha256,,}"
    domain="${domain,,}"
    for part in $skip; do
        [[ " nginx tls firewall swap upgrades backups " == *" $part "* ]] || misused "there is no part '$part' to skip" "see --help"
    done
    [ -z "$sha256" ] || is_sha256 "$sha256" || misused "--sha256 is not a SHA-256 checksum: $sha256" "it has 64 characters of 0-9 and a-f"
    # It is written into files that systemd and nginx read, so nothing but a name may be in it.
    [ -z "$domain" ] || is_domain "$domain" || misused "--domain is not a domain name: $domain" "for example --domain toko.example (no https://, no path, no bare address)"
    [ -z "$email" ] || [[ "$email" =~ ^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$ ]] || misused "--email is not an e-mail address: $email" "for example --email budi@toko.example"
    [[ "$database" =~ ^(|postgres|sqlite)$ ]] || misused "--database is neither postgres nor sqlite: $database" "leave it out for postgres"
    [[ "$instances" =~ ^[12]?$ ]] || misused "--instances is neither 1 nor 2: $instances" "leave it out for 1"
    [ -z "$port" ] || { [[ "$port" =~ ^[1-9][0-9]{3,4}$ ]] && [ "$port" -le 65534 ]; } || misused "--port is not a port from 1024 to 65534: $port" "leave it out for 3000"
    [ -z "$acme_server" ] || [[ "$acme_server" =~ ^https://[^[:space:]\'\"]+$ ]] || misused "--acme-server is not an https address: $acme_server" "leave it out for Let's Encrypt"
    [ -z "$backup_recipients" ] || [[ "$backup_recipients" =~ ^age1[a-z0-9]+([,\ ]+age1[a-z0-9]+)*$ ]] || misused "--backup-recipients are not age keys: $backup_recipients" "each begins with age1"
    [[ "$backup_remote" =~ ^[A-Za-z0-9_./:-]*$ ]] || misused "--backup-remote is no place for rclone: $backup_remote" "for example b2:shop-backups"
    [ "$database$instances" != sqlite2 ] || misused "two copies cannot share a SQLite file" "leave out --instances or --database"
    [ "$mode" != update ] || [ -n "$archive" ] || misused "--update needs --archive" "see --help"
    [ "$mode" != uninstall ] || [ -z "${archive}${from_source}" ] || misused "both --archive and --uninstall were given" "give one of them"
    [ -z "$delete_data" ] || [ "$mode" = uninstall ] || misused "--delete-data goes with --uninstall only" "see --help"
}

is_sha256() {
    [[ "$1" =~ ^[0-9a-f]{64}$ ]]
}

is_domain() {
    [[ "$1" =~ ^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$ ]] && [ "${#1}" -le 253 ]
}

# ---- The same as in deploy/install/common.sh, which is not here yet when this file runs alone -----------------------------

say() {
    printf '%s: %s\n' "$NAME" "$*"
}

# What failed and why, what to do.
stop() {
    printf '\n%s: STOPPED: %s\n%*s  What to do: %s\n' "$NAME" "$1" "${#NAME}" '' "$2" >&2
    exit "${3:-1}"
}

# What no part foresaw.
unexpected() {
    trap - ERR
    # What `run` was given, instead of its variable.
    # shellcheck disable=SC2016
    [ "$1" != '"$@"' ] || set -- "$doing"
    stop "this failed: $1" "see the message above it; when the cause is gone, run this again: it goes on where it stopped"
}

# The same, for wrong options.
misused() {
    stop "$1" "$2" 2
}

doing=
run() {
    doing="$*"
    if [ -n "$dry_run" ]; then
        printf '  would run: %s\n' "$*"
    else
        "$@"
    fi
}

clean_up() {
    [ -z "$work" ] || rm -rf "$work"
    # Nothing came of it, and this folder is empty.
    [ -n "$dry_run" ] || rmdir "$INSTALL_FOLDER" 2>/dev/null || true
    [ -z "${teller:-}" ] || end_telling
}

# ---- Before anything is changed -------------------------------------------------------------------------------------

check_system() {
    [ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || stop "this must run as root" "sudo $0 …"
    local ids
    ids=$(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null | tr -d '"' | tr '\n' ' ' || true)
    case " $ids " in
        *' debian '* | *' ubuntu '*) ;;
        *) stop "this is not Debian or Ubuntu (it says '$ids')" "install by hand: unpack the archive and run '$NAME serve' under your init system" ;;
    esac
    [ -d /run/systemd/system ] || [ -n "$dry_run" ] || stop "systemd does not run here" "in a container use the Dockerfile instead"
    # One at a time: two would take each other's files.
    if [ -z "$dry_run" ]; then
        exec 9>"/run/$NAME-install.lock"
        flock -n 9 || stop "another install or update runs" "wait until it has ended, then run this again"
    fi
}

build_from_source() {
    local here memory free
    here=$(cd "$(dirname "$0")" && pwd)
    [ -f "$here/Cargo.toml" ] || stop "this file is not in a checkout of the sources" "get the sources, or install with --archive"
    memory=$(awk '/^(MemTotal|SwapTotal)/ { sum += $2 } END { print int(sum / 1024) }' /proc/meminfo)
    [ "$memory" -ge "$BUILD_MEMORY_MB" ] || stop "building needs 4 GB of memory and swap; there are $memory MB" "build the archive on a larger machine with 'make dist' and install it with --archive"
    free=$(df -Pm "$here" | awk 'END { print $4 }')
    [ "$free" -ge "$BUILD_DISK_MB" ] || stop "building needs $BUILD_DISK_MB MB on the disk; $free MB are free" "build the archive on a larger machine with 'make dist' and install it with --archive"
    say "Building from $here (half an hour or more)"
    run "$here/scripts/setup.sh" build
    run "$here/scripts/dist.sh"
    archive=$(find "$here/dist" -name "$NAME-*.tar.gz" 2>/dev/null | head -n 1)
    [ -n "$archive" ] || stop "no archive was built" "see the messages above"
}

# Copies the archive to a folder of our own and checks it there, so that what was checked is what is unpacked.
fetch() {
    local here
    here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
    if [ -z "$archive" ]; then
        { [ -f "$here/VERSION" ] && [ -x "$here/$NAME" ]; } || misused "no archive was named" "give --archive FILE-OR-URL, or run install.sh inside an unpacked archive, see --help"
        # What was installed once was checked then.
        [[ "$here" == "$INSTALL_FOLDER/"* ]] || [ -z "$(known_signer)" ] || stop "an unpacked archive has no signature that could be checked" "give the archive itself with --archive"
        unpacked="$here"
        return
    fi
    # Not in /tmp: on some servers no program may run there, and the new one is tried before it is put in place.
    if [ -n "$dry_run" ]; then
        work=$(mktemp -d)
    else
        # Whatever the umask says: the service must get in.
        install -d -m 0755 "$INSTALL_FOLDER"
        work=$(mktemp -d "$INSTALL_FOLDER/.work.XXXXXX")
    fi
    case "$archive" in
        http://* | https://*)
            # Whoever sits on the way could change both the archive and the checksum beside it.
            [[ "$archive" == https://* ]] || [ -n "${sha256}$(known_signer)" ] || stop "$archive is not fetched over https" "give its checksum with --sha256, or use an https address"
            command -v curl >/dev/null || [ -n "$dry_run" ] || { apt-get -q update && apt-get -q install -y --no-install-recommends curl ca-certificates; } >/dev/null ||
                stop "curl is missing and could not be installed" "apt-get install curl, or fetch the archive yourself and give its path"
            say "Fetching $archive"
            download "$archive" archive || stop "could not fetch $archive" "check the address and the network"
            [ -n "$sha256" ] || download "$archive.sha256" sha256 || stop "could not fetch $archive.sha256" "give the checksum with --sha256"
            [ -z "$(known_signer)" ] || download "$archive.sig" sig || stop "could not fetch $archive.sig" "the archive must be signed, see --signer"
            ;;
        *)
            [ -f "$archive" ] || stop "there is no file $archive" "make it with 'make dist', or check the path"
            cp "$archive" "$work/archive" || stop "the archive cannot be copied to $work" "see the message above; 'df -h' shows whether the disk is full"
            [ -n "$sha256" ] || [ -f "$archive.sha256" ] || stop "there is no $archive.sha256" "copy it beside the archive, or give the checksum with --sha256"
            [ -n "$sha256" ] || cp "$archive.sha256" "$work/sha256"
            [ ! -f "$archive.sig" ] || cp "$archive.sig" "$work/sig"
            ;;
    esac
    local wanted found
    wanted="${sha256:-$(cut -d ' ' -f 1 "$work/sha256" | head -n 1)}"
    is_sha256 "$wanted" || stop "there is no SHA-256 checksum in $archive.sha256" "copy it again, or give the checksum with --sha256"
    found=$(sha256sum "$work/archive" | cut -d ' ' -f 1)
    [ "$wanted" = "$found" ] || stop "the archive's checksum is wrong (is $found, should be $wanted)" "fetch it again; do not install this one"
    say "The archive's checksum is right."
}

download() {
    local protocols='=http,https'
    case "$1" in https://*) protocols='=https' ;; esac
    curl --proto "$protocols" --proto-redir "$protocols" -fsSL --retry 3 --max-time 900 -o "$work/$2" "$1"
}

# The key that archives must be signed with: what was given now, else what was given once.
known_signer() {
    if [ -f "$signer" ]; then
        grep -oE '(ssh|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+' "$signer" | head -n 1
    elif [ -n "$signer" ]; then
        printf '%s\n' "$signer"
    else
        sed -n 's/^release //p' "/etc/$NAME.signers" 2>/dev/null || true
    fi
}

check_signature() {
    local key
    key=$(known_signer)
    if [ -z "$key" ] || [ ! -f "$work/archive" ]; then
        return
    fi
    [ -f "$work/sig" ] || stop "the archive has no signature, and must have one" "copy its .sig beside it; to take unsigned ones from now on delete /etc/$NAME.signers"
    command -v ssh-keygen >/dev/null || stop "ssh-keygen is missing, which checks signatures" "apt-get install openssh-client"
    printf 'release %s\n' "$key" >"$work/signers"
    ssh-keygen -Y verify -f "$work/signers" -I release -n "$NAME" -s "$work/sig" <"$work/archive" >/dev/null 2>&1 ||
        stop "the archive's signature is not by the key that was given" "do not install it; ask for the right archive or key"
    say "The archive's signature is right."
    [ -n "$dry_run" ] || cmp -s "$work/signers" "/etc/$NAME.signers" || install -m 0644 "$work/signers" "/etc/$NAME.signers"
}

unpack() {
    if [ -z "$unpacked" ]; then
        mkdir "$work/new"
        tar -xzf "$work/archive" -C "$work/new" --no-same-owner --no-same-permissions || stop "the archive cannot be unpacked" "see the message above: make or fetch it again, and see 'df -h'"
        local folders=("$work"/new/*)
        unpacked="${folders[0]}"
    fi
    if [ ! -f "$unpacked/$NAME" ] || [ ! -d "$unpacked/site" ] || [ ! -f "$unpacked/VERSION" ] || [ ! -f "$unpacked/deploy/install/common.sh" ]; then
        stop "the archive is not one of $NAME" "use the archive that 'make dist' leaves in dist/"
    fi
    version=$(cat "$unpacked/VERSION")
    [[ "$version" =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || stop "the archive has a strange version: $version" "use the archive from dist/"
    # Found out now, and not after the running version was stopped.
    "$unpacked/$NAME" --version >/dev/null || stop "the program does not run on this machine" "see the message above; an old system (glibc before 2.35) needs an archive that was built on it"
}

# ---- Removing -------------------------------------------------------------------------------------------------------

remove_all() {
    local unit databases='' port
    if [ -n "$delete_data" ] && [ -z "$yes$dry_run" ]; then
        local answer=
        [ ! -t 0 ] || read -rp "This deletes the shop's books, keys and backups for ever. Type 'delete' to go on: " answer
        [ "$answer" = delete ] || stop "nothing was deleted" "type 'delete' when asked, or give --yes"
    fi
    port=$(sed -n 's#^DATABASE_URL=postgres://[^[:space:]]*@127\.0\.0\.1:\([0-9]*\)/.*#\1#p' "/etc/$NAME.env" 2>/dev/null | tail -n 1 || true)
    if [ -n "$delete_data" ] && [ -n "$port" ]; then
        # Also those that restores have put aside. Asked before anything is deleted: without settings nobody would find them again.
        databases=$(as_superuser "$port" "SELECT datname FROM pg_database WHERE datname IN ('xl_package_manager', 'xl_restore_test') OR datname ~ '^xl_package_manager_before_[0-9a-z]+$'") ||
            stop "PostgreSQL does not answer on port $port, so nothing was deleted" "systemctl start postgresql, then run this again"
    fi
    say "Stopping and removing the service"
    for unit in "/etc/systemd/system/$NAME"*; do
        [ ! -f "$unit" ] || [[ "$unit" == *@.service ]] || run systemctl disable --now --quiet "${unit##*/}"
    done
    run systemctl stop "$NAME@*.service"
    run rm -rf "/etc/systemd/system/$NAME"*
    run systemctl daemon-reload
    run rm -rf "$INSTALL_FOLDER" /usr/local/bin/xlpm "/etc/apt/apt.conf.d/52$NAME" "/etc/letsencrypt/renewal-hooks/deploy/$NAME"
    run rm -rf "/etc/nginx/sites-enabled/$NAME.conf" "/etc/nginx/sites-available/$NAME.conf" "/var/lib/$NAME-acme"
    # What the owner added comes back with the shop.
    [ ! -d "/etc/nginx/$NAME" ] || run find "/etc/nginx/$NAME" -mindepth 1 ! -name local.conf -delete
    if systemctl is-active --quiet nginx; then
        run systemctl reload nginx
    fi
    if [ -n "$delete_data" ]; then
        say "Deleting the data"
        if [ -n "$port" ]; then
            for unit in $databases; do
                run as_superuser "$port" "DROP DATABASE IF EXISTS $unit WITH (FORCE)" || say "the database $unit could not be deleted (see above)"
            done
            run as_superuser "$port" 'DROP ROLE IF EXISTS xl_package_manager' || say "the role xl_package_manager could not be deleted (see above)"
        fi
        # Else certbot would try for ever to renew what nobody needs.
        unit=$(sed -n 's#^PUBLIC_URL=https://\([^:/]*\).*#\1#p' "/etc/$NAME.env" 2>/dev/null | tail -n 1 || true)
        if [ -n "$unit" ] && [ -d "/etc/letsencrypt/live/$unit" ]; then
            run certbot delete --non-interactive --cert-name "$unit" >/dev/null 2>&1 || say "the certificate of $unit could not be deleted"
        fi
        run rm -f "/var/log/$NAME"-*.log "/var/lib/systemd/timers/stamp-$NAME"* /etc/postgresql/*/main/conf.d/"$NAME.conf"
        run rm -rf "/var/lib/$NAME" "/var/backups/$NAME" "/etc/$NAME.env" "/etc/$NAME".*.env "/etc/$NAME.signers" "/etc/nginx/$NAME"
        ! getent passwd "$NAME" >/dev/null || run userdel "$NAME"
        say "Everything of the shop is gone. nginx, PostgreSQL, certbot and the firewall stay."
    else
        say "Removed. Kept: the database, /var/lib/$NAME, /var/backups/$NAME, /etc/$NAME.env, your additions to nginx, the certificate and the user $NAME."
        say "install.sh --archive brings the shop back with all of it; --uninstall --delete-data deletes it."
    fi
}

# as_superuser PORT SQL
as_superuser() {
    (cd / && runuser -u postgres -- psql -qXtA -v ON_ERROR_STOP=1 -p "$1" -c "$2")
}

main "$@"
