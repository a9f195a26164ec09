#!/bin/sh
# The shop's user, who is no superuser, its database, and the one that restore tests empty. PostgreSQL's image runs it on an
# empty volume; docker-install.sh runs it again, which sets the password anew and changes nothing else.
set -eu

# The image takes the variable with the file's name away before it comes here.
[ -s /run/secrets/database_password ] || {
    echo "database.sh: the secret database_password is empty" >&2
    exit 1
}

# The password is read by psql, so that no process list shows it. The superuser needs none: nobody comes by the network as
# him, and on this container's own socket he is trusted.
psql -qX -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set password `cat /run/secrets/database_password`
SELECT 'CREATE ROLE xl_package_manager LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xl_package_manager') \gexec
ALTER ROLE xl_package_manager PASSWORD :'password';
ALTER ROLE postgres PASSWORD NULL;
SELECT format('CREATE DATABASE %I OWNER xl_package_manager', name) FROM unnest(ARRAY['xl_package_manager', 'xl_restore_test']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec
REVOKE ALL ON DATABASE xl_package_manager, xl_restore_test FROM PUBLIC;
SQL
