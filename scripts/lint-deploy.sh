#!/usr/bin/env bash
# Checks what systemd, nginx and a container engine will read, without running any: `systemd-analyze verify`, `nginx -t`,
# `hadolint` and Compose, where these programs are installed. The rest is tried by scripts/test-install.sh and
# scripts/test-containers.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if command -v systemd-analyze >/dev/null; then
    # The programs that they start are not on this machine.
    for unit in deploy/systemd/*; do
        name="${unit##*/}"
        sed -E 's#^(ExecStart=)[^ ]+#\1/bin/true#; /^EnvironmentFile=/d; s/^(User|Group)=.*/\1=root/' "$unit" >"$work/${name/@./@3000.}"
    done
    systemd-analyze verify --man=no "$work"/*.service "$work"/*.timer "$work"/*.target
    echo 'The units are well.'
fi

if command -v nginx >/dev/null && command -v openssl >/dev/null; then
    # shellcheck disable=SC2034  # The part reads them.
    {
        domain=toko.example port=3000 instances=2 dry_run=''
        . deploy/install/common.sh
        . deploy/install/system.sh
        . deploy/install/nginx.sh
        NGINX_FOLDER="$work/nginx"
    }
    mkdir -p "$NGINX_FOLDER"
    cp deploy/nginx/*.conf "$NGINX_FOLDER/"
    [ -e /etc/nginx/modules-enabled/50-mod-http-brotli-static.conf ] || sed -i '/brotli_static/d' "$NGINX_FOLDER/static.conf"
    : >"$NGINX_FOLDER/local.conf"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "/CN=$domain" -keyout "$NGINX_FOLDER/self-signed.key" -out "$NGINX_FOLDER/self-signed.pem" 2>/dev/null
    ln -s self-signed.pem "$NGINX_FOLDER/certificate.pem"
    ln -s self-signed.key "$NGINX_FOLDER/certificate.key"
    # Ports that anybody may open: nginx looks whether it could.
    site_text deploy/nginx/site.conf | sed -E "s#/var/log/nginx/#$work/#; s/^( *listen (\[::\]:)?)80\b/\120080/; s/^( *listen (\[::\]:)?)443\b/\120443/" >"$work/site.conf"
    printf 'pid %s/pid; error_log stderr; events {}\nhttp { include /etc/nginx/mime.types; include %s/site.conf; }\n' "$work" "$work" >"$work/nginx.conf"
    nginx -t -q -c "$work/nginx.conf"
    echo 'The site for nginx is well.'
fi

if command -v hadolint >/dev/null; then
    # Versions of Debian's packages are not pinned: each build takes the newest security updates.
    hadolint --ignore DL3008 Dockerfile scripts/test-containers/stand-ins/*/Dockerfile
    echo 'The Dockerfiles are well.'
else
    echo 'hadolint is not installed: the Dockerfiles were not looked at.'
fi

compose=()
if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
fi
if [ "${#compose[@]}" -gt 0 ]; then
    "${compose[@]}" -f compose.yaml --profile demo --profile production config -q
    echo 'The compose file is well.'
fi
