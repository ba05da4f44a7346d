//! Dictionary forms and features: learned edit scripts, looked up by the word, else by its ending.
//!
//! A script says how the case changes, how many characters fall away at the end and what is put there. The scripts of
//! seen words are kept by word and tag; an unseen word takes the script that most often went with its longest known
//! ending and its tag. Features are kept in the same way.

use super::hashing::{feature, hash_bytes, hash_lower};
use super::lookup::Lookup;
use super::model_file::{ModelError, Reader, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// How a form becomes its lemma.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Script {
    case: Case,
    strip: u8,
    add: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    Keep,
    Lower,
    Title,
    /// A number without the commas between its thousands.
    Plain,
}

impl Case {
    fn apply(self, form: &str, to: &mut String) {
        match self {
            Self::Keep => to.push_str(form),
            Self::Lower => form.chars().flat_map(char::to_lowercase).for_each(|c| to.push(c)),
            Self::Title => {
                let mut chars = form.chars();
                to.extend(chars.next());
                chars.flat_map(char::to_lowercase).for_each(|c| to.push(c));
            }
            Self::Plain => to.extend(form.chars().filter(|&c| c != ',')),
        }
    }
}

impl Script {
    /// The shortest script that makes `lemma` from `form`; of those as short, one of the case `usual`.
    fn between(form: &str, lemma: &str, usual: Case) -> Self {
        let mut best: Option<(usize, Self)> = None;
        let number = form.contains(|c: char| c.is_ascii_digit()).then_some(Case::Plain);
        for case in number.into_iter().chain([usual, Case::Lower, Case::Keep, Case::Title]) {
            let mut start = String::new();
            case.apply(form, &mut start);
            let common: usize =
                start.chars().zip(lemma.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            let strip = start[common..].chars().count();
            let add = lemma[common..].to_owned();
            let cost = strip + add.len();
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, Self { case, strip: strip.min(255) as u8, add }));
            }
        }
        best.map_or(Self { case: Case::Keep, strip: 0, add: String::new() }, |(_, script)| script)
    }

    /// Puts the lemma of `form` into `to`.
    pub(super) fn apply(&self, form: &str, to: &mut String) {
        to.clear();
        self.case.apply(form, to);
        for _ in 0..self.strip {
            to.pop();
        }
        to.push_str(&self.add);
        if to.is_empty() {
            to.push_str(form);
        }
    }
}

/// For every word with its tag the value it most often had, and for every ending that of most words.
#[derive(Clone, Debug, Default)]
pub(super) struct Backoff {
    values: Lookup,
}

const ENDING: usize = 6;
/// So many of the first keys are for the whole word.
const WHOLE: usize = 2;
/// What so many words that end alike have in common, another has too; one word alone may be an exception.
const ALIKE: u32 = 2;

/// The keys under which a word is looked up, the most telling first.
fn keys(form: &str, tag: u32) -> impl Iterator<Item = u32> + '_ {
    let endings =
        form.char_indices().rev().take(ENDING).map(|(at, _)| at).collect::<smallvec::SmallVec<[usize; ENDING]>>();
    let whole = [feature(303, hash_bytes(form.as_bytes()), tag, 0), feature(300, hash_lower(form), tag, 0)];
    whole
        .into_iter()
        .chain(endings.into_iter().rev().map(move |at| feature(301, hash_lower(&form[at..]), tag, 0)))
        .chain(std::iter::once(feature(302, 0, tag, 0)))
}

impl Backoff {
    /// Learns from words with their tag and value; a value is kept only where the next shorter key says otherwise.
    pub(super) fn learn<'a>(examples: impl Iterator<Item = (&'a str, u32, u16)>) -> Self {
        let mut counts: BTreeMap<u32, BTreeMap<u16, u32>> = BTreeMap::new();
        let mut words: BTreeSet<(&str, u32)> = BTreeSet::new();
        let mut seen: BTreeSet<(&str, u32, u16)> = BTreeSet::new();
        for (form, tag, value) in examples {
            words.insert((form, tag));
            let new = seen.insert((form, tag, value));
            for (i, key) in keys(form, tag).enumerate() {
                if i < WHOLE || new {
                    *counts.entry(key).or_default().entry(value).or_default() += 1;
                }
            }
        }
        let best: BTreeMap<u32, (u16, u32)> = counts
            .iter()
            .filter_map(|(&key, values)| {
                let (&value, &count) = values.iter().max_by_key(|&(v, n)| (*n, u16::MAX - *v))?;
                Some((key, (value, count)))
            })
            .collect();
        let mut values = BTreeMap::new();
        for (form, tag) in &words {
            let keys: Vec<u32> = keys(form, *tag).collect();
            let last = keys.len() - 1;
            // From the shortest: an ending is left out where what is kept of the shorter ones says the same.
            let mut shorter = None;
            for (i, key) in keys.iter().enumerate().rev() {
                let (value, count) = best[key];
                if (i < WHOLE || i == last || count >= ALIKE) && shorter != Some(value) {
                    values.insert(*key, u32::from(value));
                    shorter = Some(value);
                }
            }
        }
        Self { values: Lookup::new(&values) }
    }

    /// The values of a word with a tag and of its endings, the most telling first; and whether it is the word's own.
    pub(super) fn values<'a>(&'a self, form: &'a str, tag: u32) -> impl Iterator<Item = (bool, u16)> + 'a {
        let found = move |(i, key)| Some((i < WHOLE, self.values.value(key)? as u16));
        keys(form, tag).enumerate().filter_map(found)
    }

    /// The value for a word with a tag.
    pub(super) fn value(&self, form: &str, tag: u32) -> Option<u16> {
        self.values(form, tag).next().map(|(_, value)| value)
    }

    pub(super) fn write(&self, to: &mut Writer) {
        self.values.write(to);
    }

    pub(super) fn read(from: &mut Reader<'_>, limit: usize) -> Result<Self, ModelError> {
        Ok(Self { values: Lookup::read(from, limit)? })
    }
}

/// What fewer words of a tag lose is an exception.
const COMMON: u32 = 5;
/// Inflections take away at most so many characters.
const MOST_STRIPPED: usize = 4;

/// The key of the words of a tag that lose their last `strip` characters, alike in these and the one before.
fn inflected(form: &str, tag: u32, strip: usize) -> Option<u32> {
    let (at, _) = form.char_indices().rev().nth(strip).filter(|_| strip > 0)?;
    Some(feature(304, hash_lower(&form[at..]), tag, strip as u32))
}

/// The lemmatiser.
#[derive(Clone, Debug, Default)]
pub(super) struct Lemmatiser {
    pub(super) scripts: Vec<Script>,
    pub(super) words: Backoff,
    /// The scripts of many words by what they take away, in the order of the keys: those of [`inflected`].
    inflections: Vec<(u32, u16)>,
    /// The hashes of all lemmas that occur, in their order.
    known: Vec<u32>,
}

impl Lemmatiser {
    /// Learns from forms with their tag and lemma.
    pub(super) fn learn(examples: &[(&str, u32, &str)]) -> Self {
        // A word in small letters does not tell what becomes of capitals; those of its tag that have some do,
        // if they nearly all keep them.
        let mut kept: BTreeMap<u32, i32> = BTreeMap::new();
        for &(form, tag, lemma) in examples {
            if form.contains(char::is_uppercase) {
                *kept.entry(tag).or_default() += if lemma.contains(char::is_uppercase) { 1 } else { -9 };
            }
        }
        let usual = |tag: u32| if kept.get(&tag).is_some_and(|&n| n > 0) { Case::Keep } else { Case::Lower };
        let between = |&(form, tag, lemma): &(&str, u32, &str)| Script::between(form, lemma, usual(tag));
        let mut numbers: BTreeMap<Script, u16> = BTreeMap::new();
        for example in examples {
            let next = numbers.len() as u16;
            numbers.entry(between(example)).or_insert(next);
        }
        let mut scripts = vec![Script { case: Case::Keep, strip: 0, add: String::new() }; numbers.len()];
        for (script, &number) in &numbers {
            scripts[number as usize] = script.clone();
        }
        let values: Vec<(&str, u32, u16)> =
            examples.iter().map(|example| (example.0, example.1, numbers[&between(example)])).collect();
        let words = Backoff::learn(values.iter().copied());
        let mut counts: BTreeMap<(u32, u16), u32> = BTreeMap::new();
        for &(form, tag, number) in &values.into_iter().collect::<BTreeSet<_>>() {
            if let Some(key) = inflected(form, tag, scripts[number as usize].strip as usize) {
                *counts.entry((key, number)).or_default() += 1;
            }
        }
        let inflections = counts.into_iter().filter(|&(_, count)| count >= COMMON).map(|(pair, _)| pair).collect();
        let known: BTreeSet<u32> = examples.iter().map(|(_, _, lemma)| hash_bytes(lemma.as_bytes())).collect();
        Self { scripts, words, inflections, known: known.into_iter().collect() }
    }

    /// Puts the lemma into `to`.
    pub(super) fn lemma(&self, form: &str, tag: u32, to: &mut String) {
        let mut first = None;
        for (whole, number) in self.words.values(form, tag) {
            let Some(script) = self.scripts.get(number as usize) else { continue };
            script.apply(form, to);
            // "bombed" ends like "trimmed", which would make it "bom"; a shorter ending makes it a word.
            if whole || self.is_known(to) {
                return;
            }
            first = first.or(Some(script));
        }
        // "timed" has no ending that makes it a word; another script of words that lose the same does.
        let strip = first.map_or(0, |script| script.strip);
        for key in (1..=MOST_STRIPPED).filter(|_| strip > 0).filter_map(|strip| inflected(form, tag, strip)) {
            let from = self.inflections.partition_point(|&(k, _)| k < key);
            for (_, number) in self.inflections[from..].iter().take_while(|&&(k, _)| k == key) {
                let Some(script) = self.scripts.get(*number as usize) else { continue };
                script.apply(form, to);
                if self.is_known(to) {
                    return;
                }
            }
        }
        match first {
            Some(script) => script.apply(form, to),
            None => form.clone_into(to),
        }
    }

    fn is_known(&self, lemma: &str) -> bool {
        self.known.binary_search(&hash_bytes(lemma.as_bytes())).is_ok()
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.number(self.scripts.len() as u64);
        for script in &self.scripts {
            to.byte(script.case as u8);
            to.byte(script.strip);
            to.string(&script.add);
        }
        self.words.write(to);
        to.number(self.inflections.len() as u64);
        let mut before = 0;
        for &(key, script) in &self.inflections {
            to.number(u64::from(key - before));
            to.number(u64::from(script));
            before = key;
        }
        to.number(self.known.len() as u64);
        let mut before = 0;
        for &hash in &self.known {
            to.number(u64::from(hash - before));
            before = hash;
        }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let mut scripts = Vec::new();
        for _ in 0..from.count()? {
            let case = match from.byte()? {
                0 => Case::Keep,
                1 => Case::Lower,
                2 => Case::Title,
                3 => Case::Plain,
                _ => return Err(from.broken("an unknown change of case")),
            };
            scripts.push(Script { case, strip: from.byte()?, add: from.string()?.to_owned() });
        }
        let words = Backoff::read(from, scripts.len())?;
        let mut inflections = Vec::new();
        let mut before = 0_u32;
        for _ in 0..from.count()? {
            let step = u32::try_from(from.number()?).ok().and_then(|step| before.checked_add(step));
            before = step.ok_or_else(|| from.broken("the inflections are not in order"))?;
            inflections.push((before, from.number()? as u16));
        }
        let mut known = Vec::new();
        let mut before = 0_u32;
        for _ in 0..from.count()? {
            let step = u32::try_from(from.number()?).ok().and_then(|step| before.checked_add(step));
            before = step.ok_or_else(|| from.broken("the lemmas are not in order"))?;
            known.push(before);
        }
        Ok(Self { scripts, words, inflections, known })
    }
}
