#!/usr/bin/env bash
# Makes dist/, ready to be copied to a server: the program, its compressed static site, the installers with their parts.
# Beside them the same as one archive with its checksum, which install.sh and docker-install.sh take.
#
#     scripts/dist.sh                     SIGNING_KEY=FILE (an SSH private key) signs the archive, for `install.sh --signer`
#     scripts/dist.sh --program FOLDER    only the program and its site, for the Dockerfile
set -euo pipefail

# The oldest system that it must run on is Ubuntu 22.04.
GLIBC_MOST=2.35

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

main() {
    local version
    version=$(sed -n '/^\[workspace.package\]/,/^\[[^w]/s/^version *= *"\(.*\)"/\1/p' Cargo.toml | head -n 1)
    case "${1:-}" in
        '')
            scripts/build.sh --release
            check_glibc
            rm -rf dist
            program dist
            cp -R install.sh docker-install.sh Dockerfile .dockerignore compose.yaml deploy README.md dist/
            # For the owner, who has nothing but the archive; what is known to be missing is for whoever goes on.
            mkdir dist/docs
            cp docs/containers.md docs/install-by-hand.md docs/more-than-one-server.md docs/operations.md dist/docs/
            archive "xl-package-manager-$version"
            ;;
        --program)
            scripts/build.sh --release
            program "${2:?a folder is needed}"
            ;;
        *)
            echo "usage: scripts/dist.sh [--program FOLDER]" >&2
            exit 2
            ;;
    esac
}

# Told here, and not by the owner's server.
check_glibc() {
    local glibc
    glibc=$(objdump -T "$CARGO_TARGET_DIR/release/xl-package-manager" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -n 1)
    glibc="${glibc#GLIBC_}"
    if [ "$(printf '%s\n' "${glibc:-0}" "$GLIBC_MOST" | sort -V | tail -n 1)" != "$GLIBC_MOST" ]; then
        echo "dist: the program needs glibc $glibc, and must run on $GLIBC_MOST (Ubuntu 22.04): build it on an older system" >&2
        exit 1
    fi
    echo "The program needs glibc ${glibc:-(none)}; $GLIBC_MOST is allowed."
}

# program FOLDER
program() {
    local built="$CARGO_TARGET_DIR/release"
    mkdir -p "$1"
    strip -o "$1/xl-package-manager" "$built/xl-package-manager"
    chmod 755 "$1/xl-package-manager"
    cp -R "$built/site" "$1/site"
    cp "$built/hash.txt" "$1/hash.txt"
    echo "$version" >"$1/VERSION"
}

# archive NAME. The same sources give the same archive, byte for byte: fixed order, owner and time.
archive() {
    local name="$1" file date
    file="$name-$(uname -m)-linux.tar.gz"
    date=$(git log -1 --format=%ct 2>/dev/null || echo "${SOURCE_DATE_EPOCH:-0}")
    # Written beside the folder, so that it does not hold itself.
    (cd dist && find . -mindepth 1 -print0 | sort -z) |
        tar -C dist --null --no-recursion --files-from=- --owner=0 --group=0 --numeric-owner --mtime="@$date" --mode='u=rwX,go=rX' \
            --transform="s,^\.,$name," -cf - | gzip -9 -n >"$file.tmp"
    mv "$file.tmp" "dist/$file"
    (cd dist && sha256sum "$file" >"$file.sha256")
    if [ -n "${SIGNING_KEY:-}" ]; then
        ssh-keygen -q -Y sign -f "$SIGNING_KEY" -n xl-package-manager "dist/$file"
    fi
    echo
    du -h --apparent-size -s dist/xl-package-manager dist/site "dist/$file"
}

main "$@"
