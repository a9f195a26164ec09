# What a visitor does in both tests, of the installer and of the containers: waits for the shop, signs in as its first admin,
# knocks while something is done to it. To be sourced after machine.sh.
# shellcheck shell=bash disable=SC2034,SC2154  # Names from machine.sh, and for who sources it.

PASSWORD='jalan-panjang-ke-laut-7'
# How many seconds a shop may take until it is there, and how long somebody who knocks waits for one answer.
site_within=60
knock_within=5

wait_for_site() {
    local deadline=$((SECONDS + site_within))
    while [ "$SECONDS" -lt "$deadline" ]; do
        [ "$(visit /login -o /dev/null -w '%{http_code}' 2>/dev/null)" != 200 ] || return 0
        sleep 0.3
    done
    # Its last answer tells why.
    visit /login -o /dev/null -v || true
    return 1
}

# sign_in [OPTIONS of curl]: prints how an admin's page answers after the sign-in.
sign_in() {
    rm -f "$work/cookies"
    visit /login -c "$work/cookies" -o /dev/null "$@"
    visit /api/sign_in -b "$work/cookies" -c "$work/cookies" -o /dev/null -H "Origin: https://$DOMAIN" -H "Referer: https://$DOMAIN/login" "$@" \
        --data-urlencode _form=sign_in --data-urlencode next= --data-urlencode identity=budi --data-urlencode "password=$PASSWORD"
    visit /admin -b "$work/cookies" -o /dev/null -w '%{http_code}' "$@"
}

# Asks for a page again and again until told to stop, or until the test is broken off; a line for each answer.
knock() {
    while [ -d "$work" ] && [ ! -e "$work/knock.stop" ]; do
        printf '%s %s\n' "$(date +%s%3N)" "$(visit /login -o /dev/null -w '%{http_code} %{time_total}' --max-time "$knock_within" 2>/dev/null || true)"
        sleep 0.05
    done >"$work/knock"
}

missed=
# knocking COMMAND…: runs it while a visitor knocks; `missed` says how many knocks were in vain, for how long, and how long
# the longest took.
knocking() {
    local knocker code=0
    rm -f "$work/knock.stop"
    knock &
    knocker=$!
    "$@" || code=$?
    # What comes right after it counts, too.
    sleep 0.5
    touch "$work/knock.stop"
    wait "$knocker"
    missed=$(awk '$2 != 200 { n++; if (!first) first = $1; last = $1 } $3 > most { most = $3 }
        END { printf "%d of %d requests failed, within %.1f s, the longest took %.1f s", n, NR, (last - first) / 1000, most }' "$work/knock")
    return "$code"
}
