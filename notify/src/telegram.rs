use std::fmt;
use std::time::Duration;

use domain::NoticeTrouble;
use reqwest::{Client, Response, Url, redirect, retry};
use serde::{Deserialize, Serialize};

use crate::{Failure, is_loopback};

/// The longest answer that is read. A real one has some 600 bytes, and up to four times the text.
const ANSWER_MOST_BYTES: usize = 64 * 1024;
/// The longest wait that is believed.
const WAIT_MOST: Duration = Duration::from_secs(3_600);

/// How to reach a bot.
#[derive(Clone)]
pub struct TelegramConfig {
    /// Where the Bot API is, over https unless it is this very machine: `https://api.telegram.org`.
    pub base_url: String,
    /// The bot's token, as `@BotFather` gave it.
    pub token: String,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long it may take in all.
    pub total_timeout: Duration,
}

/// A bot that writes into chats. Its token is part of every address, so no address is ever shown.
#[derive(Clone)]
pub struct Telegram {
    client: Client,
    url: Url,
}

#[derive(Serialize)]
struct Request<'r> {
    chat_id: &'r str,
    text: &'r str,
    /// The links of several messages in one would show the preview of the first.
    link_preview_options: LinkPreview,
}

#[derive(Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parameters {
    retry_after: Option<u64>,
}

impl TelegramConfig {
    /// Where the Bot API is, unless somebody runs their own.
    pub const BASE_URL: &str = "https://api.telegram.org";

    /// A configuration with the usual times.
    pub fn new(base_url: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            token: token.into(),
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(15),
        }
    }

    /// Whether a base URL can be used: nothing secret in it, and nobody can read along.
    #[must_use]
    pub fn is_usable(base_url: &str) -> bool {
        usable(base_url).is_some()
    }
}

/// Without the token.
impl fmt::Debug for TelegramConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramConfig").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Without the address, which has the token in it.
impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl Telegram {
    /// The longest text, counted as Telegram does: in UTF-16 units.
    pub const TEXT_MOST_UNITS: usize = 4_096;

    /// A bot. Nothing is sent yet.
    ///
    /// # Errors
    /// [`NoticeTrouble::BadSettings`] when the address or the token cannot be one.
    pub fn new(config: &TelegramConfig) -> Result<Self, Failure> {
        let bad = || Failure::new(NoticeTrouble::BadSettings);
        let token_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_');
        if config.token.is_empty() || !config.token.chars().all(token_char) {
            return Err(bad());
        }
        let mut url = usable(&config.base_url).ok_or_else(bad)?;
        url.path_segments_mut()
            .map_err(|()| bad())?
            .pop_if_empty()
            .push(&format!("bot{}", config.token))
            .push("sendMessage");
        let client = Client::builder()
            // Whoever is redirected to, or stands between, would be given the token.
            .redirect(redirect::Policy::none())
            .no_proxy()
            // The caller tries again, later.
            .retry(retry::never())
            .referer(false)
            .user_agent("xl-package-manager")
            .connect_timeout(config.connect_timeout)
            .timeout(config.total_timeout)
            .build()
            .map_err(|_| bad())?;
        Ok(Self { client, url })
    }

    /// Writes into a chat: its id, or the `@name` of a channel.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn send(&self, chat: &str, text: &str) -> Result<(), Failure> {
        let preview = LinkPreview { is_disabled: true };
        let request = Request { chat_id: chat, text, link_preview_options: preview };
        let answer = self.client.post(self.url.clone()).json(&request).send().await.map_err(|e| lost(&e))?;
        let status = answer.status().as_u16();
        let body = read(answer).await?;
        let Ok(answer) = serde_json::from_slice::<Answer>(&body) else {
            // A page of somebody on the way: what a busy server's proxy says may be over soon.
            let trouble = if status >= 500 { NoticeTrouble::Busy } else { NoticeTrouble::Unreadable };
            return Err(Failure::with_code(trouble, status));
        };
        if answer.ok && status == 200 { Ok(()) } else { Err(refused(status, &answer)) }
    }
}

fn usable(base_url: &str) -> Option<Url> {
    let url = Url::parse(base_url).ok()?;
    let plain = url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url.host_str()?));
    (plain && nobody && safe && url.has_host()).then_some(url)
}

async fn read(mut answer: Response) -> Result<Vec<u8>, Failure> {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > ANSWER_MOST_BYTES {
            return Err(Failure::with_code(NoticeTrouble::Unreadable, status));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn lost(error: &reqwest::Error) -> Failure {
    let timeout = error.is_timeout() && !error.is_connect();
    Failure::new(if timeout { NoticeTrouble::NoAnswer } else { NoticeTrouble::NotReached })
}

/// What a refusal means. The Bot API has no codes of its own below HTTP's, so some are told apart by their words.
fn refused(status: u16, answer: &Answer) -> Failure {
    let says = answer.description.to_lowercase();
    let no_chat = ["chat not found", "chat_id is empty", "peer_id_invalid", "upgraded", "user not found"];
    let trouble = match status {
        401 | 404 => NoticeTrouble::BadLogin,
        // Thrown out of the group, blocked by the person, or not allowed to write.
        403 => NoticeTrouble::BadAddress,
        400 if no_chat.iter().any(|words| says.contains(words)) || says.contains("rights") => {
            NoticeTrouble::BadAddress
        }
        429 | 500.. => NoticeTrouble::Busy,
        400..500 => NoticeTrouble::Refused,
        _ => NoticeTrouble::Unreadable,
    };
    let wait = answer.parameters.retry_after.map(|seconds| Duration::from_secs(seconds).min(WAIT_MOST));
    Failure { trouble, code: Some(status), wait }
}
