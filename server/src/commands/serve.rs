//! `serve`: opens the store, starts the workers and answers until it is told to stop.

use std::process::ExitCode;

use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Failure, open_store};
use crate::config::{PublicUrl, ServeConfig};
use crate::demo::{self, Demo};
use crate::engine::notices::TellerConfig;
use crate::gateways::Registry;
use crate::web::{Site, SiteFiles, Throttle};
use crate::{engine, gateways, setup_link, web};

/// Runs the shop.
///
/// # Errors
/// When something that it needs cannot be had at the start.
pub async fn run(config: ServeConfig) -> Result<ExitCode, Failure> {
    // First, because it fails most often and most quickly. Who connects meanwhile waits.
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.map_err(Failure::io(format!("cannot listen on {}", config.listen)))?;
    let address = listener.local_addr().map_err(Failure::io("the listener"))?;
    let public_url = config.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(address));
    let store = open_store(&config.storage).await?;
    tracing::info!(folder = %config.storage.data_dir.display(), "data folder");

    demo::enter(&store, config.demo).await?;
    let demo =
        if config.demo { Some(demo::start(&store, &config.storage.data_dir, address).await?) } else { None };
    setup_link::offer(&store, &public_url).await?;
    let gateway = demo.as_ref().map(|demo| &demo.gateway).or(config.gateway.as_ref());
    let sessions = demo.as_ref().map(|demo| demo.sessions.clone()).unwrap_or_default();
    let gateways = Registry::of(gateways::from_environment(gateway)?, sessions);
    gateways.reload(&store).await?;
    if gateways.all().is_empty() {
        tracing::warn!(
            "no XL gateway is configured (in the settings or by XL_GATEWAY_URL): nothing can be delivered"
        );
    }
    let shutdown = CancellationToken::new();
    let workers = engine::start(store.clone(), gateways.clone(), shutdown.clone());
    let teller = TellerConfig::new(public_url.to_string());
    let postman = engine::outbox::start(store.clone(), teller.clone(), shutdown.clone());
    let teller = engine::notices::start(store.clone(), teller, shutdown.clone());
    if let Some(demo) = &demo {
        demo.finish(&store).await?;
    }
    let hooks = engine::hear::handler(store.clone(), gateways.clone());
    let mut site = site(&config, store, public_url.clone(), demo.as_ref(), &shutdown);
    site.hooks = Some(hooks);
    site.gateways = gateways;
    tracing::info!(%address, %public_url, "serving");
    stop_on_signal(&shutdown);
    web::serve(listener, web::router(site), web::HEAD_WITHIN, &shutdown).await;
    workers.await;
    teller.await;
    postman.await;
    drop(demo);
    Ok(ExitCode::SUCCESS)
}

fn site(
    config: &ServeConfig,
    store: Store,
    public_url: PublicUrl,
    demo: Option<&Demo>,
    shutdown: &CancellationToken,
) -> Site {
    Site {
        store,
        public_url,
        trusted_proxies: config.trusted_proxies.clone(),
        throttle: config.posts_per_minute.map(Throttle::new),
        demo: demo.map(|demo| demo.sign_ins.clone()),
        files: SiteFiles::beside_program(),
        hooks: None,
        gateways: Registry::of(Vec::new(), Vec::new()),
        shutdown: shutdown.clone(),
    }
}

/// Tells everything to stop when a signal comes.
fn stop_on_signal(shutdown: &CancellationToken) {
    let stop = shutdown.clone();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping");
        stop.cancel();
    });
}

/// SIGTERM from the service manager, SIGINT from the keyboard.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            // Without it, the keyboard still works.
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}
