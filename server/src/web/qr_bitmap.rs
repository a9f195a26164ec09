//! A picture in black and white, and how hard it would be to look for QR codes in it.
//!
//! The reader of codes compares everything that looks like a code's corner with everything else, and copies the picture
//! for each pair. A picture that is full of corners would keep it busy for hours, so they are counted first.

use std::collections::BTreeSet;

use image::GrayImage;

/// Which pixels are dark.
pub(super) struct Bitmap {
    pub(super) width: usize,
    pub(super) height: usize,
    dark: Vec<bool>,
}

/// How hard a picture is to search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// At most so many shapes can be taken for corners.
    pub(super) corners: usize,
    /// At most so many pixels are coloured to find them.
    pub(super) coloured_pixels: u64,
}

/// Dark areas that hang together, each with a number.
struct Areas {
    /// For each pixel, what area it belongs to; 0 for a light one.
    area_of: Vec<u32>,
    /// How many pixels each area has; the first is for the light ones.
    pixels: Vec<u64>,
}

/// Pixels of one colour that stand together in a row.
#[derive(Clone, Copy)]
struct Run {
    begin: usize,
    length: usize,
    is_dark: bool,
}

/// How wide the bars of a corner are, cut through its middle.
const CORNER: [usize; 5] = [1, 1, 3, 1, 1];
/// How large the middle of a corner may be, in hundredths of the ring around it.
const MIDDLE_PERCENT: std::ops::Range<u64> = 10..71;

impl Bitmap {
    /// A pixel is dark when it is darker than those around it, so that a shadow over half of the paper does no harm. The
    /// same sums as in the reader, which has no way to ask for the corners only.
    pub(super) fn new(picture: &GrayImage) -> Self {
        let width = usize::try_from(picture.width()).unwrap_or_default().max(1);
        let near = (width / 8).max(1);
        let (mut to_the_left, mut to_the_right) = (0, 0);
        let mut dark = Vec::with_capacity(picture.as_raw().len());
        let mut sums = vec![0_usize; width];
        for row in picture.as_raw().chunks_exact(width) {
            sums.fill(0);
            for (sum, pixel) in sums.iter_mut().zip(row) {
                to_the_right = to_the_right * (near - 1) / near + usize::from(*pixel);
                *sum += to_the_right;
            }
            for (sum, pixel) in sums.iter_mut().zip(row).rev() {
                to_the_left = to_the_left * (near - 1) / near + usize::from(*pixel);
                *sum += to_the_left;
            }
            dark.extend(
                sums.iter().zip(row).map(|(sum, pixel)| usize::from(*pixel) < sum * 95 / (200 * near)),
            );
            // The next row is read as an ox ploughs.
            std::mem::swap(&mut to_the_left, &mut to_the_right);
        }
        let height = dark.len() / width;
        Self { width, height, dark }
    }

    pub(super) fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or_default()
    }

    /// Counts with the reader's own rules for a corner, or more generous ones.
    pub(super) fn survey(&self) -> Survey {
        let areas = Areas::of(self);
        let mut corners = BTreeSet::new();
        let mut coloured_pixels: u64 = 0;
        for (row, y) in self.dark.chunks_exact(self.width).zip(0..) {
            let runs = runs(row);
            for five in runs.windows(5) {
                let [ring, _, middle, _, other_side] = five else { continue };
                if !ring.is_dark || !is_corner(five) {
                    continue;
                }
                let area = |run: &Run| areas.at(y * self.width + run.begin);
                let (ring, middle, other_side) = (area(ring), area(middle), area(other_side));
                let pixels = (areas.pixels(other_side), areas.pixels(middle));
                coloured_pixels = coloured_pixels.saturating_add(pixels.0 + pixels.1);
                let percent = pixels.1 * 100 / pixels.0.max(1);
                if ring == other_side && ring != middle && MIDDLE_PERCENT.contains(&percent) {
                    // The reader uses up the ring, so there is one corner to each.
                    corners.insert(ring);
                }
            }
        }
        Survey { corners: corners.len(), coloured_pixels }
    }
}

impl Areas {
    fn of(bitmap: &Bitmap) -> Self {
        let mut areas = Self { area_of: vec![0; bitmap.dark.len()], pixels: vec![0] };
        for begin in 0..bitmap.dark.len() {
            let number = u32::try_from(areas.pixels.len()).unwrap_or(u32::MAX);
            let pixels = areas.fill(bitmap, begin, number);
            if pixels > 0 {
                areas.pixels.push(pixels);
            }
        }
        areas
    }

    /// Gives an area its number. The number of its pixels; none where it has a number already, or is light.
    fn fill(&mut self, bitmap: &Bitmap, begin: usize, number: u32) -> u64 {
        let mut pixels = 0;
        let mut open = vec![begin];
        while let Some(at) = open.pop() {
            let is_dark = bitmap.dark.get(at).copied().unwrap_or_default();
            let Some(area) = self.area_of.get_mut(at).filter(|area| is_dark && **area == 0) else {
                continue;
            };
            *area = number;
            pixels += 1;
            let x = at % bitmap.width;
            open.extend(at.checked_sub(bitmap.width));
            open.push(at + bitmap.width);
            if x > 0 {
                open.push(at - 1);
            }
            if x + 1 < bitmap.width {
                open.push(at + 1);
            }
        }
        pixels
    }

    fn at(&self, pixel: usize) -> u32 {
        self.area_of.get(pixel).copied().unwrap_or_default()
    }

    fn pixels(&self, area: u32) -> u64 {
        usize::try_from(area).ok().and_then(|area| self.pixels.get(area)).copied().unwrap_or_default()
    }
}

fn runs(row: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (begin, is_dark) in row.iter().copied().enumerate() {
        match runs.last_mut() {
            Some(last) if last.is_dark == is_dark => last.length += 1,
            _ => runs.push(Run { begin, length: 1, is_dark }),
        }
    }
    runs
}

/// Whether five runs are as wide as the bars of a corner, give or take three quarters of the narrow ones.
fn is_corner(five: &[Run]) -> bool {
    let narrow: usize =
        five.iter().zip(CORNER).filter(|(_, bars)| *bars == 1).map(|(run, _)| run.length).sum();
    let narrow = narrow / 4;
    let off = narrow * 3 / 4;
    five.iter().zip(CORNER).all(|(run, bars)| {
        (narrow * bars).saturating_sub(off) <= run.length && run.length <= narrow * bars + off
    })
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// Corners side by side, each with a light border.
    fn corners(across: u32, down: u32, scale: u32) -> GrayImage {
        GrayImage::from_fn(across * 9 * scale, down * 9 * scale, |x, y| {
            let from_middle = |v: u32| (v / scale % 9).abs_diff(4);
            let ring = from_middle(x).max(from_middle(y));
            Luma([if matches!(ring, 0 | 1 | 3) { 0 } else { 255 }])
        })
    }

    #[test]
    fn corners_are_counted() {
        for (across, down, scale) in [(1, 1, 3), (3, 2, 2), (5, 5, 4), (12, 9, 1)] {
            let survey = Bitmap::new(&corners(across, down, scale)).survey();
            assert_eq!(survey.corners, (across * down) as usize, "{across} {down} {scale}");
            assert!(survey.coloured_pixels > 0);
        }
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        for pixel in [0, 127, 255] {
            let plain = GrayImage::from_pixel(50, 40, Luma([pixel]));
            assert_eq!(Bitmap::new(&plain).survey(), Survey::default());
        }
        let none = Bitmap::new(&GrayImage::new(0, 0));
        assert_eq!((none.height, none.survey()), (0, Survey::default()));
    }

    /// The reader's own bitmap cannot be looked at, but what it finds in ours can.
    #[test]
    fn what_is_dark_is_found_under_a_shadow() {
        let mut picture = corners(2, 2, 6);
        let width = picture.width();
        for (x, _, pixel) in picture.enumerate_pixels_mut() {
            let light = 255 - 150 * x / width;
            pixel.0[0] = u8::try_from(u32::from(pixel.0[0]) * light / 255).unwrap();
        }
        assert_eq!(Bitmap::new(&picture).survey().corners, 4);
    }
}
