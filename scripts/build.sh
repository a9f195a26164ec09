#!/usr/bin/env bash
# Builds the browser's side and the server, and puts the static site where the server looks for it:
# `site/` and `hash.txt` beside the executable.
#
#     scripts/build.sh [--release]
#
# --release also optimises the server and compresses every static file ahead of time.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

main() {
    local profile=debug
    local cargo_options=()
    case "${1:-}" in
        '') ;;
        --release)
            profile=release
            cargo_options=(--release)
            ;;
        *)
            echo "usage: scripts/build.sh [--release]" >&2
            exit 2
            ;;
    esac

    mkdir -p "$CARGO_TARGET_DIR/$profile"
    # cargo-leptos empties its site folder first, so two builds at once would take it from each other.
    exec 8>"$CARGO_TARGET_DIR/build-script.lock"
    flock 8

    browser_side
    cargo build -p server "${cargo_options[@]}"
    place_site "$CARGO_TARGET_DIR/$profile"
    echo "Built $CARGO_TARGET_DIR/$profile/xl-package-manager"
}

# Always in release mode: an unoptimised WASM file is tens of megabytes, and the tests should see the real one.
browser_side() {
    # Absolute paths, because cargo-leptos takes relative ones from the checkout and not from the target folder.
    LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/leptos/site" \
        LEPTOS_HASH_FILE_NAME="$CARGO_TARGET_DIR/leptos/hash.txt" \
        cargo leptos build --project xl-package-manager --release --frontend-only
}

# A folder is filled beside the old one and then swapped in, so that a running server never sees half a site.
place_site() {
    local folder="$1"
    rm -rf "$folder/site.new" "$folder/site.old"
    cp -R "$CARGO_TARGET_DIR/leptos/site" "$folder/site.new"
    # Descriptions for TypeScript programs, of which there are none.
    find "$folder/site.new/pkg" -name '*.d.*.ts' -delete
    if [ "${folder##*/}" = release ]; then
        compress "$folder/site.new"
    fi
    [ ! -e "$folder/site" ] || mv "$folder/site" "$folder/site.old"
    mv "$folder/site.new" "$folder/site"
    cp "$CARGO_TARGET_DIR/leptos/hash.txt" "$folder/hash.txt.new"
    mv "$folder/hash.txt.new" "$folder/hash.txt"
    rm -rf "$folder/site.old"
}

# Images and fonts are compressed already.
# shellcheck disable=SC2016  # The inner shell expands $0, the file's name.
compress() {
    # A file of a few bytes only grows.
    find "$1" -type f -size +255c \( -name '*.js' -o -name '*.wasm' -o -name '*.css' -o -name '*.svg' -o -name '*.html' -o -name '*.txt' \
        -o -name '*.xml' -o -name '*.json' -o -name '*.webmanifest' -o -name '*.ico' \) -print0 |
        xargs -0 -r -n 1 -P "$(nproc)" sh -c 'brotli -q 11 -k -f "$0" && gzip -9 -n -k -f "$0"'
}

main "$@"
