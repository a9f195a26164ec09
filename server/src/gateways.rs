//! The gateways that this server can buy from: those that admins have set up, and the one from the environment.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Dialect;
use store::{GatewayAccess, GatewaySetting, Store};
use xl::{Digiflazz, DigiflazzConfig, Gateway, GuardConfig, Guarded};

use crate::commands::Failure;
use crate::config::{ConfigError, GatewayConfig, Problem};

/// All gateways of a server; a package names the one that delivers it.
pub type Gateways = Vec<Arc<dyn Gateway>>;

/// The name of the gateway from the environment, as packages carry it. One in the settings under the same name takes its
/// place.
pub const DIGIFLAZZ: &str = "digiflazz";

/// The gateways as they are configured now. Cheap to clone; all clones see a change.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    /// From the environment.
    fixed: Gateways,
    current: RwLock<Current>,
}

#[derive(Default)]
struct Current {
    /// What `all` was made from.
    settings: Vec<GatewaySetting>,
    all: Arc<Gateways>,
}

impl Registry {
    /// These gateways, until [`Registry::reload`] finds others in the settings.
    #[must_use]
    pub fn of(fixed: Gateways) -> Self {
        let current = Current { settings: Vec::new(), all: Arc::new(fixed.clone()) };
        Self(Arc::new(Inner { fixed, current: RwLock::new(current) }))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> Arc<Gateways> {
        // A poisoned lock still holds a whole list: it is swapped, never edited in place.
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner).all)
    }

    /// The one with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<dyn Gateway>> {
        self.all().iter().find(|gateway| gateway.name() == name).cloned()
    }

    /// Makes the adapters anew when the settings have changed. Orders under way keep the adapter they began with.
    ///
    /// # Errors
    /// Faults of the database, or a secret that was sealed with another key. The gateways stay as they were.
    pub async fn reload(&self, store: &Store) -> Result<(), store::Error> {
        let settings = store.gateways().await?;
        if self.0.current.read().unwrap_or_else(PoisonError::into_inner).settings == settings {
            return Ok(());
        }
        let configured = store.gateway_access().await?;
        let mut all: Gateways = configured.iter().filter_map(adapter).collect();
        // A gateway that is switched off in the settings must not come back through the environment.
        let named = |name: &str| settings.iter().any(|setting| setting.name == name);
        all.extend(self.0.fixed.iter().filter(|gateway| !named(gateway.name())).cloned());
        tracing::info!(gateways = all.len(), "gateways");
        let fresh = Current { settings, all: Arc::new(all) };
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

fn adapter(access: &GatewayAccess) -> Option<Arc<dyn Gateway>> {
    let setting = &access.setting;
    let made = match setting.dialect {
        Dialect::Digiflazz => {
            let mut config = DigiflazzConfig::new(&setting.base_url, &setting.username, &access.api_key);
            config.name.clone_from(&setting.name);
            config.webhook_secret.clone_from(&access.webhook_secret);
            Digiflazz::new(config)
        }
    };
    match made {
        Ok(adapter) => Some(guarded(adapter)),
        Err(error) => {
            tracing::error!(gateway = setting.name, %error, "a gateway in the settings cannot be used");
            None
        }
    }
}

/// The gateway from the environment, if there is one. No connection is opened yet.
///
/// # Errors
/// When the configuration cannot be used.
pub fn from_environment(config: Option<&GatewayConfig>) -> Result<Gateways, Failure> {
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
    Ok(vec![guarded(adapter)])
}

/// With a brake, and a rest after it has failed several times in a row.
fn guarded(adapter: Digiflazz) -> Arc<dyn Gateway> {
    Arc::new(Guarded::new(adapter, GuardConfig::default()))
}
