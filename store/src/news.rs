use std::fmt;
use std::str::FromStr;

use domain::PublicId;
use tokio::sync::broadcast;

/// Something was committed that others may be waiting for. A hint, not a promise: who waits looks every few seconds
/// anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A purchase changed.
    Purchase(PublicId),
    /// A top-up changed.
    Topup(PublicId),
    /// Settings changed.
    Settings,
    /// A number that is signed in, or being so, changed.
    XlAccount(PublicId),
    /// A gateway's configuration changed, or somebody wants to know how it is.
    Gateways,
    /// There is something to tell the operator, or it was told.
    Notices,
    /// There is a mail to send to a user.
    Mail,
    /// There is something to do for the workers.
    Work,
}

/// News that one process keeps for slow listeners; who falls further behind looks for itself.
const KEPT: usize = 1024;

#[derive(Clone)]
pub(crate) struct NewsSender(broadcast::Sender<News>);

impl NewsSender {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(KEPT).0)
    }

    pub(crate) fn tell(&self, news: News) {
        // Nobody listening is fine.
        let _ = self.0.send(news);
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<News> {
        self.0.subscribe()
    }

    pub(crate) const fn is_closed(&self) -> bool {
        false
    }
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Purchase(id) => write!(f, "purchase:{}", id.as_str()),
            Self::Topup(id) => write!(f, "topup:{}", id.as_str()),
            Self::XlAccount(id) => write!(f, "xl_account:{}", id.as_str()),
            Self::Settings => f.write_str("settings"),
            Self::Gateways => f.write_str("gateways"),
            Self::Notices => f.write_str("notices"),
            Self::Mail => f.write_str("mail"),
            Self::Work => f.write_str("work"),
        }
    }
}

impl FromStr for News {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.split_once(':') {
            Some(("purchase", id)) => id.parse().map(Self::Purchase).map_err(|_| ()),
            Some(("topup", id)) => id.parse().map(Self::Topup).map_err(|_| ()),
            Some(("xl_account", id)) => id.parse().map(Self::XlAccount).map_err(|_| ()),
            None if word == "settings" => Ok(Self::Settings),
            None if word == "gateways" => Ok(Self::Gateways),
            None if word == "notices" => Ok(Self::Notices),
            None if word == "mail" => Ok(Self::Mail),
            None if word == "work" => Ok(Self::Work),
            _ => Err(()),
        }
    }
}
