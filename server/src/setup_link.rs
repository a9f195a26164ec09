//! There is no default password. A shop without an admin prints a link at its start, with which the first one signs up,
//! once. The database keeps the token's hash only; another start makes a new link and ends the old one.

use store::{MakeSetupLink, Store};

use crate::commands::{Failure, say};
use crate::config::PublicUrl;

/// Prints the link when there is no admin yet.
///
/// # Errors
/// Faults of the database.
pub async fn offer(store: &Store, public_url: &PublicUrl) -> Result<(), Failure> {
    if let Some(token) = store.run(MakeSetupLink).await? {
        say("There is no admin yet. Make the first one here (works once, for a day, until the next start):");
        say(&format!("  {public_url}/setup?token={token}"));
    }
    Ok(())
}
