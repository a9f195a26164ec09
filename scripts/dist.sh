#!/usr/bin/env bash
# Makes dist/, ready to be copied to a server: the binary, its compressed static site and hash.txt, nothing else is needed.
# Beside them the same as one archive with its checksum, which install.sh takes.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
cd "$XL_ROOT"

scripts/build.sh --release

version=$(sed -n '/^\[workspace.package\]/,/^\[[^w]/s/^version *= *"\(.*\)"/\1/p' Cargo.toml | head -n 1)
name="xl-package-manager-$version"
archive="$name-$(uname -m)-linux.tar.gz"
built="$CARGO_TARGET_DIR/release"

rm -rf dist
mkdir dist
strip -o dist/xl-package-manager "$built/xl-package-manager"
chmod 755 dist/xl-package-manager
cp -R "$built/site" dist/site
cp "$built/hash.txt" dist/hash.txt

# The same sources give the same archive, byte for byte: fixed order, owner and time.
date=$(git log -1 --format=%ct 2>/dev/null || echo "${SOURCE_DATE_EPOCH:-0}")
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$date" --mode='u=rwX,go=rX' --transform="s,^\.,$name," \
    -C dist -cf - ./xl-package-manager ./site ./hash.txt | gzip -9 -n >"$archive.tmp"
mv "$archive.tmp" "dist/$archive"
(cd dist && sha256sum "$archive" >"$archive.sha256")

echo
du -h --apparent-size -s dist/xl-package-manager dist/site "dist/$archive"
