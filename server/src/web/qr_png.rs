//! A QR code as a PNG, for those who print it or send it on. Pages draw theirs as SVG.

use image::codecs::png::PngEncoder;
use image::{GrayImage, Luma};
use qrcode::{Color, EcLevel, QrCode};

/// What [`png`] makes.
pub const MIME: &str = "image/png";

/// The quiet zone that the standard asks for, in modules.
const MARGIN_MODULES: usize = 4;
/// Enough to print, and the largest code has still less than 1500 pixels a side.
const MODULE_PIXELS: usize = 8;

/// The code that says this, dark on white; the same bytes each time. `None` when it is longer than any code holds.
#[must_use]
pub fn png(content: &str) -> Option<Vec<u8>> {
    // As much of it may be damaged as of the one that pages show.
    let code = QrCode::with_error_correction_level(content, EcLevel::M).ok()?;
    let (modules, width) = (code.to_colors(), code.width());
    let side = u32::try_from((width + 2 * MARGIN_MODULES) * MODULE_PIXELS).ok()?;
    let module = |pixel: u32| {
        let at = usize::try_from(pixel).ok()? / MODULE_PIXELS;
        at.checked_sub(MARGIN_MODULES).filter(|at| *at < width)
    };
    let is_dark = |x: u32, y: u32| Some(*modules.get(module(y)? * width + module(x)?)? == Color::Dark);
    let picture =
        GrayImage::from_fn(side, side, |x, y| Luma([if is_dark(x, y) == Some(true) { 0 } else { 255 }]));
    let mut png = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut png)).ok()?;
    Some(png)
}

#[cfg(test)]
mod tests {
    use super::super::qr_picture;
    use super::*;

    #[test]
    fn what_is_drawn_is_read_back() {
        for content in ["A", "0002010102122659Kopi & Té 最佳", &"x".repeat(512)] {
            let drawn = png(content).unwrap();
            assert_eq!(qr_picture::read_now(&drawn), Ok(content.to_owned()));
            assert_eq!(png(content).unwrap(), drawn);
        }
    }

    #[test]
    fn modules_are_large_and_stand_apart_from_the_edge() {
        let picture = image::load_from_memory(&png("A").unwrap()).unwrap().to_luma8();
        // The smallest code has 21 modules, and its first is dark.
        assert_eq!(picture.dimensions(), (232, 232));
        let dark = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 == [0]);
        assert_eq!(dark.map(|(x, y, _)| (y, x)).min(), Some((32, 32)));
    }

    #[test]
    fn what_no_code_holds_is_not_drawn() {
        assert_eq!(png(&"x".repeat(3_000)), None);
    }
}
