//! The shop's own colour, as a small style sheet of its own: pages may have no inline style. Its address holds the colour
//! and a mark of what the sheet says, so it may be kept for ever, and every server knows it without asking anybody.

use domain::{Accent, Shades};

/// Where the sheets are.
pub const PREFIX: &str = "/theme/";
/// Digits of the mark.
const MARK_CHARS: usize = 16;

/// The sheet's address.
#[must_use]
pub fn address(accent: Accent) -> String {
    format!("{PREFIX}{}", name(accent))
}

/// What the sheet of this name says; `None` for a name that is none of this version's.
#[must_use]
pub fn sheet(asked: &str) -> Option<String> {
    let accent: Accent = asked.split_once('-')?.0.parse().ok()?;
    (asked == name(accent)).then(|| written(accent))
}

fn name(accent: Accent) -> String {
    let mark: String = store::hash_token(&written(accent)).chars().take(MARK_CHARS).collect();
    format!("{}-{mark}.css", accent.hex())
}

/// The same custom properties, under the same conditions, as in `style/parts/_tokens.scss`. Paper is light.
fn written(accent: Accent) -> String {
    let (light, dark) = (accent.light(), accent.dark());
    let hero = format!(
        "--hero:linear-gradient(135deg,{},{} 90%);--hero-ink:{}",
        light.strong, light.accent, light.strong
    );
    let (light, dark) = (tokens(&light), tokens(&dark));
    format!(
        ":root{{{light};{hero}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root[data-theme=\"system\"]{{{dark}}}}}\n\
         @media screen{{:root[data-theme=\"dark\"]{{{dark}}}}}\n\
         @media print{{:root[data-theme]{{{light}}}}}\n"
    )
}

fn tokens(shades: &Shades) -> String {
    let Shades { accent, strong, ink, soft } = shades;
    format!("--accent:{accent};--accent-strong:{strong};--accent-ink:{ink};--accent-soft:{soft}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_found_by_its_address_and_no_other() {
        let accent: Accent = "#0b6e45".parse().unwrap();
        let address = address(accent);
        let name = address.strip_prefix(PREFIX).unwrap();
        let text = sheet(name).unwrap();
        assert!(text.starts_with(":root{--accent:#0b6e45;"), "{text}");
        assert_eq!(text.matches('{').count(), text.matches('}').count());
        let (hex, mark) = name.split_once('-').unwrap();
        for other in [
            format!("b3261e-{mark}"),
            format!("{}-{mark}", hex.to_uppercase()),
            format!("{hex}-0000000000000000.css"),
            hex.to_owned(),
            "ffcc00-0000000000000000.css".to_owned(),
        ] {
            assert_eq!(sheet(&other), None, "{other}");
        }
    }
}
