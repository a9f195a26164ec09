use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Problems;

/// The XL gateway, as flags.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "XL gateway")]
pub struct GatewayFlags {
    /// Address of the XL gateway (Digiflazz dialect); without it nothing can be sold
    #[arg(long = "gateway-url", env = "XL_GATEWAY_URL", value_name = "URL", hide_env_values = true)]
    pub url: Option<String>,
    /// The shop's user name at the gateway
    #[arg(
        long = "gateway-username",
        env = "XL_GATEWAY_USERNAME",
        value_name = "NAME",
        hide_env_values = true
    )]
    pub username: Option<String>,
    /// The shop's key at the gateway. A file keeps it out of the process list: see --gateway-key-file
    #[arg(long = "gateway-key", env = "XL_GATEWAY_KEY", value_name = "KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// A file that holds the shop's key at the gateway
    #[arg(
        long = "gateway-key-file",
        env = "XL_GATEWAY_KEY_FILE",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub key_file: Option<PathBuf>,
    /// The secret with which the gateway signs its webhooks
    #[arg(
        long = "gateway-webhook-secret",
        env = "XL_GATEWAY_WEBHOOK_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub webhook_secret: Option<String>,
    /// A file that holds the secret of the webhooks
    #[arg(
        long = "gateway-webhook-secret-file",
        env = "XL_GATEWAY_WEBHOOK_SECRET_FILE",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub webhook_secret_file: Option<PathBuf>,
    /// Seconds between two questions about one order [default: 60, as the contract asks]
    #[arg(
        long = "gateway-ask-every",
        env = "XL_GATEWAY_ASK_EVERY",
        value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub ask_every_s: Option<u64>,
}

/// The XL gateway, checked.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Its address, without a slash at the end.
    pub url: String,
    /// The shop's user name there.
    pub username: String,
    /// The shop's key there.
    pub key: Secret,
    /// What signs its webhooks; without it webhooks are refused and status is only asked for.
    pub webhook_secret: Option<Secret>,
    /// Seconds between two questions about one order; `None` for what the contract asks.
    pub query_interval_s: Option<u64>,
}

/// A text that no log may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

const KEY_EXAMPLE: &str = "/run/secrets/xl-gateway-key";

impl Secret {
    /// Hides a text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, where it is used.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl GatewayFlags {
    /// The gateway, or `None` when nothing about one was set.
    #[must_use]
    pub fn check(&self, problems: &mut Problems) -> Option<GatewayConfig> {
        let key = secret(
            problems,
            ["XL_GATEWAY_KEY", "XL_GATEWAY_KEY_FILE"],
            self.key.as_deref(),
            self.key_file.as_deref(),
        );
        let webhook_secret = secret(
            problems,
            ["XL_GATEWAY_WEBHOOK_SECRET", "XL_GATEWAY_WEBHOOK_SECRET_FILE"],
            self.webhook_secret.as_deref(),
            self.webhook_secret_file.as_deref(),
        );
        let Some(url) = set(self.url.as_deref()) else {
            if key.is_some() || set(self.username.as_deref()).is_some() {
                problems.note(
                    "XL_GATEWAY_URL",
                    "is needed together with the gateway's name and key",
                    "https://api.digiflazz.com/v1",
                );
            }
            return None;
        };
        let url = problems.take("XL_GATEWAY_URL", address(url), "https://api.digiflazz.com/v1");
        let username = set(self.username.as_deref()).map(str::to_owned);
        if username.is_none() {
            problems.note("XL_GATEWAY_USERNAME", "is needed together with XL_GATEWAY_URL", "tokomelati");
        }
        if key.is_none() && self.key.is_none() && self.key_file.is_none() {
            problems.note("XL_GATEWAY_KEY_FILE", "is needed together with XL_GATEWAY_URL", KEY_EXAMPLE);
        }
        Some(GatewayConfig {
            url: url?,
            username: username?,
            key: key?,
            webhook_secret,
            query_interval_s: self.ask_every_s,
        })
    }
}

/// An empty variable means the same as none: compose files set `X=${X:-}`.
fn set(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn address(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).map_err(|error| format!("`{text}` is no address: {error}"))?;
    if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(format!("`{text}` must begin with https://"))
    }
}

/// A secret that is set by value or by file, but not by both: nobody could say which one counts.
fn secret(
    problems: &mut Problems,
    names: [&'static str; 2],
    value: Option<&str>,
    file: Option<&Path>,
) -> Option<Secret> {
    let [value_name, file_name] = names;
    match (set(value), file.filter(|path| !path.as_os_str().is_empty())) {
        (Some(_), Some(_)) => {
            problems.note(
                file_name,
                format!("is set together with {value_name}; set one of them"),
                KEY_EXAMPLE,
            );
            None
        }
        (Some(value), None) => Some(Secret::new(value.to_owned())),
        (None, Some(path)) => match std::fs::read_to_string(path) {
            Ok(text) if !text.trim().is_empty() => Some(Secret::new(text.trim().to_owned())),
            Ok(_) => {
                problems.note(file_name, format!("{} is empty", path.display()), KEY_EXAMPLE);
                None
            }
            Err(error) => {
                problems.note(file_name, format!("{} cannot be read: {error}", path.display()), KEY_EXAMPLE);
                None
            }
        },
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(flags: &GatewayFlags) -> Result<Option<GatewayConfig>, Vec<&'static str>> {
        let mut problems = Problems::default();
        let gateway = flags.check(&mut problems);
        problems
            .finish(Some(gateway))
            .map_err(|error| error.problems.iter().map(|problem| problem.variable).collect())
    }

    #[test]
    fn none_is_fine_and_half_is_not() {
        assert!(checked(&GatewayFlags::default()).unwrap().is_none());
        let half = GatewayFlags { url: Some("https://gateway.example/".into()), ..GatewayFlags::default() };
        assert_eq!(checked(&half).unwrap_err(), ["XL_GATEWAY_USERNAME", "XL_GATEWAY_KEY_FILE"]);
        let other_half = GatewayFlags { key: Some("k".into()), ..GatewayFlags::default() };
        assert_eq!(checked(&other_half).unwrap_err(), ["XL_GATEWAY_URL"]);
    }

    #[test]
    fn whole_and_silent_about_its_key() {
        let whole = GatewayFlags {
            url: Some("https://gateway.example/".into()),
            username: Some("toko".into()),
            key: Some("hush".into()),
            ..GatewayFlags::default()
        };
        let gateway = checked(&whole).unwrap().unwrap();
        assert_eq!(gateway.url, "https://gateway.example");
        assert_eq!(gateway.key.expose(), "hush");
        assert!(!format!("{gateway:?}").contains("hush"));
        let twice = GatewayFlags { key_file: Some("/nowhere".into()), ..whole };
        assert_eq!(checked(&twice).unwrap_err(), ["XL_GATEWAY_KEY_FILE"]);
    }
}
