# Whether this machine will do, and what it needs besides the shop: packages, user, swap, security updates, firewall.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

MOST_DISK_NEEDED_MB=1500
SWAP_WANTED_MB=2048
FREE_DISK_LEFT_MB=2000
MOST_APT_WAIT_SECONDS=300

# Everything that would stop it later is told now, before anything was changed.
check_machine() {
    local copy
    command -v apt-get >/dev/null || stop "there is no apt-get here" "use a plain Debian or Ubuntu server"
    # A machine that has the shop already needs little more.
    if [ -z "$(version_now)" ]; then
        check_disk "$PROGRAM_FOLDER" && check_disk "$DATA_FOLDER" && check_disk /var/cache/apt
    fi
    if ! skipped nginx; then
        check_port 80 nginx
        check_port 443 nginx
    fi
    for copy in $(wanted_ports); do
        check_port "$copy" "$NAME"
    done
}

check_disk() {
    local folder="$1" free
    while [ ! -d "$folder" ]; do
        folder=$(dirname "$folder")
    done
    free=$(df -Pm "$folder" | awk 'END { print $4 }')
    [ "$free" -ge "$MOST_DISK_NEEDED_MB" ] ||
        stop "there is too little room in $folder: $free MB are free, $MOST_DISK_NEEDED_MB are needed" "free some ('df -h' shows what is full; 'apt-get clean' helps a little), or take a larger disk"
}

# check_port PORT PROGRAM: nobody else may have it.
check_port() {
    local who
    command -v ss >/dev/null || return 0
    who=$(ss -Hltnp "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
    # Linux cuts names after 15 letters.
    [ -z "$who" ] || [ "$who" = "${2:0:15}" ] ||
        stop "port $1 is taken by '$who'" "stop it ('ss -ltnp' shows its number), or see --skip-nginx and --port in install.sh --help"
}

wanted_ports() {
    local i
    for ((i = 0; i < instances; i++)); do
        echo $((port + i))
    done
}

packages_updated=
# Installs what is missing, and touches nothing that is there.
install_packages() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    if [ -z "$packages_updated" ]; then
        run apt_get update || stop "the list of packages could not be fetched" "see the message above: check the network and /etc/apt, then run this again"
        packages_updated=1
    fi
    run apt_get install -y --no-install-recommends "${missing[@]}" ||
        stop "these packages could not be installed: ${missing[*]}" "see the message above; 'apt-get -f install' repairs half-installed ones, then run this again"
}

# Quiet while all is well. Waits for another apt (a fresh server updates itself), and asks nobody anything.
apt_get() {
    local log deadline=$((SECONDS + MOST_APT_WAIT_SECONDS)) waited=
    log=$(mktemp)
    until LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -o "DPkg::Lock::Timeout=$MOST_APT_WAIT_SECONDS" -o Dpkg::Options::=--force-confold "$@" >"$log" 2>&1 </dev/null; do
        # `update` gives up at once when another one holds the lists, whatever the timeout says.
        if [ "$SECONDS" -ge "$deadline" ] || ! grep -q 'Could not get lock' "$log"; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            return 1
        fi
        [ -n "$waited" ] || say "Another apt runs; waiting until it has ended"
        waited=1
        sleep 2
    done
    rm -f "$log"
}

package_exists() {
    apt-cache show "$1" >/dev/null 2>&1
}

make_user() {
    if ! getent passwd "$NAME" >/dev/null; then
        say "Making the system user $NAME"
        run useradd --system --user-group --home-dir "$DATA_FOLDER" --no-create-home --shell /usr/sbin/nologin "$NAME"
    fi
    run install -d -o "$NAME" -g "$NAME" -m 0700 "$DATA_FOLDER" "$BACKUP_FOLDER"
}

# A machine of 1 GB needs it when a picture is drawn anew while the database works.
make_swap() {
    local memory swap free
    if skipped swap || in_container; then
        say "Swap is left as it is."
        return
    fi
    memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    swap=$(awk '/^SwapTotal/ { print int($2 / 1024) }' /proc/meminfo)
    if [ $((memory + swap)) -ge 2000 ]; then
        return
    fi
    free=$(df -Pm / | awk 'END { print $4 }')
    if [ -e /swapfile ] || [ "$free" -lt $((SWAP_WANTED_MB + FREE_DISK_LEFT_MB)) ]; then
        warn "Memory is short ($memory MB) and no swap was made: $([ -e /swapfile ] && echo "/swapfile exists already" || echo "the disk is too full")."
        return
    fi
    say "Making $SWAP_WANTED_MB MB of swap in /swapfile"
    # Under another name until it is whole: a run that was interrupted must not look like swap that somebody made.
    run rm -f /swapfile.new
    run dd if=/dev/zero of=/swapfile.new bs=1M count="$SWAP_WANTED_MB" status=none
    run chmod 600 /swapfile.new
    run mkswap /swapfile.new
    run mv /swapfile.new /swapfile
    if ! run swapon /swapfile; then
        run rm -f /swapfile
        warn "This machine does not allow swap; with $memory MB of memory keep an eye on 'free -m'."
        return
    fi
    [ -n "$dry_run" ] || grep -q '^/swapfile ' /etc/fstab || echo '/swapfile none swap sw 0 0' >>/etc/fstab
}

make_upgrades() {
    ! skipped upgrades || return 0
    install_packages unattended-upgrades
    # After the distribution's own file, which says the same or nothing.
    write_file "/etc/apt/apt.conf.d/52$NAME" 0644 <<'TEXT'
// Security updates come by themselves, every night. Written by the installer of XL Package Manager.
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
TEXT
}

# The ports on which somebody can sign in now: as sshd says, as it listens, and the one of this very session.
ssh_ports() {
    local found
    found=$(
        { command -v sshd >/dev/null && sshd -T 2>/dev/null | awk '$1 == "port" { print $2 }'; } || true
        sed -n 's/^[[:space:]]*[Pp]ort[[:space:]]\{1,\}\([0-9]\{1,5\}\).*/\1/p' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null || true
        ss -Hltnp 2>/dev/null | awk '/"sshd"/ { sub(/.*:/, "", $4); print $4 }' || true
        # Ubuntu starts sshd by a socket.
        systemctl show --property=Listen --value ssh.socket 2>/dev/null | grep -oE ':[0-9]+ ' | tr -d ': ' || true
        [ -z "${SSH_CONNECTION:-}" ] || echo "${SSH_CONNECTION##* }"
    )
    # Nothing says where, so it is where it usually is.
    sort -un <<<"${found:-22}"
}

make_firewall() {
    local port_open
    ! skipped firewall || return 0
    if systemctl is-active --quiet firewalld 2>/dev/null; then
        warn "firewalld runs here, so ufw was not set up: open 80 and 443 there."
        return
    fi
    install_packages ufw
    if [ -n "$dry_run" ]; then
        say "would allow SSH ($(ssh_ports | tr '\n' ' ')), 80 and 443, and nothing else"
        return
    fi
    # Rules first, and switched on last: at no moment is SSH shut out.
    for port_open in $(ssh_ports) 80 443; do
        ufw_allows "$port_open" || {
            say "Firewall: port $port_open is open"
            ufw allow "$port_open/tcp" >/dev/null
        }
    done
    if [[ "$(ufw status)" != 'Status: active'* ]]; then
        say "Firewall: everything else is shut"
        ufw default deny incoming >/dev/null
        ufw default allow outgoing >/dev/null
        ufw --force enable >/dev/null || stop "the firewall could not be switched on" "run this again with --skip-firewall, and find out why with 'ufw enable'"
    fi
}

ufw_allows() {
    # It says so only in this form while it is off.
    [[ $'\n'"$(ufw show added)"$'\n' == *$'\n'"ufw allow $1/tcp"$'\n'* ]]
}
