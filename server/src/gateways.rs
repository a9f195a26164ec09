//! The gateways that this server can buy from: those that admins have set up, and the one from the environment.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Dialect;
use store::{GatewayAccess, GatewaySetting, Store};
use xl::{
    Digiflazz, DigiflazzConfig, Gateway, GuardConfig, Guarded, Session, SessionConfig, SessionConfigError,
    SessionGateway,
};

use crate::commands::Failure;
use crate::config::{ConfigError, GatewayConfig, Problem};
use crate::pay_gateways::PayRegistry;

/// All gateways of a server; a package names the one that delivers it.
pub type Gateways = Vec<Arc<dyn Gateway>>;

/// The name of the gateway from the environment, as packages carry it. One in the settings under the same name takes its
/// place.
pub const DIGIFLAZZ: &str = "digiflazz";

/// Gateways with sessions of the numbers' owners.
pub type SessionGateways = Vec<Arc<dyn SessionGateway>>;

/// The gateways as they are configured now. Cheap to clone; all clones see a change.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    payments: PayRegistry,
    /// Of this process, whatever the settings say: from the environment, or a demo's.
    fixed: Adapters,
    current: RwLock<Current>,
}

/// Adapters by what they can do.
#[derive(Clone, Default)]
struct Adapters {
    orders: Gateways,
    sessions: SessionGateways,
    /// Switched off: asked about the orders that they have, and no more.
    closed: BTreeSet<String>,
}

#[derive(Default)]
struct Current {
    /// What the adapters were made from.
    settings: Vec<GatewaySetting>,
    adapters: Arc<Adapters>,
}

impl Registry {
    /// These gateways, until [`Registry::reload`] finds others in the settings.
    #[must_use]
    pub fn of(orders: Gateways, sessions: SessionGateways) -> Self {
        let fixed = Adapters { orders, sessions, closed: BTreeSet::new() };
        let current = Current { settings: Vec::new(), adapters: Arc::new(fixed.clone()) };
        Self(Arc::new(Inner { payments: PayRegistry::default(), fixed, current: RwLock::new(current) }))
    }

    /// The payment gateways.
    #[must_use]
    pub fn payments(&self) -> &PayRegistry {
        &self.0.payments
    }

    fn adapters(&self) -> Arc<Adapters> {
        // A poisoned lock still holds whole lists: they are swapped, never edited in place.
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner).adapters)
    }

    /// The gateway with this name for new orders; `None` when it is switched off.
    #[must_use]
    pub fn open_for_orders(&self, name: &str) -> Option<Arc<dyn Gateway>> {
        self.get(name).filter(|_| !self.adapters().closed.contains(name))
    }

    /// The gateway with this name, switched off or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<dyn Gateway>> {
        let of_orders = self.adapters().orders.iter().find(|gateway| gateway.name() == name).cloned();
        of_orders.or_else(|| self.session(name).map(|gateway| gateway as Arc<dyn Gateway>))
    }

    /// The gateway with this name that numbers are signed in at.
    #[must_use]
    pub fn session(&self, name: &str) -> Option<Arc<dyn SessionGateway>> {
        self.adapters().sessions.iter().find(|gateway| gateway.name() == name).cloned()
    }

    /// The names of those that numbers can be signed in at.
    #[must_use]
    pub fn session_names(&self) -> Vec<String> {
        let adapters = self.adapters();
        let open = adapters.sessions.iter().map(|gateway| gateway.name());
        open.filter(|name| !adapters.closed.contains(*name)).map(str::to_owned).collect()
    }

    /// All that are used, as far as they are alike.
    #[must_use]
    pub fn all(&self) -> Gateways {
        let adapters = self.adapters();
        let sessions = adapters.sessions.iter().map(|gateway| Arc::clone(gateway) as Arc<dyn Gateway>);
        let all = adapters.orders.iter().cloned().chain(sessions);
        all.filter(|gateway| !adapters.closed.contains(gateway.name())).collect()
    }

    /// Makes the adapters anew when the settings have changed. Orders under way keep the adapter they began with.
    ///
    /// # Errors
    /// Faults of the database, or a secret that was sealed with another key. The gateways stay as they were.
    pub async fn reload(&self, store: &Store) -> Result<(), store::Error> {
        self.0.payments.reload(store).await?;
        let settings = store.gateways().await?;
        if self.0.current.read().unwrap_or_else(PoisonError::into_inner).settings == settings {
            return Ok(());
        }
        let mut adapters = Adapters::default();
        for access in store.gateway_access().await? {
            adapters.add(&access);
        }
        // A gateway that is switched off in the settings must not come back through the environment.
        let named = |name: &str| settings.iter().any(|setting| setting.name == name);
        let Adapters { orders, sessions, .. } = &self.0.fixed;
        adapters.orders.extend(orders.iter().filter(|gateway| !named(gateway.name())).cloned());
        adapters.sessions.extend(sessions.iter().filter(|gateway| !named(gateway.name())).cloned());
        tracing::info!(orders = adapters.orders.len(), sessions = adapters.sessions.len(), "gateways");
        let fresh = Current { settings, adapters: Arc::new(adapters) };
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

impl Adapters {
    fn add(&mut self, access: &GatewayAccess) {
        let setting = &access.setting;
        if !setting.active {
            self.closed.insert(setting.name.clone());
        }
        let made = match setting.dialect {
            Dialect::Digiflazz => {
                let mut config = DigiflazzConfig::new(&setting.base_url, &setting.username, &access.api_key);
                config.name.clone_from(&setting.name);
                config.webhook_secret.clone_from(&access.webhook_secret);
                let made = Digiflazz::new(config).map_err(|error| error.to_string());
                made.map(|adapter| self.orders.push(guarded(adapter)))
            }
            Dialect::Session => {
                let mut config = SessionConfig::new(&setting.base_url, &setting.username, &access.api_key);
                config.name.clone_from(&setting.name);
                let made = session_gateway(config).map_err(|error| error.to_string());
                made.map(|adapter| self.sessions.push(adapter))
            }
        };
        if let Err(error) = made {
            tracing::error!(gateway = setting.name, error, "a gateway in the settings cannot be used");
        }
    }
}

/// A gateway that numbers can be signed in at.
///
/// # Errors
/// When the configuration cannot be used.
pub fn session_gateway(config: SessionConfig) -> Result<Arc<dyn SessionGateway>, SessionConfigError> {
    Ok(Arc::new(Guarded::new(Session::new(config)?, GuardConfig::default())))
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
