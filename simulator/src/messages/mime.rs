//! As much of MIME as it takes to read a plain mail.

/// Subject and text of a mail.
pub(super) fn read(mail: &str) -> (String, String) {
    let mail = mail.replace("\r\n", "\n");
    let (head, body) = mail.split_once("\n\n").unwrap_or((&mail, ""));
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        let found = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
        found
            .and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let text = match header("content-transfer-encoding").to_lowercase().as_str() {
        "quoted-printable" => lossy(quoted_printable(body, false)),
        "base64" => lossy(base64(body)),
        _ => body.to_owned(),
    };
    (words(&header("subject")), text.replace("\r\n", "\n").trim_end().to_owned())
}

/// A header in which some words are encoded (RFC 2047).
fn words(header: &str) -> String {
    let mut text = Vec::new();
    let mut after_encoded = false;
    for word in header.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?").and_then(|word| word.strip_suffix("?="));
        let decoded = encoded.and_then(|word| word.split_once('?')).map(|(how, word)| match how {
            "b" | "B" => base64(word),
            _ => quoted_printable(word, true),
        });
        // Between two encoded words the space is not meant.
        let joined = after_encoded && decoded.is_some();
        if !text.is_empty() && !joined {
            text.push(b' ');
        }
        after_encoded = decoded.is_some();
        text.extend(decoded.unwrap_or_else(|| word.as_bytes().to_vec()));
    }
    lossy(text)
}

fn quoted_printable(text: &str, header: bool) -> Vec<u8> {
    let text = text.replace("=\n", "");
    let mut bytes = text.bytes();
    let mut read = Vec::new();
    while let Some(byte) = bytes.next() {
        match byte {
            b'=' => {
                let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                read.extend(u8::from_str_radix(&hex, 16).ok());
            }
            b'_' if header => read.push(b' '),
            other => read.push(other),
        }
    }
    read
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    let mut read = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            read.extend(u8::try_from((bits >> count) & 0xff));
        }
    }
    read
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_mails_are_read() {
        let mail = "Subject: =?utf-8?b?VG9rbyDinJM=?=\r\n =?utf-8?Q?_=C3=A9?= ok\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nRp=C2=A0500 =\r\nsaja\r\n";
        assert_eq!(read(mail), ("Toko \u{2713} \u{e9} ok".into(), "Rp\u{a0}500 saja".into()));
        let mail = "Subject: x\nContent-Transfer-Encoding: base64\n\nUnAgNTAw\nIQ==\n";
        assert_eq!(read(mail), ("x".into(), "Rp 500!".into()));
        assert_eq!(read("Subject: y\n\na\nb\n"), ("y".into(), "a\nb".into()));
    }
}
