//! The payment gateways that this server can collect top-ups by: those that admins have set up.

use std::sync::{Arc, PoisonError, RwLock};

use domain::PayDialect;
use payments::{Midtrans, MidtransConfig, PayGateway, Tripay, TripayConfig};
use store::{PayGatewayAccess, Store};

/// The payment gateways as they are configured now. Cheap to clone; all clones see a change.
#[derive(Clone, Default)]
pub struct PayRegistry(Arc<RwLock<Current>>);

#[derive(Clone, Default)]
struct Current {
    /// Of this process, whatever the settings say of the gateways with their names.
    fixed: Vec<Arc<dyn PayGateway>>,
    /// What each adapter was made from: its name, the revision of its keys, and the shop's e-mail address.
    made_from: Vec<(String, i64, String)>,
    adapters: Vec<Arc<dyn PayGateway>>,
}

impl PayRegistry {
    /// With these adapters instead of those that the settings would make: a test's are more impatient.
    #[must_use]
    pub fn of(fixed: Vec<Arc<dyn PayGateway>>) -> Self {
        Self(Arc::new(RwLock::new(Current { fixed, ..Current::default() })))
    }

    fn current(&self) -> Current {
        // A poisoned lock still holds whole lists: they are swapped, never edited in place.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The gateway with this name, whether it is used for new top-ups or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<dyn PayGateway>> {
        self.current().adapters.into_iter().find(|gateway| gateway.name() == name)
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<dyn PayGateway>> {
        self.current().adapters
    }

    /// Makes the adapters anew whose keys have changed; the others keep their connections. Questions under way keep the
    /// adapter they began with.
    ///
    /// # Errors
    /// Faults of the database. The gateways stay as they were.
    pub async fn reload(&self, store: &Store) -> Result<(), store::Error> {
        let before = self.current();
        let email = store.settings().contact_email.clone();
        let named = |access: &PayGatewayAccess| {
            (access.setting.name.clone(), access.setting.access_revision, email.clone())
        };
        let all = store.pay_gateway_access().await?;
        let made_from: Vec<_> = all.iter().map(named).collect();
        if made_from == before.made_from {
            return Ok(());
        }
        let mut adapters = Vec::new();
        for access in &all {
            let fixed = before.fixed.iter().find(|gateway| gateway.name() == access.setting.name).cloned();
            let unchanged = before.made_from.contains(&named(access));
            let kept = fixed.or_else(|| self.get(&access.setting.name).filter(|_| unchanged));
            match kept.map_or_else(|| adapter(access, &email), Ok) {
                Ok(made) => adapters.push(made),
                Err(error) => {
                    tracing::error!(
                        gateway = access.setting.name,
                        error,
                        "a payment gateway in the settings cannot be used"
                    );
                }
            }
        }
        tracing::info!(gateways = adapters.len(), "payment gateways");
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            Current { fixed: before.fixed, made_from, adapters };
        Ok(())
    }
}

/// `email`: the shop's own address. A dialect that wants the payer's gets this one: a payer's is nobody else's business.
fn adapter(access: &PayGatewayAccess, email: &str) -> Result<Arc<dyn PayGateway>, String> {
    let setting = &access.setting;
    match setting.dialect {
        PayDialect::Midtrans => {
            let mut config = MidtransConfig::new(&setting.base_url, &access.api_key);
            config.name.clone_from(&setting.name);
            config.merchant_id = Some(setting.merchant.clone()).filter(|merchant| !merchant.is_empty());
            let made = Midtrans::new(config).map_err(|error| error.to_string())?;
            Ok(Arc::new(made))
        }
        PayDialect::Tripay => {
            let private_key = access.private_key.as_deref().unwrap_or_default();
            let mut config =
                TripayConfig::new(&setting.base_url, &setting.merchant, &access.api_key, private_key);
            config.name.clone_from(&setting.name);
            config.receipt_email = Some(email.to_owned()).filter(|email| !email.is_empty());
            let made = Tripay::new(config).map_err(|error| error.to_string())?;
            Ok(Arc::new(made))
        }
    }
}
