//! The gateways that this server can buy from.

use std::sync::Arc;
use std::time::Duration;

use xl::{Digiflazz, DigiflazzConfig, Gateway};

use crate::commands::Failure;
use crate::config::{ConfigError, GatewayConfig, Problem};

/// All gateways of this server; a package names the one that delivers it.
pub type Gateways = Vec<Arc<dyn Gateway>>;

/// The name of the H2H gateway, as packages carry it.
pub const DIGIFLAZZ: &str = "digiflazz";

/// Makes the adapters. No connection is opened yet.
///
/// # Errors
/// When the configuration cannot be used.
pub fn connect(config: Option<&GatewayConfig>) -> Result<Gateways, Failure> {
    let Some(config) = config else {
        return Ok(Vec::new());
    };
    let mut adapter = DigiflazzConfig::new(&config.url, &config.username, config.key.expose());
    adapter.webhook_secret = config.webhook_secret.as_ref().map(|secret| secret.expose().to_owned());
    if let Some(seconds) = config.query_interval_s {
        adapter.query_interval = Duration::from_secs(seconds);
    }
    let adapter = Digiflazz::new(adapter).map_err(|error| ConfigError {
        problems: vec![Problem {
            variable: "XL_GATEWAY_URL",
            what: error.to_string(),
            example: "https://api.digiflazz.com/v1",
        }],
    })?;
    Ok(vec![Arc::new(adapter)])
}
