#!/usr/bin/env bash
# Everything that can be said about the code without running it. A warning is a failure.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

cargo fmt --all --check
cargo clippy --workspace --exclude frontend --all-targets --features server/crash-points -- -D warnings
cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
scripts/lint-shell.sh
scripts/lint-deploy.sh
# Where Prometheus' own tool is installed.
if command -v promtool >/dev/null; then promtool check rules deploy/prometheus-alerts.yml; fi
