#!/usr/bin/env bash
# Measures the release build on this machine, prints the figures and writes them to bench/results.md. It reports; it
# judges nothing.
#
#     scripts/bench.sh        SECONDS_EACH=10 PURCHASES=3000 BOOK=20000 by default
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

seconds=${SECONDS_EACH:-10}
purchases=${PURCHASES:-3000}
book=${BOOK:-20000}

scripts/build.sh --release
cargo build --release -p bench
program="$CARGO_TARGET_DIR/release/xl-package-manager"
measure="$CARGO_TARGET_DIR/release/bench"
folder=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap cleanup EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base="http://127.0.0.1:$port"

start() {
    "$program" serve --demo --listen "127.0.0.1:$port" --data-dir "$folder/data" --posts-per-minute 0 \
        >"$folder/log" 2>&1 &
    server=$!
}
# Polls as fast as it can: the time until the first answer is the figure.
await() {
    for _ in $(seq 1 20000); do
        curl -fs -o /dev/null "$base/healthz" 2>/dev/null && return 0
    done
    echo "the server did not start:" >&2
    cat "$folder/log" >&2
    exit 1
}
resident() { awk '/VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }

# The first start makes the demo; the second one is what a restart costs.
start
await
kill "$server"
wait "$server" || true
begin=$(date +%s%N)
start
await
ready_ms=$((($(date +%s%N) - begin) / 1000000))

# sign_in ROLE: the cookie of one of the demo's users.
sign_in() {
    curl -fs -o /dev/null -c "$folder/cookies" -H "Origin: $base" \
        --data-urlencode "identity=$(jq -r ".$1.username" "$folder/data/demo-users.json")" \
        --data-urlencode "password=$(jq -r ".$1.password" "$folder/data/demo-users.json")" \
        --data-urlencode 'next=' "$base/api/sign_in"
    awk '/session/ { print $6 "=" $7 }' "$folder/cookies"
}
cookie=$(sign_in member)

# page PATH CONNECTIONS: requests a second, and the 99th percentile.
page() {
    wrk -t1 -c"$2" -d"${seconds}s" --latency -H "Cookie: $cookie" "$base$1" >"$folder/wrk"
    if grep -q 'Non-2xx' "$folder/wrk"; then
        cat "$folder/wrk" >&2
        exit 1
    fi
    awk '/Requests\/sec/ { rate = $2 } /99%/ { p99 = $2 } END { printf "%.0f | %s", rate, p99 }' "$folder/wrk"
}
# size PATH: bytes of the document as a browser gets it.
size() { curl -s -o /dev/null -H 'Accept-Encoding: br' -H "Cookie: $cookie" -w '%{size_download}' "$base$1"; }
# flood COOKIE COUNT FIRST: buys the demo's cheapest package for that many numbers.
flood() {
    local order
    order=$(curl -fs -H "Cookie: $1" "$base/packages?q=Xtra+Harian+1+GB" | grep -o '/buy/[A-Z0-9]*' | head -n 1)
    price=$(curl -fs -H "Cookie: $1" "$base$order?msisdn=087812345678" | grep -o 'name="agreed_price" value="[0-9]*"' | grep -o '[0-9]*')
    seq -f '%06.0f' "$3" "$(($3 + $2 - 1))" | xargs -P 16 -I '{}' curl -fs -o /dev/null -H "Cookie: $1" -H "Origin: $base" \
        --data "package=${order#/buy/}&msisdn=087855{}&agreed_price=$price&key=flood-{}" "$base/api/place_purchase" || true # The balance may end first; what is on its way is counted.
}
# How many orders are on their way to the gateway now.
in_flight() {
    python3 -c 'import sqlite3, sys
book = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(book.execute("SELECT COUNT(*) FROM purchase WHERE state = '"'submitting'"'").fetchone()[0])' \
        "$folder/data/xl-package-manager.sqlite3"
}
packed() { find "$CARGO_TARGET_DIR/release/site/pkg" -name "$1" -printf '%s\n' | head -n 1; }

idle_mb=$(resident)
{
    printf '# Figures\n\nMeasured with make bench on %s cores (%s), load from the same machine.\n\n' "$(nproc)" \
        "$(awk -F ': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
    printf '## Pages, signed in as a member (release build, SQLite)\n\n'
    printf '| page | connections | requests a second | p99 |\n|---|---|---|---|\n'
    for path in /packages /dashboard; do
        for connections in 1 32; do
            printf '| %s | %s | %s |\n' "$path" "$connections" "$(page "$path" "$connections")"
        done
    done
    printf '\n## Process\n\n| figure | value |\n|---|---|\n'
    printf '| ready after a restart, with demo and simulator | %s ms |\n' "$ready_ms"
    printf '| resident memory, idle | %s MB |\n| resident memory, after the load above | %s MB |\n' "$idle_mb" "$(resident)"
    printf '\n## Orders on their way to a gateway that takes 5 s for each (SQLite)\n\n'
    printf '| orders on their way | /packages, requests a second | p99 |\n|---|---|---|\n'
    simulator=$(curl -fs -H "Cookie: $(sign_in admin)" "$base/admin/notifications" | grep -o 'http://127.0.0.1:[0-9]*/messages' | head -n 1)
    printf '| %s | %s |\n' "$(in_flight)" "$(seconds=3 page /packages 4)"
    curl -fs -o /dev/null -H 'Content-Type: application/json' \
        -d '{"behaviour":{"answer":{"kind":"slow","ms":5000}}}' "${simulator%/messages}/admin/behaviour"
    flood "$(sign_in reseller)" 470 100000
    flood "$cookie" 40 200000
    under_way=$(in_flight)
    printf '| %s | %s |\n' "$under_way" "$(seconds=3 page /packages 4)"
    printf '\n## Sizes on the wire (brotli)\n\n| what | bytes |\n|---|---|\n'
    printf '| WASM | %s |\n| its JavaScript | %s |\n| CSS | %s |\n' "$(packed '*.wasm.br')" "$(packed '*.js.br')" "$(packed '*.css.br')"
    printf '| landing page | %s |\n| dashboard | %s |\n| packages | %s |\n' "$(size /)" "$(size /dashboard)" "$(size /packages)"
} >"$folder/results.md"
kill "$server"
wait "$server" || true
server=

{
    printf '\n## Purchases: accepted, sent to the simulator over HTTP, settled, recorded durably\n\n'
    printf '| database | servers | in the book before | purchases | accepted a second | acceptance p99, ms | settled a second |\n'
    printf '|---|---|---|---|---|---|---|\n'
    "$measure" "sqlite:$folder/empty.db" "$purchases" 0
    "$measure" "sqlite:$folder/full.db" "$purchases" "$book"
    export measure purchases book
    # shellcheck disable=SC2016
    scripts/with-postgres.sh bash -c '
        for servers in 1 2; do
            for before in 0 "$book"; do
                psql -q "$TEST_DATABASE_URL" -c "CREATE DATABASE bench_${servers}_$before"
                "$measure" "${TEST_DATABASE_URL%/*}/bench_${servers}_$before" "$purchases" "$before" "$servers"
            done
        done'
} >>"$folder/results.md"

cp "$folder/results.md" bench/results.md
cat bench/results.md
