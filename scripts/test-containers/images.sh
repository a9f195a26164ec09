# The images: built, small, without anything that does not belong into them. To be sourced.
# shellcheck shell=bash disable=SC2154  # Names from machine.sh and test-containers.sh.

MOST_MB=60

build_image() {
    DOCKER_BUILDKIT=1 docker build -q "$@"
}

from_source() {
    chapter 'The Dockerfile, from the sources'
    see 'the shop' build_image --target shop -t xl-package-manager:from-source .
    see 'it runs' docker run --rm xl-package-manager:from-source --version
    see_equal "at most $MOST_MB MB beside the base" small "$(small xl-package-manager:from-source)"
    see 'once more, without building anything anew' env DOCKER_BUILDKIT=1 timeout 60 docker build -q --target shop .
}

images() {
    chapter 'The Dockerfile, from a release archive'
    see 'the shop' build_image --target shop --build-arg PROGRAM=archive -t xl-package-manager:test "$work/releases/first"
    see 'it runs' docker run --rm xl-package-manager:test --version
    see_equal "at most $MOST_MB MB beside the base" small "$(small xl-package-manager:test)"
    echo "         $(added_bytes xl-package-manager:test) bytes"
    see_equal 'it runs as nobody special' 10001:10001 "$(docker image inspect --format '{{.Config.User}}' xl-package-manager:test)"
    see 'it has a health check' docker image inspect --format '{{index .Config.Healthcheck.Test 1}}' xl-package-manager:test
    see_equal 'no secret and no data in it' '' "$(docker run --rm --entrypoint find xl-package-manager:test /opt /data -name '*.key' -o -name '*.env' -o -name '*.sqlite3' -o -name 'demo-users*')"
    see_refused 'its user cannot change it' 1 'denied' docker run --rm --entrypoint touch xl-package-manager:test /opt/xl-package-manager/x
    see 'the compose file is understood' compose_config
}

# What the image has more than what it stands on.
added_bytes() {
    echo $(($(docker image inspect --format '{{.Size}}' "$1") - $(docker image inspect --format '{{.Size}}' debian:trixie-slim)))
}

small() {
    [ "$(added_bytes "$1")" -gt $((MOST_MB * 1000000)) ] || echo small
}

compose_config() {
    (cd "$work/releases/first" && docker-compose --profile demo --profile production config -q)
}

# As docs/containers.md says it: nothing is set, nothing is built by hand.
demo() {
    chapter 'The demo'
    local folder="$work/releases/first"
    see 'docker compose --profile demo up' demo_up "$folder"
    see 'its page is there' wait_for_demo
    see 'the main job in a browser: sign up, top up, buy, see it delivered' browser "$server_net" http://127.0.0.1:3000
    see 'the books are in order' docker exec "$(demo_id)" xl-package-manager check
    see 'docker compose --profile demo down -v' demo_down "$folder"
}

demo_up() {
    (cd "$1" && PROGRAM=archive DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1 docker-compose -p xl-test-demo --profile demo up -d)
}

demo_down() {
    (cd "$1" && docker-compose -p xl-test-demo --profile demo down -v)
}

demo_id() {
    docker ps -q --filter label=com.docker.compose.project=xl-test-demo | head -n 1
}

wait_for_demo() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        ! ip netns exec "$server_net" curl -sf --noproxy '*' -o /dev/null http://127.0.0.1:3000/login || return 0
        sleep 0.3
    done
    docker logs --tail 20 "$(demo_id)"
    return 1
}

# browser NETWORK ADDRESS: the main job as the browser tests tell it, with and without JavaScript, on a phone and on a desk.
browser() {
    ip netns exec "$1" env BASE_URL="$2" E2E_ANY_CERTIFICATE=1 CI=true scripts/e2e.sh main-job.spec.ts
}
