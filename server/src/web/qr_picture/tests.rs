use std::io::Cursor;

use image::imageops::{blur, overlay, rotate90};
use image::{ImageFormat, Luma, LumaA, Rgb, RgbImage};

use super::super::qr_png;
use super::*;

/// Of a shop that does not exist.
const CODE: &str = "00020101021126380016ID.CO.CONTOH.WWW02159360000000000015204481453033605802ID5911TOKO MELATI6007JAKARTA6304ABCD";

fn drawn(content: &str) -> GrayImage {
    image::load_from_memory(&qr_png::png(content).unwrap()).unwrap().to_luma8()
}

fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn read_png(picture: impl Into<DynamicImage>) -> Result<String, QrPictureError> {
    read_now(&written(picture, ImageFormat::Png))
}

/// A white page with pictures on it.
fn page(width: u32, height: u32, pictures: &[(&GrayImage, i64, i64)]) -> GrayImage {
    let mut page = GrayImage::from_pixel(width, height, Luma([255]));
    for (picture, x, y) in pictures {
        overlay(&mut page, *picture, *x, *y);
    }
    page
}

#[test]
fn a_code_in_every_kind_of_picture() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let coloured = DynamicImage::from(drawn(CODE)).to_rgb8();
        assert_eq!(read_now(&written(coloured, format)), Ok(CODE.to_owned()), "{format:?}");
    }
}

#[test]
fn turned_on_a_page_or_blurred() {
    let code = drawn(CODE);
    assert_eq!(read_png(rotate90(&code)), Ok(CODE.to_owned()));
    assert_eq!(read_png(page(1_000, 1_400, &[(&code, 300, 700)])), Ok(CODE.to_owned()));
    let half = resize(&code, code.width() / 2, code.width() / 2, FilterType::Triangle);
    assert_eq!(read_png(blur(&half, 1.0)), Ok(CODE.to_owned()));
}

/// Too small on a large page for the first size.
#[test]
fn small_on_a_large_page() {
    let code = drawn(CODE);
    let side = code.width();
    let small = resize(&code, side / 2, side / 2, FilterType::Triangle);
    assert_eq!(read_png(page(2_000, 600, &[(&small, 1_000, 200)])), Ok(CODE.to_owned()));
}

/// On grey paper, by an angle that is no right one.
#[test]
fn askew() {
    let code = drawn(CODE);
    let side = code.width();
    let turned = GrayImage::from_fn(2 * side, 2 * side, |x, y| {
        let (x, y) = (i64::from(x) - i64::from(side), i64::from(y) - i64::from(side));
        // By the angle of 3, 4 and 5.
        let (x, y) = ((4 * x + 3 * y) / 5 + i64::from(side / 2), (4 * y - 3 * x) / 5 + i64::from(side / 2));
        let at = |v: i64| u32::try_from(v).unwrap_or(u32::MAX);
        code.get_pixel_checked(at(x), at(y)).map_or(Luma([230]), |pixel| Luma([pixel.0[0].clamp(30, 230)]))
    });
    assert_eq!(read_png(turned), Ok(CODE.to_owned()));
}

#[test]
fn black_on_nothing_is_black_on_white() {
    let code = drawn(CODE);
    let clear = image::GrayAlphaImage::from_fn(code.width(), code.height(), |x, y| {
        LumaA([0, 255 - code.get_pixel(x, y).0[0]])
    });
    assert_eq!(read_png(clear), Ok(CODE.to_owned()));
}

#[test]
fn a_picture_without_a_code() {
    assert_eq!(read_png(page(300, 300, &[])), Err(QrPictureError::NoCode));
    assert_eq!(read_png(RgbImage::from_pixel(1, 1, Rgb([0, 0, 0]))), Err(QrPictureError::NoCode));
    // A third of it is missing.
    let mut torn = drawn(CODE);
    let side = torn.width();
    overlay(&mut torn, &page(side, side / 3, &[]), 0, 0);
    assert_eq!(read_png(torn), Err(QrPictureError::NoCode));
}

#[test]
fn which_of_several_codes_nobody_can_tell() {
    let (one, other) = (drawn(CODE), drawn("another"));
    let both = page(1_200, 600, &[(&one, 20, 20), (&other, 700, 20)]);
    assert_eq!(read_png(both), Err(QrPictureError::SeveralCodes));
    let twice = page(1_200, 600, &[(&one, 20, 20), (&one, 620, 20)]);
    assert_eq!(read_png(twice), Ok(CODE.to_owned()));
}

#[test]
fn a_picture_full_of_corners_is_not_searched() {
    let corners = GrayImage::from_fn(1_170, 1_170, |x, y| {
        let from_middle = |v: u32| (v % 9).abs_diff(4);
        Luma([if matches!(from_middle(x).max(from_middle(y)), 0 | 1 | 3) { 0 } else { 255 }])
    });
    assert_eq!(read_png(corners), Err(QrPictureError::SeveralCodes));
}

#[test]
fn what_is_no_picture_is_refused() {
    let png = written(drawn(CODE), ImageFormat::Png);
    let mut large = png.clone();
    large.resize(PICTURE_MOST_BYTES + 1, 0);
    for bytes in [b"".as_slice(), CODE.as_bytes(), b"GIF89a........", &png[..png.len() / 2], &large] {
        assert_eq!(read_now(bytes), Err(QrPictureError::NotAPicture));
    }
    large.truncate(PICTURE_MOST_BYTES);
    assert_eq!(read_now(&large), Ok(CODE.to_owned()));
}

#[tokio::test]
async fn what_is_held_is_let_go_when_the_work_has_ended() {
    let slots = std::sync::Arc::new(tokio::sync::Semaphore::new(1));
    let slot = slots.clone().acquire_owned().await.unwrap();
    let png = written(drawn(CODE), ImageFormat::Png);
    assert_eq!(read(png, slot).await, Ok(CODE.to_owned()));
    assert_eq!(slots.available_permits(), 1);
}
