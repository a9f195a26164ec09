# Somebody at a terminal, and what a container cannot have for real: little memory and swap. To be sourced.
# shellcheck shell=bash disable=SC2154,SC2016  # Names from machine.sh and test-install.sh; texts for the shell on the server.

AT_TERMINAL="${INSTALL% --yes}"

# at_terminal ANSWERS COMMAND: the command has a terminal, on which these lines are typed.
at_terminal() {
    server_sh "printf '$1' | script -qec '$2' /dev/null"
}

questions() {
    chapter 'Somebody sits at a terminal'
    see_refused 'the domain is asked for, and a wrong one is refused' 2 'that is not a domain name: https://toko' at_terminal 'https://toko\n' "$AT_TERMINAL --archive $release"
    see_refused 'a wrong e-mail address, too' 2 'is not an e-mail address: budi' at_terminal "$DOMAIN\nbudi\n" "$AT_TERMINAL --archive $release"
    see_refused 'the answer n' 1 'nothing was changed' at_terminal "$DOMAIN\n\nn\n" "$AT_TERMINAL --archive $release"
    see_in '… after it has told for what' "for https://$DOMAIN" "$(cat "$work/said")"
    see 'nothing was changed' server_sh '! test -e /opt/xl-package-manager && ! test -e /etc/xl-package-manager.env'
}

# At the end, when packages are there already, so that it takes no longer than it must.
questions_answered() {
    chapter 'Somebody sits at a terminal, and goes on'
    # The keys of the shops before, which were nobody's to delete.
    server_sh 'rm -rf /root/xl-package-manager-owner-key.txt /root/safe'
    see_in 'domain, e-mail, yes' 'Health: well' "$(at_terminal "${DOMAIN^^}\nbudi@$DOMAIN\ny\n" "$AT_TERMINAL --archive $release --database sqlite" 2>&1 | tee "$work/terminal")"
    see 'what was typed is what counts' server_sh "grep -qx 'PUBLIC_URL=https://$DOMAIN' /etc/xl-package-manager.env && grep -qx 'ACME_EMAIL=budi@$DOMAIN' /etc/xl-package-manager.env"
    see 'the key of the backups is shown' grep -q AGE-SECRET-KEY "$work/terminal"
    see '… and kept nowhere on the server' server_sh '! grep -rqs AGE-SECRET-KEY /root/*.txt /etc /var/log'
    see_equal 'the shop answers' 200 "$(visit /login -k -o /dev/null -w '%{http_code}')"
    see 'a second time nothing is asked' at_terminal '' "$AT_TERMINAL --archive $release"
    restore_on_sqlite
    see_refused 'deleting the data asks' 1 'nothing was deleted' at_terminal 'ya\n' '/root/install.sh --uninstall --delete-data'
    see "… and takes only 'delete'" at_terminal 'delete\n' '/root/install.sh --uninstall --delete-data'
    see 'nothing is left' server_sh '! test -e /var/lib/xl-package-manager && ! test -e /etc/xl-package-manager.env'
}

# The rest of what can be restored is seen on PostgreSQL (later.sh).
restore_on_sqlite() {
    local file=/var/lib/xl-package-manager/xl-package-manager.sqlite3
    grep -oE 'AGE-SECRET-KEY-[A-Z0-9]+' "$work/terminal" | head -n 1 >"$root/root/owner.txt"
    see 'xlpm backup' server_sh 'xlpm backup'
    # As the power leaves it that goes away when the file has just been put aside.
    server_sh "systemctl stop 'xl-package-manager@*' && touch $file.restoring && for part in -wal -shm ''; do [ ! -e $file\$part ] || mv $file\$part $file\$part.before-cut; done"
    see 'where a restore was cut off, no new shop begins' server_sh "! timeout 60 systemctl start xl-package-manager@3000 && ! test -e $file && journalctl -u xl-package-manager@3000 | grep -q 'a restore into this database was interrupted'"
    see 'the restore again' server_sh 'cd /var/backups/xl-package-manager && xlpm restore "$(ls *-data.tar.gz.age)" --keys "$(ls *-keys.tar.gz.age)" --identity /root/owner.txt'
    see 'the shop is there' wait_until 30 visit /login -k -f -o /dev/null
    see '… and its books are in order' server_sh "xlpm check && ! test -e $file.restoring"
}

# with_memory MB SWAP-MB COMMAND: as on a server with so much. swapon would act on this machine, so it only notes how it was
# called; nobody finds out that this is a container.
with_memory() {
    local stubs="$root/root/stubs"
    mkdir -p "$stubs"
    printf 'MemTotal: %d kB\nMemAvailable: %d kB\nSwapTotal: %d kB\n' $(($1 * 1024)) $(($1 * 512)) $(($2 * 1024)) >"$root/root/meminfo"
    printf '#!/bin/sh\necho "swapon $*" >>/root/swapon.log\n[ ! -e /root/swapon.fails ]\n' >"$stubs/swapon"
    printf '#!/bin/sh\nexit 1\n' >"$stubs/systemd-detect-virt"
    chmod 755 "$stubs"/*
    server_sh "unshare -m bash -c 'mount --bind /root/meminfo /proc/meminfo && PATH=/root/stubs:\$PATH && cd /root && $3'"
}

MAKE_SWAP='set -e; for part in common system; do . /root/parts/$part.sh; done; make_swap'

swap_and_memory() {
    chapter 'Little memory'
    mkdir -p "$root/root/parts"
    tar -xzf "$archive" -C "$root/root/parts" --wildcards '*/deploy/install/*' --strip-components=3
    server_sh 'cp /etc/fstab /root/fstab.before 2>/dev/null || touch /root/fstab.before /etc/fstab'
    see '--dry-run tells of the swap' with_memory 1000 0 "./install.sh --yes --archive $release --domain $DOMAIN --dry-run | grep -q \"would run: swapon /swapfile\""
    see '… and makes none' server_sh '! test -e /swapfile && ! test -e /root/swapon.log'
    see 'a server with swap needs no more' with_memory 1000 1500 "$MAKE_SWAP; ! test -e /swapfile"
    server_sh 'touch /root/swapon.fails'
    see_in 'a server that allows none is told' 'does not allow swap' "$(with_memory 1000 0 "$MAKE_SWAP")"
    see '… and keeps no file and no line of it' server_sh '! test -e /swapfile && cmp /etc/fstab /root/fstab.before'
    server_sh 'rm /root/swapon.fails /root/swapon.log'
    see 'swap is made' with_memory 1000 0 "$MAKE_SWAP"
    see_equal '… of 2 GB, for root only' '2147483648 600 root' "$(server_sh 'stat -c "%s %a %U" /swapfile')"
    see '… as swap' server_sh 'blkid -p -s TYPE -o value /swapfile | grep -x swap'
    see '… and switched on, now and at each start' server_sh 'grep -qx "swapon /swapfile" /root/swapon.log && [ "$(grep -cx "/swapfile none swap sw 0 0" /etc/fstab)" = 1 ]'
    see 'a second time' with_memory 1000 0 "$MAKE_SWAP"
    see '… changes nothing' server_sh '[ "$(wc -l </root/swapon.log)" = 1 ] && [ "$(grep -c swapfile /etc/fstab)" = 1 ]'
    server_sh 'rm -f /swapfile /root/swapon.log; cp /root/fstab.before /etc/fstab'
    server_sh 'mkdir -p /root/checkout && cp /root/install.sh /root/checkout/ && touch /root/checkout/Cargo.toml'
    see_refused '--from-source needs 4 GB' 1 'building needs 4 GB of memory and swap; there are 3000 MB' with_memory 2000 1000 "checkout/install.sh --from-source --domain $DOMAIN --skip-swap --yes"
    see_refused '… and a checkout' 1 'not in a checkout of the sources' with_memory 8000 0 "./install.sh --from-source --domain $DOMAIN --skip-swap --yes"
    see '… of which nothing was left' server_sh '! test -e /opt/xl-package-manager && ! test -e /etc/xl-package-manager.env'
}
