#!/usr/bin/env bash
# From nothing to a running demo: installs what is missing, builds, and starts it with demo data and simulated gateways.
# Arguments go to the server, for example `scripts/run.sh --listen 127.0.0.1:4000`.
set -euo pipefail

"$(dirname "$0")/setup.sh" build
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"
scripts/build.sh
exec "$CARGO_TARGET_DIR/debug/xl-package-manager" serve --demo "$@"
