#!/bin/sh
# Run once by PostgreSQL's image, on an empty volume: the shop's user, who is no superuser, its database, and the one that
# restore tests empty.
set -eu

# The password is read from the file by psql, so that no process list shows it.
psql -qX -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat "$POSTGRES_PASSWORD_FILE"`
CREATE ROLE xl_package_manager LOGIN PASSWORD :'password';
CREATE DATABASE xl_package_manager OWNER xl_package_manager;
CREATE DATABASE xl_restore_test OWNER xl_package_manager;
REVOKE ALL ON DATABASE xl_package_manager, xl_restore_test FROM PUBLIC;
SQL
