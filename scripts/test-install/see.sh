# How the test looks at something, and the table at its end. To be sourced.
# shellcheck shell=bash disable=SC2154  # Names from machine.sh.

seen=()
failures=0
began=$SECONDS

# An archive of other sources may be tried on purpose; who did not mean to should know before reading what failed.
tell_if_other() {
    local inside="$work/inside" file
    mkdir "$inside"
    tar -xzf "$archive" -C "$inside" --strip-components=1 --exclude='*/site' --exclude='*/xl-package-manager'
    for file in "$inside"/*.sh "$inside/Dockerfile" "$inside/compose.yaml" "$inside/deploy"; do
        diff -rq "$file" "${file##*/}" >/dev/null || printf 'NOTE: %s of the archive is not the one here: make dist\n' "${file##*/}"
    done
    rm -rf "$inside"
}

chapter() {
    printf '\n== %s (%d s)\n' "$1" "$((SECONDS - began))"
    seen+=("== $1")
}

# see WORDS COMMAND…: it must succeed.
see() {
    local words="$1"
    shift
    # By a file, so that what the command sets here stays set.
    if "$@" >"$work/said" 2>&1; then
        note ok "$words" "$(cat "$work/said")"
    else
        note FAILED "$words" ''
        tail -n 25 "$work/said" | cut -c -300 | sed 's/^/      | /'
    fi
}

# wait_until SECONDS COMMAND…: tries it until it succeeds, and fails when that takes longer.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.5
    done
}

# see_refused WORDS EXIT-CODE TEXT COMMAND…: it must fail so, and say so.
see_refused() {
    local words="$1" wanted="$2" text="$3" code=0
    shift 3
    "$@" >"$work/said" 2>&1 || code=$?
    if [ "$code" = "$wanted" ] && [[ "$(cat "$work/said")" == *"$text"* ]]; then
        note ok "$words" ''
    else
        note FAILED "$words (ended with $code)" ''
        tail -n 25 "$work/said" | cut -c -300 | sed 's/^/      | /'
    fi
}

# see_equal WORDS WANTED FOUND
see_equal() {
    if [ "$2" = "$3" ]; then
        note ok "$1" "$3"
    else
        note FAILED "$1: '$3' where '$2' should be" ''
    fi
}

# see_in WORDS TEXT WHERE: the text is somewhere in it.
see_in() {
    if [[ "$3" == *"$2"* ]]; then
        note ok "$1" ''
    else
        note FAILED "$1: no '$2'" ''
        printf '%s\n' "$3" | tail -n 25 | cut -c -300 | sed 's/^/      | /'
    fi
}

note() {
    local figure=''
    # A short answer is worth showing.
    [ -z "$3" ] || [ "${#3}" -gt 60 ] || [[ "$3" == *$'\n'* ]] || figure=" [$3]"
    [ "$1" = ok ] || failures=$((failures + 1))
    printf '  %-6s %s%s\n' "$1" "$2" "$figure"
    seen+=("$(printf '  %-6s %s%s' "$1" "$2" "$figure")")
}

skip_chapter() {
    printf '  left   %s\n' "$1"
    seen+=("  left   $1")
}

summary() {
    printf '\nSeen on %s, in %d s:\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' "$root/etc/os-release")" "$((SECONDS - began))"
    printf '%s\n' "${seen[@]}"
    echo 'Not tried: swap that is really switched on (a container cannot have its own), a whole build with --from-source.'
    printf '%d passed, %d failed\n' "$(printf '%s\n' "${seen[@]}" | grep -c '^  ok')" "$failures"
    [ "$failures" = 0 ]
}
