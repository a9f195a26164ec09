# The shop as docker-install.sh sets it up, and what a visitor sees of it. To be sourced.
# shellcheck shell=bash disable=SC2153,SC2154  # Names from machine.sh, visitor.sh and test-containers.sh.

bad_input() {
    chapter 'What docker-install.sh refuses'
    see_refused 'an unknown option' 2 "unknown option '--fast'" installer first --fast
    see_refused 'a domain with https://' 2 'is not a domain name' installer first --domain https://toko.test
    see_refused 'no domain' 2 'no domain was named' installer first
    see_refused 'keys for backups that are none' 2 'are not age keys' installer first --domain "$DOMAIN" --backup-recipients secret
    see_refused 'a checkout that is no release' 1 'not an unpacked release' ./docker-install.sh --domain "$DOMAIN" --folder "$work/shop"
    see_refused 'an engine that does not answer' 1 'Docker does not answer' env DOCKER_HOST=unix:///nowhere ./docker-install.sh --domain "$DOMAIN"
    see 'the refusals left nothing behind' test ! -e "$work/shop"
}

# installer RELEASE OPTIONS…
installer() {
    local release="$1"
    shift
    "$work/releases/$release/docker-install.sh" --folder "$work/shop" "$@"
}

shop() {
    (cd "$work/shop" && docker-compose "$@" </dev/null)
}

in_app() {
    shop exec -T app xl-package-manager "$@"
}

from_nothing() {
    local out
    chapter 'From nothing, before the domain leads here'
    cat >"$work/ca/bundle.pem" <"$work/ca/ca.pem"
    mkdir -p "$work/shop"
    # The authority's name, and whom to trust: a test's own business, so in a file of the test's own.
    cat >"$work/shop/compose.override.yaml" <<TEXT
services:
  proxy:
    extra_hosts: ["acme.test:$VISITOR_IP"]
    environment: {SSL_CERT_FILE: /authority.pem}
    volumes: ["$work/ca/ca.pem:/authority.pem:ro"]
TEXT
    out=$(installer first --domain "$DOMAIN" --acme-server https://acme.test:14000/dir 2>&1) || true
    printf '%s\n' "$out" >"$work/install.log"
    see_in 'it ends well' 'Health: healthy' "$out"
    see_in 'a link for the first admin' "https://$DOMAIN/setup?token=" "$out"
    see_in 'a key for backups was made' 'owner-key.txt' "$out"
    see 'a visitor reaches the shop over HTTPS, with a real certificate' wait_for_site
    see 'once more, it changes nothing' unchanged installer first
}

unchanged() {
    local before after
    before=$(shop ps -q | sort)
    "$@" >"$work/again" 2>&1 || {
        cat "$work/again"
        return 1
    }
    after=$(shop ps -q | sort)
    [ "$before" = "$after" ] || {
        echo "containers were made anew"
        return 1
    }
}

over_https() {
    local head
    chapter 'Over HTTPS'
    see_equal 'http:// leads to https://' 308 "$(as_visitor curl -s --noproxy '*' -o /dev/null -w '%{http_code}' --resolve "$DOMAIN:80:$SERVER_IP" "http://$DOMAIN/login")"
    see_equal 'HTTP/2' 2 "$(visit /login -o /dev/null -w '%{http_version}')"
    head=$(visit /login -o /dev/null -D - | tr -d '\r')
    see_in 'HSTS' 'strict-transport-security' "$head"
    see_in 'a content security policy' 'content-security-policy' "$head"
    see_equal 'it does not tell what it is' '' "$(grep -i '^server:' <<<"$head" || true)"
    see_equal 'static files come compressed' br "$(visit "/pkg/$(visit /login | grep -oE '/pkg/[^"]+\.css' | head -n 1 | sed 's#^/pkg/##')" -o /dev/null -H 'Accept-Encoding: br' -D - | tr -d '\r' | sed -n 's/^content-encoding: //p')"
    see 'the first admin' admin_is_made
    see_equal 'signs in' 200 "$(sign_in)"
    see_equal 'and the shop knows the true address of the visitor, whatever the visitor claims' "$VISITOR_IP" "$(sign_in -H 'X-Forwarded-For: 203.0.113.9' >/dev/null; on_shop_database 'SELECT DISTINCT ip FROM sign_in WHERE ok = 1')"
    see_equal 'a body that is too large is refused' 413 "$(head -c 17000000 /dev/zero | visit /api/sign_in --http1.1 -o /dev/null -w '%{http_code}' --data-binary @- -H "Origin: https://$DOMAIN" || true)"
    see 'the books are in order' in_app check
}

admin_is_made() {
    echo "$PASSWORD" | (cd "$work/shop" && docker-compose exec -T app xl-package-manager create-admin --username budi --email "budi@$DOMAIN" --phone 081234567890)
}

on_shop_database() {
    shop exec -T database psql -qXtA -U postgres -d xl_package_manager -c "$1"
}

hardened() {
    local service id password
    chapter 'Hardened'
    for service in app proxy database backup; do
        id=$(shop ps -q "$service")
        see_equal "$service: read-only, no capabilities but what it needs, no new ones" 'true [ALL] [no-new-privileges:true]' \
            "$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' "$id")"
    done
    see_equal 'the shop runs as 10001' 10001 "$(shop exec -T app id -u)"
    see_refused 'the shop cannot change its program' 1 'ead-only' shop exec -T app touch /opt/xl-package-manager/x
    see_equal 'only Caddy is reached from outside' 'proxy' "$(docker ps --filter label=com.docker.compose.project=xl-package-manager --format '{{.Label "com.docker.compose.service"}} {{.Ports}}' | awk '/0\.0\.0\.0|::/ { print $1 }')"
    password=$(cat "$work/shop/secrets/database_password")
    see_equal 'no container shows the database password' 0 "$(shop ps -q | xargs docker inspect | grep -c "$password" || true)"
    see_equal 'nor does a log' 0 "$(shop logs | grep -c "$password" || true)"
    see_refused 'and nobody comes as the superuser with it' 2 'authentication failed' docker exec -e PGPASSWORD="$password" "$(shop ps -q backup)" psql -h database -U postgres -d postgres -c 'SELECT 1'
    see_equal 'the shop is no superuser of its database' f "$(on_shop_database "SELECT rolsuper FROM pg_roles WHERE rolname = 'xl_package_manager'")"
    see_equal 'the shop reaches the world' reached "$(reaches app)"
    see_equal 'the database does not' 'cut off' "$(reaches database)"
}

reaches() {
    if docker exec "$(shop ps -q "$1")" timeout 3 bash -c "exec 3<>/dev/tcp/$VISITOR_IP/14000" 2>/dev/null; then
        echo reached
    else
        echo 'cut off'
    fi
}

# The same containers with the demo's users and simulated gateways: what is bought goes through Caddy, PostgreSQL and all limits.
main_job() {
    chapter 'The main job, in the containers of production'
    mkdir -p "/etc/netns/$visitor_net"
    printf '127.0.0.1 localhost\n%s %s\n' "$SERVER_IP" "$DOMAIN" >"/etc/netns/$visitor_net/hosts"
    see 'a second shop with demo data in the place of the first' switch_shop demo
    see 'sign up, top up, buy, see it delivered, find it again' browser "$visitor_net" "https://$DOMAIN"
    see 'the books are in order' in_demo_app check
    see 'the first shop again' switch_shop first
}

# Two shops cannot have the same ports, so one rests while the other is there.
switch_shop() {
    if [ "$1" = demo ]; then
        shop stop
        cp -R "$work/shop" "$work/shop-demo"
        sed -i 's/^COMPOSE_PROJECT_NAME=.*/COMPOSE_PROJECT_NAME=xl-test-main-job/' "$work/shop-demo/.env"
        echo 'FRONT_NETWORK=172.30.250.0/28' >>"$work/shop-demo/.env"
        cat >>"$work/shop-demo/compose.override.yaml" <<TEXT
  app:
    command: [serve, --demo]
    environment: {DEMO_ANYWHERE: "true"}
TEXT
        (cd "$work/shop-demo" && docker-compose up -d)
    else
        (cd "$work/shop-demo" && docker-compose down -v)
        shop start
    fi
    wait_for_site
}

in_demo_app() {
    (cd "$work/shop-demo" && docker-compose exec -T app xl-package-manager "$@" </dev/null)
}
