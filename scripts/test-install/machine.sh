# A throw-away Debian server for tests: booted with systemd-nspawn in a network of its own, so that neither its firewall nor
# its services ever touch this machine. A second network beside it plays the internet: visitors, and an authority for
# certificates. To be sourced.
# shellcheck shell=bash disable=SC2154  # Whoever sources it says where its `work` folder is.

# shellcheck source=scripts/test-install/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

DOMAIN=toko.test
SERVER_IP=198.51.100.10
VISITOR_IP=198.51.100.1
server_net="xlserver$$"
visitor_net="xlvisitor$$"
root=
boot_pid=
started_pids=()

# The two networks: the server reaches the mirror by its own way out, and the visitor by a cable between the two.
make_networks() {
    ip netns add "$server_net"
    ip netns add "$visitor_net"
    ip -n "$server_net" link set lo up
    ip -n "$visitor_net" link set lo up
    ip -n "$server_net" link add shop0 type veth peer name visitor0 netns "$visitor_net"
    ip -n "$server_net" addr add "$SERVER_IP/24" dev shop0
    ip -n "$visitor_net" addr add "$VISITOR_IP/24" dev visitor0
    ip -n "$server_net" link set shop0 up
    ip -n "$visitor_net" link set visitor0 up
    setsid slirp4netns --configure --mtu=1500 --disable-host-loopback --netns-type=path "/run/netns/$server_net" tap0 </dev/null >"$work/slirp.log" 2>&1 &
    started_pids+=($!)
}

# Control groups of its own, so that the services of two servers that are tried at the same time do not meet in one.
enter_cgroup() {
    local tree
    for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
        if [ -e "$tree/cgroup.procs" ] && mkdir -p "$tree/xl-test-$$"; then
            echo "$BASHPID" >"$tree/xl-test-$$/cgroup.procs"
        fi
    done
}

# boot: until systemd says that all is up.
boot() {
    local tries leader=''
    (
        enter_cgroup
        exec setsid systemd-nspawn --boot --register=no --keep-unit --directory="$root" --machine="xl-test-$$" --resolv-conf=copy-host \
            --network-namespace-path="/run/netns/$server_net" --capability=CAP_NET_ADMIN,CAP_NET_RAW --console=read-only
    ) </dev/null >>"$work/boot.log" 2>&1 &
    boot_pid=$!
    for ((tries = 0; tries < 100; tries++)); do
        leader=$(pgrep -P "$boot_pid" | head -n 1) || true
        if [ -n "$leader" ] && [[ "$(on_server systemctl is-system-running 2>/dev/null)" =~ running|degraded ]]; then
            return
        fi
        sleep 0.3
    done
    echo "The server does not boot. Its last words:" >&2
    tail -n 20 "$work/boot.log" >&2
    return 1
}

# Runs a command on the server as root would there.
on_server() {
    local leader
    leader=$(pgrep -P "$boot_pid" | head -n 1)
    nsenter -t "$leader" -m -u -i -n -p -C -r -w env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}

# The same for a line of shell.
server_sh() {
    on_server bash -c "$1"
}

as_visitor() {
    ip netns exec "$visitor_net" "$@"
}

# Asks the shop as a browser elsewhere would: visit PATH [OPTIONS of curl].
visit() {
    local path="$1"
    shift
    as_visitor curl -sS --noproxy '*' --max-time 20 --resolve "$DOMAIN:443:$SERVER_IP" --resolve "$DOMAIN:80:$SERVER_IP" --cacert "$work/ca/roots.pem" "$@" "https://$DOMAIN$path"
}

wait_for_end() {
    local tries
    for ((tries = 0; tries < 150; tries++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.2
    done
    return 1
}

shut_down() {
    if [ -n "$boot_pid" ] && kill -0 "$boot_pid" 2>/dev/null; then
        on_server systemctl poweroff >/dev/null 2>&1 || true
        wait_for_end "$boot_pid" || {
            # Its first process takes all others along.
            pkill -9 -P "$boot_pid" || true
            kill -9 "$boot_pid" 2>/dev/null || true
        }
    fi
}

reboot() {
    on_server systemctl reboot >/dev/null 2>&1 || true
    # With --register=no a reboot ends the container; it is started again, as a provider's machine would be.
    if wait_for_end "$boot_pid"; then
        boot
    else
        return 1
    fi
}

# Nothing is stopped, nothing is written any more.
power_cut() {
    pkill -9 -P "$boot_pid" || return 1
    wait_for_end "$boot_pid" || return 1
    boot
}

end_all() {
    local pid
    trap '' INT TERM HUP
    shut_down
    for pid in "${started_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in "${started_pids[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    # Members who still buy, when the test was interrupted.
    ip netns pids "$visitor_net" 2>/dev/null | xargs -r kill 2>/dev/null || true
    find /sys/fs/cgroup/{.,systemd,unified}/"xl-test-$$" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    ip netns del "$server_net" 2>/dev/null || true
    ip netns del "$visitor_net" 2>/dev/null || true
    if [ -z "${KEEP:-}" ]; then
        rm -rf "$work"
    else
        echo "Kept: $work"
    fi
}

# An authority like Let's Encrypt in the visitor's network (pebble). Its own certificate is of our making.
start_authority() {
    local ca="$work/ca"
    mkdir -p "$ca"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=test authority" -keyout "$ca/ca.key" -out "$ca/ca.pem" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=acme.test" -keyout "$ca/acme.key" -out "$ca/acme.csr" 2>/dev/null
    openssl x509 -req -in "$ca/acme.csr" -CA "$ca/ca.pem" -CAkey "$ca/ca.key" -days 2 -out "$ca/acme.pem" -extfile <(echo "subjectAltName=DNS:acme.test,IP:$VISITOR_IP") 2>/dev/null
    cat >"$ca/pebble.json" <<TEXT
{"pebble": {"listenAddress": "$VISITOR_IP:14000", "managementListenAddress": "$VISITOR_IP:15000", "certificate": "$ca/acme.pem",
 "privateKey": "$ca/acme.key", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false}}
TEXT
    ip netns exec "$visitor_net" setsid pebble-challtestsrv -defaultIPv4 "$SERVER_IP" -defaultIPv6 '' -dns01 127.0.0.1:8053 -http01 '' -https01 '' -tlsalpn01 '' -management 127.0.0.1:8055 </dev/null >"$work/dns.log" 2>&1 &
    started_pids+=($!)
    ip netns exec "$visitor_net" env PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 setsid pebble -config "$ca/pebble.json" -dnsserver 127.0.0.1:8053 </dev/null >"$work/pebble.log" 2>&1 &
    started_pids+=($!)
    local tries
    for ((tries = 0; tries < 50; tries++)); do
        if as_visitor curl -sf --noproxy '*' --cacert "$ca/ca.pem" "https://$VISITOR_IP:15000/roots/0" >"$ca/roots.pem" 2>/dev/null; then
            return
        fi
        sleep 0.2
    done
    echo "The test authority does not start:" >&2
    cat "$work/pebble.log" >&2
    return 1
}
