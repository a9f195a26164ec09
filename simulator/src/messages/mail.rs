//! A mail server that keeps what it gets (RFC 5321, with AUTH PLAIN). It offers no STARTTLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{MessageFault, MessageWay, SimulatedMessage, mime};
use crate::state::Inner;

/// The longest line, and the longest mail.
const LINE_MOST_BYTES: u64 = 4 * 1024;
const MAIL_MOST_BYTES: usize = 256 * 1024;
const HANG: Duration = Duration::from_secs(120);

/// Takes mail until the task is ended.
pub(crate) async fn serve(inner: Arc<Inner>, listener: TcpListener) {
    loop {
        let Ok((connection, _)) = listener.accept().await else { return };
        let inner = Arc::clone(&inner);
        tokio::spawn(async move {
            let fault = inner.messages.strikes(MessageWay::Mail);
            let mut client = Client { stream: BufReader::new(connection), fault };
            // Whoever hangs up has had enough.
            let _ = client.converse(&inner).await;
        });
    }
}

struct Client {
    stream: BufReader<TcpStream>,
    fault: Option<MessageFault>,
}

impl Client {
    async fn converse(&mut self, inner: &Inner) -> io::Result<()> {
        match self.fault {
            Some(MessageFault::Broken) => return self.say("421 simulator closing").await,
            Some(MessageFault::Garbage | MessageFault::Redirect) => {
                return self.say("<html>Welcome</html>").await;
            }
            _ => self.say("220 simulator ESMTP").await?,
        }
        let (mut signed_in, mut to) = (false, String::new());
        loop {
            let line = self.line().await?;
            let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
            match verb.as_str() {
                "" => return Ok(()),
                "EHLO" => {
                    self.say("250-simulator").await?;
                    self.say("250-8BITMIME").await?;
                    self.say("250 AUTH PLAIN").await?;
                }
                "AUTH" => {
                    signed_in = self.fault != Some(MessageFault::BadLogin) && is_known(inner, &line);
                    let answer = if signed_in {
                        "235 welcome"
                    } else {
                        "535 5.7.8 Authentication credentials invalid"
                    };
                    self.say(answer).await?;
                }
                "MAIL" if !signed_in => self.say("530 5.7.0 Authentication required").await?,
                "MAIL" if self.fault == Some(MessageFault::ThrownOut) => {
                    self.say("553 not your address").await?
                }
                "MAIL" => self.say("250 ok").await?,
                "RCPT" if self.fault == Some(MessageFault::Busy) => {
                    self.say("451 4.7.1 greylisted, come back").await?
                }
                "RCPT" if self.fault == Some(MessageFault::BadAddress) => {
                    self.say("550 5.1.1 no such user").await?
                }
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    self.say("250 ok").await?;
                }
                "DATA" => {
                    self.say("354 go on").await?;
                    let mail = self.mail().await?;
                    match self.fault {
                        Some(MessageFault::Hang) => tokio::time::sleep(HANG).await,
                        Some(MessageFault::Refused) => self.say("554 5.7.1 looks like spam").await?,
                        Some(MessageFault::Drop) => return Ok(()),
                        _ => {
                            let (subject, text) = mime::read(&mail);
                            let at_ms = inner.desk(|desk| desk.now_ms);
                            let way = MessageWay::Mail;
                            inner.messages.take(SimulatedMessage {
                                way,
                                to: to.clone(),
                                subject,
                                text,
                                at_ms,
                            });
                            if self.fault == Some(MessageFault::TakenThenDrop) {
                                return Ok(());
                            }
                            self.say("250 taken").await?;
                        }
                    }
                }
                "QUIT" => return self.say("221 bye").await,
                "RSET" | "NOOP" => self.say("250 ok").await?,
                _ => self.say("502 not here").await?,
            }
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await
    }

    /// The next line without its end; empty when the client has gone.
    async fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        (&mut self.stream).take(LINE_MOST_BYTES).read_until(b'\n', &mut line).await?;
        Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Up to the line that is a dot alone; a dot that begins a line was doubled.
    async fn mail(&mut self) -> io::Result<String> {
        let mut mail = String::new();
        loop {
            let mut line = Vec::new();
            let read = (&mut self.stream).take(LINE_MOST_BYTES).read_until(b'\n', &mut line).await?;
            let line = String::from_utf8_lossy(&line).into_owned();
            if read == 0 || mail.len() > MAIL_MOST_BYTES {
                return Err(io::Error::other("no end"));
            }
            if line.trim_end() == "." {
                return Ok(mail);
            }
            mail.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
    }
}

/// AUTH PLAIN: nothing, name and password, each after a zero byte, in base64.
fn is_known(inner: &Inner, line: &str) -> bool {
    let given = line.split(' ').nth(2).map(mime::base64).unwrap_or_default();
    given == format!("\0{}\0{}", inner.config.mail_username, inner.config.mail_password).into_bytes()
}
