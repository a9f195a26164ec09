#!/usr/bin/env bash
# Builds the images and runs the shop in containers, from nothing to updates, backups and a restore, and prints what it saw.
#
#     scripts/test-containers.sh [ARCHIVE]     the archive that `make dist` leaves in dist/ is taken
#     ENGINE_SUITE=trixie scripts/test-containers.sh  with the engine and Compose of that Debian release instead of this machine's
#     FROM_SOURCE=1 scripts/test-containers.sh builds the Dockerfile from the sources, too (half an hour the first time)
#
# As root, on Debian. A container engine of its own runs in a network of its own; its images are kept for the next run.
# KEEP=1 keeps the folder of the run for a look.
set -euo pipefail
cd "$(dirname "$0")/.."

archive="${1:-$(find dist -name 'xl-package-manager-*.tar.gz' 2>/dev/null | head -n 1)}"
[ -f "$archive" ] || {
    echo "test-containers: there is no archive. Make one with 'make dist', or name it." >&2
    exit 2
}
[ "$(id -u)" = 0 ] || {
    echo "test-containers: only root can run a container engine" >&2
    exit 2
}
archive=$(readlink -f "$archive")
cache="${XDG_CACHE_HOME:-$HOME/.cache}/xl-package-manager/test-install"
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-test-containers.XXXXXX")
parts=scripts/test-containers
# shellcheck source=scripts/test-install/machine.sh
. scripts/test-install/machine.sh
# shellcheck source=scripts/test-install/visitor.sh
. scripts/test-install/visitor.sh
# Caddy holds a request while the shop is made anew.
knock_within=20
# shellcheck source=scripts/test-install/see.sh
. scripts/test-install/see.sh
# shellcheck source=scripts/test-containers/engine.sh
. "$parts/engine.sh"
# shellcheck source=scripts/test-containers/images.sh
. "$parts/images.sh"
# shellcheck source=scripts/test-containers/shop.sh
. "$parts/shop.sh"
# shellcheck source=scripts/test-containers/later.sh
. "$parts/later.sh"

main() {
    local missing=() program
    for program in debootstrap slirp4netns pebble dockerd docker-compose; do
        command -v "$program" >/dev/null || missing+=("${program/#dockerd/docker.io}")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        apt-get -q update >/dev/null
        apt-get -q install -y --no-install-recommends "${missing[@]}" >/dev/null
    fi
    mkdir -p "$cache"
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    tell_if_other
    make_networks
    start_authority
    start_engine
    get_images
    forget_runs
    unpack_releases

    if [ -n "${FROM_SOURCE:-}" ]; then
        from_source
    fi
    images
    demo
    bad_input
    from_nothing
    over_https
    hardened
    main_job
    after_a_restart
    updates
    backups
    by_hand
    containers_summary
}

finish() {
    forget_runs >/dev/null 2>&1 || true
    stop_engine
    rm -rf "/etc/netns/$visitor_net"
    end_all
}

# The release as its owner would unpack it, a newer one, and two that are broken.
unpack_releases() {
    local kind made
    version=$(tar -xzOf "$archive" --wildcards '*/VERSION')
    mkdir -p "$work/releases"
    tar -xzf "$archive" -C "$work/releases"
    mv "$work/releases/xl-package-manager-$version" "$work/releases/first"
    for kind in good exits bad-migration; do
        made=$(scripts/test-install/repack.sh "$archive" "9.$kind" "$work/releases" "$kind")
        tar -xzf "$made" -C "$work/releases"
        mv "$work/releases/xl-package-manager-9.$kind" "$work/releases/$kind"
    done
}

containers_summary() {
    printf '\nSeen with %s and %s, in %d s:\n' "$(docker version --format 'engine {{.Server.Version}}')" "$(docker-compose version --short 2>/dev/null || docker compose version --short)" "$((SECONDS - began))"
    printf '%s\n' "${seen[@]}"
    printf '%d passed, %d failed\n' "$(printf '%s\n' "${seen[@]}" | grep -c '^  ok')" "$failures"
    [ "$failures" = 0 ]
}

main
