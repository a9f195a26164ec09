//! Against the simulator, over real connections: what arrives, and what each way of failing is called.

use std::sync::Arc;
use std::time::Duration;

use domain::NoticeTrouble;
use simulator::{MessageFault, MessageWay, RunningMail, RunningSimulator, Simulator, SimulatorConfig};
use tokio::net::TcpListener;

use crate::{
    Failure, Mail, MailConfig, MailCredentials, MailSecurity, Message, Sender, Telegram, TelegramConfig,
};

const TOKEN: &str = "110201543:simulated-bot";
const CHAT: &str = "-1001";
const PASSWORD: &str = "simulated-mail";
const MAILBOX: &str = "bos@contoh.id";
/// Long for a machine that answers itself, short for a test that waits for nothing.
const PATIENCE: Duration = Duration::from_millis(800);

struct Post {
    simulator: Simulator,
    http: RunningSimulator,
    mail: RunningMail,
}

impl Post {
    async fn open() -> Self {
        let config = SimulatorConfig::new("toko", "kunci", "rahasia", 7, Arc::new(|| 0));
        let simulator = Simulator::new(config).unwrap();
        let listener = || TcpListener::bind("127.0.0.1:0");
        let http = simulator.spawn(listener().await.unwrap()).unwrap();
        let mail = simulator.spawn_mail(listener().await.unwrap()).unwrap();
        Self { simulator, http, mail }
    }

    fn telegram(&self, token: &str) -> Sender {
        let config = TelegramConfig {
            total_timeout: PATIENCE,
            ..TelegramConfig::new(self.http.telegram_url(), token)
        };
        Sender::Telegram(Telegram::new(&config).unwrap())
    }

    fn mail_config(&self) -> MailConfig {
        let (username, password) = ("toko".to_owned(), PASSWORD.to_owned());
        MailConfig {
            host: "127.0.0.1".to_owned(),
            port: self.mail.address().port(),
            security: MailSecurity::None,
            credentials: Some(MailCredentials { username, password }),
            from: "Toko Melati <toko@contoh.id>".to_owned(),
            total_timeout: PATIENCE,
        }
    }

    fn mail(&self) -> Sender {
        Sender::Mail(Mail::new(self.mail_config()).unwrap())
    }

    /// What was taken: to whom, subject and text.
    fn taken(&self) -> Vec<(String, String, String)> {
        let messages = self.simulator.messages().into_iter();
        messages.map(|message| (message.to, message.subject, message.text)).collect()
    }
}

fn message(text: &str) -> Message {
    Message { subject: "Toko Melati \u{2713}\r\nBcc: all@example.id".into(), text: text.into() }
}

#[tokio::test]
async fn messages_arrive_as_they_were_written() {
    let post = Post::open().await;
    let text = "Paket *terkirim* <b>10 GB</b> ke 0878-****-5678\n.\nRp\u{a0}25.500 \u{2713} = lunas";
    post.telegram(TOKEN).send(CHAT, &message(text)).await.unwrap();
    post.mail().send(MAILBOX, &message(text)).await.unwrap();
    let long = "é".repeat(Telegram::TEXT_MOST_UNITS);
    post.telegram(TOKEN).send(CHAT, &message(&long)).await.unwrap();
    let subject = "Toko Melati \u{2713}  Bcc: all@example.id";
    assert_eq!(
        post.taken(),
        [
            (CHAT.into(), String::new(), text.into()),
            (MAILBOX.into(), subject.into(), text.into()),
            (CHAT.into(), String::new(), long)
        ]
    );
}

#[tokio::test]
async fn each_way_of_failing_has_its_name() {
    use MessageFault::{
        BadAddress, BadLogin, Broken, Busy, Drop, Garbage, Hang, Redirect, Refused, TakenThenDrop, ThrownOut,
    };
    let later = |code| Failure::with_code(NoticeTrouble::Busy, code);
    let cases = [
        (MessageWay::Telegram, Busy, Failure { wait: Some(Duration::from_secs(3)), ..later(429) }),
        (MessageWay::Telegram, BadLogin, Failure::with_code(NoticeTrouble::BadLogin, 401)),
        (MessageWay::Telegram, BadAddress, Failure::with_code(NoticeTrouble::BadAddress, 400)),
        (MessageWay::Telegram, ThrownOut, Failure::with_code(NoticeTrouble::BadAddress, 403)),
        (MessageWay::Telegram, Refused, Failure::with_code(NoticeTrouble::Refused, 400)),
        (MessageWay::Telegram, Broken, later(500)),
        (MessageWay::Telegram, Hang, Failure::new(NoticeTrouble::NoAnswer)),
        (MessageWay::Telegram, Drop, Failure::new(NoticeTrouble::NotReached)),
        (MessageWay::Telegram, Garbage, Failure::with_code(NoticeTrouble::Unreadable, 200)),
        (MessageWay::Telegram, Redirect, Failure::with_code(NoticeTrouble::Unreadable, 302)),
        (MessageWay::Telegram, TakenThenDrop, Failure::new(NoticeTrouble::NotReached)),
        (MessageWay::Mail, Busy, later(451)),
        (MessageWay::Mail, BadLogin, Failure::with_code(NoticeTrouble::BadLogin, 535)),
        (MessageWay::Mail, BadAddress, Failure::with_code(NoticeTrouble::BadAddress, 550)),
        (MessageWay::Mail, ThrownOut, Failure::with_code(NoticeTrouble::BadAddress, 553)),
        (MessageWay::Mail, Refused, Failure::with_code(NoticeTrouble::Refused, 554)),
        (MessageWay::Mail, Broken, later(421)),
        (MessageWay::Mail, Hang, Failure::new(NoticeTrouble::NoAnswer)),
        (MessageWay::Mail, Drop, Failure::new(NoticeTrouble::Unreadable)),
        (MessageWay::Mail, Garbage, Failure::new(NoticeTrouble::Unreadable)),
        (MessageWay::Mail, TakenThenDrop, Failure::new(NoticeTrouble::Unreadable)),
    ];
    let post = Post::open().await;
    let mut taken = 0;
    for (n, (way, fault, expected)) in cases.into_iter().enumerate() {
        post.simulator.fail_messages(way, fault, 1);
        let (sender, to) = match way {
            MessageWay::Telegram => (post.telegram(TOKEN), CHAT),
            MessageWay::Mail => (post.mail(), MAILBOX),
        };
        let failure = sender.send(to, &message("x")).await.unwrap_err();
        assert_eq!(failure, expected, "{way:?} {fault:?}");
        assert_eq!(post.simulator.messages_struck(), n as u64 + 1, "{way:?} {fault:?} has really struck");
        taken += usize::from(fault == TakenThenDrop);
        assert_eq!(post.taken().len(), taken, "{way:?} {fault:?}");
        // It was the one message's trouble.
        sender.send(to, &message("y")).await.unwrap();
        taken += 1;
    }
}

#[tokio::test]
async fn who_may_not_send_is_told_why() {
    let post = Post::open().await;
    let trouble = async |sender: Sender, to: &str| {
        let failure = sender.send(to, &message("x")).await.unwrap_err();
        let shown = format!("{failure} {failure:?} {sender:?}");
        for secret in ["110201543", "wrong-token", PASSWORD, "falsch"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        failure.trouble
    };
    assert_eq!(trouble(post.telegram("1:wrong-token"), CHAT).await, NoticeTrouble::BadLogin);
    assert_eq!(trouble(post.telegram(TOKEN), "-1").await, NoticeTrouble::BadAddress);
    let wrong = MailCredentials { username: "toko".into(), password: "falsch".into() };
    for credentials in [Some(wrong), None] {
        let config = MailConfig { credentials, ..post.mail_config() };
        let sender = Sender::Mail(Mail::new(config).unwrap());
        assert_eq!(trouble(sender, MAILBOX).await, NoticeTrouble::BadLogin);
    }
    assert_eq!(trouble(post.mail(), "no address").await, NoticeTrouble::BadAddress);
    // A server that does not offer what was set up gets nothing in the clear, no password either.
    for (security, expected) in
        [(MailSecurity::StartTls, NoticeTrouble::NotSecure), (MailSecurity::Tls, NoticeTrouble::NotReached)]
    {
        let sender = Sender::Mail(Mail::new(MailConfig { security, ..post.mail_config() }).unwrap());
        assert_eq!(trouble(sender, MAILBOX).await, expected, "{security:?}");
    }
    assert!(post.taken().is_empty());
}

#[tokio::test]
async fn nobody_is_there() {
    let post = Post::open().await;
    let senders = [(post.telegram(TOKEN), CHAT), (post.mail(), MAILBOX)];
    // The ports are closed when this is gone.
    drop(post);
    for (sender, to) in senders {
        let trouble = |failure: Failure| failure.trouble;
        let mut last = sender.send(to, &message("x")).await.map_err(trouble);
        // The listeners' tasks end a moment after they are told to.
        while last.is_ok() {
            tokio::task::yield_now().await;
            last = sender.send(to, &message("x")).await.map_err(trouble);
        }
        assert_eq!(last, Err(NoticeTrouble::NotReached));
    }
}

#[test]
fn addresses_that_others_could_read_along_are_refused() {
    for usable in
        ["https://api.telegram.org", "https://bots.example/api/", "http://127.0.0.1:8081", "http://[::1]:1"]
    {
        assert!(TelegramConfig::is_usable(usable), "{usable}");
    }
    for unusable in [
        "http://api.telegram.org",
        "https://u:p@bots.example",
        "https://bots.example?x=1",
        "ftp://localhost",
        "bots",
    ] {
        assert!(!TelegramConfig::is_usable(unusable), "{unusable}");
        let refused = Telegram::new(&TelegramConfig::new(unusable, TOKEN)).unwrap_err();
        assert_eq!(refused.trouble, NoticeTrouble::BadSettings);
    }
    for token in ["", "1:a/../b", "1:a b"] {
        assert!(Telegram::new(&TelegramConfig::new(TelegramConfig::BASE_URL, token)).is_err(), "{token}");
    }
    let config = |host: &str, from: &str| MailConfig {
        host: host.into(),
        port: 25,
        security: MailSecurity::None,
        credentials: None,
        from: from.into(),
        total_timeout: PATIENCE,
    };
    let trouble = |host, from| Mail::new(config(host, from)).map(|_| ()).map_err(|failure| failure.trouble);
    assert_eq!(trouble("localhost", "toko@contoh.id"), Ok(()));
    assert_eq!(trouble("mail.example", "toko@contoh.id"), Err(NoticeTrouble::NotSecure));
    assert_eq!(trouble("localhost", "toko"), Err(NoticeTrouble::BadSettings));
}
