//! The program itself.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn program(folder: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xl-package-manager"));
    // Not the settings of whoever runs the tests.
    command.env_clear().current_dir(folder).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn all_mistakes_in_the_configuration_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path(), &["serve"])
        .env("LISTEN_ADDR", "everywhere")
        .env("PUBLIC_URL", "toko")
        .env("TRUSTED_PROXIES", "nginx")
        .env("DATABASE_URL", "mysql://shop:hush@localhost/shop")
        .env("XL_GATEWAY_URL", "https://gateway.example/v1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let words = words(&output);
    for name in [
        "LISTEN_ADDR",
        "PUBLIC_URL",
        "TRUSTED_PROXIES",
        "DATABASE_URL",
        "XL_GATEWAY_USERNAME",
        "XL_GATEWAY_KEY_FILE",
        "example",
    ] {
        assert!(words.contains(name), "{name} is missing in {words}");
    }
    assert!(!words.contains("hush"), "{words}");
}

#[test]
fn the_demo_stays_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["serve", "--demo", "--listen", "0.0.0.0:0", "--public-url", "http://10.0.0.1:3000"];
    let output = program(folder.path(), &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("DEMO_ANYWHERE"), "{}", words(&output));
}

#[test]
fn an_admin_is_made_and_the_books_are_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let who = ["create-admin", "--username", "bos", "--email", "bos@contoh.id", "--phone", "081234567890"];
    let make = |password: &str| {
        let mut child = program(folder.path(), &who).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        child.wait_with_output().unwrap()
    };
    let short = make("pendek");
    assert_eq!(short.status.code(), Some(1));
    assert!(words(&short).contains("password needs at least 10 characters"), "{}", words(&short));
    let made = make("kuda laut biru");
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    let again = make("kuda laut biru");
    assert_eq!(again.status.code(), Some(1));
    assert!(words(&again).contains("username belongs to another user already"), "{}", words(&again));

    let check = program(folder.path(), &["check", "--json"]).output().unwrap();
    assert_eq!(check.status.code(), Some(0), "{}", words(&check));
    let report: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
    assert_eq!(report["breaches"], serde_json::json!([]));
    assert_eq!(report["users"], 1);
}

#[test]
fn a_server_that_is_not_there_is_not_well() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path(), &["healthcheck", "--listen", "127.0.0.1:9"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn no_password_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path(), &["create-admin", "--password", "hush"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_demo_leaves_a_real_shop_alone() {
    let folder = tempfile::tempdir().unwrap();
    let who = ["create-admin", "--username", "bos", "--email", "bos@contoh.id", "--phone", "081234567890"];
    let mut child = program(folder.path(), &who).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "kuda laut biru").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    let demo = program(folder.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(demo.status.code(), Some(1));
    assert!(words(&demo).contains("another DATA_DIR"), "{}", words(&demo));
    assert!(!folder.path().join("data/demo-users.json").exists());
}

#[test]
fn keys_are_rotated_and_everything_still_opens() {
    let folder = tempfile::tempdir().unwrap();
    let who = ["create-admin", "--username", "bos", "--email", "bos@contoh.id", "--phone", "081234567890"];
    let mut child = program(folder.path(), &who).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "kuda laut biru").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    let rotated = program(folder.path(), &["rotate-keys"]).output().unwrap();
    assert_eq!(rotated.status.code(), Some(0), "{}", words(&rotated));
    let keys = std::fs::read_to_string(folder.path().join("data/encryption.key")).unwrap();
    assert_eq!(keys.lines().count(), 2);
    let check = program(folder.path(), &["check"]).output().unwrap();
    assert_eq!(check.status.code(), Some(0), "{}", words(&check));

    let old = keys.lines().nth(1).unwrap();
    let elsewhere = folder.path().join("old.key");
    std::fs::write(&elsewhere, old).unwrap();
    let refused = program(folder.path(), &["check"]).env("ENCRYPTION_KEY_FILE", &elsewhere).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(words(&refused).contains("another encryption key"), "{}", words(&refused));
}

/// The sample of a gateway's documentation, and nobody's code.
const QRIS: &str = "00020101021226620014COM.GO-JEK.WWW011993600914349052630340210G4905263030303UKE51440014ID.CO.QRIS.WWW\
                    0215AID0607336128660303UKE5204341453033605802ID5904Test6007BANDUNG6105402845409789000.00\
                    62475036c032f87c-f773-4619-aefa-675e1f06f9210703A016304A623";

#[test]
fn a_qris_code_is_read_and_given_an_amount() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| program(folder.path(), arguments).output().unwrap();
    let told = run(&["qris", "inspect", QRIS]);
    assert_eq!(told.status.code(), Some(0), "{}", words(&told));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let expected = serde_json::json!({
        "kind": "dynamic", "merchant": "Test", "city": "BANDUNG", "amount_rupiah": 789_000, "warnings": [],
    });
    assert_eq!(told, expected);

    let made = run(&["qris", "set-amount", QRIS, "50123"]);
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    let made = String::from_utf8(made.stdout).unwrap();
    let told = run(&["qris", "inspect", made.trim()]);
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["amount_rupiah"], 50_123);

    for (arguments, why) in [
        (vec!["qris", "inspect", &QRIS[..QRIS.len() - 1]], "tag 63"),
        (vec!["qris", "inspect", "hello"], "no QRIS code"),
        (vec!["qris", "set-amount", QRIS, "0"], "amount"),
    ] {
        let refused = run(&arguments);
        assert_eq!(refused.status.code(), Some(1), "{}", words(&refused));
        assert!(refused.stdout.is_empty() && words(&refused).contains(why), "{}", words(&refused));
    }
}
