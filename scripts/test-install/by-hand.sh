# docs/install-by-hand.md, as it stands there: its blocks are run on a fresh server, and then the shop is used. To be sourced.
# shellcheck shell=bash disable=SC2154,SC2016  # Names from machine.sh and test-install.sh; texts for the shell on the server.

BY_HAND=docs/install-by-hand.md

# blocks FIRST LAST [WITHOUT]: the shell blocks of these sections, each told when it begins.
blocks() {
    awk -v first="$1" -v last="$2" -v without="${3:-0}" '
        /^## / { section = $2 + 0; n = 0 }
        /^```$/ { inside = 0 }
        inside && section >= first && section <= last && section != without { print }
        /^```sh$/ { inside = 1; if (section >= first && section <= last && section != without) printf "echo \"-- section %d, block %d\"\n", section, ++n }
    ' "$BY_HAND" | sed "s/toko\.example/$DOMAIN/; s/you@example\.com/budi@$DOMAIN/; s/^version=0\.1\.0$/version=$version/"
}

# run_blocks FIRST LAST [WITHOUT]: as somebody types them, one after the other, in one session.
run_blocks() {
    {
        printf '%s\n' 'set -eu' 'cd ~/archives' '[ ! -e ~/session ] || . ~/session'
        blocks "$@"
        echo '{ declare -p domain email version name folder new; declare -f shop; } >~/session 2>/dev/null || true'
    } >"$root/root/blocks"
    server_sh 'REQUESTS_CA_BUNDLE=~/authority.pem bash ~/blocks </dev/null'
}

# by_hand DATABASE
by_hand() {
    local without=''
    [ "$1" = postgres ] || without=4
    chapter "Installed by hand, with $1"
    new_server "by-hand-$1"
    domain_leads_here
    # Its options are not those of the text: the authority is not Let's Encrypt.
    mkdir -p "$root/root/.config/letsencrypt"
    echo 'server = https://acme.test:14000/dir' >"$root/root/.config/letsencrypt/cli.ini"
    see 'the text has blocks for eleven sections' [ "$(blocks 1 99 | grep -c '^echo "-- section')" -ge 11 ]
    see 'sections 1 to 8: from nothing to a certificate' run_blocks 1 8 "$without"
    see 'a visitor has a trusted certificate' wait_until 10 visit /login -f -o /dev/null
    see_in 'HTTP/2' 'HTTP/2 200' "$(visit /login -I)"
    see_refused 'port 3000 is not open to visitors' 124 '' as_visitor timeout 3 bash -c "exec 3<>/dev/tcp/$SERVER_IP/3000"
    see 'a link for the first admin is in the log' server_sh "journalctl -u xl-package-manager@3000 | grep -q 'https://$DOMAIN/setup?token='"
    see 'section 9: the first admin' server_sh ". ~/session; echo '$PASSWORD' | shop create-admin --username budi --email budi@$DOMAIN --phone 081234567890"
    see_equal 'signs in over HTTPS' 200 "$(sign_in)"
    see 'section 10: backup, restore test, check' run_blocks 10 10
    see_in '… of which there is a list' data.tar.gz.age "$(cat "$work/said")"
    see 'section 11: another version' run_blocks 11 11
    see_equal '… runs' 0.2.0 "$(version_that_runs)"
    see_equal '… and knows who was signed in' 200 "$(visit /admin -b "$work/cookies" -o /dev/null -w '%{http_code}')"
    see 'and back, as the text says' server_sh '. ~/session; ln -sfn $version /opt/$name/current && systemctl restart $name@3000'
    see_equal '… the first version runs' "$version" "$(version_that_runs)"
    see 'after a reboot' reboot
    see '… the shop is there' wait_for_site
    see_in 'install.sh finds all of it and goes on from there' 'Health: well' "$(server_sh "$INSTALL --archive $release" 2>&1)"
    see_equal '… with the same data' 200 "$(sign_in)"
    see '… and xlpm check is in order' server_sh 'xlpm check'
}
