//! What the operator's monitoring asks: is the process there, can it be used, how is it doing. Figures of this process are
//! counted as things happen; figures of the shop are read from the database when somebody asks, at most every few seconds.

mod metrics;
mod process;
pub mod ready;
mod requests;
mod shop;
pub mod systemd;
pub mod watchdog;

use std::ops::Deref;
use std::sync::Arc;

use domain::UtcMillis;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;

use crate::engine::pulse::Pulses;

pub use metrics::router as metrics_router;
pub use requests::count as count_requests;

/// Labels of a figure, with their values. Every value is one of few: a route's pattern, a state, a gateway's name.
type Labels<const N: usize> = [(&'static str, String); N];

/// Begins the names of all figures of the shop.
const PREFIX: &str = "xl";

/// What is watched in one process. Cheap to clone.
#[derive(Clone)]
pub struct Monitor(Arc<Inner>);

/// See [`Monitor`].
pub struct Inner {
    pulses: Pulses,
    leaving: CancellationToken,
    requests: requests::Requests,
    webhooks: Family<Labels<2>, Counter>,
    shop: shop::Shop,
    process: process::Process,
    ready: ready::Cached,
    registry: Registry,
}

impl Monitor {
    /// Begins to count, in a process that started now.
    #[must_use]
    pub fn new(started_at: UtcMillis) -> Self {
        let mut registry = Registry::default();
        let process = process::Process::register(registry.sub_registry_with_prefix("process"), started_at);
        let ours = registry.sub_registry_with_prefix(PREFIX);
        ours.register("build", "The program's version", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let requests = requests::Requests::register(ours);
        let webhooks = Family::default();
        ours.register(
            "webhooks",
            "Calls of gateways, by what they were answered: 200 heard, 400 cannot be read, 401 not believed, 503 our trouble",
            webhooks.clone(),
        );
        let shop = shop::Shop::register(ours);
        Self(Arc::new(Inner {
            pulses: Pulses::default(),
            leaving: CancellationToken::new(),
            requests,
            webhooks,
            shop,
            process,
            ready: ready::Cached::default(),
            registry,
        }))
    }

    /// Where workers tell that they go round.
    #[must_use]
    pub fn pulses(&self) -> &Pulses {
        &self.pulses
    }

    /// Cancelled as soon as the process has been told to stop: it takes up no new work, and says that it is not ready.
    #[must_use]
    pub fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// Counts a gateway's call. `gateway` is one that there is.
    pub(crate) fn count_webhook(&self, gateway: &str, status: u16) {
        let labels = [("gateway", gateway.to_owned()), ("status", status.to_string())];
        self.webhooks.get_or_create(&labels).inc();
    }
}

impl Deref for Monitor {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
