use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use reqwest::Url;

/// The address under which people reach the shop: scheme, host and port, without a path. Links in receipts, the check
/// of `Origin` and the gateways' callbacks are made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    https: bool,
    loopback: bool,
}

impl PublicUrl {
    /// `http://127.0.0.1:3000`, for a server that only this machine can reach.
    #[must_use]
    pub fn of_listener(address: SocketAddr) -> Self {
        Self { origin: format!("http://{address}"), https: false, loopback: address.ip().is_loopback() }
    }

    /// `https://shop.example`, as browsers write it in `Origin`: without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether a request's `Host` means this server: the public address' own, or for one on this very machine any of the
    /// machine's names for itself.
    #[must_use]
    pub fn is_named_by(&self, host: &str) -> bool {
        let scheme = if self.https { "https" } else { "http" };
        let named = format!("{scheme}://{host}").parse::<Self>();
        named.is_ok_and(|named| named.origin == self.origin || (named.loopback && self.loopback))
    }

    /// Whether browsers speak TLS to it.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Whether browsers treat it as safe: https, or this very machine. Tried: Chromium keeps `__Host-` cookies with
    /// `Secure` for `http://127.0.0.1` and `http://localhost` too.
    #[must_use]
    pub const fn is_trustworthy(&self) -> bool {
        self.https || self.loopback
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| format!("`{text}` is no address: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("`{text}` must begin with https:// (or http://)"));
        }
        let Some(host) = url.host_str() else {
            return Err(format!("`{text}` names no host"));
        };
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` must end after the host: the shop cannot live under a path"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user name or password".to_owned());
        }
        let bare_host = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = bare_host == "localhost"
            || bare_host.ends_with(".localhost")
            || bare_host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        Ok(Self { origin: url.origin().ascii_serialization(), https: url.scheme() == "https", loopback })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_browsers_write_origins() {
        let origin = |text: &str| text.parse::<PublicUrl>().unwrap().origin().to_owned();
        assert_eq!(origin("https://Toko.Example/"), "https://toko.example");
        assert_eq!(origin("https://toko.example:443"), "https://toko.example");
        assert_eq!(origin("http://127.0.0.1:3000"), "http://127.0.0.1:3000");
    }

    #[test]
    fn what_browsers_trust() {
        let trusted = |text: &str| text.parse::<PublicUrl>().unwrap().is_trustworthy();
        assert!(trusted("https://toko.example"));
        assert!(trusted("http://localhost:3000"));
        assert!(trusted("http://[::1]:3000"));
        assert!(!trusted("http://192.168.1.5:3000"));
        assert!(!trusted("http://toko.example"));
    }

    #[test]
    fn what_cannot_be_a_shop() {
        for text in [
            "toko.example",
            "ftp://toko.example",
            "https://toko.example/shop",
            "https://a:b@toko.example",
            "https://",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
