#!/usr/bin/env bash
# Two servers on one PostgreSQL behind nginx, without sticky sessions: signs in, buys through both, kills one under load
# and looks whether anything was lost or done twice. Shows the figures that docs/more-than-one-server.md speaks of.
#
#     scripts/two-instances.sh      ROUNDS=1 by default
set -euo pipefail

scripts=$(dirname "$0")
"$scripts/setup.sh" test
# shellcheck source=scripts/env.sh
. "$scripts/env.sh"
cd "$XL_ROOT"

for round in $(seq 1 "${ROUNDS:-1}"); do
    echo "two servers, round $round"
    scripts/with-postgres.sh cargo nextest run -p server --features server/crash-points --no-capture -E 'test(two_servers::)'
done
