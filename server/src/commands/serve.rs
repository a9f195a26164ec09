//! `serve`: opens the store, starts the workers and answers until it is told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use store::{GiveLeasesBack, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Failure, open_store};
use crate::config::{PublicUrl, ServeConfig};
use crate::demo::{self, Demo};
use crate::engine::notices::TellerConfig;
use crate::gateways::Registry;
use crate::monitor::{self, Monitor, systemd, watchdog};
use crate::web::{Site, SiteFiles, Throttle};
use crate::{engine, gateways, setup_link, web};

/// From the signal to the end of the process there are 20 s; one of them is for what no clock of ours sees.
const STOP_WITHIN: Duration = Duration::from_secs(19);
const GIVE_BACK_WITHIN: Duration = Duration::from_millis(400);

/// Runs the shop.
///
/// # Errors
/// When something that it needs cannot be had at the start.
pub async fn run(config: ServeConfig) -> Result<ExitCode, Failure> {
    // First, because it fails most often and most quickly. Who connects meanwhile waits.
    let listener = listen_on(config.listen).await?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(listen_on(address).await?),
        None => None,
    };
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
    let monitor = Monitor::new(store.now());
    let leaving = monitor.leaving().clone();
    let pulses = monitor.pulses().clone();
    let workers = engine::start_watched(store.clone(), gateways.clone(), pulses.clone(), leaving.clone());
    let teller = TellerConfig::new(public_url.to_string());
    let postman = engine::outbox::start(store.clone(), teller.clone(), leaving.clone());
    let teller = engine::notices::start(store.clone(), teller, leaving.clone());
    if let Some(demo) = &demo {
        demo.finish(&store).await?;
    }
    let hooks = engine::hear::handler(store.clone(), gateways.clone());
    let figures = tell_figures(metrics, monitor.clone(), store.clone(), shutdown.clone());
    let (leases, holder) = (store.clone(), store.process().to_owned());
    let mut site = site(&config, store, public_url.clone(), demo.as_ref(), monitor, &shutdown);
    site.hooks = Some(hooks);
    site.gateways = gateways;
    tracing::info!(%address, %public_url, "serving");
    stop_on_signal(&leaving, config.drain, &shutdown);
    if config.end_when_hanging {
        watchdog::start(pulses.clone()).map_err(Failure::io("a thread for the watchdog"))?;
    }
    tokio::spawn(systemd::keep_watchdog_quiet(pulses, shutdown.clone()));
    systemd::ready();
    let answers = web::serve(listener, web::router(site), web::HEAD_WITHIN, &shutdown);
    let all = async { tokio::join!(answers, figures, workers, teller, postman) };
    tokio::select! {
        _ = all => tracing::info!("stopped"),
        () = too_late(&leaving) => {
            // Who goes on need not wait until they have run out; but neither does this process wait.
            let back = tokio::time::timeout(GIVE_BACK_WITHIN, leases.run(GiveLeasesBack { holder }));
            let _ = back.await;
            tracing::warn!("stopped while something was still under way: the next process, or another server, takes it up");
        }
    }
    drop(demo);
    Ok(ExitCode::SUCCESS)
}

async fn listen_on(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(Failure::io(format!("cannot listen on {address}")))
}

/// Answers Prometheus, when somebody has said where.
async fn tell_figures(
    listener: Option<TcpListener>,
    monitor: Monitor,
    store: Store,
    shutdown: CancellationToken,
) {
    if let Some(listener) = listener {
        web::serve(listener, monitor::metrics_router(monitor, store), web::HEAD_WITHIN, &shutdown).await;
    }
}

/// Ends when everything should have been done for long. Whatever is cut off by it was committed before: an order that is
/// under way is asked about when its lease has run out.
async fn too_late(leaving: &CancellationToken) {
    leaving.cancelled().await;
    tokio::time::sleep(STOP_WITHIN).await;
}

fn site(
    config: &ServeConfig,
    store: Store,
    public_url: PublicUrl,
    demo: Option<&Demo>,
    monitor: Monitor,
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
        monitor,
        shutdown: shutdown.clone(),
    }
}

/// Tells everything to stop when a signal comes: at once the workers, which take up nothing more, and `/readyz`, which
/// says so; then, after the time that proxies need to notice, the listener and the streams.
fn stop_on_signal(leaving: &CancellationToken, drain: Duration, shutdown: &CancellationToken) {
    let (leaving, shutdown) = (leaving.clone(), shutdown.clone());
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping");
        leaving.cancel();
        systemd::stopping();
        tokio::time::sleep(drain).await;
        shutdown.cancel();
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
