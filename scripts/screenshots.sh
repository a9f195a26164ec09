#!/usr/bin/env bash
# Takes the README's pictures from a fresh demo. With BASE_URL and DEMO_USERS set, from a demo that runs already.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
# shellcheck source=scripts/demo-server.sh
. "$XL_ROOT/scripts/demo-server.sh"

if [ -z "${BASE_URL:-}" ]; then
    trap demo_remove EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # shellcheck disable=SC2119  # This script's arguments are Playwright's.
    demo_start
else
    export BASE_URL
    if [ -n "${DEMO_USERS:-}" ]; then
        DEMO_USERS=$(realpath "$DEMO_USERS")
        export DEMO_USERS
    fi
fi
cd "$XL_ROOT/end2end"
node_modules/.bin/playwright test --config screenshots.config.ts "$@"
