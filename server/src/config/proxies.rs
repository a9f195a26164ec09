use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// The machines in front of this server whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether a request from this address comes from one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Reads `127.0.0.1, 10.0.0.0/8, ::1`.
impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(network)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn network(part: &str) -> Result<IpNet, String> {
    let network = part
        .parse::<IpNet>()
        .or_else(|_| part.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical())))
        .map_err(|_| format!("`{part}` is neither an address nor a network"))?;
    if network.prefix_len() == 0 {
        // Then the header's leftmost entry counts, which the client writes itself.
        return Err(format!("`{part}` is everybody: then anybody could pretend to be anybody"));
    }
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks() {
        let proxies: TrustedProxies = "127.0.0.1, 10.0.0.0/8 ::1".parse().unwrap();
        for inside in ["127.0.0.1", "10.200.3.4", "::1", "::ffff:10.1.1.1"] {
            assert!(proxies.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["127.0.0.2", "11.0.0.1", "::2"] {
            assert!(!proxies.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!("10.0.0.0/33".parse::<TrustedProxies>().is_err());
        for everybody in ["0.0.0.0/0", "::/0", "127.0.0.1, 0.0.0.0/0"] {
            assert!(everybody.parse::<TrustedProxies>().is_err(), "{everybody}");
        }
        let mapped: TrustedProxies = "::ffff:10.1.1.1".parse().unwrap();
        assert!(mapped.contains("10.1.1.1".parse().unwrap()));
        assert!("proxy.local".parse::<TrustedProxies>().is_err());
        assert_eq!("".parse::<TrustedProxies>(), Ok(TrustedProxies::default()));
    }
}
