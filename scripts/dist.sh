#!/usr/bin/env bash
# Makes dist/, ready to be copied to a server: the binary, its compressed static site, and the installer with its parts.
# Beside them the same as one archive with its checksum, which install.sh takes.
#
# SIGNING_KEY=FILE (an SSH private key) signs the archive, for `install.sh --signer`.
set -euo pipefail

# The oldest system that it must run on is Ubuntu 22.04.
GLIBC_MOST=2.35

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

scripts/build.sh --release

version=$(sed -n '/^\[workspace.package\]/,/^\[[^w]/s/^version *= *"\(.*\)"/\1/p' Cargo.toml | head -n 1)
name="xl-package-manager-$version"
archive="$name-$(uname -m)-linux.tar.gz"
built="$CARGO_TARGET_DIR/release"

# Told here, and not by the owner's server.
glibc=$(objdump -T "$built/xl-package-manager" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -n 1)
glibc="${glibc#GLIBC_}"
if [ "$(printf '%s\n' "${glibc:-0}" "$GLIBC_MOST" | sort -V | tail -n 1)" != "$GLIBC_MOST" ]; then
    echo "dist: the program needs glibc $glibc, and must run on $GLIBC_MOST (Ubuntu 22.04): build it on an older system" >&2
    exit 1
fi
echo "The program needs glibc ${glibc:-(none)}; $GLIBC_MOST is allowed."

rm -rf dist
mkdir dist
strip -o dist/xl-package-manager "$built/xl-package-manager"
chmod 755 dist/xl-package-manager
cp -R "$built/site" dist/site
cp "$built/hash.txt" dist/hash.txt
cp -R install.sh deploy dist/
echo "$version" >dist/VERSION

# The same sources give the same archive, byte for byte: fixed order, owner and time.
date=$(git log -1 --format=%ct 2>/dev/null || echo "${SOURCE_DATE_EPOCH:-0}")
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$date" --mode='u=rwX,go=rX' --transform="s,^\.,$name," \
    -C dist -cf - ./xl-package-manager ./site ./hash.txt ./VERSION ./install.sh ./deploy | gzip -9 -n >"$archive.tmp"
mv "$archive.tmp" "dist/$archive"
(cd dist && sha256sum "$archive" >"$archive.sha256")
if [ -n "${SIGNING_KEY:-}" ]; then
    ssh-keygen -q -Y sign -f "$SIGNING_KEY" -n xl-package-manager "dist/$archive"
fi

echo
du -h --apparent-size -s dist/xl-package-manager dist/site "dist/$archive"
