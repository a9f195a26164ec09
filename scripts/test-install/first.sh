# The installer's first day: what it refuses, what it makes, what a visitor sees. To be sourced.
# shellcheck shell=bash disable=SC2154  # Names from machine.sh and test-install.sh.

INSTALL='cd /root && REQUESTS_CA_BUNDLE=/root/authority.pem ./install.sh --skip-swap --yes'
ACME="--acme-server https://acme.test:14000/dir"

bad_input() {
    chapter 'What is refused, with words that help'
    server_sh 'cp /root/install.sh /usr/local/bin/try-install; chmod 755 /usr/local/bin/try-install'
    see_refused 'somebody who is not root' 1 'this must run as root' on_server runuser -u nobody -- try-install --archive x --domain toko.test
    see_refused 'an unknown option' 2 "unknown option '--fast'" server_sh "$INSTALL --fast"
    see_refused 'a domain with https://' 2 'is not a domain name' server_sh "$INSTALL --archive $release --domain https://toko.test"
    see_refused 'a bare address as domain' 2 'is not a domain name' server_sh "$INSTALL --archive $release --domain 198.51.100.10"
    see_refused 'a domain that would end a line in nginx' 2 'is not a domain name' server_sh "$INSTALL --archive $release --domain 'a.b;return'"
    see_refused 'no domain, and nobody to ask' 2 'no domain was named' server_sh "$INSTALL --archive $release </dev/null"
    see_refused 'no archive' 2 'no archive was named' server_sh "$INSTALL --domain $DOMAIN"
    see_refused 'an archive that is not there' 1 'there is no file' server_sh "$INSTALL --archive nothing.tar.gz --domain $DOMAIN"
    see_refused 'a wrong checksum' 1 "checksum is wrong" server_sh "$INSTALL --archive $release --domain $DOMAIN --sha256 $(printf '0%.0s' {1..64})"
    see_refused 'two copies on SQLite' 2 'cannot share a SQLite file' server_sh "$INSTALL --archive $release --domain $DOMAIN --database sqlite --instances 2"
    server_sh 'systemd-run --quiet --unit=squatter systemd-socket-activate -l 443 cat' >/dev/null
    wait_until 10 server_sh 'ss -Hltn "sport = :443" | grep -q .'
    see_refused 'port 443 taken by another program' 1 'port 443 is taken' server_sh "$INSTALL --archive $release --domain $DOMAIN"
    server_sh 'systemctl stop squatter; mkdir -p /var/lib/xl-package-manager; mount -t tmpfs -o size=50m none /var/lib/xl-package-manager'
    see_refused 'too little disk' 1 'too little room' server_sh "$INSTALL --archive $release --domain $DOMAIN"
    server_sh 'umount /var/lib/xl-package-manager; rmdir /var/lib/xl-package-manager'
    see 'the refusals left nothing behind' server_sh '! test -e /opt/xl-package-manager && ! test -e /etc/xl-package-manager.env && ! getent passwd xl-package-manager'
    see '--dry-run tells everything' server_sh "$INSTALL --archive $release --domain $DOMAIN --dry-run | grep -q 'Nothing was changed'"
    see '… and changes nothing' server_sh '! test -e /opt/xl-package-manager && ! test -e /etc/xl-package-manager.env && ! command -v nginx'
    signatures
}

signatures() {
    local box="$root/root/archives" good="archives/xl-package-manager-9.good-good.tar.gz"
    ssh-keygen -q -t ed25519 -N '' -C release -f "$work/release"
    ssh-keygen -q -t ed25519 -N '' -C other -f "$work/other"
    cp "$work/release.pub" "$root/root/release.pub"
    ssh-keygen -q -Y sign -f "$work/other" -n xl-package-manager "$root/root/$good" 2>/dev/null
    see_refused 'a signature by somebody else' 1 'not by the key that was given' server_sh "$INSTALL --archive $good --domain $DOMAIN --signer release.pub"
    rm "$root/root/$good.sig"
    see_refused 'no signature where one must be' 1 'has no signature' server_sh "$INSTALL --archive $good --domain $DOMAIN --signer release.pub"
    for good in "$box"/*.tar.gz; do
        ssh-keygen -q -Y sign -f "$work/release" -n xl-package-manager "$good" 2>/dev/null
    done
}

# A fresh server updates itself in its first minutes. This one only holds what that holds, for half a minute.
another_apt() {
    cat >"$root/root/other-apt.pl" <<'TEXT'
use Fcntl;
my $lock = pack('ssx4qqix4', F_WRLCK, 0, 0, 0, 0);
open(my $file, '>', '/var/lib/apt/lists/lock') or die;
fcntl($file, F_SETLK, $lock) or die;
sleep 30;
TEXT
    server_sh 'systemd-run --quiet --unit=other-apt perl /root/other-apt.pl'
}

from_nothing() {
    local out
    chapter 'From nothing, before the domain leads here'
    another_apt
    # Newer apts wait by themselves, so only the result is looked at.
    see 'another apt runs, for which the installer has to wait' wait_until 5 server_sh 'lslocks -n -o PATH | grep -x /var/lib/apt/lists/lock'
    out=$(server_sh "time ($INSTALL --archive $release --domain $DOMAIN --email budi@toko.test --signer release.pub $ACME)" 2>&1) || true
    printf '%s\n' "$out" >"$work/install.log"
    see_in 'it ends well' 'Health: well' "$out"
    see_in 'a link for the first admin' "https://$DOMAIN/setup?token=" "$out"
    see_in 'it says that the certificate is self-signed' 'no real certificate' "$out"
    see_equal 'a visitor reaches the shop, who does not mind that' 200 "$(visit /login -k -o /dev/null -w '%{http_code}')"
    see 'a timer asks again' server_sh 'systemctl is-active xl-package-manager-certificate.timer'
    chapter 'The domain leads here now'
    domain_leads_here
    see 'xlpm certificate gets one' server_sh 'REQUESTS_CA_BUNDLE=/root/authority.pem xlpm certificate'
    see 'nobody asks any more' server_sh '! systemctl is-active xl-package-manager-certificate.timer'
    see 'it can be renewed' server_sh 'REQUESTS_CA_BUNDLE=/root/authority.pem certbot renew --force-renewal --no-random-sleep-on-renew'
}

over_https() {
    local headers css
    chapter 'What a visitor sees'
    # nginx takes the certificate a moment after it was told to.
    see 'a trusted certificate' wait_until 10 visit /login -f -o /dev/null
    headers=$(visit /login -I)
    see_in 'HTTP/2' 'HTTP/2 200' "$headers"
    for header in content-security-policy strict-transport-security x-content-type-options referrer-policy permissions-policy; do
        see_equal "$header, once" 1 "$(grep -ci "^$header:" <<<"$headers")"
    done
    see_equal 'http leads to https' "301 https://$DOMAIN/login" "$(as_visitor curl -s --noproxy '*' --resolve "$DOMAIN:80:$SERVER_IP" -o /dev/null -w '%{http_code} %{redirect_url}' "http://$DOMAIN/login")"
    see_refused 'another name gets no answer' 52 '' as_visitor curl -s --noproxy '*' -H 'Host: other.test' "http://$SERVER_IP/"
    see_refused 'TLS 1.1 is refused' 35 '' visit / -s --tls-max 1.1 --ciphers DEFAULT:@SECLEVEL=0
    css=$(visit /login | grep -oE '/pkg/[^"]+\.css' | head -n 1)
    headers=$(visit "$css" -I -H 'Accept-Encoding: br')
    see_in 'static files are compressed beforehand (br)' 'content-encoding: br' "${headers,,}"
    see_in '… and kept for ever' 'immutable' "$headers"
    see_in '… or gzip' 'content-encoding: gzip' "$(visit "$css" -I -H 'Accept-Encoding: gzip' | tr '[:upper:]' '[:lower:]')"
    see_equal 'WASM has its type' application/wasm "$(visit "$(visit /login | grep -oE '/pkg/[^"]+\.wasm' | head -n 1)" -o /dev/null -w '%{content_type}')"
    see_equal 'too much in a form is refused' 413 "$(head -c 3000000 /dev/zero | visit /api/sign_in -o /dev/null -w '%{http_code}' --data-binary @-)"
    see_equal 'a flood is slowed down' yes "$(as_visitor curl -s --noproxy '*' --resolve "$DOMAIN:443:$SERVER_IP" --cacert "$work/ca/roots.pem" -Z --no-progress-meter --parallel-max 50 -o /dev/null -w '%{http_code}\n' "https://$DOMAIN/robots.txt?[1-600]" | grep -q 429 && echo yes)"
    see_in 'tokens are not in the log' 0 "$(visit '/setup?token=secretsecret' -o /dev/null; visit /reset/secretsecret -o /dev/null; grep -c secretsecret "$root/var/log/nginx/xl-package-manager.log" || true)"
    chapter 'The firewall and the service'
    see 'SSH can be reached' as_visitor bash -c "exec 3<>/dev/tcp/$SERVER_IP/22 && head -c 4 <&3"
    server_sh 'systemd-run --quiet --unit=listener systemd-socket-activate -l 9999 cat' >/dev/null
    wait_until 10 server_sh 'ss -Hltn "sport = :9999" | grep -q .'
    see_refused 'nothing else can' 124 '' as_visitor timeout 3 bash -c "exec 3<>/dev/tcp/$SERVER_IP/9999"
    server_sh 'systemctl stop listener'
    see 'shop and database listen on this machine only' server_sh "! ss -Hltn | awk '{ print \$4 }' | grep -E ':(3000|5432)\$' | grep -v '^127.0.0.1:'"
    see 'nginx -t' server_sh 'nginx -t'
    see 'systemd-analyze verify' server_sh 'systemd-analyze verify /etc/systemd/system/xl-package-manager*.timer xl-package-manager@3000.service xl-package-manager.target'
    see 'systemd-analyze security <= 2.0' server_sh "systemd-analyze security --no-pager xl-package-manager@3000.service | awk 'END { for (i = 1; i <= NF; i++) if (\$i ~ /^[0-9.]+\$/) { print \$i; exit (\$i <= 2.0) ? 0 : 1 } }'"
    see '… also of the backup' server_sh "systemd-analyze security --no-pager xl-package-manager-backup.service | awk 'END { for (i = 1; i <= NF; i++) if (\$i ~ /^[0-9.]+\$/) { print \$i; exit (\$i <= 2.0) ? 0 : 1 } }'"
    see 'security updates come by themselves' server_sh 'apt-config dump | grep -q "APT::Periodic::Unattended-Upgrade \"1\""'
    see "… from the system's own security archive" server_sh 'apt-config dump | grep -E "^Unattended-Upgrade::(Origins-Pattern|Allowed-Origins)::.*-security"'
}

# Everything that the installer could have touched.
state_of_server() {
    server_sh 'cd /; find etc opt usr/local var/lib/xl-package-manager-acme -xdev \( -type f -o -type l \) -printf "%p %T@ %i %m %u %l\n" | sort
        systemctl show --property=MainPID --value "xl-package-manager@*" nginx "postgresql@*"; ufw status'
}

second_run() {
    local out
    chapter 'A second run'
    state_of_server >"$work/before"
    out=$(server_sh "$INSTALL --archive $release" 2>&1) || true
    see_in 'ends well' 'Health: well' "$out"
    state_of_server >"$work/after"
    see 'and changed no file, and restarted nothing' diff "$work/before" "$work/after"
    server_sh 'rm /etc/nginx/xl-package-manager/proxy.conf /etc/systemd/system/xl-package-manager-backup.timer /usr/local/bin/xlpm; rm -r /opt/xl-package-manager/[0-9]*/site; ufw --force delete allow 443/tcp' >/dev/null
    see 'what somebody has deleted comes back' server_sh "$INSTALL --archive $release"
    see_equal 'and the shop is whole again' 200 "$(visit /favicon.svg -o /dev/null -w '%{http_code}')"
    see 'xlpm status' server_sh 'xlpm status'
}

resting() {
    chapter 'While the shop rests'
    see 'xlpm stop' server_sh 'xlpm stop'
    see_equal 'a page says so' 503 "$(visit /login -o "$work/page" -w '%{http_code}')"
    see 'and tries again by itself' grep -q 'http-equiv="refresh"' "$work/page"
    see_equal 'a form that is sent is told, too' 503 "$(visit /api/sign_in -o "$work/page" -w '%{http_code}' --data-urlencode identity=budi)"
    see '… to send it again' grep -q 'kirim lagi' "$work/page"
    see_equal 'nobody can ask for that page by its name' 404 "$(visit /resting.html -o /dev/null -w '%{http_code}')"
    see 'xlpm start' server_sh 'xlpm start'
    see_equal 'the shop answers' 200 "$(visit /login -o /dev/null -w '%{http_code}')"
}
