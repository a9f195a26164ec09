//! PostgreSQL's own programs make its snapshots and put them back.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{child, failure};
use crate::commands::Failure;

const DUMP: &str = "pg_dump";
const RESTORE: &str = "pg_restore";
const PACKAGE: &str = "postgresql-client";
/// For a database of many gigabytes on a small server.
const RUN_MOST: Duration = Duration::from_secs(6 * 3600);
const ANSWER_MOST: Duration = Duration::from_secs(20);
/// What libpq knows of the parameters that an address may have; sqlx has some of its own.
const PARAMETERS: &[&str] =
    &["host", "hostaddr", "port", "user", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// Writes a snapshot of the database to a new file. Writers go on meanwhile.
pub(super) fn dump(url: &str, server_major: i64, to: &Path) -> Result<(), Failure> {
    let own = major(DUMP)?;
    if own < server_major {
        return Err(failure(format!(
            "pg_dump is version {own}, and cannot read a server of version {server_major} (apt-get install \
             {PACKAGE}-{server_major})"
        )));
    }
    let mut command = connected(DUMP, url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges"]).arg("--file").arg(to);
    child::run(command, PACKAGE, RUN_MOST).map(|_| ())
}

/// Puts a snapshot back into an empty database: all of it, or nothing.
pub(super) fn load(url: &str, from: &Path, made_by: Option<i64>, server_major: i64) -> Result<(), Failure> {
    let own = major(RESTORE)?;
    let made_by = made_by.unwrap_or(server_major);
    if own < made_by {
        return Err(failure(format!(
            "pg_restore is version {own}, and the backup was made from version {made_by} (apt-get install {PACKAGE}-{made_by})"
        )));
    }
    if server_major < made_by {
        return Err(failure(format!(
            "the server is PostgreSQL {server_major}, and the backup was made from version {made_by}: use a server that is not \
             older"
        )));
    }
    let mut command = connected(RESTORE, url)?;
    command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]).arg(from);
    child::run(command, PACKAGE, RUN_MOST).map(|_| ())
}

/// `pg_dump (PostgreSQL) 15.14 (Debian …)`.
fn major(program: &str) -> Result<i64, Failure> {
    let mut command = Command::new(program);
    command.arg("--version");
    let told = child::run(command, PACKAGE, ANSWER_MOST)?;
    read_major(&told).ok_or_else(|| failure(format!("{program} does not tell its version: {told}")))
}

fn read_major(told: &str) -> Option<i64> {
    let version = told.split_once(')')?.1.trim();
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The program, with the way to the database. Other users of the machine can read a program's arguments, but not its
/// environment: the password goes there.
fn connected(program: &str, url: &str) -> Result<Command, Failure> {
    let (address, password) = part(url)?;
    let mut command = Command::new(program);
    command.arg(format!("--dbname={address}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The address without its password, and the password.
fn part(url: &str) -> Result<(String, Option<String>), Failure> {
    let unreadable = || failure("DATABASE_URL cannot be read");
    let mut url = reqwest::Url::parse(url).map_err(|_| unreadable())?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut password = url.password().map(decoded);
    // One without a host, such as of a socket, can have none there, and says no to being without.
    if password.is_some() {
        url.set_password(None).map_err(|()| unreadable())?;
    }
    url.set_query(None);
    for (name, value) in pairs {
        match name.as_str() {
            "password" => password = Some(value),
            known if PARAMETERS.contains(&known) => {
                url.query_pairs_mut().append_pair(known, &value);
            }
            _ => {}
        }
    }
    Ok((url.into(), password))
}

/// `%2F` is `/`. A form's `+` is a plus here.
fn decoded(text: &str) -> String {
    let plus_kept = text.replace('+', "%2B");
    let pair = format!("p={plus_kept}");
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_in_no_argument() {
        let url =
            "postgres://toko:h%2Fu%2Bs+h%26=@db.local:5433/shop?sslmode=require&statement-cache-capacity=5";
        let (address, password) = part(url).unwrap();
        assert_eq!(address, "postgres://toko@db.local:5433/shop?sslmode=require");
        assert_eq!(password.as_deref(), Some("h/u+s+h&="));
        let (address, password) =
            part("postgres:///shop?host=/run/postgresql&password=hush&user=toko").unwrap();
        assert!(!address.contains("hush") && address.contains("user=toko"), "{address}");
        assert_eq!(password.as_deref(), Some("hush"));
        let command = connected("pg_dump", url).unwrap();
        assert!(command.get_args().all(|argument| !argument.to_string_lossy().contains("u%2Bs")));
    }

    #[test]
    fn versions() {
        assert_eq!(read_major("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(read_major("pg_restore (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(read_major("pg_dump 15"), None);
    }
}
