//! Which texts are not in English, so that they are passed over instead of misread.
//!
//! [`EnglishWords::other_language`] says so only where it is sure: names and capitals are left out of account, because a
//! list of foreign names is no foreign text, and a text with a fair share of English function words is English whatever
//! else stands in it. What is too short to tell counts as English.

use std::collections::BTreeSet;
use whatlang::{Lang, detect};

/// How much of a text is looked at, in bytes.
const SAMPLE: usize = 20_000;
/// Fewer words than this do not tell.
const FEWEST_WORDS: usize = 8;
/// Fewer letters of another script than this do not tell.
const FEWEST_LETTERS: usize = 20;
/// The share of function words from which a text counts as English; running text has three times as much, text in
/// another language a few chance hits.
const ENGLISH_SHARE: f64 = 0.12;
/// With fewer words, how sure the detection must be.
const FEW_WORDS: usize = 25;
const SURE: f64 = 0.9;

/// A language that is not analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherLanguage {
    /// Its English name.
    pub name: &'static str,
    /// Its ISO 639-3 code.
    pub code: &'static str,
}

impl OtherLanguage {
    fn of(language: Lang) -> Self {
        Self { name: language.eng_name(), code: language.code() }
    }
}

/// The function words by which English is known.
#[derive(Clone, Debug, Default)]
pub struct EnglishWords(BTreeSet<Box<str>>);

impl EnglishWords {
    /// The words given, in lower case.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        Self(words.into_iter().map(|w| w.as_ref().into()).collect())
    }

    /// The language of a headline and a body, if it is surely another than English.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::language::identification::EnglishWords;
    /// let words = EnglishWords::new(["the", "of", "was", "in", "by"]);
    /// let french = "Une bombe a explosé hier soir dans un marché de la capitale et a tué douze personnes, selon la police.";
    /// assert_eq!(words.other_language("", french).map(|l| l.name), Some("French"));
    /// assert_eq!(words.other_language("", "A bomb exploded in the market of the capital."), None);
    /// ```
    pub fn other_language(&self, headline: &str, body: &str) -> Option<OtherLanguage> {
        let sample = [headline, prefix(body, SAMPLE)].join("\n");
        let letters = sample.chars().filter(|c| c.is_alphabetic());
        let (latin, other) =
            letters.fold(
                (0_usize, 0_usize),
                |(latin, other), c| {
                    if is_latin(c) { (latin + 1, other) } else { (latin, other + 1) }
                },
            );
        let words: Vec<&str> = words(&sample).filter(|w| w.chars().all(char::is_lowercase)).collect();
        let english = self.share(&words);
        if other > latin && other >= FEWEST_LETTERS {
            // English beside a translation of it is still English.
            if words.len() >= FEW_WORDS && english >= ENGLISH_SHARE {
                return None;
            }
            let foreign: String = sample.chars().filter(|c| !is_latin(*c)).collect();
            return detect(&foreign).map(|info| OtherLanguage::of(info.lang()));
        }
        if words.len() < FEWEST_WORDS || english >= ENGLISH_SHARE {
            return None;
        }
        let info = detect(&words.join(" ")).filter(|info| info.lang() != Lang::Eng)?;
        let sure = if words.len() < FEW_WORDS { info.confidence() >= SURE } else { info.is_reliable() };
        sure.then(|| OtherLanguage::of(info.lang()))
    }

    fn share(&self, words: &[&str]) -> f64 {
        let known = words.iter().filter(|w| self.0.contains(**w)).count();
        known as f64 / words.len().max(1) as f64
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty())
}

fn is_latin(c: char) -> bool {
    // Basic Latin to Latin Extended-B, and Latin Extended Additional (Vietnamese).
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// The beginning of a text, at most so many bytes.
fn prefix(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
