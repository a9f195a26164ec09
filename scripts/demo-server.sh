# Starts and ends a demo server for the browser tests. To be sourced after scripts/env.sh.
# shellcheck shell=bash

XL_BINARY="${XL_BINARY:-$CARGO_TARGET_DIR/debug/xl-package-manager}"
demo_folder=
demo_pid=
demo_options=()

# demo_start [OPTION…]: options of the binary, such as --database-url. Sets BASE_URL and DEMO_USERS.
demo_start() {
    local port _
    [ -x "$XL_BINARY" ] || {
        echo "There is no $XL_BINARY yet. Run scripts/build.sh first." >&2
        return 1
    }
    XL_BINARY=$(realpath "$XL_BINARY")
    demo_folder=$(mktemp -d "${TMPDIR:-/tmp}/xl-demo.XXXXXX")
    demo_options=(--data-dir "$demo_folder/data" "$@")
    # Another program may take the free port between the look and the start, so a few are tried.
    for _ in 1 2 3; do
        port=$((32100 + RANDOM % 600))
        if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then
            continue
        fi
        BASE_URL="http://127.0.0.1:$port"
        (
            demo_isolate
            exec "$XL_BINARY" serve --demo --listen "127.0.0.1:$port" --public-url "$BASE_URL" "${demo_options[@]}"
        ) </dev/null >"$demo_folder/log" 2>&1 &
        demo_pid=$!
        if demo_wait; then
            DEMO_USERS="$demo_folder/data/demo-users.json"
            export BASE_URL DEMO_USERS
            return
        fi
        demo_stop
        grep -qi 'address.*in use' "$demo_folder/log" || break
    done
    echo "The server did not start. Its log:" >&2
    tail -n 60 "$demo_folder/log" >&2
    return 1
}

# A developer's own settings must not reach it, or tests would run on his database. `.env` is read from the current folder.
demo_isolate() {
    cd "$demo_folder" || exit
    unset DATABASE_URL DATA_DIR LISTEN_ADDR PUBLIC_URL ENCRYPTION_KEY_FILE
}

# Asks until it answers, up to a minute; ends at once when the process has ended.
demo_wait() {
    local deadline=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$deadline" ]; do
        kill -0 "$demo_pid" 2>/dev/null || return 1
        if curl -fsS -o /dev/null --max-time 2 "$BASE_URL/healthz" 2>/dev/null; then
            return
        fi
        sleep 0.1
    done
    return 1
}

# Ends only the process started here, politely first.
demo_stop() {
    local deadline=$((SECONDS + 30))
    [ -n "$demo_pid" ] || return 0
    kill "$demo_pid" 2>/dev/null || true
    while kill -0 "$demo_pid" 2>/dev/null; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "The server did not stop within 30 seconds after SIGTERM." >&2
            kill -9 "$demo_pid" 2>/dev/null || true
            break
        fi
        sleep 0.1
    done
    wait "$demo_pid" 2>/dev/null || true
    demo_pid=
}

# The ledger's invariants, after all that the tests did.
demo_check() {
    (
        demo_isolate
        exec "$XL_BINARY" check "${demo_options[@]}"
    )
}

demo_remove() {
    demo_stop
    [ -z "$demo_folder" ] || rm -rf "$demo_folder"
    demo_folder=
    # Otherwise the next script would take the address for a demo that runs already.
    unset BASE_URL DEMO_USERS
}
