# A container engine of the test's own, in a network of its own, and stand-ins for the images of others where none can be
# pulled: the same Debian releases, with the same programs from Debian's packages. To be sourced after machine.sh.
# shellcheck shell=bash disable=SC2154  # Names from machine.sh and test-containers.sh.

engine_pid=

# The engine and Compose of another Debian release than this machine's: its packages, unpacked. The rest (runc, iptables) is
# this machine's.
get_engine_of() {
    local suite="$1" root="$cache/engine-programs-$1" apt="$work/apt" options package
    if [ ! -f "$root/.complete" ]; then
        rm -rf "$root"
        mkdir -p "$root" "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
        printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$(debian_mirror)" "$suite" >"$apt/sources.list"
        options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
        apt-get "${options[@]}" update
        (cd "$apt/packages" && apt-get "${options[@]}" download containerd docker-buildx docker-cli docker-compose docker.io)
        for package in "$apt/packages"/*.deb; do
            dpkg-deb -x "$package" "$root"
        done
        touch "$root/.complete"
    fi
    export PATH="$root/usr/sbin:$root/usr/bin:$PATH" DOCKER_CONFIG="$work/docker-config"
    mkdir -p "$DOCKER_CONFIG"
    ln -sfn "$root/usr/libexec/docker/cli-plugins" "$DOCKER_CONFIG/cli-plugins"
}

# Its images are kept between runs, as they would be on a server.
start_engine() {
    local folder="${ENGINE_FOLDER:-$cache/engine${ENGINE_SUITE:+-$ENGINE_SUITE}}" run="$work/engine" tries
    mkdir -p "$folder" "$run"
    # Debian's client, which fits Debian's engine; another one may be first in PATH.
    export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH"
    [ -z "${ENGINE_SUITE:-}" ] || get_engine_of "$ENGINE_SUITE"
    export DOCKER_HOST="unix://$run/docker.sock"
    # Not with `ip netns exec`, whose /sys has no control groups.
    nsenter --net="/run/netns/$server_net" setsid dockerd --data-root="$folder" --exec-root="$run/exec" -H "$DOCKER_HOST" --pidfile="$run/dockerd.pid" \
        --exec-opt native.cgroupdriver=cgroupfs </dev/null >"$work/engine.log" 2>&1 &
    engine_pid=$!
    for ((tries = 0; tries < 150; tries++)); do
        ! docker version >/dev/null 2>&1 || return 0
        kill -0 "$engine_pid" 2>/dev/null || break
        sleep 0.2
    done
    echo "The container engine does not start. Its last words:" >&2
    tail -n 20 "$work/engine.log" >&2
    return 1
}

stop_engine() {
    [ -n "$engine_pid" ] || return 0
    kill "$engine_pid" 2>/dev/null || true
    wait_for_end "$engine_pid" || kill -9 "$engine_pid" 2>/dev/null || true
    # It leaves its own network mounted.
    umount -l "$work/engine/exec/netns/default" 2>/dev/null || true
}

# The images that the Dockerfile and compose.yaml name. With a network that reaches the registry they are the real ones.
get_images() {
    if [ -z "${STAND_INS:-}" ] && docker pull -q debian:trixie-slim >/dev/null 2>&1; then
        echo "Images come from the registry."
        return
    fi
    echo "The registry cannot be reached: stand-ins of the same names are made from Debian's packages."
    debian_image bookworm
    debian_image trixie
    stand_in postgres:17-trixie
    stand_in caddy:2
}

# The bare system of the installer's test, with this machine's certificates: a build reaches its mirrors as this machine does.
debian_image() {
    local suite="$1" name="debian:$1-slim"
    ! docker image inspect "$name" >/dev/null 2>&1 || return 0
    make_base "$cache/$suite" "$suite"
    rm -rf "$work/image"
    cp -a "$cache/$suite" "$work/image"
    cp /etc/ssl/certs/ca-certificates.crt "$work/image/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$work/image"/var/lib/apt/lists/*
    tar -C "$work/image" --exclude='./proc/*' --exclude='./sys/*' --exclude='./.complete' -c . |
        docker import --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$name" >/dev/null
    rm -rf "$work/image"
}

stand_in() {
    docker image inspect "$1" >/dev/null 2>&1 ||
        docker build -q -t "$1" "scripts/test-containers/stand-ins/${1%%:*}" >/dev/null
}
