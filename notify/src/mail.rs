use std::fmt;
use std::time::Duration;

use domain::NoticeTrouble;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::time::timeout;

use crate::{Failure, Message, is_loopback};

/// How long one answer of a mail server may take. Some look long at who comes.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// How to hand in mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The mail server.
    pub host: String,
    /// Its port: 465 for TLS, 587 for STARTTLS, as a rule.
    pub port: u16,
    /// How the connection is kept from being read.
    pub security: MailSecurity,
    /// Who signs in, if anyone has to.
    pub credentials: Option<MailCredentials>,
    /// Who the mails are from: `toko@contoh.id` or `Toko <toko@contoh.id>`.
    pub from: String,
    /// How long handing in one mail may take in all.
    pub total_timeout: Duration,
}

/// How a connection is kept from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, and no mail without it.
    StartTls,
    /// None: to this very machine only.
    None,
}

/// Who signs in at a mail server.
#[derive(Clone)]
pub struct MailCredentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Hands in mail at one server, each over a connection of its own: there is little of it.
#[derive(Clone)]
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    signs_in: bool,
    total_timeout: Duration,
}

impl MailConfig {
    /// How long handing in one mail may take, unless configured.
    pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
}

/// Without the password.
impl fmt::Debug for MailCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailCredentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Without the password.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mail {
    /// A way to hand in mail. Nothing is sent yet.
    ///
    /// # Errors
    /// [`NoticeTrouble::BadSettings`] when `from` is no address, and [`NoticeTrouble::NotSecure`] when mail would go to
    /// another machine for all to read.
    pub fn new(config: MailConfig) -> Result<Self, Failure> {
        let bad = || Failure::new(NoticeTrouble::BadSettings);
        let from = config.from.parse().map_err(|_| bad())?;
        let tls = || TlsParameters::new(config.host.clone()).map_err(|_| bad());
        let tls = match config.security {
            MailSecurity::Tls => Tls::Wrapper(tls()?),
            MailSecurity::StartTls => Tls::Required(tls()?),
            MailSecurity::None if is_loopback(&config.host) => Tls::None,
            MailSecurity::None => return Err(Failure::new(NoticeTrouble::NotSecure)),
        };
        let signs_in = config.credentials.is_some();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host)
            .port(config.port)
            .tls(tls)
            .timeout(Some(ANSWER_WITHIN.min(config.total_timeout)));
        if let Some(MailCredentials { username, password }) = config.credentials {
            builder = builder.credentials(Credentials::new(username, password));
        }
        Ok(Self { transport: builder.build(), from, signs_in, total_timeout: config.total_timeout })
    }

    /// Hands in a mail to an address.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn send(&self, to: &str, message: &Message) -> Result<(), Failure> {
        let to: Mailbox = to.parse().map_err(|_| Failure::new(NoticeTrouble::BadAddress))?;
        let subject: String = message.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mail = MessageBuilder::new()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|_| Failure::new(NoticeTrouble::BadSettings))?;
        match timeout(self.total_timeout, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.failure(&error)),
            Err(_) => Err(Failure::new(NoticeTrouble::NoAnswer)),
        }
    }

    /// What a server's reply code means (RFC 5321, and RFC 4954 for signing in).
    fn failure(&self, error: &SmtpError) -> Failure {
        let Some(code) = error.status().map(u16::from) else {
            return Failure::new(self.without_reply(error));
        };
        let trouble = match code {
            530 | 534 | 535 | 538 => NoticeTrouble::BadLogin,
            550 | 551 | 553 | 556 => NoticeTrouble::BadAddress,
            500.. => NoticeTrouble::Refused,
            _ => NoticeTrouble::Busy,
        };
        Failure::with_code(trouble, code)
    }

    fn without_reply(&self, error: &SmtpError) -> NoticeTrouble {
        if error.is_timeout() {
            NoticeTrouble::NoAnswer
        } else if error.is_tls() {
            NoticeTrouble::NotSecure
        } else if error.is_response() {
            NoticeTrouble::Unreadable
        } else if error.is_client() {
            // What we need is not offered there; these are lettre's own words, not the server's.
            match error.to_string().contains("STARTTLS") {
                true => NoticeTrouble::NotSecure,
                false if self.signs_in => NoticeTrouble::BadLogin,
                false => NoticeTrouble::BadSettings,
            }
        } else {
            NoticeTrouble::NotReached
        }
    }
}
