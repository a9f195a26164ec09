#!/usr/bin/env bash
# Tries the installer on a throw-away server, from nothing to updates, backups and removal, then docs/install-by-hand.md, and
# prints what it saw.
#
#     scripts/test-install.sh [ARCHIVE]        the archive that `make dist` leaves in dist/ is taken
#
# As root, on Debian with debootstrap, systemd-nspawn, slirp4netns and pebble (they are installed when missing). Everything
# happens in a container with a network of its own. SUITE is bookworm (without it), trixie, jammy or noble; PART=installer
# or PART=by-hand does one of the two; KEEP=1 keeps its folder for a look.
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
part="${PART:-all}"
[[ "$part" =~ ^(all|installer|by-hand)$ ]] || {
    echo "test-install: PART is neither all, installer nor by-hand" >&2
    exit 2
}
archive=$(readlink -f "$archive")
cache="${XDG_CACHE_HOME:-$HOME/.cache}/xl-package-manager/test-install"
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-test-install.XXXXXX")
parts=scripts/test-install
# shellcheck source=scripts/test-install/machine.sh
. "$parts/machine.sh"
# shellcheck source=scripts/test-install/visitor.sh
. "$parts/visitor.sh"
# shellcheck source=scripts/test-install/see.sh
. "$parts/see.sh"
# shellcheck source=scripts/test-install/first.sh
. "$parts/first.sh"
# shellcheck source=scripts/test-install/later.sh
. "$parts/later.sh"
# shellcheck source=scripts/test-install/by-hand.sh
. "$parts/by-hand.sh"
# shellcheck source=scripts/test-install/questions.sh
. "$parts/questions.sh"
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
    trap end_all EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    tell_if_other
    make_networks
    start_authority
    make_archives
    [ "$part" = by-hand ] || by_installer
    [ "$part" = installer ] || {
        by_hand postgres
        by_hand sqlite
    }
    summary
}

by_installer() {
    new_server installer
    bad_input
    questions
    swap_and_memory
    from_nothing
    over_https
    second_run
    resting
    first_admin
    members_buy
    after_reboot
    updates
    count_purchases
    keys
    backups
    removal
    questions_answered
}

# new_server NAME: a fresh one, on which root has the archives.
new_server() {
    shut_down
    root="$work/$1"
    cp -a "$cache/$suite" "$root"
    printf '127.0.0.1 localhost\n::1 localhost\n%s acme.test %s\n' "$VISITOR_IP" "$DOMAIN" >"$root/etc/hosts"
    cp -a "$work/home/." "$root/root/"
    boot
}

domain_leads_here() {
    sed -i "s/^$VISITOR_IP .*/$VISITOR_IP acme.test\n$SERVER_IP $DOMAIN/" "$root/etc/hosts"
}

# What is tried: the release, newer versions of the same program, and three that are broken.
make_archives() {
    local home="$work/home" kind newer=xl-package-manager-0.2.0
    local box="$home/archives"
    mkdir -p "$box"
    cp "$archive" "$archive.sha256" "$box/"
    version=$(tar -xzOf "$archive" --wildcards '*/VERSION')
    for kind in good exits hangs bad-migration; do
        "$parts/repack.sh" "$archive" "9.$kind" "$box" "$kind" >/dev/null
    done
    # For the text, by the name that an archive has.
    "$parts/repack.sh" "$archive" 0.2.0 "$box" good >/dev/null
    mv "$box/$newer-good.tar.gz" "$box/$newer-x86_64-linux.tar.gz"
    rm "$box/$newer-good.tar.gz.sha256"
    (cd "$box" && sha256sum "$newer-x86_64-linux.tar.gz" >"$newer-x86_64-linux.tar.gz.sha256")
    tar -xzOf "$archive" --wildcards '*/install.sh' >"$home/install.sh"
    chmod 755 "$home/install.sh"
    cp "$work/ca/ca.pem" "$home/authority.pem"
    release="archives/${archive##*/}"
}

main
