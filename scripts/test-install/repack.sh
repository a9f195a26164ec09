#!/usr/bin/env bash
# Makes another version out of a release archive, for tests of updates:
#
#     scripts/test-install/repack.sh ARCHIVE VERSION FOLDER [good|exits|hangs|bad-migration]
#
# Prints the new archive's path. `exits` has a program that ends when it should serve, `hangs` one that never answers.
set -euo pipefail

archive="$1"
version="$2"
folder="$3"
kind="${4:-good}"
name=xl-package-manager
work=$(mktemp -d "$folder/.repack.XXXXXX")
trap 'rm -rf "$work"' EXIT

tar -xzf "$archive" -C "$work"
mv "$work/$name"-* "$work/$name-$version"
echo "$version" >"$work/$name-$version/VERSION"
program="$work/$name-$version/$name"
case "$kind" in
    good) ;;
    exits) serve='echo "this version is broken" >&2; exit 1' migrate='exit 0' ;;
    hangs) serve='exec sleep 600' migrate='exit 0' ;;
    bad-migration) serve='exit 1' migrate='echo "this migration is broken" >&2; exit 1' ;;
    *)
        echo "repack: unknown kind $kind" >&2
        exit 2
        ;;
esac
if [ "$kind" != good ]; then
    cat >"$program" <<TEXT
#!/bin/sh
case "\$1" in
    --version) echo "$name $version" ;;
    migrate) $migrate ;;
    *) $serve ;;
esac
TEXT
    chmod 755 "$program"
fi
target="$folder/$name-$version-$kind.tar.gz"
tar -C "$work" -cf - "$name-$version" | gzip -1 >"$target"
(cd "$folder" && sha256sum "${target##*/}" >"${target##*/}.sha256")
echo "$target"
