//! The QR code in a picture that somebody sends, so that no one has to type a shop's QRIS code.

use image::imageops::{FilterType, resize};
use image::{DynamicImage, GrayImage};
use rqrr::PreparedImage;

use super::picture;
use super::qr_bitmap::Bitmap;
use super::uploads::PICTURE_MOST_BYTES;

/// Why there is no code to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrPictureError {
    /// No picture, of no kind that is taken, or too large.
    NotAPicture,
    /// No code in it that can be read.
    NoCode,
    /// Several codes that say different things.
    SeveralCodes,
}

/// The sizes in which a code is sought, in pixels of the longer side: first the one that suits most photos, then one for
/// small codes on large pages, and one in which blur and noise vanish.
const SIDES_PIXELS: [u32; 3] = [1_200, 2_400, 600];
/// Corners of eight codes. With more, the search takes too long.
const CORNERS_MOST: usize = 24;
/// Some seconds of work.
const COLOURED_PIXELS_MOST: u64 = 1_000_000_000;

/// What the one QR code in a picture says; PNG, JPEG or WebP, told by its content. Whatever `held` is, it is kept until
/// the work has ended, even when nobody waits for it any more: room for one picture, say.
///
/// # Errors
/// [`QrPictureError`]. A picture at which a decoder panics is none.
pub async fn read<H: Send + 'static>(bytes: Vec<u8>, held: H) -> Result<String, QrPictureError> {
    let work = move || {
        let _held = held;
        read_now(&bytes)
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(QrPictureError::NotAPicture))
}

/// The same at once. Takes up to some seconds: not for an async thread.
///
/// # Errors
/// [`QrPictureError`].
pub fn read_now(bytes: &[u8]) -> Result<String, QrPictureError> {
    if bytes.len() > PICTURE_MOST_BYTES {
        return Err(QrPictureError::NotAPicture);
    }
    let picture = picture::opened(bytes).map_err(|picture::BadPicture| QrPictureError::NotAPicture)?;
    let picture = on_white(&picture);
    let longer = picture.width().max(picture.height());
    let mut sides: Vec<u32> = SIDES_PIXELS.iter().map(|side| longer.min(*side)).collect();
    sides.dedup();
    let found = sides.into_iter().map(|side| code_in(&shrunk(&picture, side)));
    // The first size that shows anything.
    found
        .into_iter()
        .find(|found| *found != Err(QrPictureError::NoCode))
        .unwrap_or(Err(QrPictureError::NoCode))
}

fn code_in(picture: &GrayImage) -> Result<String, QrPictureError> {
    let bitmap = Bitmap::new(picture);
    let survey = bitmap.survey();
    if survey.corners > CORNERS_MOST {
        return Err(QrPictureError::SeveralCodes);
    }
    if survey.corners == 0 || survey.coloured_pixels > COLOURED_PIXELS_MOST {
        return Err(QrPictureError::NoCode);
    }
    let mut prepared =
        PreparedImage::prepare_from_bitmap(bitmap.width, bitmap.height, |x, y| bitmap.is_dark(x, y));
    let grids = prepared.detect_grids();
    let mut texts: Vec<String> =
        grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect();
    texts.sort();
    // One code that is found twice is one.
    texts.dedup();
    match <[String; 1]>::try_from(texts) {
        Ok([text]) => Ok(text),
        Err(texts) if texts.is_empty() => Err(QrPictureError::NoCode),
        Err(_) => Err(QrPictureError::SeveralCodes),
    }
}

/// Grey, with white behind what lets light through: many codes are black on nothing.
fn on_white(picture: &DynamicImage) -> GrayImage {
    let picture = picture.to_luma_alpha8();
    let grey = picture.pixels().map(|pixel| {
        let [light, alpha] = pixel.0.map(u16::from);
        u8::try_from((light * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    });
    let grey = grey.collect();
    GrayImage::from_raw(picture.width(), picture.height(), grey).unwrap_or_default()
}

fn shrunk(picture: &GrayImage, side: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height).max(1);
    if longer <= side {
        return picture.clone();
    }
    let scaled = |pixels: u32| (u64::from(pixels) * u64::from(side) / u64::from(longer)).max(1);
    let [width, height] = [width, height].map(|pixels| u32::try_from(scaled(pixels)).unwrap_or(side));
    resize(picture, width, height, FilterType::Triangle)
}

#[cfg(test)]
mod tests;
