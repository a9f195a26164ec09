# nginx in front of the shop: TLS, HTTP/2, limits, static files.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

make_nginx() {
    ! skipped nginx || return 0
    local fresh=
    command -v nginx >/dev/null || fresh=1
    install_packages nginx openssl
    if package_exists libnginx-mod-http-brotli-static; then
        install_packages libnginx-mod-http-brotli-static
    fi
    # Debian's welcome page holds the places that the shop needs. Other sites are somebody's own.
    if [ -n "$fresh" ] && [ -L /etc/nginx/sites-enabled/default ]; then
        run rm -f /etc/nginx/sites-enabled/default
    fi
    run install -d -m 0755 "$NGINX_FOLDER" "$ACME_ROOT"
    make_self_signed
    local from="$unpacked/deploy/nginx" reload=
    write_file "$NGINX_FOLDER/proxy.conf" 0644 <"$from/proxy.conf"
    [ -z "$written" ] || reload=1
    write_file "$NGINX_FOLDER/resting.html" 0644 <"$from/resting.html"
    write_file "$NGINX_FOLDER/resting-form.html" 0644 <"$from/resting-form.html"
    # Without its module the shop sends its files itself, which keeps them small for phones.
    if [ -e /etc/nginx/modules-enabled/50-mod-http-brotli-static.conf ]; then
        write_file "$NGINX_FOLDER/static.conf" 0644 <"$from/static.conf"
    else
        write_file "$NGINX_FOLDER/static.conf" 0644 <<<"# This nginx cannot send files that Brotli compressed; the shop does it."
    fi
    [ -z "$written" ] || reload=1
    if [ ! -e "$NGINX_FOLDER/local.conf" ]; then
        write_file "$NGINX_FOLDER/local.conf" 0644 <<<"# Your own additions, inside the shop's server. The installer leaves this file alone."
    fi
    write_file "$NGINX_SITE" 0644 < <(site_text "$from/site.conf")
    [ -z "$written" ] || reload=1
    if [ ! -L "/etc/nginx/sites-enabled/$NAME.conf" ]; then
        run ln -sfn "$NGINX_SITE" "/etc/nginx/sites-enabled/$NAME.conf"
        reload=1
    fi
    [ -n "$reload" ] || systemctl is-active --quiet nginx || reload=1
    [ -z "$reload" ] || reload_nginx
    [ -L "$UNIT_FOLDER/multi-user.target.wants/nginx.service" ] || run systemctl enable --quiet nginx
}

reload_nginx() {
    [ -z "$dry_run" ] || return 0
    if ! nginx -t -q; then
        # Other sites go on, also after a restart.
        rm -f "/etc/nginx/sites-enabled/$NAME.conf"
        stop "nginx does not take its configuration (see above), so the shop's site was left out" "if one of your own sites or $NGINX_FOLDER/local.conf is named there, correct it and run this again"
    fi
    run systemctl reload-or-restart nginx || stop "nginx does not start" "see 'journalctl -u nginx', then run this again"
}

# The template with everything filled in that differs from server to server.
site_text() {
    local upstreams='' copy default='' catch_all=_ http2='' listen_http2='' ipv6='' spare=''
    for copy in $(wanted_ports); do
        # The second copy answers only while the first one cannot: news and limits are counted in one place.
        upstreams+="    server 127.0.0.1:$copy max_fails=0$spare;"$'\n'
        spare=' backup'
    done
    # Two sites cannot both be the one for unknown names.
    if grep -lRs 'default_server' /etc/nginx/sites-enabled/ /etc/nginx/conf.d/ | grep -qv "/$NAME.conf$"; then
        catch_all="unused.invalid"
    else
        default=' default_server'
    fi
    if nginx_is_at_least 1.25.1; then
        http2='    http2 on;'
    else
        listen_http2=' http2'
    fi
    [ -e /proc/net/if_inet6 ] || ipv6='#'
    UPSTREAMS="${upstreams%$'\n'}" HTTP2="$http2" awk -v domain="$domain" -v folder="$NGINX_FOLDER" -v acme="$ACME_ROOT" \
        -v default_="$default" -v catch_all="$catch_all" -v listen_http2="$listen_http2" -v ipv6="$ipv6" '
        /^@UPSTREAMS@$/ { print ENVIRON["UPSTREAMS"]; next }
        /^@HTTP2@$/ { if (ENVIRON["HTTP2"] != "") print ENVIRON["HTTP2"]; next }
        {
            gsub(/@DOMAIN@/, domain); gsub(/@FOLDER@/, folder); gsub(/@ACME_ROOT@/, acme); gsub(/@STATIC@/, "")
            gsub(/@DEFAULT@/, default_); gsub(/@CATCH_ALL@/, catch_all); gsub(/@LISTEN_HTTP2@/, listen_http2); gsub(/@IPV6@/, ipv6)
            print
        }' "$1"
}

nginx_is_at_least() {
    local version
    version=$(nginx -v 2>&1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
    [ "$(printf '%s\n' "$1" "${version:-0}" | sort -V | head -n 1)" = "$1" ]
}
