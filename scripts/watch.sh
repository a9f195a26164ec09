#!/usr/bin/env bash
# Builds and starts the demo, and again after every change of a source file. The page in the browser reloads itself.
# Arguments go to the server, for example `scripts/watch.sh --listen 127.0.0.1:4000`.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

# Beside the executable of the dev profile, where the server looks for it. (hash.txt is put there by cargo-leptos itself,
# which takes the executable's name from the package and not from the binary.)
export LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/debug/site"
export LEPTOS_BIN_EXE_NAME=xl-package-manager
exec cargo leptos watch --project xl-package-manager -- serve --demo "$@"
