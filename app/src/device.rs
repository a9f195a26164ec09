//! What people may know about a browser: its name and system in plain words, and roughly where it is.

use std::net::IpAddr;

use crate::i18n::T;

/// Browsers by a sign in what they call themselves. Most claim to be others too, so the particular ones come first.
const BROWSERS: &[(&str, &str)] = &[
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("Instagram", "Instagram"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera Mini", "Opera Mini"),
    ("UCBrowser", "UC Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("VivoBrowser", "Vivo Browser"),
    ("HeyTapBrowser", "Oppo Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

/// Systems, likewise.
const SYSTEMS: &[(&str, &str)] = &[
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
];

/// `Chrome · Android`, as far as the browser says. Nothing depends on it.
#[must_use]
pub fn device(user_agent: &str, t: T) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
    };
    match (first(BROWSERS), first(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t.unknown_device().to_owned(),
    }
}

/// Enough to tell one's own line from another's, too little to find somebody: `203.0.113.x`, `2001:db8:1:x`.
#[must_use]
pub fn masked_ip(ip: &str) -> String {
    match ip.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.x")
        }
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:x")
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_in_plain_words() {
        let t = T(domain::Lang::En);
        let android = "Mozilla/5.0 (Linux; Android 13; SM-A045F) AppleWebKit/537.36 (KHTML, like Gecko)";
        for (user_agent, words) in [
            (format!("{android} Chrome/120.0.0.0 Mobile Safari/537.36"), "Chrome · Android"),
            (format!("{android} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36"), "Samsung Internet · Android"),
            (format!("{android} Chrome/120.0.0.0 Mobile Safari/537.36 OPR/76.2"), "Opera · Android"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 CriOS/120.0 Mobile Safari/604.1".to_owned(),
                "Chrome · iPhone",
            ),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0".to_owned(), "Edge · Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0".to_owned(), "Firefox · Linux"),
            ("curl/8.0".to_owned(), "Unknown device"),
            (String::new(), "Unknown device"),
        ] {
            assert_eq!(device(&user_agent, t), words, "{user_agent}");
        }
    }

    #[test]
    fn addresses_are_masked() {
        assert_eq!(masked_ip("203.0.113.77"), "203.0.113.x");
        assert_eq!(masked_ip("2001:db8:1:2:3:4:5:6"), "2001:db8:1:x");
        assert_eq!(masked_ip("<script>"), "");
    }
}
