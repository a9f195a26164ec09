# Members who buy all the time while the server is updated, broken and restarted, a gateway that is slow, and the count at the
# end: every purchase once in the shop and once in the gateway's book. To be sourced.
# shellcheck shell=bash disable=SC2154,SC2016  # Names from machine.sh and test-install.sh; texts for the shell on the server.

GATEWAY_PORT=8090
LONG_NUMBER=087899990000
buyers_pid=
package=

# The gateway is the demo's, in a process of its own out there. It listens on its own machine only, so a small helper passes
# the shop's calls on to it.
start_gateway() {
    local demo="$work/demo" port tries
    mkdir -p "$demo"
    tar -xzf "$archive" -C "$demo" --strip-components=1
    as_visitor env DATA_DIR="$demo/data" RUST_LOG=warn setsid "$demo/xl-package-manager" serve --demo --listen 127.0.0.1:3900 </dev/null >"$work/demo.log" 2>&1 &
    started_pids+=($!)
    for ((tries = 0; tries < 300; tries++)); do
        port=$(cat "$demo/data/demo-gateway.port" 2>/dev/null) || true
        if [ -n "$port" ] && as_visitor curl -sf --noproxy '*' -o /dev/null http://127.0.0.1:3900/healthz; then
            break
        fi
        sleep 0.2
    done
    SHOP_BOOK="http://127.0.0.1:$port"
    as_visitor setsid systemd-socket-activate -l "$VISITOR_IP:$GATEWAY_PORT" /lib/systemd/systemd-socket-proxyd "127.0.0.1:$port" </dev/null >"$work/gateway.log" 2>&1 &
    started_pids+=($!)
    # Its first answer comes late, and the order itself takes some seconds; for one number very long.
    tell_gateway '{"on": "first", "behaviour": {"answer": {"kind": "slow", "ms": 1500}}}' || return 1
    tell_gateway '{"on": "first", "number": "'"$LONG_NUMBER"'", "behaviour": {"order": {"kind": "pending", "then": "success", "settling": {"after_ms": 30000}}}}' || return 1
    as_visitor curl -sf --noproxy '*' -o /dev/null "http://$VISITOR_IP:$GATEWAY_PORT/book?limit=1"
}

tell_gateway() {
    as_visitor curl -sf --noproxy '*' -o /dev/null "$SHOP_BOOK/admin/behaviour" -H 'content-type: application/json' -d "$1"
}

# The browsers of shop.py, out there.
browsers() {
    as_visitor env SHOP_DOMAIN="$DOMAIN" SHOP_ADDRESS="$SERVER_IP" SHOP_CA="$work/ca/roots.pem" SHOP_PASSWORD="$PASSWORD" \
        SHOP_FOLDER="$work/buyers" SHOP_BOOK="$SHOP_BOOK" python3 "$parts/shop.py" "$@"
}

members_buy() {
    chapter 'Members buy from a slow gateway, and go on while all that follows happens'
    mkdir -p "$work/buyers"
    see 'a gateway' start_gateway
    see 'the shop knows it' server_sh "for line in URL=http://$VISITOR_IP:$GATEWAY_PORT/digiflazz/v1 USERNAME=demo KEY=demo-key ASK_EVERY=2; do
        xlpm config set XL_GATEWAY_\${line%%=*} \${line#*=}; done; xlpm restart"
    see 'a second admin' server_sh "echo '$PASSWORD' | xlpm create-admin --username kawan --email kawan@$DOMAIN --phone 081234567891"
    see 'a package, and members with money' browsers stall
    package=$(tail -n 1 "$work/said")
    live_status 'with one copy'
    browsers buy "$package" &
    buyers_pid=$!
    see 'they buy' wait_until 20 bought_are 5
}

bought_are() {
    [ -e "$work/buyers/bought" ] && [ "$(how_many_bought)" -ge "$1" ]
}

# Reads only; the shop's own program does all writing.
ask_database() {
    server_sh "runuser -u postgres -- psql -qXtAF ' ' -d xl_package_manager -c \"$1\""
}

# How long after its change the latest word came, in milliseconds. The first one only tells how it stands.
live_status() {
    local purchase late
    see "$1: a purchase is watched to its end" browsers watch "$package"
    cp "$work/said" "$work/words"
    purchase=$(sed -n 's/^purchase //p' "$work/words")
    ask_database "SELECT to_state, at FROM purchase_step s JOIN purchase p ON p.id = s.purchase_id WHERE public_id = '$purchase' ORDER BY n" >"$work/steps"
    late=$(awk 'FNR == NR { at[$1] = $2; next } $1 ~ /^[0-9]+$/ && seen++ { n++; late = $1 - at[$2]; if (late > most) most = late } END { if (n) print n, most }' "$work/steps" "$work/words")
    see "… each word comes within a second of its change, through nginx (${late:-none came}: words, ms)" \
        awk -v text="$late" 'BEGIN { split(text, w, " "); exit (w[1] >= 2 && w[2] < 1000) ? 0 : 1 }'
}

# What is watched goes on when the copy that told of it restarts: the browser connects again, and the other one answers.
live_status_over_restart() {
    local watcher
    browsers watch "$package" "$LONG_NUMBER" >"$work/words" 2>&1 &
    watcher=$!
    see 'somebody watches a purchase that takes long' wait_until 20 grep -q pending "$work/words"
    see '… while the copies restart' server_sh 'xlpm restart'
    see '… whose page hears the end all the same' wait "$watcher"
    see '… after it has connected again' grep -x again "$work/words"
}

how_many_bought() {
    wc -l <"$work/buyers/bought"
}

# How often a member had to press the button again until now.
pressed_again() {
    awk '{ n += $3 - 1 } END { print n + 0 }' "$work/buyers/bought"
}

nothing_is_open() {
    [ "$(ask_database "SELECT count(*) FROM purchase WHERE state NOT IN ('succeeded', 'failed', 'refunded')")" = 0 ]
}

count_purchases() {
    local n
    chapter 'What became of all the purchases'
    touch "$work/buyers/stop"
    see 'the members stop' wait "$buyers_pid"
    see_equal 'nobody was refused, nobody bought twice' '' "$(cat "$work/buyers/trouble" 2>/dev/null)"
    n=$(how_many_bought)
    see "they bought $n times, pressed again $(pressed_again) times, waited $(awk '$4 > most { most = $4 } END { printf "%.1f s", most / 1000 }' "$work/buyers/bought") at most" [ "$n" -ge 50 ]
    see 'every purchase ends' wait_until 180 nothing_is_open
    cut -d ' ' -f 1 "$work/buyers/bought" | sort >"$work/accepted"
    ask_database "SELECT public_id FROM purchase WHERE msisdn NOT LIKE '%8789%'" | sort >"$work/placed"
    see 'what the members were told is what the shop has, each once' diff "$work/accepted" "$work/placed"
    ask_database "SELECT public_id, 1, 1 FROM purchase WHERE state = 'succeeded'" | sort >"$work/succeeded"
    see "the gateway's book can be read" browsers book
    cp "$work/said" "$work/book"
    see "the gateway has charged and delivered what succeeded, each exactly once, and nothing else" diff "$work/succeeded" <(awk '$2 || $3' "$work/book" | sort)
    see_equal 'all of them succeeded' "$(ask_database 'SELECT count(*) FROM purchase')" "$(wc -l <"$work/succeeded")"
    see_equal 'no money is held any more' 0 "$(ask_database 'SELECT coalesce(sum(held), 0) FROM wallet')"
    see 'xlpm check: the books are in order' server_sh 'xlpm check'
}
