use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode as Code};

/// The quiet zone that the standard asks for, in modules.
const MARGIN: usize = 4;

/// A QR code as a picture that any size suits. Dark on light whatever the theme: scanners want it so.
#[component]
pub fn QrCode(
    /// What it says.
    #[prop(into)]
    content: String,
    /// What it is, for people who do not see it.
    #[prop(into)]
    label: String,
) -> AnyView {
    let Some((path, side)) = path(&content) else {
        // Longer than any QR code holds: better to say so than to show half of it.
        return view! { <p class="break num">{content}</p> }.into_any();
    };
    let view_box = format!("0 0 {side} {side}");
    view! {
        <svg class="qr" viewBox=view_box role="img" aria-label=label shape-rendering="crispEdges">
            <rect width="100%" height="100%" fill="#fff"/>
            <path d=path fill="#000"/>
        </svg>
    }
    .into_any()
}

/// The dark modules as one path, and the picture's side in modules.
fn path(content: &str) -> Option<(String, usize)> {
    let code = Code::with_error_correction_level(content, EcLevel::M).ok()?;
    let width = code.width();
    let path = code
        .to_colors()
        .chunks(width)
        .zip(MARGIN..)
        .flat_map(|(row, y)| {
            runs(row).into_iter().map(move |(x, length)| format!("M{} {y}h{length}v1h-{length}z", x + MARGIN))
        })
        .collect();
    Some((path, width + 2 * MARGIN))
}

/// Where dark modules begin in a row, and how many stand together.
fn runs(row: &[Color]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (x, color) in row.iter().enumerate() {
        match runs.last_mut() {
            Some((start, length)) if *color == Color::Dark && *start + *length == x => *length += 1,
            _ if *color == Color::Dark => runs.push((x, 1)),
            _ => {}
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &str =
        "00020101021126380016ID.CO.CONTOH.WWW02159360000000000015802ID5911TOKO MELATI6007JAKARTA6304ABCD";

    /// Which modules of the picture the path makes dark, and the picture's side.
    fn drawn(content: &str) -> (Vec<Color>, usize) {
        let (path, side) = path(content).unwrap();
        let mut drawn = vec![Color::Light; side * side];
        for run in path.split_terminator('z') {
            let (x, rest) = run.trim_start_matches('M').split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, _) = rest.split_once('v').unwrap();
            let (x, y, length): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
            drawn[y * side + x..y * side + x + length].fill(Color::Dark);
        }
        (drawn, side)
    }

    /// Compares what the path draws with the code, module by module.
    #[test]
    fn the_path_is_the_code() {
        let (drawn, side) = drawn(CONTENT);
        let code = Code::with_error_correction_level(CONTENT, EcLevel::M).unwrap();
        for (at, color) in drawn.iter().enumerate() {
            let (x, y) = (at % side, at / side);
            let inside = |v: usize| (MARGIN..side - MARGIN).contains(&v);
            let expected = if inside(x) && inside(y) { code[(x - MARGIN, y - MARGIN)] } else { Color::Light };
            assert_eq!(*color, expected, "{x} {y}");
        }
    }

    /// By a reader that knows nothing of how it was made.
    #[test]
    fn what_is_drawn_is_read_back() {
        const SCALE: usize = 4;
        for content in [CONTENT, "A", "Kopi & Té 最佳", &"x".repeat(512)] {
            let (drawn, side) = drawn(content);
            let is_dark = |x: usize, y: usize| drawn[y / SCALE * side + x / SCALE] == Color::Dark;
            let mut picture = rqrr::PreparedImage::prepare_from_bitmap(side * SCALE, side * SCALE, is_dark);
            let grids = picture.detect_grids();
            let read: Vec<String> = grids.iter().map(|grid| grid.decode().unwrap().1).collect();
            assert_eq!(read, [content]);
        }
    }

    #[test]
    fn what_no_code_holds_is_not_drawn() {
        assert!(path(&"x".repeat(3_000)).is_none());
    }
}
