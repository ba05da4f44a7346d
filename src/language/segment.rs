//! Sentences and tokens: where the text is cut, as the treebank would cut it.
//!
//! White space gives chunks; a chunk is a row of runs (letters, digits, single marks), and a trained classifier says
//! for every place between two runs whether a token ends there, or a word inside a token ("do|n't"). Only the few
//! words that the treebank cuts inside a row of letters ("can|not") are looked up. A second classifier says at every
//! white space whether a sentence ends; a blank line always ends one. Nothing about English stands in the code, and
//! every step looks at a bounded window, so that time is linear whatever the text.

use super::Span;
use super::hashing::{feature, hash_bytes, hash_lower};
use super::model_file::{ModelError, Reader, Writer};
use super::weights::{Scores, Weights};
use std::collections::BTreeMap;
use std::ops::Range;

/// One word as cut from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its bytes.
    pub(super) span: Span,
    /// Whether it goes on in the token of the word before ("n't" in "don't").
    pub(super) continues: bool,
    /// Whether white space stands before it, and whether that holds a blank line.
    pub(super) gap: Gap,
}

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing.
    None,
    /// White space on the same line.
    Space,
    /// A line break.
    Line,
    /// A blank line, or the beginning of the text.
    Paragraph,
}

/// The decision between two runs.
pub(super) const JOIN: usize = 0;
pub(super) const TOKEN: usize = 1;
pub(super) const WORD: usize = 2;

/// The models that cut a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Segmenter {
    pub(super) boundaries: Weights,
    pub(super) sentences: Weights,
    /// Hash of a row of letters in lower case and where words end in it, in characters.
    pub(super) inner: BTreeMap<u32, u8>,
}

/// How much must speak for the end of a sentence that no mark ends, in steps of the perceptron: in news it is rarely one.
const UNMARKED: f32 = 10.0;

/// A maximal run of characters that are never separated, except by [`Segmenter::inner`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) start: u32,
    pub(super) end: u32,
    class: u32,
    hash: u32,
}

impl Run {
    pub(super) fn is_letters(&self) -> bool {
        self.class <= TITLE
    }

    pub(super) fn hash(&self) -> u32 {
        self.hash
    }
}

const LOWER: u32 = 1;
const UPPER: u32 = 2;
const TITLE: u32 = 3;
const DIGITS: u32 = 4;
const APOSTROPHE: u32 = 0x27;

impl Segmenter {
    pub(super) fn write(&self, to: &mut Writer) {
        self.boundaries.write(to);
        self.sentences.write(to);
        to.number(self.inner.len() as u64);
        for (&hash, &at) in &self.inner {
            to.number(u64::from(hash));
            to.byte(at);
        }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let boundaries = Weights::read(from)?;
        let sentences = Weights::read(from)?;
        let mut inner = BTreeMap::new();
        for _ in 0..from.count()? {
            let hash = from.number()? as u32;
            inner.insert(hash, from.byte()?);
        }
        Ok(Self { boundaries, sentences, inner })
    }

    /// Cuts a text into words and the words into sentences.
    pub(super) fn segment(&self, text: &str, pieces: &mut Vec<Piece>, sentences: &mut Vec<Range<usize>>) {
        pieces.clear();
        sentences.clear();
        let mut runs = Vec::new();
        let mut keys = Vec::new();
        for (chunk, gap) in chunks(text) {
            self.cut(text, chunk, gap, &mut runs, &mut keys, pieces);
        }
        let lines = Lines::of(text);
        let mut first = 0;
        let mut line = 0;
        let mut marked = Lines::marker(text, 0);
        for next in 1..pieces.len() {
            let gap = pieces[next].gap;
            let here = pieces[next].span.start as usize;
            let ends = gap == Gap::Paragraph
                || (gap == Gap::Line && lines.ends(text, line..pieces[next - 1].span.end as usize, here))
                // What stands behind the mark of a list is what is listed.
                || (gap != Gap::None && pieces[next - 1].span.end as usize > marked && self.ends_sentence(text, pieces, first, next, &mut keys));
            if gap >= Gap::Line {
                line = here;
                marked = Lines::marker(text, here);
            }
            if ends {
                sentences.push(first..next);
                first = next;
            }
        }
        if first < pieces.len() {
            sentences.push(first..pieces.len());
        }
    }

    fn ends_sentence(&self, text: &str, pieces: &[Piece], first: usize, next: usize, keys: &mut Vec<u32>) -> bool {
        sentence_features(text, pieces, first, next, keys);
        let mut scores = [0; 2];
        self.sentences.add_scores(keys, &mut scores);
        let margin = (scores[1] - scores[0]) as f32 * self.sentences.unit;
        let marked = pieces[next - 1].span.of(text).ends_with(|c: char| !c.is_alphanumeric());
        margin > if marked { 0.0 } else { UNMARKED }
    }

    fn cut(
        &self,
        text: &str,
        chunk: Range<usize>,
        gap: Gap,
        runs: &mut Vec<Run>,
        keys: &mut Vec<u32>,
        pieces: &mut Vec<Piece>,
    ) {
        find_runs(text, chunk.clone(), runs);
        let mut start = chunk.start;
        let mut gap = gap;
        let mut continues = false;
        let mut before = TOKEN;
        let mut push = |start: usize, end: usize, continues: bool, gap: Gap| {
            pieces.push(Piece { span: Span::new(start, end), continues, gap });
        };
        for i in 0..runs.len() {
            let end = runs[i].end as usize;
            if runs[i].is_letters()
                && start == runs[i].start as usize
                && let Some(&at) = self.inner.get(&runs[i].hash)
                && let Some((cut, _)) = text[start..end].char_indices().nth(at as usize)
                && cut > 0
            {
                push(start, start + cut, continues, gap);
                start += cut;
                continues = true;
                gap = Gap::None;
            }
            let decision = if i + 1 == runs.len() {
                TOKEN
            } else {
                boundary_features(runs, i, before, keys);
                let mut scores = [0; 3];
                self.boundaries.add_scores(keys, &mut scores);
                (0..3).max_by_key(|&c| (scores[c], 3 - c)).unwrap_or(JOIN)
            };
            if decision != JOIN {
                push(start, end, continues, gap);
                start = end;
                continues = decision == WORD;
                gap = Gap::None;
            }
            before = decision;
        }
    }
}

/// How a text is divided into lines.
#[derive(Clone, Copy, Debug)]
struct Lines {
    /// The length of the longest line of several words, in bytes.
    longest: usize,
    /// Whether it is broken at a width, so that the end of a line says little.
    broken: bool,
}

impl Lines {
    /// Nobody breaks lines at more than this.
    const WIDEST: usize = 130;
    /// And hardly anybody at less.
    const NARROWEST: usize = 60;

    fn of(text: &str) -> Self {
        let lines = || text.lines().map(str::trim);
        let several = lines().filter(|line| line.contains(' '));
        let longest = several.map(str::len).max().or_else(|| lines().map(str::len).max()).unwrap_or(0);
        let mut lines = Self { longest, broken: longest <= Self::WIDEST };
        if longest < Self::NARROWEST {
            // A list of short lines, unless each is as full as can be.
            let pairs = text.lines().zip(text.lines().skip(1)).map(|(line, next)| (line.trim(), next.trim()));
            let pairs = pairs.filter(|(line, next)| !line.is_empty() && !next.is_empty());
            let (breaks, free) = pairs.fold((0, 0), |(breaks, free), (line, next)| {
                // What is much shorter may be a headline above lines that are full.
                let is_free = line.ends_with(char::is_alphanumeric)
                    && !lines.is_short(line.len())
                    && lines.has_room(line.len(), next);
                (breaks + 1, free + usize::from(is_free))
            });
            lines.broken = free * 4 < breaks;
        }
        lines
    }

    fn is_short(self, length: usize) -> bool {
        length * 10 < self.longest * 6
    }

    /// Whether the first word of what comes would have had room in a line of this length.
    fn has_room(self, length: usize, next: &str) -> bool {
        let word = next.find(is_space).unwrap_or(next.len());
        length + 1 + word <= self.longest
    }

    /// Whether a sentence ends with its line. Where lines are not broken at a width, each is a paragraph; where they are, one ends a
    /// paragraph if it is much shorter than the longest or the next word would have had room in it. What is listed begins anew.
    fn ends(self, text: &str, line: Range<usize>, next: usize) -> bool {
        !self.broken
            || self.is_short(line.len())
            || (self.longest >= Self::NARROWEST && self.has_room(line.len(), &text[next..]))
            || Self::marker(text, next) > next
    }

    /// Where the mark of a list that opens a line ends: a bullet, or the number of one of several points. `start` if there is none.
    fn marker(text: &str, start: usize) -> usize {
        let line = text[start..].lines().next().unwrap_or("");
        let mut words = line.split(is_space);
        let mark = words.next().unwrap_or("");
        let is_alone = words.next().is_none();
        let is_bullet = matches!(
            mark,
            "-" | "*"
                | "\u{2013}"
                | "\u{2014}"
                | "\u{00B7}"
                | "\u{2022}"
                | "\u{2023}"
                | "\u{25AA}"
                | "\u{25CB}"
                | "\u{25CF}"
                | "\u{25E6}"
        );
        if is_alone || !(is_bullet || is_point(text, start, mark)) { start } else { start + mark.len() }
    }
}

/// The number in a mark such as "2.", "2)" or "(2)".
fn point(mark: &str) -> Option<u32> {
    let number = mark.trim_start_matches('(').strip_suffix([')', '.'])?;
    if number.len() > 2 { None } else { number.parse().ok() }
}

/// Whether a mark at the beginning of a line numbers a point of a list: another line before or after is the one before it or
/// the one after it. "May / 12." is none.
fn is_point(text: &str, start: usize, mark: &str) -> bool {
    const NEAR: usize = 4;
    let Some(number) = point(mark) else { return false };
    let first = |line: &str| point(line.trim_start().split(is_space).next().unwrap_or(""));
    let is_next = |other: Option<u32>| other.is_some_and(|other| other.abs_diff(number) == 1);
    let after = text[start..].lines().skip(1).filter(|line| !line.trim().is_empty()).take(NEAR);
    let before = text[..start].lines().rev().filter(|line| !line.trim().is_empty()).take(NEAR);
    after.map(first).any(is_next) || before.map(first).any(is_next)
}

/// The chunks between white space, with the gap before each.
pub(super) fn chunks(text: &str) -> impl Iterator<Item = (Range<usize>, Gap)> + '_ {
    let mut rest = 0;
    let mut first = true;
    std::iter::from_fn(move || {
        let mut lines = 0;
        let start = rest
            + text[rest..].find(|c: char| {
                lines += match c {
                    '\n' | '\u{2028}' => 1,
                    '\u{2029}' | '\u{000C}' => 2,
                    _ => 0,
                };
                !is_space(c)
            })?;
        let end = text[start..].find(is_space).map_or(text.len(), |at| start + at);
        rest = end;
        let gap = match lines {
            _ if first => Gap::Paragraph,
            0 => Gap::Space,
            1 => Gap::Line,
            _ => Gap::Paragraph,
        };
        first = false;
        Some((start..end, gap))
    })
}

/// White space, and the control and zero-width characters that are no part of any word.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// Characters that belong to the one before: joiners, variation selectors, combining and direction marks.
fn is_attached(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{00AD}')
}

fn class_of(c: char) -> u32 {
    match c {
        'a'..='z' => LOWER,
        'A'..='Z' => UPPER,
        '0'..='9' => DIGITS,
        '\u{2019}' | '\u{2018}' | '`' | '\u{00B4}' | '\u{02BC}' => APOSTROPHE,
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}' => u32::from('"'),
        '\u{2013}' | '\u{2014}' => 0x2013,
        '\u{2010}' | '\u{2011}' => u32::from('-'),
        c if c.is_alphabetic() => {
            if c.is_uppercase() {
                UPPER
            } else {
                LOWER
            }
        }
        c if c.is_numeric() => DIGITS,
        c => u32::from(c).max(8),
    }
}

pub(super) fn find_runs(text: &str, chunk: Range<usize>, runs: &mut Vec<Run>) {
    runs.clear();
    for (at, c) in text[chunk.clone()].char_indices() {
        let start = (chunk.start + at) as u32;
        let end = start + c.len_utf8() as u32;
        let class = class_of(c);
        if let Some(last) = runs.last_mut() {
            if is_attached(c) || (class == DIGITS && last.class == DIGITS) {
                last.end = end;
                continue;
            }
            if class <= TITLE && last.class <= TITLE {
                if class == LOWER && last.class == UPPER {
                    last.class = TITLE;
                }
                last.end = end;
                continue;
            }
            // The letter before an apostrophe may belong to what follows ("do|n't").
            if class == APOSTROPHE && last.class <= TITLE {
                let letters = &text[last.start as usize..last.end as usize];
                if let Some((cut, _)) = letters.char_indices().next_back().filter(|&(cut, _)| cut > 0) {
                    let cut = last.start + cut as u32;
                    let whole = last.end;
                    last.end = cut;
                    runs.push(Run { start: cut, end: whole, class: LOWER, hash: 0 });
                }
            }
        }
        runs.push(Run { start, end, class, hash: 0 });
    }
    for run in runs {
        let word = &text[run.start as usize..run.end as usize];
        run.hash = match run.class {
            DIGITS => 0x1000 + word.len().min(5) as u32,
            class if class > DIGITS => class,
            _ => hash_lower(&word[..word.char_indices().nth(24).map_or(word.len(), |(at, _)| at)]),
        };
    }
}

/// What the decision after run `i` looks at.
pub(super) fn boundary_features(runs: &[Run], i: usize, before: usize, keys: &mut Vec<u32>) {
    const NONE: Run = Run { start: 0, end: 0, class: 0, hash: 0 };
    let at = |offset: isize| runs.get(i.wrapping_add_signed(offset)).copied().unwrap_or(NONE);
    let (l2, l1, l0, r0, r1, r2, r3) = (at(-2), at(-1), at(0), at(1), at(2), at(3), at(4));
    let length = |r: Run| (r.end - r.start).min(4);
    let before = before as u32;
    keys.clear();
    let mut add = |a: u32, b: u32, c: u32| keys.push(feature(100 + keys.len() as u32, a, b, c));
    add(l0.class, r0.class, before);
    add(l0.class, r0.class, r1.class);
    add(l1.class, l0.class, r0.class);
    add(l0.hash, r0.hash, before);
    add(l0.hash, r0.hash, r1.hash);
    add(l1.hash, l0.hash, r0.hash);
    add(l0.hash, r0.class, r1.class);
    add(l0.class, r0.hash, r1.class);
    add(l0.class, r0.class, r1.hash);
    add(l1.hash, l0.class, r0.class);
    add(feature(1, l1.class, l0.class, r0.class), r1.class, r2.class);
    add(feature(1, l1.class, l0.class, r0.class), r1.class, before);
    add(feature(2, l2.class, l1.class, l0.class), r0.class, r1.class);
    add(feature(3, l0.class, r0.class, r1.class), r2.class, r3.class);
    add(feature(3, l0.class, length(l0), r0.class), r1.class, length(r1));
    add(feature(4, l1.hash, l0.hash, r0.hash), r1.hash, 0);
    add(feature(5, l2.hash, l1.hash, l0.hash), r0.hash, 0);
    add(feature(6, u32::from(i == 0), u32::from(i + 2 == runs.len()), l0.class), r0.class, before);
}

/// What the decision whether a sentence ends before the word `next` looks at.
pub(super) fn sentence_features(text: &str, pieces: &[Piece], first: usize, next: usize, keys: &mut Vec<u32>) {
    let form = |i: Option<usize>| i.and_then(|i| pieces.get(i)).map_or("", |p| p.span.of(text));
    let shape = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map_or(0, class_of);
        let second = chars.next().map_or(0, class_of);
        let last = word.chars().next_back().map_or(0, class_of);
        feature(7, first, second, last << 3 | word.len().min(3) as u32)
    };
    let hash = |word: &str| hash_lower(&word[..word.char_indices().nth(24).map_or(word.len(), |(at, _)| at)]);
    let within = |back: usize| (next >= back && next - back >= first).then(|| next - back);
    let (w1, w2, w3) = (form(within(1)), form(within(2)), form(within(3)));
    let (n0, n1, n2) = (form(Some(next)), form(Some(next + 1)), form(Some(next + 2)));
    let (h1, h2, m0, m1) = (hash(w1), hash(w2), hash(n0), hash(n1));
    let (s1, s2, s3, t0, t1, t2) = (shape(w1), shape(w2), shape(w3), shape(n0), shape(n1), shape(n2));
    // A line break counts as a space: the treebank has none.
    let gap_before = |i: usize| pieces.get(i).map_or(0, |p| if p.gap == Gap::Line { Gap::Space } else { p.gap } as u32);
    let (gap, tight) = (gap_before(next), gap_before(next - 1));
    let so_far = match next - first {
        n @ 1..=3 => n as u32,
        4..=6 => 5,
        7..=12 => 8,
        13..=30 => 15,
        31..=60 => 40,
        _ => 70,
    };
    keys.clear();
    let mut add = |a: u32, b: u32, c: u32| keys.push(feature(200 + keys.len() as u32, a, b, c));
    add(s1, t0, 0);
    add(s1, t0, gap);
    add(s1, t0, so_far);
    add(h1, t0, 0);
    add(h1, m0, 0);
    add(s1, m0, 0);
    add(h1, 0, 0);
    add(m0, 0, 0);
    add(h2, s1, t0);
    add(s2, s1, t0);
    add(s1, t0, t1);
    add(s1, m0, m1);
    add(s1, m0, t1);
    add(h2, h1, m0);
    add(h2, h1, t0);
    add(s1, h1, tight);
    add(feature(8, s3, s2, s1), t0, 0);
    add(feature(8, s2, s1, t0), t1, t2);
    add(feature(9, s1, t0, t1), t2, 0);
    add(so_far, h1, gap);
    add(so_far, t0, s1);
    add(so_far, t0, m1);
    let all_upper = |word: &str| u32::from(word.len() > 1 && !word.contains(|c: char| c.is_lowercase()));
    add(all_upper(w2) << 2 | all_upper(n0) << 1 | all_upper(n1), s1, t0);
    // Whether a quotation or a bracket is open: looked for in the last words only, so that time stays linear.
    let (mut quotes, mut brackets) = (0_u32, 0_i32);
    for piece in &pieces[first.max(next.saturating_sub(80))..next] {
        match piece.span.of(text) {
            "\"" => quotes ^= 1,
            "\u{201C}" | "``" => quotes = 1,
            "\u{201D}" | "''" => quotes = 0,
            "(" | "[" => brackets += 1,
            ")" | "]" => brackets -= 1,
            _ => {}
        }
    }
    let open = quotes | u32::from(brackets > 0) << 1;
    add(open, s1, t0);
    add(open, h1, t0);
    add(open, h1, m0);
    add(feature(9, s2, s1, t0), open, h2);
    let opening = pieces.get(first).map_or(0, |p| hash_bytes(&p.span.of(text).as_bytes()[..1]));
    add(opening, s1, t0);
}
