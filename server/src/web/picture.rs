//! Pictures that people send. Whatever came in, only a picture drawn anew goes out: no metadata (a phone writes where it
//! was taken), no script, no second file hidden behind the first.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// What every kept picture is.
pub const MIME: &str = "image/jpeg";

/// Larger than any phone's camera; what is decoded may take so much memory.
const MOST_PIXELS_A_SIDE: u32 = 10_000;
const MOST: Most = Most { pixels: 50_000_000, decoded_bytes: 192 * 1024 * 1024 };
/// Enough to read a bank's receipt.
const KEPT_PIXELS_A_SIDE: u32 = 1_600;
const QUALITY_PERCENT: u8 = 80;
/// Shown at 32 and at 96 pixels, on screens with several dots a pixel.
const LOGO_PIXELS_A_SIDE: u32 = 256;

/// It is no picture, of no kind that is taken, or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPicture;

/// How large a decoded picture may be.
#[derive(Clone, Copy)]
struct Most {
    pixels: u64,
    decoded_bytes: u64,
}

/// A JPEG of at most 1600 pixels a side, made from a PNG, JPEG or WebP. The kind is told by the content, never by the
/// name. Takes up to a second: not for an async thread.
///
/// # Errors
/// [`BadPicture`].
pub fn redrawn(bytes: &[u8]) -> Result<Vec<u8>, BadPicture> {
    redrawn_within(bytes, MOST)
}

/// A PNG of at most 256 pixels a side, with what was transparent still so: the shop's logo. The same kinds and limits.
///
/// # Errors
/// [`BadPicture`].
pub fn logo(bytes: &[u8]) -> Result<Vec<u8>, BadPicture> {
    let mut picture = opened(bytes)?;
    if picture.width().max(picture.height()) > LOGO_PIXELS_A_SIDE {
        picture = picture.resize(LOGO_PIXELS_A_SIDE, LOGO_PIXELS_A_SIDE, FilterType::CatmullRom);
    }
    let mut png = Vec::new();
    picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut png)).map_err(|_| BadPicture)?;
    Ok(png)
}

/// The picture itself, the right way up. The same kinds and limits.
///
/// # Errors
/// [`BadPicture`].
pub fn opened(bytes: &[u8]) -> Result<DynamicImage, BadPicture> {
    let (mut picture, orientation) = opened_within(bytes, MOST)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn redrawn_within(bytes: &[u8], most: Most) -> Result<Vec<u8>, BadPicture> {
    let (mut picture, orientation) = opened_within(bytes, most)?;
    if picture.width().max(picture.height()) > KEPT_PIXELS_A_SIDE {
        picture = picture.resize(KEPT_PIXELS_A_SIDE, KEPT_PIXELS_A_SIDE, FilterType::Triangle);
    }
    picture.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY_PERCENT);
    picture.to_rgb8().write_with_encoder(encoder).map_err(|_| BadPicture)?;
    Ok(jpeg)
}

fn opened_within(bytes: &[u8], most: Most) -> Result<(DynamicImage, Orientation), BadPicture> {
    let format = image::guess_format(bytes).map_err(|_| BadPicture)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(BadPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS_A_SIDE);
    limits.max_image_height = Some(MOST_PIXELS_A_SIDE);
    limits.max_alloc = Some(MOST.decoded_bytes);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| BadPicture)?;
    // The limits above hold for what a decoder takes for itself; most say nothing of the picture that it fills.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > most.pixels || decoder.total_bytes() > most.decoded_bytes {
        return Err(BadPicture);
    }
    // The one piece of metadata that matters: it goes into the pixels.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| BadPicture)?;
    Ok((picture, orientation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        written(&DynamicImage::new_rgb8(width, height), ImageFormat::Png)
    }

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    #[test]
    fn drawn_anew_and_small_enough() {
        let jpeg = redrawn(&png(3_200, 800)).unwrap();
        let kept = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
        assert_eq!((kept.width(), kept.height()), (1_600, 400));
    }

    #[test]
    fn what_hides_behind_a_picture_is_gone() {
        let mut bytes = png(8, 8);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let jpeg = redrawn(&bytes).unwrap();
        assert!(!jpeg.windows(7).any(|part| part == b"<script"));
    }

    #[test]
    fn a_logo_is_small_and_keeps_its_transparency() {
        let clear = DynamicImage::new_rgba8(600, 300);
        let mut bytes = written(&clear, ImageFormat::WebP);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let png = logo(&bytes).unwrap();
        let kept = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap().to_rgba8();
        assert_eq!((kept.width(), kept.height(), kept.get_pixel(0, 0).0[3]), (256, 128, 0));
        assert!(!png.windows(7).any(|part| part == b"<script"));
        assert_eq!(logo(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Err(BadPicture));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [
            b"".as_slice(),
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"GIF89a........",
            b"%PDF-1.7",
            &png(8, 8)[..20],
        ] {
            assert_eq!(redrawn(bytes), Err(BadPicture));
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        assert_eq!(redrawn(&png(MOST_PIXELS_A_SIDE + 1, 1)), Err(BadPicture));
    }

    #[test]
    fn every_kind_is_taken_up_to_its_size() {
        let picture = DynamicImage::new_rgb8(40, 30);
        let most = Most { pixels: 1_200, decoded_bytes: 3_600 };
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let bytes = written(&picture, format);
            assert!(redrawn_within(&bytes, most).is_ok(), "{format:?}");
            let fewer = Most { pixels: 1_199, ..most };
            assert_eq!(redrawn_within(&bytes, fewer), Err(BadPicture), "{format:?}");
            let smaller = Most { decoded_bytes: 3_599, ..most };
            assert_eq!(redrawn_within(&bytes, smaller), Err(BadPicture), "{format:?}");
        }
    }
}
