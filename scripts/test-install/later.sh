# What happens to a shop that runs: restarts, updates that work and that do not, backups, removal. To be sourced.
# shellcheck shell=bash disable=SC2154,SC2016  # Names from machine.sh and test-install.sh; texts for the shell on the server.

first_admin() {
    chapter 'The first admin'
    see 'xlpm create-admin' server_sh "echo '$PASSWORD' | xlpm create-admin --username budi --email budi@$DOMAIN --phone 081234567890"
    see_equal 'signs in over HTTPS' 200 "$(sign_in)"
    see_equal 'and the shop knows the true address of the visitor' "$VISITOR_IP" "$(server_sh 'runuser -u postgres -- psql -qXtAd xl_package_manager -c "SELECT DISTINCT ip FROM sign_in WHERE ok = 1"')"
    see 'xlpm check: the books are in order' server_sh 'xlpm check'
    see_equal 'xlpm config shows no secret' 0 "$(server_sh 'xlpm config show | grep -cF "$(sed -n "s#.*://[^:]*:\([^@]*\)@.*#\1#p" /etc/xl-package-manager.env | head -n 1)"' || true)"
}

after_reboot() {
    chapter 'After a reboot'
    see 'it boots' reboot
    see 'the shop is there' wait_for_site
    see 'its certificate, too' visit /login -o /dev/null
    see 'the firewall is up' server_sh 'ufw status | grep -q "Status: active"'
    see 'timers wait' server_sh 'systemctl is-active certbot.timer xl-package-manager-backup.timer xl-package-manager-restore-test.timer'
    see_equal 'who was signed in still is' 200 "$(visit /admin -b "$work/cookies" -o /dev/null -w '%{http_code}')"
    see 'the power goes away, and comes back' power_cut
    see 'the shop is there' wait_for_site
    see 'the books are in order' server_sh 'xlpm check'
}

version_that_runs() {
    server_sh 'basename "$(dirname "$(readlink /proc/$(systemctl show --property=MainPID --value xl-package-manager@3000)/exe)")"'
}

updates() {
    local box=/root/archives name=xl-package-manager kind pressed bought
    chapter 'Updates with two copies'
    see 'a second copy' server_sh "xlpm repair --yes --instances 2"
    live_status 'with two copies'
    live_status_over_restart
    pressed=$(pressed_again)
    bought=$(how_many_bought)
    sed -i "s/^$VISITOR_IP .*/$VISITOR_IP acme.test/" "$root/etc/hosts"
    serve_archives
    see_refused 'a download with a wrong checksum' 1 'checksum is wrong' server_sh "CURL_CA_BUNDLE=/root/authority.pem xlpm update https://acme.test:8443/$name-9.good-good.tar.gz --sha256 $(printf '1%.0s' {1..64})"
    see 'xlpm update, downloaded over https' knocking server_sh "CURL_CA_BUNDLE=/root/authority.pem xlpm update https://acme.test:8443/$name-9.good-good.tar.gz"
    see_equal 'the new version runs' 9.good "$(version_that_runs)"
    see_equal 'nobody noticed' '0 of' "${missed:0:4}"
    echo "         $missed"
    for kind in exits hangs bad-migration; do
        see_refused "an update that is broken ($kind) is taken back" 1 "$([ "$kind" = bad-migration ] && echo 'goes on running' || echo 'version 9.good runs again')" knocking server_sh "xlpm update $box/$name-9.$kind-$kind.tar.gz"
        see_equal '… the version before runs' 9.good "$(version_that_runs)"
        see_equal '… and answers' 200 "$(visit /login -o /dev/null -w '%{http_code}')"
    done
    see "members bought meanwhile" [ "$(how_many_bought)" -gt $((bought + 20)) ]
    see 'xlpm rollback' knocking server_sh 'xlpm rollback'
    see_equal 'the first version runs' "$version" "$(version_that_runs)"
    see_equal 'nobody noticed' '0 of' "${missed:0:4}"
    see_equal 'no member had to press the button again' "$pressed" "$(pressed_again)"
    chapter 'Updates with one copy'
    see 'one copy again' server_sh "xlpm repair --yes --instances 1"
    see 'xlpm update from a file' knocking server_sh "xlpm update $box/$name-9.good-good.tar.gz"
    echo "         $missed"
    see "interrupted for less than ten seconds" awk -v text="$missed" 'BEGIN { split(text, w, " "); exit (w[7] < 10) ? 0 : 1 }'
    see_equal 'who was signed in still is' 200 "$(visit /admin -b "$work/cookies" -o /dev/null -w '%{http_code}')"
    see 'the same again is nothing to do' server_sh "xlpm update $box/$name-9.good-good.tar.gz | grep -q 'runs already'"
    see 'back again' server_sh 'xlpm rollback'
    see 'an update goes on when the connection drops' connection_drops "$box/$name-9.good-good.tar.gz"
    see_equal '… the new version runs' 9.good "$(version_that_runs)"
    see 'the power goes away right after a broken version was switched to' cut_off "$box/$name-9.exits-exits.tar.gz"
    see_refused '… the same command again takes it back' 1 'version 9.good runs again' server_sh "xlpm update $box/$name-9.exits-exits.tar.gz"
    see_equal '… the version before answers' 200 "$(visit /login -o /dev/null -w '%{http_code}')"
    see 'the books are in order' server_sh 'xlpm check'
}

UPDATE_LOG=/var/log/xl-package-manager-update.log

# Whoever typed it is gone, and with them the terminal.
connection_drops() {
    server_sh "rm -f $UPDATE_LOG
        script -qec 'xlpm update $1' /dev/null </dev/null >/dev/null 2>&1 & terminal=\$!
        until grep -q 'Changing from' $UPDATE_LOG 2>/dev/null; do kill -0 \$terminal; sleep 0.1; done
        kill -9 \$terminal
        timeout 120 flock /run/xl-package-manager-install.lock true
        cat $UPDATE_LOG
        grep -q 'Version 9.good runs' $UPDATE_LOG"
}

cut_off() {
    server_sh "xlpm update $1 >/dev/null 2>&1 & update=\$!
        until [ \"\$(readlink /opt/xl-package-manager/current)\" = 9.exits ]; do kill -0 \$update; sleep 0.05; done
        kill -9 \$update
        timeout 120 flock /run/xl-package-manager-install.lock true"
}

# Release archives over https, with a certificate of the test's authority.
serve_archives() {
    cat >"$work/serve.py" <<'TEXT'
import functools, http.server, ssl, sys
folder, cert, key, address = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
server = http.server.ThreadingHTTPServer((address, 8443), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
TEXT
    ip netns exec "$visitor_net" setsid python3 "$work/serve.py" "$root/root/archives" "$work/ca/acme.pem" "$work/ca/acme.key" "$VISITOR_IP" </dev/null >"$work/serve.log" 2>&1 &
    started_pids+=($!)
    wait_until 10 as_visitor curl -sf --noproxy '*' -o /dev/null --cacert "$work/ca/ca.pem" "https://$VISITOR_IP:8443/"
}

keys() {
    chapter 'A new encryption key'
    see 'xlpm rotate-keys' server_sh 'xlpm rotate-keys'
    see 'the shop opens with it' wait_for_site
}

backups() {
    local data keys owner=/root/xl-package-manager-owner-key.txt
    chapter 'Backup, destruction, restore'
    if ! server_sh 'xlpm run backup --help' >/dev/null 2>&1; then
        skip_chapter 'this version of the program makes no backups'
        return
    fi
    see 'xlpm backup' server_sh 'xlpm backup'
    see 'xlpm backup --list' server_sh 'xlpm backup --list | grep -q data.tar.gz.age'
    see 'xlpm restore-test' server_sh 'xlpm restore-test'
    see 'a key for the owner' server_sh "grep -q AGE-SECRET-KEY $owner"
    mkdir -p "$work/safe"
    cp "$root$owner" "$work/safe/owner.txt"
    cp "$root"/var/backups/xl-package-manager/*.age "$work/safe/"
    see 'everything is destroyed' server_sh 'xlpm --help >/dev/null; /opt/xl-package-manager/current/install.sh --uninstall --delete-data --yes && ! test -e /var/lib/xl-package-manager && ! test -e /var/backups/xl-package-manager'
    see 'a new shop in its place, which knows nobody' server_sh "$INSTALL --archive $release --domain $DOMAIN $ACME --backup-recipients $(grep -oE 'age1[a-z0-9]+' "$work/safe/owner.txt" | head -n 1)"
    see_equal '… budi cannot sign in' no "$([ "$(sign_in)" = 200 ] || echo no)"
    mkdir -p "$root/root/safe"
    cp "$work/safe"/* "$root/root/safe/"
    data=$(find "$work/safe" -name '*-data.tar.gz.age' -printf '%f\n' | sort | tail -n 1)
    keys=$(find "$work/safe" -name '*-keys.tar.gz.age' -printf '%f\n' | sort | tail -n 1)
    see_refused 'a restore with a wrong key' 1 'runs with the data that was there' server_sh "head -c 300 /dev/urandom | base64 >/root/safe/wrong.txt; xlpm restore /root/safe/$data --keys /root/safe/$keys --identity /root/safe/wrong.txt"
    see_equal '… leaves the shop as it was' 200 "$(visit /login -o /dev/null -w '%{http_code}')"
    see 'xlpm restore' server_sh "xlpm restore /root/safe/$data --keys /root/safe/$keys --identity /root/safe/owner.txt"
    see 'the books are in order' server_sh 'xlpm check'
    see_equal 'budi signs in again' 200 "$(sign_in)"
    see 'what was there is kept aside' server_sh "runuser -u postgres -- psql -qXtAc 'SELECT datname FROM pg_database' | grep -q _before_"
    see 'and the restored shop can be backed up' server_sh 'xlpm backup && xlpm restore-test'
    see 'books that break' server_sh 'runuser -u postgres -- psql -qXd xl_package_manager -c "UPDATE wallet SET available = available + 1" && xlpm backup && ! xlpm check'
    see 'can be restored, too' restore_newest
    see_in '… which says what they are' 'its books do not agree' "$(cat "$work/said")"
    see_refused '… and they are there' 1 'rule' server_sh 'xlpm check'
    see 'and the good ones again' server_sh "xlpm restore /root/safe/$data --keys /root/safe/$keys --identity /root/safe/owner.txt && xlpm check"
}

restore_newest() {
    server_sh 'cd /var/backups/xl-package-manager; xlpm restore "$(ls -t *-data.tar.gz.age | head -n 1)" --keys "$(ls -t *-keys.tar.gz.age | head -n 1)" --identity /root/safe/owner.txt'
}

removal() {
    chapter 'Removal'
    see '--uninstall' server_sh "$INSTALL --uninstall"
    see 'keeps the data and the settings' server_sh 'test -s /etc/xl-package-manager.env && test -d /var/lib/xl-package-manager && ! test -e /opt/xl-package-manager && ! test -e /usr/local/bin/xlpm'
    see 'nothing listens, nothing waits' server_sh '! ss -Hltn | grep -q :3000 && ! systemctl list-timers --all | grep -q xl-package && nginx -t'
    see 'installed again' server_sh "$INSTALL --archive $release"
    see_equal 'with all that was there' 200 "$(sign_in)"
    see_refused '--delete-data asks first' 1 'nothing was deleted' server_sh "cd /root && ./install.sh --uninstall --delete-data </dev/null"
    see '--delete-data --yes' server_sh "$INSTALL --uninstall --delete-data"
    see 'leaves nothing' server_sh '! find /etc /opt /var/lib /var/backups /usr/local -name "*xl-package-manager*" ! -path "*/letsencrypt/*" | grep . && ! getent passwd xl-package-manager && ! runuser -u postgres -- psql -qXtAc "SELECT datname FROM pg_database" | grep "^xl_"'
}
