#!/usr/bin/env bash
# All tests, stage by stage; stops at the first stage that fails and says how long each took.
#
#     scripts/test.sh              SKIP_E2E=1 scripts/test.sh leaves the browser tests out
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

names=()
results=()
failed=

table() {
    local i
    printf '\n%-28s %s\n' 'Stage' 'Minutes'
    for i in "${!names[@]}"; do
        printf '%-28s %s\n' "${names[$i]}" "${results[$i]}"
    done
    [ -z "$failed" ] || printf '\nFAILED: %s\n' "$failed"
}
trap table EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# stage NAME COMMAND…
stage() {
    local name="$1" start end status=0
    shift
    printf '\n==== %s: %s\n' "$name" "$*"
    start=$(date +%s%N)
    "$@" || status=$?
    end=$(date +%s%N)
    names+=("$name")
    results+=("$(awk -v n=$((end - start)) 'BEGIN { printf "%6.1f", n / 6e10 }')")
    if [ "$status" != 0 ]; then
        failed="$name"
        exit "$status"
    fi
}

stage 'set-up' scripts/setup.sh test
# The set-up may just have chosen the toolchain.
# shellcheck source=scripts/env.sh
. scripts/env.sh
stage 'format' cargo fmt --all --check
stage 'shell scripts' scripts/lint-shell.sh
stage 'units, nginx, containers' scripts/lint-deploy.sh
stage 'clippy, server' cargo clippy --workspace --exclude frontend --all-targets --features server/crash-points -- -D warnings
stage 'clippy, browser' cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
stage 'tests on both databases' scripts/with-postgres.sh cargo nextest run --workspace --exclude frontend --features server/crash-points
if [ -z "${SKIP_E2E:-}" ]; then
    stage 'build' scripts/build.sh
    stage 'browser tests' scripts/e2e.sh
fi
