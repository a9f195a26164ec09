#!/usr/bin/env bash
# Long runs: random sequences against the books on both databases, and every crash point many times over.
#
#     scripts/torture.sh      CASES=300 ROUNDS=5 TOPUPS=5000 by default
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

export TORTURE_CASES=${CASES:-300}
scripts/with-postgres.sh cargo nextest run -p store --features crash-points --profile torture \
    no_sequence_breaks_the_books whatever_happens_the_books_agree_with_the_gateway
# Top-ups of which a fifth goes wrong.
export TORTURE_TOPUPS=${TOPUPS:-5000}
scripts/with-postgres.sh cargo nextest run -p server --features server/crash-points --profile torture --no-capture payments_torture::
for round in $(seq 1 "${ROUNDS:-5}"); do
    echo "crash points, round $round"
    scripts/with-postgres.sh cargo nextest run -p server --features server/crash-points --profile torture crash:: crash_topups:: engine:: payments::
done
