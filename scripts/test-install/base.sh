# The bare system that a hosting provider would hand over, made once for each release and kept. To be sourced.
# shellcheck shell=bash

# make_base FOLDER SUITE: half a minute the first time, a minute for Ubuntu.
make_base() {
    local base="$1" suite="$2" like_provider=(systemd systemd-sysv dbus iproute2 procps sudo openssh-server)
    if [ -e "$base/.complete" ]; then
        return
    fi
    echo "Making the bare system in $base"
    rm -rf "$base"
    mkdir -p "$base" "$base.packages"
    case "$suite" in
        jammy | noble)
            make_ubuntu "$base" "$suite"
            # It comes with Ubuntu's servers, and asks in the middle of an installation which services to restart.
            like_provider+=(needrestart)
            ;;
        *) make_debian "$base" "$suite" ;;
    esac
    # How this machine reaches its mirror.
    find /etc/apt/apt.conf.d -name '9*' -exec cp {} "$base/etc/apt/apt.conf.d/" \;
    cp -L /etc/resolv.conf "$base/etc/resolv.conf"
    in_base "$base" apt-get -q update
    in_base "$base" apt-get -q install -y --no-install-recommends "${like_provider[@]}"
    # Ubuntu makes a link of it, to a file that is not there yet when the server boots.
    rm -f "$base/etc/resolv.conf"
    cp -L /etc/resolv.conf "$base/etc/resolv.conf"
    touch "$base/.complete"
}

in_base() {
    local base="$1"
    shift
    chroot "$base" env DEBIAN_FRONTEND=noninteractive "$@" >>"$base.log" 2>&1 || {
        echo "test-install: '$*' failed in $base; the end of $base.log:" >&2
        tail -n 15 "$base.log" >&2
        return 1
    }
}

# bootstrap FOLDER SUITE MIRROR SCRIPT [OPTIONS of debootstrap]
bootstrap() {
    local base="$1" suite="$2" mirror="$3" script="/usr/share/debootstrap/scripts/$4"
    shift 4
    debootstrap --variant=minbase --cache-dir="$base.packages" "$@" "$suite" "$base" "$mirror" "$script" >"$base.log" 2>&1 || {
        echo "test-install: $suite could not be fetched from $mirror; the end of $base.log:" >&2
        tail -n 15 "$base.log" >&2
        return 1
    }
    rm -f "$base/etc/apt/sources.list"
}

# Where this machine gets its own packages from.
debian_mirror() {
    sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1 | grep . || echo http://deb.debian.org/debian
}

make_debian() {
    local base="$1" suite="$2"
    bootstrap "$base" "$suite" "$(debian_mirror)" sid --include=ca-certificates,debian-archive-keyring
    # The same mirror as this machine's, for the wanted release.
    sed "/^Suites:/s/$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)/$suite/g" /etc/apt/sources.list.d/debian.sources >"$base/etc/apt/sources.list.d/debian.sources"
}

UBUNTU_KEYRING=pool/main/u/ubuntu-keyring/ubuntu-keyring_2021.03.26_all.deb
UBUNTU_KEYRING_SHA256=0d0e7ed6b112f5d03eabf3c7eb01ebdacf9c57714b279e90495cfc58c8c4520f

# UBUNTU_MIRROR, else the one beside Debian's where there is one, else Ubuntu's own.
ubuntu_mirror() {
    local suite="$1" beside
    beside=$(debian_mirror)
    beside="${beside%/}"
    for beside in "${UBUNTU_MIRROR:-}" "${beside%/debian}/ubuntu"; do
        if [ -n "$beside" ] && curl -fsIo /dev/null --max-time 20 "$beside/dists/$suite/InRelease"; then
            echo "$beside"
            return
        fi
    done
    echo http://archive.ubuntu.com/ubuntu
}

make_ubuntu() {
    local base="$1" suite="$2" mirror keys=/usr/share/keyrings/ubuntu-archive-keyring.gpg
    mirror=$(ubuntu_mirror "$suite" 2>/dev/null)
    # Not every Debian has the package with Ubuntu's keys, so Ubuntu's own is taken; its checksum stands here.
    if [ ! -f "$keys" ]; then
        curl -fsS --max-time 60 -o "$base.keyring.deb" "$mirror/$UBUNTU_KEYRING"
        echo "$UBUNTU_KEYRING_SHA256  $base.keyring.deb" | sha256sum -c --quiet
        rm -rf "$base.keyring"
        dpkg-deb -x "$base.keyring.deb" "$base.keyring"
        keys="$base.keyring$keys"
    fi
    # The recipe of all newer ones; an older debootstrap does not know their names.
    bootstrap "$base" "$suite" "$mirror" gutsy --keyring="$keys" --include=ca-certificates,ubuntu-keyring --components=main,universe
    cat >"$base/etc/apt/sources.list.d/ubuntu.sources" <<TEXT
Types: deb
URIs: $mirror
Suites: $suite $suite-updates $suite-security
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
TEXT
}
