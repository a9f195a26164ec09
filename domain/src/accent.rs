use std::fmt;
use std::str::FromStr;

use crate::FieldCode;

/// The shop's own colour: for links and buttons, on light surfaces. On dark ones stands a lighter kind of it.
///
/// Every text in it, and every text on it, has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3, level AA).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent(Colour);

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// The colours that follow from an accent, for surfaces of one brightness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// Links, and the ground of buttons.
    pub accent: Colour,
    /// The same while it is pointed at.
    pub strong: Colour,
    /// Text on a button.
    pub ink: Colour,
    /// The ground behind what is chosen.
    pub soft: Colour,
}

const WHITE: Colour = Colour([0xff, 0xff, 0xff]);
const BLACK: Colour = Colour([0, 0, 0]);
/// As in `style/parts/_tokens.scss`: `--card` and `--bg`.
const LIGHT_SURFACES: [Colour; 2] = [WHITE, Colour([0xf5, 0xf6, 0xfb])];
const DARK_CARD: Colour = Colour([0x16, 0x1b, 0x2e]);
const DARK_SURFACES: [Colour; 2] = [DARK_CARD, Colour([0x0d, 0x11, 0x20])];
const DARK_INK: Colour = Colour([0x0c, 0x12, 0x30]);
/// In hundredths.
const LEAST_CONTRAST: i64 = 450;
const SOFT_PERCENT: u16 = 10;
const DARK_SOFT_PERCENT: u16 = 22;
const STRONG_PERCENT: u16 = 15;
/// How much lighter each try for dark surfaces is.
const STEP_PERCENT: u16 = 5;

impl Accent {
    /// `3451e0`.
    #[must_use]
    pub fn hex(self) -> String {
        let Colour([red, green, blue]) = self.0;
        format!("{red:02x}{green:02x}{blue:02x}")
    }

    /// On light surfaces.
    #[must_use]
    pub fn light(self) -> Shades {
        Shades {
            accent: self.0,
            strong: self.0.mixed(BLACK, STRONG_PERCENT),
            ink: WHITE,
            soft: WHITE.mixed(self.0, SOFT_PERCENT),
        }
    }

    /// On dark surfaces: as little lighter as suffices.
    #[must_use]
    pub fn dark(self) -> Shades {
        let shades = |percent: u16| {
            let accent = self.0.mixed(WHITE, percent);
            Shades {
                accent,
                strong: accent.mixed(WHITE, STRONG_PERCENT),
                ink: DARK_INK,
                soft: DARK_CARD.mixed(accent, DARK_SOFT_PERCENT),
            }
        };
        let mut percents = (0..100).step_by(usize::from(STEP_PERCENT));
        let enough = percents.find(|percent| shades(*percent).contrast(&DARK_SURFACES) >= LEAST_CONTRAST);
        // White suffices on all of them.
        shades(enough.unwrap_or(100))
    }
}

impl Shades {
    /// The least contrast of all that is read, in hundredths.
    fn contrast(&self, surfaces: &[Colour]) -> i64 {
        let on_surfaces = surfaces.iter().map(|surface| self.accent.contrast(*surface));
        let others = [self.accent.contrast(self.soft), self.accent.contrast(self.ink)];
        on_surfaces.chain(others).min().unwrap_or_default()
    }
}

impl Colour {
    /// `percent` of the other colour in this one.
    fn mixed(self, other: Self, percent: u16) -> Self {
        let Self([r, g, b]) = self;
        let Self([or, og, ob]) = other;
        let mix = |own: u8, other: u8| {
            let sum = u16::from(own) * (100 - percent) + u16::from(other) * percent;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self([mix(r, or), mix(g, og), mix(b, ob)])
    }

    /// As WCAG 2.2 defines it, in hundredths, rounded down: what is below the limit must not be rounded up to it.
    #[expect(
        clippy::float_arithmetic,
        clippy::cast_possible_truncation,
        reason = "the light of a colour, not money; the ratio is between 1 and 21"
    )]
    fn contrast(self, other: Self) -> i64 {
        let (own, other) = (self.luminance(), other.luminance());
        let ratio = (own.max(other) + 0.05) / (own.min(other) + 0.05);
        (ratio * 100.0).floor() as i64
    }

    #[expect(clippy::float_arithmetic, reason = "the light of a colour, not money")]
    fn luminance(self) -> f64 {
        let channel = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let Self([red, green, blue]) = self;
        0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
    }
}

impl FromStr for Accent {
    type Err = FieldCode;

    /// Reads `#3451e0`, with the sign or without.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let digits = typed.trim();
        let digits = digits.strip_prefix('#').unwrap_or(digits);
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(FieldCode::BadColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| FieldCode::BadColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        let accent = Self(Colour([red, green, blue]));
        let found = accent.light().contrast(&LIGHT_SURFACES);
        if found < LEAST_CONTRAST {
            return Err(FieldCode::LowContrast { hundredths: found });
        }
        let found = accent.dark().contrast(&DARK_SURFACES);
        if found < LEAST_CONTRAST { Err(FieldCode::LowContrast { hundredths: found }) } else { Ok(accent) }
    }
}

/// As style sheets write it: `#3451e0`.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_as_the_standard_counts_them() {
        assert_eq!(WHITE.contrast(BLACK), 2_100);
        assert_eq!(BLACK.contrast(WHITE), 2_100);
        assert_eq!(WHITE.contrast(WHITE), 100);
        // #767676 is the lightest grey that passes on white, #777777 fails by a hair.
        assert_eq!(Colour([0x76; 3]).contrast(WHITE), 454);
        assert_eq!(Colour([0x77; 3]).contrast(WHITE), 447);
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused() {
        assert!(matches!("#ffcc00".parse::<Accent>(), Err(FieldCode::LowContrast { hundredths: 100..450 })));
        assert!(matches!("#777777".parse::<Accent>(), Err(FieldCode::LowContrast { .. })));
        for typed in ["", "#fff", "red", "#12345g", "3451e0ff", "#３４51e0"] {
            assert_eq!(typed.parse::<Accent>(), Err(FieldCode::BadColour), "{typed}");
        }
    }

    #[test]
    fn every_accepted_colour_can_be_read_on_all_surfaces() {
        let mut accepted = 0;
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let hex = format!("{red:02x}{green:02x}{blue:02x}");
                    let Ok(accent) = hex.parse::<Accent>() else { continue };
                    accepted += 1;
                    assert_eq!(accent.hex(), hex);
                    assert!(accent.light().contrast(&LIGHT_SURFACES) >= LEAST_CONTRAST, "{hex}");
                    assert!(accent.dark().contrast(&DARK_SURFACES) >= LEAST_CONTRAST, "{hex}");
                }
            }
        }
        assert!(accepted > 20, "{accepted} of 216");
        assert_eq!("#3451E0".parse::<Accent>().unwrap().light().accent.to_string(), "#3451e0");
    }
}
