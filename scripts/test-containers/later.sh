# What happens to a shop in containers: restarts, updates that work and that do not, backups and a restore. To be sourced.
# shellcheck shell=bash disable=SC2154  # Names from machine.sh and test-containers.sh.

after_a_restart() {
    chapter 'After a restart of the engine'
    see 'it goes' restart_engine
    see 'the shop is there' wait_for_site
    see_equal 'who was signed in still is' 200 "$(visit /admin -b "$work/cookies" -o /dev/null -w '%{http_code}')"
    see 'a shop that is killed comes back by itself' killed_and_back
    see 'the shop is stopped' shop stop app
    see_in 'a form that is sent now gets a page that says so' 'kirim lagi' "$(visit /api/sign_in --max-time 60 --data-urlencode identity=budi)"
    see 'it is started again' shop start app
    see 'and is there' wait_for_site
}

restart_engine() {
    stop_engine
    start_engine
}

killed_and_back() {
    local id
    id=$(shop ps -q app)
    kill -9 "$(docker inspect --format '{{.State.Pid}}' "$id")"
    wait_for_site
    [ "$(docker inspect --format '{{.RestartCount}}' "$id")" -ge 1 ]
}

version_that_runs() {
    in_app --version | sed 's/^[^ ]* //'
}

updates() {
    chapter 'Updates'
    see 'an update' knocking installer good
    echo "         $missed"
    see_equal 'nobody saw an error' '0 of' "${missed:0:4}"
    see_equal 'the newer images run' "xl-package-manager:9.good" "$(docker inspect --format '{{.Config.Image}}' "$(shop ps -q app)")"
    see 'a backup was made before it' backup_exists
    see_refused 'an update whose program ends at once is taken back' 1 'version 9.good runs again' installer exits
    see_refused 'an update whose migration fails changes nothing' 1 'version 9.good goes on running' installer bad-migration
    see_equal 'the shop is there' 200 "$(visit /admin -b "$work/cookies" -o /dev/null -w '%{http_code}')"
    see_equal 'with the images from before' "xl-package-manager:9.good" "$(docker inspect --format '{{.Config.Image}}' "$(shop ps -q app)")"
    see 'a rollback' installer good --rollback
    see_equal 'the first images run' "xl-package-manager:$version" "$(docker inspect --format '{{.Config.Image}}' "$(shop ps -q app)")"
    see 'the books are in order' in_app check
    see 'the power goes away in the middle of an update' cut_off exits
    see_refused '… the same command again goes on from there' 1 "version $version runs again" installer exits
    see_in '… and says so' 'An earlier update was cut off' "$(cat "$work/said")"
    see 'the shop is there' wait_for_site
}

# As it is before the new images are built.
cut_off() {
    local shop="$work/shop" file
    mkdir "$shop/.release.before"
    for file in "$work/releases/$1"/* "$work/releases/$1/.dockerignore"; do
        mv "$shop/${file##*/}" "$shop/.release.before/"
        cp -R "$file" "$shop/"
    done
}

backup_exists() {
    [ -n "$(shop exec -T backup find /backups -name '*-data.tar.gz.age')" ]
}

backups() {
    local out
    chapter 'Backups'
    see 'a backup' shop exec -T backup xl-package-manager backup
    see 'a restore test' shop exec -T backup xl-package-manager restore-test
    see 'the container is well' shop exec -T backup backups check
    see 'the page tells of both' backup_page
    see 'both files are copied out' copy_backup
    see 'everything is destroyed' destroy
    out=$(installer first --domain "$DOMAIN" --acme-server https://acme.test:14000/dir 2>&1) || true
    see_in 'a new shop in its place' 'Health: healthy' "$out"
    see 'it knows nobody' nobody_known
    see_refused 'the wrong key restores nothing' 1 'runs with the data that was there' installer first --restore "$work/rescued/data" --keys "$work/rescued/keys" --identity "$work/rescued/wrong"
    see 'the right one does' installer first --restore "$work/rescued/data" --keys "$work/rescued/keys" --identity "$work/rescued/identity"
    see 'the shop is there' wait_for_site
    see_equal 'the admin of before signs in' 200 "$(sign_in)"
    see_in 'sales are closed until somebody has compared' 'baru dipulihkan dari cadangan' "$(visit /admin/backups -b "$work/cookies")"
    see 'the books are in order' in_app check
}

backup_page() {
    [[ "$(visit /admin/backups -b "$work/cookies")" == *-data.tar.gz.age* ]]
}

copy_backup() {
    local id name
    id=$(shop ps -q backup)
    mkdir -p "$work/rescued"
    name=$(shop exec -T backup sh -c 'ls -t /backups/*-data.tar.gz.age | head -n 1' | tr -d '\r')
    docker cp "$id:$name" "$work/rescued/data"
    docker cp "$id:${name/-data/-keys}" "$work/rescued/keys"
    cp "$work/shop/owner-key.txt" "$work/rescued/identity"
    docker run --rm --network none --entrypoint xl-package-manager "xl-package-manager-backup:$version" backup --new-identity >"$work/rescued/wrong" 2>/dev/null
    [ -s "$work/rescued/data" ] && [ -s "$work/rescued/keys" ]
}

destroy() {
    shop down -v
    rm -rf "$work/shop/secrets" "$work/shop/.env" "$work/shop/VERSION" "$work/shop/previous"
}

nobody_known() {
    [ "$(sign_in)" != 200 ]
}

# The commands of docs/containers.md, as they stand there.
by_hand() {
    chapter 'By hand, as docs/containers.md says'
    local folder="$work/by-hand"
    see 'the shop of the installer is taken down' shop down -v
    mkdir "$folder"
    tar -xzf "$archive" -C "$folder" --strip-components=1
    cp "$work/shop/compose.override.yaml" "$folder/"
    hand_commands <docs/containers.md >"$work/by-hand.sh"
    see 'its commands run' in_folder "$folder" bash -euo pipefail "$work/by-hand.sh"
    see 'the shop is there' wait_for_site
    see 'its books are in order' in_folder "$folder" docker-compose exec -T app xl-package-manager check
    see 'it is taken down' in_folder "$folder" docker-compose down -v
}

in_folder() {
    (cd "$1" && shift && "$@" </dev/null)
}

# The blocks of the part "By hand", with the names that this test has.
hand_commands() {
    awk '/^## / { part = ($0 == "## By hand") } part && /^```sh/ { on = 1; next } /^```/ { on = 0 } on' |
        sed "s#toko\.example#$DOMAIN#; s#docker compose#docker-compose#; s#^\(DOMAIN=.*\)#\1\nACME_SERVER=https://acme.test:14000/dir#"
}

# What an earlier run may have left.
forget_runs() {
    local project
    for project in xl-test-demo xl-test-main-job xl-package-manager; do
        docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r docker rm -f
        docker volume ls -q --filter "label=com.docker.compose.project=$project" | xargs -r docker volume rm
        docker network ls -q --filter "label=com.docker.compose.project=$project" | xargs -r docker network rm
    done
}
