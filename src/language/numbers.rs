//! Numbers in running text: digits, number words, ranges, bounds and vague amounts.
//!
//! [`NumberWords::figures`] finds every [`Figure`] of a text. It reads characters, not the words of the parser, because tokenisers
//! disagree on "20-30", "60-plus" and "1,200", and because a wrong tag must not lose a death toll. The words and what they are
//! worth come from the lexicon (`ontology/lexicon/quantities.ttl`), so that an author can see and change what "dozens" means.
//! The crate `text2num` reads number words only: no ranges, bounds or vague amounts, and its words are fixed.

use super::Span;
use super::pieces::{Phrases, Piece, pieces};

/// What a word or phrase contributes to a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberWord {
    /// A number below twenty: "twelve".
    Unit(u64),
    /// A round number below a hundred: "thirty".
    Tens(u64),
    /// Multiplies what stands before it: "hundred", "dozen", "million".
    Scale(u64),
    /// Counts as one before a scale only: "a" in "a dozen".
    One,
    /// An amount left vague: "dozens", "several".
    Vague {
        /// At least so many.
        min: u64,
        /// At most so many, if it has an upper end.
        max: Option<u64>,
    },
    /// Bounds the figure behind it: "at least", "up to", "about".
    Bound(Bound),
    /// Begins a range: "between".
    Between,
    /// Says that the people counted come on top of others: "another", "a further".
    Additional,
    /// Bounds the figure before it: "or more", "or so".
    Behind(Bound),
    /// Behind a figure: a share, not a count ("percent").
    Percent,
}

/// How a word bounds the figure it stands beside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The true number is at least the figure times this; none if it is unbounded below.
    pub min_share: Option<f64>,
    /// The true number is at most the figure times this; none if it is open above.
    pub max_share: Option<f64>,
    /// Added to the lower end.
    pub min_offset: i64,
    /// Added to the upper end.
    pub max_offset: i64,
    /// Whether the figure is rounded: the true number lies within half a unit of its last significant digit, below it
    /// unless `min_share` is none, above it unless `max_share` is none.
    pub rounded: bool,
}

impl Bound {
    /// The figure is a lower end.
    pub const AT_LEAST: Self =
        Self { min_share: Some(1.0), max_share: None, min_offset: 0, max_offset: 0, rounded: false };

    /// The bounds of the true number, given those of the figure.
    fn of(self, min: f64, max: Option<f64>) -> (f64, Option<f64>) {
        if self.rounded {
            let below = self.min_share.map_or(min, |_| (min - margin(min)).ceil());
            return (below, max.map(|m| self.max_share.map_or(m, |_| (m + margin(m)).floor())));
        }
        let below = self.min_share.map_or(0.0, |share| (min * share).ceil()) + self.min_offset as f64;
        let above = self.max_share.and_then(|share| max.map(|m| (m * share).floor() + self.max_offset as f64));
        (below, above)
    }
}

/// Half a unit of the last significant digit of a rounded number: 5 for 50, 2.5 for 15, 0.5 for 34.
fn margin(number: f64) -> f64 {
    let whole = number as u64;
    let (mut unit, mut rest) = (1_u64, whole);
    while rest >= 10 && rest.is_multiple_of(10) {
        rest /= 10;
        unit *= 10;
    }
    if unit == 1 && whole.is_multiple_of(5) { 2.5 } else { unit as f64 / 2.0 }
}

/// A number found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The number with its bounds ("at least 12").
    pub span: Span,
    /// The number alone ("12").
    pub number: Span,
    /// At least so many.
    pub min: u64,
    /// At most so many; none if open above.
    pub max: Option<u64>,
    /// The number as written, before bounds; the lower end of a range or of a vague amount.
    pub stated: f64,
    /// Whether it is a vague amount ("dozens").
    pub vague: bool,
    /// Whether it is a share, not a count.
    pub percent: bool,
    /// Whether the people counted come on top of others ("another 14").
    pub additional: bool,
}

/// How many words that bound or introduce a figure are read before it: "between about", "another at least".
const MOST_BOUNDS: usize = 4;

/// The number words of a language.
#[derive(Clone, Debug, Default)]
pub struct NumberWords {
    phrases: Phrases<NumberWord>,
}

impl NumberWords {
    /// The words given as pairs of a lower-case phrase and what it contributes.
    pub fn new<S: AsRef<str>>(entries: impl IntoIterator<Item = (S, NumberWord)>) -> Self {
        Self { phrases: Phrases::new(entries) }
    }

    /// Every figure in `text`, in text order; spans are bytes of `text` moved by `base`.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::language::numbers::{Bound, NumberWord, NumberWords};
    ///
    /// let words = NumberWords::new([("twenty", NumberWord::Tens(20)), ("two", NumberWord::Unit(2)), ("at least", NumberWord::Bound(Bound::AT_LEAST))]);
    /// let figures = words.figures("at least twenty-two dead", 0);
    /// assert_eq!((figures[0].min, figures[0].max), (22, None));
    /// assert_eq!(figures[0].span.of("at least twenty-two dead"), "at least twenty-two");
    /// ```
    pub fn figures(&self, text: &str, base: usize) -> Vec<Figure> {
        let pieces = pieces(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            match self.figure(&pieces, at) {
                Some((figure, next)) => {
                    found.push(shifted(figure, base));
                    at = next;
                }
                None => at += 1,
            }
        }
        found
    }

    fn phrase(&self, pieces: &[Piece], at: usize) -> Option<(NumberWord, usize)> {
        self.phrases.at(pieces, at)
    }

    /// The figure that begins at piece `at`, its spans in bytes of the text the pieces were cut from, and the piece behind it.
    pub(crate) fn figure(&self, pieces: &[Piece], at: usize) -> Option<(Figure, usize)> {
        let mut next = at;
        let mut bound = None;
        let mut between = false;
        let mut additional = false;
        // "at least another"; a run of such words is no figure, and must not be read anew from each of them.
        for _ in 0..MOST_BOUNDS {
            let Some((word, after)) = self.phrase(pieces, next) else { break };
            match word {
                NumberWord::Bound(b) => bound = Some(b),
                NumberWord::Between => between = true,
                NumberWord::Additional => additional = true,
                _ => break,
            }
            next = after;
        }
        let first = next;
        let (mut low, after) = self.number(pieces, next)?;
        next = after;
        let mut number = Span::new(pieces[first].start, pieces[next - 1].end);
        let mut high = None;
        let from = at > 0 && pieces[at - 1].lower == "from";
        if !low.vague
            && let Some(joint) = pieces.get(next)
            && (between && joint.lower == "and"
                || !from && matches!(joint.lower.as_str(), "to" | "or" | "-" | "–" | "—"))
            && let Some((upper, after)) = self.number(pieces, next + 1)
            && !upper.vague
        {
            // "two to three dozen": the scale is said once.
            if low.scale == 1 && upper.scale > 1 && low.value < upper.value / upper.scale as f64 {
                low.value *= upper.scale as f64;
            }
            if upper.value > low.value && (joint.lower != "or" || upper.value <= low.value * 2.0 + 1.0) {
                high = Some(upper.value);
                next = after;
                number = Span::new(pieces[first].start, pieces[next - 1].end);
            }
        }
        let mut min = low.value;
        let mut max = match (high, low.vague) {
            (Some(high), _) => Some(high),
            (None, true) => low.max,
            (None, false) => Some(low.value),
        };
        let mut end = next;
        let mut percent = false;
        while let Some((word, after)) = self.phrase(pieces, end).or_else(|| {
            // "60-plus"
            (pieces.get(end)?.lower == "-").then(|| self.phrase(pieces, end + 1)).flatten()
        }) {
            match word {
                NumberWord::Behind(b) => bound = bound.or(Some(b)),
                NumberWord::Percent => percent = true,
                _ => break,
            }
            end = after;
        }
        if let Some(bound) = bound {
            (min, max) = bound.of(min, max);
        }
        let figure = Figure {
            span: Span::new(pieces[at].start, pieces[end - 1].end),
            number,
            min: min as u64,
            max: max.map(|m| m as u64),
            stated: low.value,
            vague: low.vague,
            percent,
            additional,
        };
        Some((figure, end))
    }

    /// One number, without bounds, that begins at piece `at`.
    fn number(&self, pieces: &[Piece], at: usize) -> Option<(Number, usize)> {
        let piece = pieces.get(at)?;
        if let Some(value) = piece.digits {
            let (scale, next) = self.scale(pieces, at + 1);
            return Some((Number { value: value * scale as f64, scale, vague: false, max: None }, next));
        }
        let (word, next) = self.phrase(pieces, at)?;
        match word {
            NumberWord::Unit(_) | NumberWord::Tens(_) => self.spelled(pieces, at),
            NumberWord::One => {
                let (scale, after) = self.scale(pieces, next);
                (scale > 1).then_some(())?;
                // "a hundred and five"
                self.spelled(pieces, at)
                    .or(Some((Number { value: scale as f64, scale, vague: false, max: None }, after)))
            }
            NumberWord::Scale(value) => {
                Some((Number { value: value as f64, scale: value, vague: false, max: None }, next))
            }
            NumberWord::Vague { min, max } => {
                // "several hundred"
                let (scale, after) = match self.phrase(pieces, next) {
                    // "several dozens": a vague plural is worth one of its scale.
                    Some((NumberWord::Vague { min, .. }, after)) if min >= 10 => (min, after),
                    _ => self.scale(pieces, next),
                };
                let times = |n: u64| n.saturating_mul(scale);
                Some((
                    Number { value: times(min) as f64, scale, vague: true, max: max.map(|m| times(m) as f64) },
                    after,
                ))
            }
            _ => None,
        }
    }

    /// The product of the scales from piece `at` on ("hundred thousand"); 1 if there is none.
    fn scale(&self, pieces: &[Piece], at: usize) -> (u64, usize) {
        let (mut scale, mut next) = (1_u64, at);
        while let Some((NumberWord::Scale(value), after)) = self.phrase(pieces, next) {
            scale = scale.saturating_mul(value);
            next = after;
        }
        (scale, next)
    }

    /// A number in words: "one hundred and five", "twenty-two", "three million two hundred thousand".
    fn spelled(&self, pieces: &[Piece], at: usize) -> Option<(Number, usize)> {
        let (mut total, mut group) = (0_u64, 0_u64);
        let (mut next, mut last) = (at, None);
        let mut largest = 1;
        loop {
            // "and" and "-" inside a number count only if a number goes on behind them.
            let (joint, start) = match pieces.get(next).map(|p| p.lower.as_str()) {
                Some("and") if matches!(last, Some(NumberWord::Scale(v)) if v >= 100 && v % 100 == 0) => {
                    (true, next + 1)
                }
                Some("-" | "–") if matches!(last, Some(NumberWord::Tens(_))) => (true, next + 1),
                _ => (false, next),
            };
            let Some((word, after)) = self.phrase(pieces, start) else { break };
            match (word, last) {
                (NumberWord::Unit(n) | NumberWord::Tens(n), None | Some(NumberWord::Scale(_))) => {
                    group = group.saturating_add(n);
                }
                (NumberWord::Unit(n), Some(NumberWord::Tens(_))) if n < 10 => group = group.saturating_add(n),
                (NumberWord::One, None) => group = 1,
                (NumberWord::Scale(100), _) if !joint => {
                    group = group.max(1).saturating_mul(100);
                    largest = largest.max(100);
                }
                (NumberWord::Scale(n), _) if !joint => {
                    total = total.saturating_add(group.max(1).saturating_mul(n));
                    group = 0;
                    largest = largest.max(n);
                }
                _ => break,
            }
            last = Some(word);
            next = after;
        }
        (next > at).then_some((
            Number { value: total.saturating_add(group) as f64, scale: largest, vague: false, max: None },
            next,
        ))
    }
}

struct Number {
    value: f64,
    scale: u64,
    vague: bool,
    max: Option<f64>,
}

fn shifted(mut figure: Figure, base: usize) -> Figure {
    for span in [&mut figure.span, &mut figure.number] {
        *span = Span::new(span.start as usize + base, span.end as usize + base);
    }
    figure
}
