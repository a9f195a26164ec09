# The order in which a server is set up, and what is said at the end.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

install_all() {
    choose
    check_machine
    make_swap
    install_packages ca-certificates iproute2 dbus logrotate
    make_user
    make_settings
    make_database
    if [ -n "$(version_now)" ] && [ "$(version_now)" != "$version" ] && [ -n "$(ports)" ]; then
        update_to "$unpacked" "$version"
    else
        place_version "$unpacked" "$version"
        switch_to "$version"
    fi
    make_command
    make_backups
    make_backup_keys
    choose_copies
    start_service
    make_nginx
    # The certificate's authority comes by port 80.
    make_firewall
    make_certificate
    make_upgrades
    report
}

# What was asked for now, else what is there, else what the operator types, else the default.
choose() {
    local saved
    saved=$(setting INSTALL_SKIP)
    skip=$(printf '%s\n' "$skip $saved" | tr -s ' ' '\n' | sort -u | sed '/^$/d' | paste -sd ' ')
    [ -n "$domain" ] || domain=$(domain_of_settings)
    if [ -z "$domain" ] && ! skipped nginx; then
        { [ -t 0 ] && [ -z "$yes" ]; } || misused "no domain was named" "give --domain NAME (or --skip-nginx, and the shop answers on this machine only)"
        read -rp "The shop's domain, for example toko.example: " domain
        domain="${domain,,}"
        is_domain "$domain" || misused "that is not a domain name: $domain" "run this again, and type only the name, like toko.example"
        if [ -z "$email" ]; then
            read -rp "Your e-mail address for messages about the certificate (may be empty): " email
        fi
        check_options
    fi
    if skipped nginx; then
        domain=
    fi
    [ -n "$port" ] || port=$(ports | sort -n | head -n 1)
    [ -n "$port" ] || port=$FIRST_PORT
    [ -n "$instances" ] || instances=$(ports | wc -l)
    [ "$instances" -gt 0 ] || instances=1
    if [ -z "$database" ] && [ -z "$(setting DATABASE_URL)" ] && [ -e "$DATA_FOLDER/$NAME.sqlite3" ]; then
        database=sqlite
        check_options
    fi
    [ -n "$database" ] || database=postgres
    say "Version $version$([ -z "$domain" ] || echo " for https://$domain")$([ -z "$skip" ] || echo ", without: $skip")"
    if [ -t 0 ] && [ -z "$yes$dry_run" ] && [ -z "$(version_now)" ]; then
        local answer
        read -rp "Set this machine up for it (packages, database, web server, firewall)? [Y/n] " answer
        [[ "${answer:-y}" == [Yy]* ]] || stop "nothing was changed" "run this again when you like"
    fi
}

report() {
    if [ -n "$dry_run" ]; then
        say "Nothing was changed (--dry-run)."
        return
    fi
    local url link note health
    url=$(setting PUBLIC_URL)
    health=$(health_words)
    echo
    say "Version $version: $url"
    say "  Health: $health"
    link=$(setup_link)
    if [ -n "$link" ]; then
        say "  If there is no admin yet, make the first one here (works once, within a day): $link"
        say "    or with a command: xlpm create-admin --username NAME --email ADDRESS --phone NUMBER"
    fi
    if [[ "$url" == http://localhost:* ]]; then
        say "  That address is on this machine only. To open it on yours: ssh -L $port:127.0.0.1:$port THIS-SERVER"
    fi
    say "  Settings: $ENV_FILE   Data: $DATA_FOLDER   Backups: $BACKUP_FOLDER   Log: xlpm logs"
    say "  xlpm status tells how it is, xlpm --help what can be done. Set up a gateway under Gateway in the shop."
    for note in "${warnings[@]}"; do
        say "  NOTE: $note"
    done
    [ "$health" = well ] || exit 1
}

report_update() {
    [ -z "$dry_run" ] || {
        say "Nothing was changed (--dry-run)."
        return
    }
    say "Health: $(health_words)"
}

# Asked as a visitor would, through nginx, and the copies themselves.
health_words() {
    local copy bad='' status url
    for copy in $(ports); do
        healthy "$copy" || bad+=" the copy on port $copy does not answer;"
    done
    url=$(setting PUBLIC_URL)
    if [[ "$url" == https://* ]] && ! skipped nginx && command -v curl >/dev/null; then
        # The certificate may be self-signed still; this is about the way to the shop. nginx opens its ports a moment after
        # it was told to.
        status=$(curl -ks --retry 3 --retry-delay 1 --retry-connrefused -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 10 --resolve "$(domain_of_settings):443:127.0.0.1" "$url/healthz" || true)
        [ "$status" = 200 ] || bad+=" nginx answers $status;"
    fi
    [ -n "$(ports)" ] || bad+=" no copy is set up;"
    echo "${bad:-well}"
}

# Printed by the service at its start, and only while there is no admin. Only the newest start's link counts.
setup_link() {
    local copy lines=''
    journalctl --sync 2>/dev/null || true
    for copy in $(ports); do
        lines+=$(journalctl -o short-unix --no-pager "_SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value "$NAME@$copy.service")" 2>/dev/null |
            grep -E 'https?://[^[:space:]]+/setup\?' || true)$'\n'
    done
    printf '%s' "$lines" | sort -n | tail -n 1 | grep -oE 'https?://[^[:space:]]+/setup\?[^[:space:]]*' || true
}
