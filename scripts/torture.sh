#!/usr/bin/env bash
# Long runs: random sequences against the books on both databases, and every crash point many times over.
#
#     scripts/torture.sh      CASES=300 ROUNDS=5 by default
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

export TORTURE_CASES=${CASES:-300}
scripts/with-postgres.sh cargo nextest run -p store --features crash-points --profile torture no_sequence_breaks_the_books
for round in $(seq 1 "${ROUNDS:-5}"); do
    echo "crash points, round $round"
    scripts/with-postgres.sh cargo nextest run -p server --features server/crash-points --profile torture crash:: engine::
done
