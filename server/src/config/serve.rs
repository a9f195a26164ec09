use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use super::{
    ConfigError, GatewayConfig, GatewayFlags, Problems, PublicUrl, StorageConfig, StorageFlags,
    TrustedProxies,
};

/// Where `serve` listens when nothing else is said: this machine only.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:3000";
const LISTEN_EXAMPLE: &str = "127.0.0.1:3000";
const METRICS_EXAMPLE: &str = "127.0.0.1:9464";
/// All of a stop has 20 seconds.
const DRAIN_MOST_S: u64 = 10;
const LOCAL_PROXIES: &str = "127.0.0.1,::1";
const PUBLIC_URL_EXAMPLE: &str = "https://toko.example";

/// The flags of `serve`. They stay texts until [`ServeFlags::check`], so that all mistakes are told at once.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeFlags {
    /// Address and port to listen on
    #[arg(long, env = "LISTEN_ADDR", value_name = "ADDRESS:PORT", default_value = DEFAULT_LISTEN)]
    pub listen: String,
    /// Address under which people reach the shop; needed when it listens beyond this machine
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies in front of the server whose X-Forwarded-For is believed: addresses and networks, with commas. Without it,
    /// 127.0.0.1 and ::1 when the public address is https and the server listens on this machine only
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "LIST")]
    pub trusted_proxies: Option<String>,
    /// Changes (POST requests) that one address may ask for in a minute; 0 for no limit
    #[arg(long, env = "POSTS_PER_MINUTE", value_name = "NUMBER", default_value = "300")]
    pub posts_per_minute: String,
    /// Where Prometheus may ask for figures, at /metrics; without it nowhere. They tell how much the shop sells, so it is
    /// this machine or a network of your own
    #[arg(long, env = "METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,
    /// Lets METRICS_LISTEN be an address beyond this machine: whoever reaches it can read the figures
    #[arg(long, env = "METRICS_ANYWHERE")]
    pub metrics_anywhere: bool,
    /// Seconds for which a server that is told to stop still answers, while /readyz says no: for proxies that ask it. At
    /// most 10 [default: 0]
    #[arg(long, env = "DRAIN_SECONDS", value_name = "NUMBER")]
    pub drain_seconds: Option<String>,
    /// Ends the process when its workers hang for two minutes, for container engines, which start it again. systemd has a
    /// watchdog of its own
    #[arg(long, env = "END_WHEN_HANGING")]
    pub end_when_hanging: bool,
    /// Try it out: a simulated gateway, made-up packages, and users whose passwords are printed. Never for a real shop
    #[arg(long, env = "DEMO")]
    pub demo: bool,
    /// Lets the demo listen beyond this machine: everyone who reaches it can sign in as the admin
    #[arg(long, env = "DEMO_ANYWHERE")]
    pub demo_anywhere: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a comment here would become the help of every flag in it")]
    pub gateway: GatewayFlags,
}

/// The configuration of `serve`, checked.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Where everything is kept.
    pub storage: StorageConfig,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach the shop; `None` means at the address that it listens on.
    pub public_url: Option<PublicUrl>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// POSTs that one address may send in a minute; `None` for no limit.
    pub posts_per_minute: Option<u32>,
    /// Where figures are told.
    pub metrics_listen: Option<SocketAddr>,
    /// How long it still answers after it was told to stop.
    pub drain: Duration,
    /// Whether the process ends itself when its workers hang.
    pub end_when_hanging: bool,
    /// Whether to run the demo.
    pub demo: bool,
    /// The gateway, when there is one.
    pub gateway: Option<GatewayConfig>,
}

impl ServeFlags {
    /// Checks all flags.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn check(&self, storage: &StorageFlags) -> Result<ServeConfig, ConfigError> {
        let mut problems = Problems::default();
        let config = self.check_into(storage, &mut problems);
        problems.finish(config)
    }

    fn check_into(&self, storage: &StorageFlags, problems: &mut Problems) -> Option<ServeConfig> {
        let storage = storage.check_into(problems);
        let listen = self.listen.trim().parse::<SocketAddr>();
        let listen = problems.take(
            "LISTEN_ADDR",
            listen.map_err(|_| format!("`{}` is not an address with a port", self.listen)),
            LISTEN_EXAMPLE,
        );
        let public_url = self.public_url(problems, listen);
        let proxies = self.proxies(listen, public_url.as_ref().and_then(Option::as_ref));
        let trusted_proxies = problems.take("TRUSTED_PROXIES", proxies.parse(), "127.0.0.1,10.0.0.0/8");
        let posts = self.posts_per_minute.trim();
        let posts_per_minute = problems.take(
            "POSTS_PER_MINUTE",
            posts.parse::<u32>().map_err(|_| format!("`{posts}` is not a whole number")),
            "300",
        );
        let metrics_listen = problems.take("METRICS_LISTEN", self.metrics_listen(), METRICS_EXAMPLE);
        let drain = problems.take("DRAIN_SECONDS", self.drain(), "5");
        let gateway = self.gateway.check(problems);
        self.check_demo(problems, listen);
        Some(ServeConfig {
            storage: storage?,
            listen: listen?,
            public_url: public_url?,
            trusted_proxies: trusted_proxies?,
            posts_per_minute: posts_per_minute.map(|most| (most > 0).then_some(most))?,
            metrics_listen: metrics_listen?,
            drain: drain?,
            end_when_hanging: self.end_when_hanging,
            demo: self.demo,
            gateway,
        })
    }

    /// Something on this machine must speak TLS when the server cannot be reached from elsewhere; without its word, all
    /// people would count as one address.
    fn proxies(&self, listen: Option<SocketAddr>, public_url: Option<&PublicUrl>) -> &str {
        if let Some(list) = &self.trusted_proxies {
            return list;
        }
        let local = listen.is_some_and(|address| address.ip().is_loopback());
        if !local || !public_url.is_some_and(PublicUrl::is_https) {
            return "";
        }
        tracing::warn!("TRUSTED_PROXIES is not set: a proxy on this machine is believed ({LOCAL_PROXIES})");
        LOCAL_PROXIES
    }

    fn metrics_listen(&self) -> Result<Option<SocketAddr>, String> {
        let Some(text) = self.metrics_listen.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let address: SocketAddr =
            text.parse().map_err(|_| format!("`{text}` is not an address with a port"))?;
        if !address.ip().is_loopback() && !self.metrics_anywhere {
            return Err("the figures are not for everybody, so they are told on this machine only \
                 (METRICS_ANYWHERE=true lifts that; close the port to strangers then)"
                .to_owned());
        }
        Ok(Some(address))
    }

    fn drain(&self) -> Result<Duration, String> {
        let text = self.drain_seconds.as_deref().unwrap_or_default().trim();
        let seconds = if text.is_empty() { Ok(0) } else { text.parse::<u64>() };
        match seconds {
            Ok(seconds) if seconds <= DRAIN_MOST_S => Ok(Duration::from_secs(seconds)),
            _ => Err(format!("`{text}` is not a whole number up to {DRAIN_MOST_S}")),
        }
    }

    fn check_demo(&self, problems: &mut Problems, listen: Option<SocketAddr>) {
        if self.demo && !self.demo_anywhere && listen.is_some_and(|address| !address.ip().is_loopback()) {
            problems.note(
                "LISTEN_ADDR",
                "the demo gives everyone its passwords, so it listens on this machine only (DEMO_ANYWHERE=true lifts that)",
                LISTEN_EXAMPLE,
            );
        }
        if self.demo && self.gateway.url.as_deref().is_some_and(|url| !url.trim().is_empty()) {
            problems.note(
                "XL_GATEWAY_URL",
                "a demo must not spend real money: it uses its own simulated gateway",
                "",
            );
        }
    }

    /// The outer `Option` is about mistakes, the inner one about whether it was set.
    #[expect(clippy::option_option, reason = "a mistake and an absence are two things")]
    fn public_url(&self, problems: &mut Problems, listen: Option<SocketAddr>) -> Option<Option<PublicUrl>> {
        let Some(text) = self.public_url.as_deref().filter(|text| !text.trim().is_empty()) else {
            if listen.is_some_and(|address| !address.ip().is_loopback()) {
                problems.note(
                    "PUBLIC_URL",
                    "is needed when the server listens beyond this machine",
                    PUBLIC_URL_EXAMPLE,
                );
            }
            return Some(None);
        };
        let url: PublicUrl = problems.take("PUBLIC_URL", text.parse(), PUBLIC_URL_EXAMPLE)?;
        if !url.is_trustworthy() && !self.demo {
            problems.note(
                "PUBLIC_URL",
                format!("{url} is not encrypted: passwords and sessions could be read on the way"),
                PUBLIC_URL_EXAMPLE,
            );
        }
        Some(Some(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> ServeFlags {
        ServeFlags { listen: DEFAULT_LISTEN.into(), posts_per_minute: "300".into(), ..ServeFlags::default() }
    }

    fn wrong(flags: &ServeFlags) -> Vec<&'static str> {
        let folder = tempfile::tempdir().unwrap();
        let storage = StorageFlags { data_dir: folder.path().join("data"), ..StorageFlags::default() };
        match flags.check(&storage) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems.iter().map(|problem| problem.variable).collect(),
        }
    }

    #[test]
    fn the_defaults_will_do() {
        assert!(wrong(&flags()).is_empty());
    }

    #[test]
    fn all_mistakes_at_once() {
        let flags = ServeFlags {
            listen: "localhost".into(),
            public_url: Some("toko".into()),
            trusted_proxies: Some("nginx".into()),
            posts_per_minute: "many".into(),
            metrics_listen: Some("9464".into()),
            drain_seconds: Some("11".into()),
            ..flags()
        };
        let names = [
            "LISTEN_ADDR",
            "PUBLIC_URL",
            "TRUSTED_PROXIES",
            "POSTS_PER_MINUTE",
            "METRICS_LISTEN",
            "DRAIN_SECONDS",
        ];
        assert_eq!(wrong(&flags), names);
    }

    #[test]
    fn beyond_this_machine() {
        let open = ServeFlags { listen: "0.0.0.0:3000".into(), ..flags() };
        assert_eq!(wrong(&open), ["PUBLIC_URL"]);
        let plain = ServeFlags { public_url: Some("http://toko.example".into()), ..open.clone() };
        assert_eq!(wrong(&plain), ["PUBLIC_URL"]);
        let safe = ServeFlags { public_url: Some("https://toko.example".into()), ..open };
        assert!(wrong(&safe).is_empty());
    }

    #[test]
    fn figures_stay_on_this_machine() {
        let figures = |address: &str| ServeFlags { metrics_listen: Some(address.into()), ..flags() };
        for address in ["127.0.0.1:9464", "[::1]:9464", ""] {
            assert!(wrong(&figures(address)).is_empty(), "{address}");
        }
        for address in ["0.0.0.0:9464", "10.0.0.5:9464", "[::]:9464"] {
            assert_eq!(wrong(&figures(address)), ["METRICS_LISTEN"], "{address}");
            assert!(wrong(&ServeFlags { metrics_anywhere: true, ..figures(address) }).is_empty());
        }
    }

    #[test]
    fn a_proxy_on_this_machine_is_believed_when_there_must_be_one() {
        let trusted = |flags: ServeFlags| {
            let folder = tempfile::tempdir().unwrap();
            let storage = StorageFlags { data_dir: folder.path().join("data"), ..StorageFlags::default() };
            let config = flags.check(&storage).unwrap();
            ["127.0.0.1", "::1"].map(|address| config.trusted_proxies.contains(address.parse().unwrap()))
        };
        let behind = ServeFlags { public_url: Some("https://toko.example".into()), ..flags() };
        assert_eq!(trusted(flags()), [false, false]);
        assert_eq!(trusted(behind.clone()), [true, true]);
        assert_eq!(trusted(ServeFlags { listen: "0.0.0.0:3000".into(), ..behind.clone() }), [false, false]);
        assert_eq!(trusted(ServeFlags { trusted_proxies: Some(String::new()), ..behind }), [false, false]);
    }

    #[test]
    fn the_demo_stays_at_home() {
        let demo = ServeFlags {
            demo: true,
            listen: "0.0.0.0:3000".into(),
            public_url: Some("http://10.1.1.1:3000".into()),
            ..flags()
        };
        assert_eq!(wrong(&demo), ["LISTEN_ADDR"]);
        assert!(wrong(&ServeFlags { demo_anywhere: true, ..demo }).is_empty());
    }
}
