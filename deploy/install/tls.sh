# The certificate: one of our own until the domain leads here, then Let's Encrypt's, renewed by certbot's own timer.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

# Answered by nothing, so that it cannot be taken for the shop's.
make_self_signed() {
    if [ ! -s "$NGINX_FOLDER/self-signed.key" ] || ! is_for_domain "$NGINX_FOLDER/self-signed.pem"; then
        say "Making a self-signed certificate for $domain"
        [ -n "$dry_run" ] || (
            umask 077
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$domain" \
                -addext "subjectAltName=DNS:$domain" -keyout "$NGINX_FOLDER/self-signed.key" -out "$NGINX_FOLDER/self-signed.pem" 2>/dev/null
        ) || stop "openssl made no certificate" "run 'openssl version' to see whether it works, then run this again"
    elif [ -s "$NGINX_FOLDER/certificate.pem" ] && [ -s "$NGINX_FOLDER/certificate.key" ]; then
        return
    fi
    [ -n "$dry_run" ] || use_certificate "$([ -s "$(live)/fullchain.pem" ] && echo real || echo self-signed)"
}

is_for_domain() {
    openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | grep -qwF "DNS:$domain"
}

live() {
    echo "/etc/letsencrypt/live/$domain"
}

# nginx looks at two links, so that its own file never changes when the certificate does.
use_certificate() {
    case "$1" in
        real)
            ln -sfn "$(live)/fullchain.pem" "$NGINX_FOLDER/certificate.pem"
            ln -sfn "$(live)/privkey.pem" "$NGINX_FOLDER/certificate.key"
            ;;
        *)
            ln -sfn self-signed.pem "$NGINX_FOLDER/certificate.pem"
            ln -sfn self-signed.key "$NGINX_FOLDER/certificate.key"
            ;;
    esac
}

uses_real_certificate() {
    [ "$(readlink "$NGINX_FOLDER/certificate.pem" 2>/dev/null)" = "$(live)/fullchain.pem" ] && [ -s "$(live)/fullchain.pem" ]
}

make_certificate() {
    if skipped nginx; then
        return
    fi
    if skipped tls; then
        warn "The certificate is self-signed (--skip-tls): browsers warn of it. 'xlpm certificate' gets a real one."
        return
    fi
    install_packages certbot curl
    run install -d -m 0755 /etc/letsencrypt/renewal-hooks/deploy
    write_file "/etc/letsencrypt/renewal-hooks/deploy/$NAME" 0755 <<'TEXT'
#!/bin/sh
# nginx reads the renewed certificate.
systemctl reload nginx
TEXT
    [ -z "$dry_run" ] || return 0
    if get_certificate; then
        systemctl disable --now --quiet "$NAME-certificate.timer" 2>/dev/null || true
    else
        warn "There is no real certificate for $domain yet, so browsers warn. It is asked for every half an hour; 'xlpm certificate' asks now and says why not."
        systemctl enable --now --quiet "$NAME-certificate.timer"
    fi
}

# Ends well when the shop has a real certificate; 1 with the reason when it does not.
get_certificate() {
    local log
    if uses_real_certificate; then
        if ! ends_soon "$NGINX_FOLDER/certificate.pem"; then
            return
        fi
        # certbot's own timer should have done it long ago.
        say "The certificate for $domain ends soon; renewing it"
        log=$(mktemp)
        if ! certbot renew --non-interactive --cert-name "$domain" --no-random-sleep-on-renew >"$log" 2>&1 </dev/null; then
            tell_refusal "It was not renewed:" "$log"
            return 1
        fi
        rm -f "$log"
        systemctl reload nginx
        return
    fi
    if [ ! -s "$(live)/fullchain.pem" ]; then
        # The authority counts failures, so it is asked only when it can succeed.
        [ -n "${force:-}" ] || leads_here || return 1
        local mail=(--register-unsafely-without-email) server=()
        [ -z "$(setting ACME_EMAIL)" ] || mail=(--email "$(setting ACME_EMAIL)")
        [ -z "$(setting ACME_SERVER)" ] || server=(--server "$(setting ACME_SERVER)")
        say "Asking for a certificate for $domain"
        log=$(mktemp)
        if ! certbot certonly --non-interactive --agree-tos "${mail[@]}" "${server[@]}" --webroot --webroot-path "$ACME_ROOT" \
            --cert-name "$domain" -d "$domain" >"$log" 2>&1 </dev/null; then
            tell_refusal "No certificate was given:" "$log"
            return 1
        fi
        rm -f "$log"
    fi
    use_certificate real
    systemctl reload nginx
    say "The shop has a certificate for $domain."
}

tell_refusal() {
    say "$1"
    grep -vE '^(Saving debug log|Ask for help|- - -|$)' "$2" | sed 's/^/    /' >&2
    rm -f "$2"
}

# Whether it ends within two weeks; certbot renews a month before.
ends_soon() {
    ! openssl x509 -in "$1" -noout -checkend 1209600 >/dev/null 2>&1
}

# Whether the domain's name leads to this very server: a file with a word that only we know is read over it.
leads_here() {
    local word file answer
    word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    file="$ACME_ROOT/.well-known/acme-challenge/$word"
    install -d -m 0755 "${file%/*}"
    printf '%s' "$word" >"$file"
    answer=$(curl -fsS --noproxy '*' --max-time 10 "http://$domain/.well-known/acme-challenge/$word" 2>/dev/null) || true
    rm -f "$file"
    if [ "$answer" = "$word" ]; then
        return
    fi
    say "http://$domain does not lead to this server yet (it has $(getent ahosts "$domain" | awk '{ print $1; exit }' | grep . || echo 'no address'))."
    say "  Set an A record of $domain to this server's address, and AAAA only if it has that address too."
    return 1
}
