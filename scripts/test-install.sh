#!/usr/bin/env bash
# Tries the installer on a throw-away Debian server, from nothing to updates, backups and removal, and prints what it saw.
#
#     scripts/test-install.sh [ARCHIVE]        the archive that `make dist` leaves in dist/ is taken
#
# As root, on Debian with debootstrap, systemd-nspawn, slirp4netns and pebble (they are installed when missing). Everything
# happens in a container with a network of its own. KEEP=1 keeps its folder for a look;
# SUITE=trixie takes another Debian.
set -euo pipefail
cd "$(dirname "$0")/.."

archive="${1:-$(find dist -name 'xl-package-manager-*.tar.gz' 2>/dev/null | head -n 1)}"
[ -f "$archive" ] || {
    echo "test-install: there is no archive. Make one with 'make dist', or name it." >&2
    exit 2
}
[ "$(id -u)" = 0 ] || {
    echo "test-install: only root can boot a server" >&2
    exit 2
}
suite="${SUITE:-bookworm}"
archive=$(readlink -f "$archive")
cache="${XDG_CACHE_HOME:-$HOME/.cache}/xl-package-manager/test-install"
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-test-install.XXXXXX")
parts=scripts/test-install
# shellcheck source=scripts/test-install/base.sh
. "$parts/base.sh"
# shellcheck source=scripts/test-install/machine.sh
. "$parts/machine.sh"
# shellcheck source=scripts/test-install/see.sh
. "$parts/see.sh"
# shellcheck source=scripts/test-install/first.sh
. "$parts/first.sh"
# shellcheck source=scripts/test-install/later.sh
. "$parts/later.sh"
# shellcheck source=scripts/test-install/buyers.sh
. "$parts/buyers.sh"

main() {
    local missing=() program
    for program in debootstrap systemd-nspawn slirp4netns pebble; do
        command -v "$program" >/dev/null || missing+=("${program/systemd-nspawn/systemd-container}")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        apt-get -q update >/dev/null
        apt-get -q install -y --no-install-recommends "${missing[@]}" >/dev/null
    fi
    mkdir -p "$cache"
    make_base "$cache/$suite" "$suite"
    root="$work/root"
    cp -a "$cache/$suite" "$root"
    printf '127.0.0.1 localhost\n::1 localhost\n%s acme.test %s\n' "$VISITOR_IP" "$DOMAIN" >"$root/etc/hosts"
    trap end_all EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    make_networks
    start_authority
    make_archives
    boot

    bad_input
    from_nothing
    over_https
    second_run
    first_admin
    members_buy
    after_reboot
    updates
    count_purchases
    keys
    backups
    removal
    summary
}

# What is tried: the release, a newer version of the same program, and three that are broken.
make_archives() {
    local home="$root/root" kind
    local box="$home/archives"
    mkdir -p "$box"
    cp "$archive" "$archive.sha256" "$box/"
    version=$(tar -xzOf "$archive" --wildcards '*/VERSION')
    for kind in good exits hangs bad-migration; do
        "$parts/repack.sh" "$archive" "9.$kind" "$box" "$kind" >/dev/null
    done
    tar -xzOf "$archive" --wildcards '*/install.sh' >"$home/install.sh"
    chmod 755 "$home/install.sh"
    cp "$work/ca/ca.pem" "$home/authority.pem"
    release="archives/${archive##*/}"
}

main
