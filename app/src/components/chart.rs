use leptos::prelude::*;

/// One day of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The day, in few letters.
    pub label: String,
    /// The wide bar.
    pub whole: i64,
    /// The narrow bar in front of it; below zero for a loss.
    pub part: i64,
    /// Both in words.
    pub words: String,
}

/// The picture's height, and the width that a day has, in its own units: it is stretched to the place it has.
const HEIGHT: i64 = 100;
const SLOT: i64 = 12;

/// Two figures by day, as bars. Colours come from the style sheet, so that they follow the theme; who does not see it hears
/// `label`, and a table beside it should have the figures.
#[component]
pub fn Chart(
    /// The days, oldest first.
    bars: Vec<Bar>,
    /// What it shows, in a sentence.
    #[prop(into)]
    label: String,
    /// What the wide and the narrow bars are.
    legend: [&'static str; 2],
) -> AnyView {
    let most =
        bars.iter().map(|bar| bar.whole.max(bar.part.saturating_abs())).max().unwrap_or_default().max(1);
    let width = SLOT * i64::try_from(bars.len()).unwrap_or(1).max(1);
    let (first, last) = (bars.first().map(|bar| bar.label.clone()), bars.last().map(|bar| bar.label.clone()));
    let drawn = bars.into_iter().zip(0_i64..).map(|(bar, n)| day(bar, n * SLOT, most)).collect_view();
    let [whole, part] = legend;
    view! {
        <figure class="chart">
            <figcaption class="legend small muted" aria-hidden="true">
                <span class="whole">{whole}</span>
                <span class="part">{part}</span>
            </figcaption>
            <svg viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
                {drawn}
            </svg>
            <div class="spread small muted num" aria-hidden="true"><span>{first}</span><span>{last}</span></div>
        </figure>
    }
    .into_any()
}

fn day(bar: Bar, x: i64, most: i64) -> impl IntoView {
    let part = if bar.part < 0 { "loss" } else { "part" };
    view! {
        <g>
            <title>{bar.words}</title>
            <rect class="day" x=x y="0" width=SLOT height=HEIGHT/>
            {rect("whole", x + 1, SLOT - 2, high(bar.whole, most))}
            {rect(part, x + 4, SLOT - 8, high(bar.part.saturating_abs(), most))}
        </g>
    }
}

fn rect(class: &'static str, x: i64, width: i64, height: i64) -> impl IntoView {
    view! { <rect class=class x=x y=HEIGHT - height width=width height=height/> }
}

/// How high a bar is. What is not nothing can be seen.
fn high(value: i64, most: i64) -> i64 {
    if value <= 0 { 0 } else { (value.saturating_mul(HEIGHT) / most).clamp(1, HEIGHT) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bars_are_as_high_as_their_share() {
        assert_eq!(super::high(50, 200), 25);
        assert_eq!(super::high(1, 1_000_000), 1);
        assert_eq!((super::high(0, 5), super::high(-3, 5), super::high(5, 5)), (0, 0, 100));
    }
}
