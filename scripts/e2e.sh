#!/usr/bin/env bash
# The browser tests. Further arguments go to Playwright, for example `scripts/e2e.sh --headed login.spec.ts`.
#
#     scripts/e2e.sh                                  starts a demo of the built binary, once on SQLite and once on PostgreSQL
#     E2E_DATABASES=sqlite scripts/e2e.sh             on SQLite only
#     BASE_URL=https://… DEMO_USERS=demo-users.json scripts/e2e.sh      against a demo that runs already
#
# After each run on a demo of its own, the ledger is checked: `xl-package-manager check` must find nothing.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
# shellcheck source=scripts/demo-server.sh
. "$XL_ROOT/scripts/demo-server.sh"

playwright() {
    (cd "$XL_ROOT/end2end" && node_modules/.bin/playwright test "$@")
}

# A path relative to where the caller stands would not be found from end2end/.
if [ -n "${DEMO_USERS:-}" ]; then
    DEMO_USERS=$(realpath "$DEMO_USERS")
    export DEMO_USERS
fi
if [ -n "${BASE_URL:-}" ]; then
    export BASE_URL
    playwright "$@"
    exit
fi

trap demo_remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# run_on NAME [OPTION…] -- [PLAYWRIGHT ARGUMENT…]
run_on() {
    local name="$1" options=() status=0
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    printf '\n---- Browser tests on %s\n' "$name"
    demo_start "${options[@]}"
    E2E_DATABASE="$name" playwright "$@" || status=$?
    demo_stop
    if [ "$status" != 0 ]; then
        echo "The end of the server's log:" >&2
        tail -n 40 "$demo_folder/log" >&2
        # Last of all, since of a long log only the end may be kept.
        cat "$XL_ROOT/end2end/test-results/failures.txt" >&2 || true
        return "$status"
    fi
    printf '\n---- Checking the ledger on %s\n' "$name"
    demo_check
    demo_remove
}

for database in ${E2E_DATABASES:-sqlite postgres}; do
    case "$database" in
        sqlite) run_on sqlite -- "$@" ;;
        postgres)
            if [ -z "${TEST_DATABASE_URL:-}" ]; then
                E2E_DATABASES=postgres "$XL_ROOT/scripts/with-postgres.sh" "$XL_ROOT/scripts/e2e.sh" "$@"
            else
                # A database of its own, so that nothing is left over from other tests.
                name="xl_e2e_$$"
                psql -q "$TEST_DATABASE_URL" -c "CREATE DATABASE $name"
                run_on postgres --database-url "${TEST_DATABASE_URL%/*}/$name" -- "$@"
                psql -q "$TEST_DATABASE_URL" -c "DROP DATABASE $name"
            fi
            ;;
        *)
            echo "E2E_DATABASES: '$database' is not known; use sqlite and postgres." >&2
            exit 2
            ;;
    esac
done
