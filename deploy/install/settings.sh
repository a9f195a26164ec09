# The settings of the service, one file that belongs to the operator: lines are added, never taken away.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154  # The parts share their variables with install.sh.

make_settings() {
    if [ ! -f "$ENV_FILE" ]; then
        write_file "$ENV_FILE" 0640 "root:$NAME" <<TEXT
# Settings of XL Package Manager. After a change: xlpm restart
# docs/operations.md tells what each variable means; 'xlpm run serve --help' lists them.

# The database and the key are here. The service may write nowhere else.
DATA_DIR=$DATA_FOLDER

# nginx on this machine says who a visitor is.
TRUSTED_PROXIES=127.0.0.1,::1
TEXT
    elif [ "$(stat -c '%a %U:%G' "$ENV_FILE")" != "640 root:$NAME" ]; then
        run chown "root:$NAME" "$ENV_FILE"
        run chmod 0640 "$ENV_FILE"
    fi
    if [ -n "$domain" ]; then
        set_setting PUBLIC_URL "https://$domain"
    else
        set_default PUBLIC_URL "http://localhost:$port"
    fi
    [ -z "$acme_server" ] || set_setting ACME_SERVER "$acme_server"
    [ -z "$email" ] || set_setting ACME_EMAIL "$email"
    # A later run leaves alone what this one was told to.
    [ -z "$skip" ] || set_setting INSTALL_SKIP "\"$skip\""
    if [ -n "$(setting LISTEN_ADDR)" ]; then
        say "LISTEN_ADDR in $ENV_FILE has no effect: copies of the service are named by their port."
    fi
}

# The copies of the service that are to run: as many as asked for, by their ports.
choose_copies() {
    local unit wanted wants="$UNIT_FOLDER/$NAME.target.wants"
    wanted=" $(wanted_ports | tr '\n' ' ') "
    for unit in $wanted; do
        if [ ! -L "$wants/$NAME@$unit.service" ]; then
            run systemctl enable --quiet "$NAME@$unit.service"
            changed=1
        fi
    done
    for unit in $(ports); do
        if [[ "$wanted" != *" $unit "* ]]; then
            say "Port $unit is not wanted any more"
            run systemctl disable --now --quiet "$NAME@$unit.service"
        fi
    done
    [ -L "$UNIT_FOLDER/multi-user.target.wants/$NAME.target" ] || run systemctl enable --quiet "$NAME.target"
}

start_service() {
    local port
    for port in $(ports); do
        if [ -n "$changed" ] || ! systemctl is-active --quiet "$NAME@$port.service" || another_runs "$port" || settings_are_newer "$port"; then
            say "Starting the shop on port $port"
            restart_one "$port" || stop "the shop does not become healthy, its last messages are above" "correct $ENV_FILE and run 'xlpm restart', or run this again"
        fi
    done
    run systemctl start "$NAME.target"
}

make_command() {
    if [ "$(readlink "$COMMAND_FILE" 2>/dev/null)" != "$PROGRAM_FOLDER/current/deploy/xlpm" ]; then
        say "Making the command xlpm"
        run ln -sfn "$PROGRAM_FOLDER/current/deploy/xlpm" "$COMMAND_FILE"
    fi
}
