#!/usr/bin/env bash
# Runs XL Package Manager in containers on a Linux server. To be started in an unpacked release archive. See --help, and
# docs/containers.md for what it does by hand.
set -euo pipefail

NAME=xl-package-manager
# What a release consists of. It lies beside the owner's settings, and the one before in previous/.
RELEASE=(xl-package-manager site hash.txt VERSION install.sh docker-install.sh Dockerfile .dockerignore compose.yaml deploy README.md docs)
HEALTH_TIMEOUT_SECONDS=120
DATABASE=xl_package_manager

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
folder="${XLPM_FOLDER:-/srv/$NAME}"
domain="${XLPM_DOMAIN:-}"
acme_server="${XLPM_ACME_SERVER:-}"
recipients="${XLPM_BACKUP_RECIPIENTS:-}"
mode=install
no_backup=
data_file=
keys_file=
identity_file=

usage() {
    cat <<'TEXT'
Runs XL Package Manager in containers (Docker with Compose): PostgreSQL, the shop, Caddy with TLS, backups.

  tar -xzf xl-package-manager-0.1.0-x86_64-linux.tar.gz && cd xl-package-manager-0.1.0
  sudo ./docker-install.sh --domain toko.example           install, or repair what is installed
  sudo ./docker-install.sh                                 in a newer archive: update
  sudo ./docker-install.sh --rollback                      the version that ran before; the data stays
  sudo ./docker-install.sh --restore DATA_FILE --keys KEYS_FILE --identity FILE
                                                           put a backup in the place of the data, which is kept aside

  --domain NAME             the name that people type                                        XLPM_DOMAIN
  --folder FOLDER           where settings and secrets are (default /srv/xl-package-manager) XLPM_FOLDER
  --backup-recipients KEYS  the owner's age keys (age1…, with commas); without, one is made  XLPM_BACKUP_RECIPIENTS
  --acme-server URL         another certificate authority than Let's Encrypt                 XLPM_ACME_SERVER
  --no-backup               update without a backup before it
  --help                    this text

Ends with 0 when all is well, 2 when the options are wrong, and 1 for everything else that stops it.
TEXT
}

main() {
    options "$@"
    [ "$(id -u)" = 0 ] || stop "this must run as root" "sudo $0 …"
    find_compose
    lock
    [ -f "$here/deploy/containers/versions.sh" ] || refuse_no_release
    # shellcheck source=deploy/install/terminal.sh
    . "$here/deploy/install/terminal.sh"
    trap end_telling EXIT
    # shellcheck source=deploy/containers/versions.sh
    . "$here/deploy/containers/versions.sh"
    finish_what_was_cut_off
    case "$mode" in
        install) install_all ;;
        rollback) roll_back ;;
        restore)
            # shellcheck source=deploy/containers/restore.sh
            . "$here/deploy/containers/restore.sh"
            restore
            ;;
    esac
}

options() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --domain | --folder | --acme-server | --backup-recipients | --restore | --keys | --identity)
                { [[ "${2:-}" != '' && "$2" != -* ]]; } || stop "$1 needs a value" "see --help" 2
                case "$1" in
                    --domain) domain="${2,,}" ;;
                    --folder) folder="$2" ;;
                    --acme-server) acme_server="$2" ;;
                    --backup-recipients) recipients="$2" ;;
                    --restore) mode=restore data_file="$2" ;;
                    --keys) keys_file="$2" ;;
                    --identity) identity_file="$2" ;;
                esac
                shift
                ;;
            --rollback) mode=rollback ;;
            --no-backup) no_backup=1 ;;
            -h | --help)
                usage
                exit
                ;;
            *) stop "unknown option '$1'" "see --help" 2 ;;
        esac
        shift
    done
    # It is written into a file that others read, so nothing but a name may be in it.
    [ -z "$domain" ] || [ "$domain" = localhost ] || [[ "$domain" =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$ ]] ||
        stop "--domain is not a domain name: $domain" "for example --domain toko.example (no https://, no path)" 2
    [ -z "$acme_server" ] || [[ "$acme_server" =~ ^https://[^[:space:]\'\"\$]+$ ]] || stop "--acme-server is not an https address: $acme_server" "leave it out for Let's Encrypt" 2
    [ -z "$recipients" ] || [[ "$recipients" =~ ^age1[a-z0-9]+(,age1[a-z0-9]+)*$ ]] || stop "--backup-recipients are not age keys: $recipients" "each begins with age1, with a comma between two" 2
    [ "$mode" != restore ] || { [ -f "$data_file" ] && [ -f "$keys_file" ] && [ -f "$identity_file" ]; } ||
        stop "a restore needs three files: the data, --keys and --identity" "see --help" 2
}

say() {
    printf '%s: %s\n' "$NAME" "$*"
}

# What failed and why, what to do.
stop() {
    printf '\n%s: STOPPED: %s\n%*s  What to do: %s\n' "$NAME" "$1" "${#NAME}" '' "$2" >&2
    exit "${3:-1}"
}

# One at a time.
lock() {
    exec 9>"/run/$NAME-docker-install.lock"
    flock -n 9 || stop "another docker-install.sh runs" "wait until it has ended, then run this again"
}

# ---- Docker ----------------------------------------------------------------------------------------------------------

compose_command=()

find_compose() {
    docker version >/dev/null 2>&1 || stop "Docker does not answer" "on Debian and Ubuntu: apt-get install docker.io docker-compose; then 'systemctl start docker'"
    if docker compose version >/dev/null 2>&1; then
        compose_command=(docker compose)
    elif docker-compose version >/dev/null 2>&1; then
        compose_command=(docker-compose)
    else
        stop "Compose is missing" "on Debian: apt-get install docker-compose; on Ubuntu: apt-get install docker-compose-v2"
    fi
    # Older engines build the Dockerfile's unused parts too without it.
    export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1
}

compose() {
    (cd "$folder" && "${compose_command[@]}" "$@" </dev/null)
}

# Also one that has stopped.
container() {
    { compose ps -aq "$1" || compose ps -q "$1"; } 2>/dev/null | head -n 1
}

health_of() {
    docker inspect --format '{{.State.Health.Status}}' "$(container "$1")" 2>/dev/null || true
}

wait_for_health() {
    local deadline=$((SECONDS + HEALTH_TIMEOUT_SECONDS)) health
    while [ "$SECONDS" -lt "$deadline" ]; do
        health=$(health_of app)
        [ "$health" != healthy ] || return 0
        [ "$health" != unhealthy ] || break
        # One that ends again and again does not get better.
        [ "$(docker inspect --format '{{.RestartCount}}' "$(container app)" 2>/dev/null || echo 0)" -lt 5 ] || break
        sleep 1
    done
    compose logs --tail 20 app >&2 || true
    return 1
}

# ---- Settings --------------------------------------------------------------------------------------------------------

setting() {
    sed -n "s/^$1=//p" "$folder/.env" 2>/dev/null | tail -n 1 || true
}

set_setting() {
    [ "$(setting "$1")" != "$2" ] || return 0
    local text
    text=$(grep -v "^$1=" "$folder/.env" 2>/dev/null || true)
    printf '%s\n' "$text" "$1=$2" | sed '/^$/d' >"$folder/.env.new"
    put_settings
}

# In place, because the backup container sees this very file. One that was cut off while it was written is whole again the next time.
put_settings() {
    cat "$folder/.env.new" >"$folder/.env"
    chmod 0644 "$folder/.env"
    rm "$folder/.env.new"
}

make_settings() {
    [ -n "$domain" ] || domain=$(setting DOMAIN)
    [ -n "$domain" ] || stop "no domain was named" "give --domain NAME, or --domain localhost to try it on this machine" 2
    install -d -m 0755 "$folder"
    # Whoever may look into this folder reads the password; the containers get the file itself.
    install -d -m 0700 "$folder/secrets"
    if [ ! -s "$folder/secrets/database_password" ]; then
        (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/secrets/database_password")
        chmod 0444 "$folder/secrets/database_password"
    fi
    set_setting COMPOSE_PROJECT_NAME "$NAME"
    set_setting COMPOSE_PROFILES production
    set_setting PROGRAM archive
    set_setting DOMAIN "$domain"
    [ -z "$acme_server" ] || set_setting ACME_SERVER "$acme_server"
    [ -z "$recipients" ] || set_setting BACKUP_RECIPIENTS "$recipients"
}

# ---- Releases --------------------------------------------------------------------------------------------------------

version_now() {
    cat "$folder/VERSION" 2>/dev/null || true
}

copy_release() {
    local file
    for file in "${RELEASE[@]}"; do
        rm -rf "${folder:?}/$file"
        cp -R "$here/$file" "$folder/$file"
        # Whatever the umask of who unpacked it: other users read these in their containers.
        chmod -R u=rwX,go=rX "$folder/$file"
    done
}

# What Compose has to know of the release that lies in the folder.
name_release() {
    set_setting VERSION "$(version_now)"
    set_setting PROXY_FILES "$(cat "$folder/deploy/containers/Caddyfile" "$folder"/deploy/nginx/resting*.html | sha256sum | cut -c 1-16)"
}

images_in_use=

# build: with the newest base images and their security updates, where the registry can be reached.
build() {
    name_release
    images_in_use=$(compose ps -q 2>/dev/null | xargs -r docker inspect --format '{{.Image}}' | sort -u || true)
    compose pull -q proxy database >/dev/null 2>&1 || say "The registry cannot be reached for newer images of Caddy and PostgreSQL; those that are here are taken."
    compose build -q --pull >/dev/null 2>&1 || compose build -q
}

# For a version that was here before: its images are there as a rule, and what made an update fail, such as a full disk, could
# make a build fail, too.
build_again() {
    name_release
    docker image inspect "$NAME:$(version_now)" "$NAME-backup:$(version_now)" >/dev/null 2>&1 || build
}

# Newer images of the same names have taken the place of these; else a disk fills up in a year.
forget_replaced_images() {
    local image
    for image in $images_in_use; do
        [ -n "$(docker image inspect --format '{{join .RepoTags " "}}' "$image" 2>/dev/null)" ] || docker image rm "$image" >/dev/null 2>&1 || true
    done
}

# Brings everything up with what lies in the folder, and waits until the shop is well.
start() {
    compose up -d --remove-orphans database || return 1
    wait_for_database && make_database && compose up -d --remove-orphans && wait_for_health
}

wait_for_database() {
    local deadline=$((SECONDS + HEALTH_TIMEOUT_SECONDS))
    while [ "$SECONDS" -lt "$deadline" ]; do
        [ "$(health_of database)" != healthy ] || return 0
        sleep 1
    done
    compose logs --tail 20 database >&2 || true
    return 1
}

# The password may be newer than the volume.
make_database() {
    compose exec -T database /docker-entrypoint-initdb.d/database.sh
}

# ---- What it can do --------------------------------------------------------------------------------------------------

install_all() {
    local version before
    { [ -f "$here/VERSION" ] && [ -x "$here/$NAME" ]; } || refuse_no_release
    version=$(cat "$here/VERSION")
    before=$(version_now)
    make_settings
    if [ "$here" = "$folder" ]; then
        say "Repairing version $version"
    elif [ -n "$before" ] && [ "$before" != "$version" ] && [ -n "$(container app)" ]; then
        update "$before" "$version"
        return
    else
        copy_release
    fi
    say "Building the images of version $version"
    build || stop "the images could not be built" "see the message above; the network must reach Docker Hub and Debian's packages"
    make_backup_key
    say "Starting"
    start || stop "the shop does not become healthy, the last messages are above" "a port that is taken: 'ss -ltnp'; a network that is taken: another FRONT_NETWORK in $folder/.env; correct it, then run this again"
    forget_replaced_images
    report
}

refuse_no_release() {
    stop "this is not an unpacked release archive" "make one with 'make dist' and run dist/docker-install.sh"
}

# Without the owner's key there is no backup. Who has brought none gets one, which this server does not keep.
make_backup_key() {
    [ -z "$(setting BACKUP_RECIPIENTS)" ] || return 0
    local text file="$folder/owner-key.txt"
    text=$(docker run --rm --network none --entrypoint "$NAME" "$NAME-backup:$(setting VERSION)" backup --new-identity 2>/dev/null) ||
        stop "no key for backups could be made" "make one with age-keygen and give its public half with --backup-recipients"
    # An older one that nobody has taken away yet may open older backups.
    [ ! -e "$file" ] || file="${file%.txt}-$(date -u +%Y%m%dT%H%M%SZ).txt"
    # First of all it is kept: no backup is ever made for a key that nobody has.
    (umask 077 && printf '%s\n' "$text" >"$file")
    set_setting BACKUP_RECIPIENTS "$(grep -oE 'age1[a-z0-9]+' <<<"$text" | head -n 1)"
    if [ -t 1 ]; then
        printf '\n%s\n\n' "$text"
        rm "$file"
        say "NOTE: the lines above open the backups, and nothing else does once this server is lost. Keep them elsewhere, now: they are shown once and kept nowhere."
    else
        say "NOTE: $file opens the backups, and nothing else does once this server is lost. Take it off this server, then delete it here."
    fi
}

report() {
    local link
    echo
    say "Version $(version_now): https://$(setting DOMAIN)"
    say "  Health: $(health_of app)"
    link=$(compose logs --tail 200 app 2>/dev/null | grep -oE 'https?://[^[:space:]"]+/setup\?[^[:space:]"]*' | tail -n 1 || true)
    [ -z "$link" ] || say "  If there is no admin yet, make the first one here (works once, within a day): $link"
    say "  Settings: $folder/.env   Commands: cd $folder, then docker compose ps, logs -f app, exec app $NAME --help"
}

main "$@"
