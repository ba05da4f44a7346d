//! Sentences as news and hurried typing have them, made from those of the treebank: headlines, lost capitals, lost marks.
//!
//! A web treebank has few headlines, and the parser must know them: no articles, no auxiliaries ("12 killed in
//! blast"), no final stop, the present for the past, capitals on every word. The tree of what remains is kept.

use super::super::conllu::{Token, Tree, TreeWord};
use super::super::{Deprel, Upos};
use super::random::Random;
use std::collections::BTreeMap;

/// How a sentence is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// No articles, auxiliaries and final stop, the present for the past.
    Headline,
    /// The same, every longer word with a capital.
    Title,
    /// No capitals.
    Lower,
    /// Only capitals.
    Upper,
    /// No commas.
    NoCommas,
    /// No apostrophes: possessives run into their word.
    NoApostrophes,
    /// A place before the sentence, as agencies name where they write from, with or without a mark after it.
    Dateline,
}

/// What variants take from the treebank.
struct Vocabulary {
    /// Present forms of the third person by lemma.
    present: BTreeMap<String, String>,
    /// Names that stand alone behind a preposition of place.
    places: Vec<TreeWord>,
}

impl Vocabulary {
    fn of(trees: &[Tree]) -> Self {
        let words = trees.iter().flat_map(|t| &t.words);
        let present = words.filter(|w| w.xpos == "VBZ" && w.upos == Upos::Verb);
        let present = present.map(|w| (w.lemma.clone(), w.form.to_lowercase())).collect();
        let mut places: BTreeMap<&str, &TreeWord> = BTreeMap::new();
        for tree in trees {
            for word in tree.words.iter().filter(|w| w.deprel == Deprel::Case && w.lemma == "in") {
                let Some(place) = word.head else { continue };
                let alone = tree.words.iter().filter(|w| w.head == Some(place)).count() == 1;
                if alone && tree.words[place].upos == Upos::Propn {
                    places.insert(&tree.words[place].form, &tree.words[place]);
                }
            }
        }
        Self { present, places: places.into_values().cloned().collect() }
    }
}

/// Which variants are made of so many in a hundred sentences. Too many of them, and plain short sentences are read as headlines.
const SHARES: [(Variant, usize); 7] = [
    (Variant::Headline, 6),
    (Variant::Title, 10),
    (Variant::Lower, 2),
    (Variant::Upper, 2),
    (Variant::NoCommas, 7),
    (Variant::NoApostrophes, 2),
    (Variant::Dateline, 3),
];

/// The variants of a treebank, each with the number of the sentence it was made from.
pub(super) fn variants(trees: &[Tree]) -> Vec<(usize, Tree)> {
    let vocabulary = Vocabulary::of(trees);
    let mut random = Random::new(53);
    let mut made = Vec::new();
    for (number, tree) in trees.iter().enumerate() {
        // Headlines tell what happened: a web treebank has little of that, and so it is what most are made of.
        let tells = tree.words.iter().any(|w| w.head.is_none() && w.upos == Upos::Verb && w.xpos == "VBD");
        let mut at = random.below(if tells { 100 } else { 170 });
        let chosen = SHARES.iter().find_map(|&(variant, share)| match at.checked_sub(share) {
            Some(beyond) => {
                at = beyond;
                None
            }
            None => Some(variant),
        });
        let Some(variant) = chosen else { continue };
        if let Some(tree) = change(tree, variant, &vocabulary, &mut random) {
            made.push((number, tree));
        }
    }
    made
}

/// All sentences of a treebank that a variant changes, changed.
pub fn all(trees: &[Tree], variant: Variant) -> Vec<Tree> {
    let vocabulary = Vocabulary::of(trees);
    let mut random = Random::new(53);
    trees.iter().filter_map(|tree| change(tree, variant, &vocabulary, &mut random)).collect()
}

fn change(tree: &Tree, variant: Variant, vocabulary: &Vocabulary, random: &mut Random) -> Option<Tree> {
    let present = &vocabulary.present;
    match variant {
        Variant::Headline => headline(tree, present),
        Variant::Title => {
            let mut tree = headline(tree, present)?;
            for word in &mut tree.words {
                let small =
                    matches!(word.upos, Upos::Adp | Upos::Cconj | Upos::Det | Upos::Part) && word.form.len() < 5;
                if !small || word.head.is_none() {
                    word.form = capitalised(&word.form);
                }
            }
            Some(rebuilt(tree))
        }
        Variant::Lower => recased(tree, str::to_lowercase),
        Variant::Upper => recased(tree, str::to_uppercase),
        Variant::NoCommas => without(tree, |w| w.upos == Upos::Punct && w.form == ","),
        Variant::NoApostrophes => no_apostrophes(tree),
        Variant::Dateline => dateline(tree, &vocabulary.places, random),
    }
}

fn capitalised(form: &str) -> String {
    let mut chars = form.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

fn recased(tree: &Tree, case: impl Fn(&str) -> String) -> Option<Tree> {
    let mut changed = tree.clone();
    for word in &mut changed.words {
        word.form = case(&word.form);
    }
    (changed.words != tree.words).then(|| rebuilt(changed))
}

/// The tokens again from the words, after forms have changed.
fn rebuilt(mut tree: Tree) -> Tree {
    for token in &mut tree.tokens {
        token.form = tree.words[token.words.clone()].iter().map(|w| w.form.as_str()).collect();
    }
    tree
}

fn headline(tree: &Tree, present: &BTreeMap<String, String>) -> Option<Tree> {
    let root = tree.words.iter().find(|w| w.head.is_none())?;
    let has_subject = tree
        .words
        .iter()
        .any(|w| w.head.is_some_and(|h| tree.words[h].head.is_none()) && w.deprel.universal() == Deprel::Nsubj);
    if !has_subject || tree.words.len() > 30 || root.upos == Upos::Propn {
        return None;
    }
    let last = tree.words.len() - 1;
    let mut changed = tree.clone();
    for word in &mut changed.words {
        if word.xpos == "VBD"
            && word.upos == Upos::Verb
            && let Some(form) = present.get(&word.lemma)
        {
            word.form.clone_from(form);
            "VBZ".clone_into(&mut word.xpos);
            "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin".clone_into(&mut word.feats);
        }
    }
    let number = std::cell::Cell::new(0);
    without(&rebuilt(changed), |word| {
        let at = number.replace(number.get() + 1);
        (word.deprel == Deprel::Det && word.feats.contains("PronType=Art"))
            || matches!(word.deprel, Deprel::AuxPass | Deprel::Cop)
            || (word.deprel == Deprel::Aux && word.lemma == "be")
            || (at == last && word.upos == Upos::Punct)
    })
}

/// The tree without some words that nothing depends on; `None` if there are none.
fn without(tree: &Tree, mut unwanted: impl FnMut(&TreeWord) -> bool) -> Option<Tree> {
    let mut has_dependents = vec![false; tree.words.len()];
    tree.words.iter().filter_map(|w| w.head).for_each(|h| has_dependents[h] = true);
    let gone: Vec<bool> =
        tree.words.iter().enumerate().map(|(i, w)| unwanted(w) && !has_dependents[i] && w.head.is_some()).collect();
    if !gone.contains(&true) {
        return None;
    }
    let mut place = Vec::with_capacity(gone.len());
    let mut kept = 0;
    for &gone in &gone {
        place.push(kept);
        kept += usize::from(!gone);
    }
    let mut changed = Tree { id: tree.id.clone(), ..Tree::default() };
    for token in &tree.tokens {
        let words: Vec<usize> = token.words.clone().filter(|&w| !gone[w]).collect();
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else {
            if let Some(before) = changed.tokens.last_mut() {
                before.space_after |= token.space_after;
            }
            continue;
        };
        let form = words.iter().map(|&w| tree.words[w].form.as_str()).collect();
        let words = place[first]..place[last] + 1;
        changed.tokens.push(Token { form, words, space_after: token.space_after, ..Token::default() });
    }
    for (word, _) in tree.words.iter().zip(&gone).filter(|&(_, &gone)| !gone) {
        let mut word = word.clone();
        word.head = word.head.map(|h| place[h]);
        changed.words.push(word);
    }
    Some(changed)
}

/// A possessive mark runs into its word; other words lose their apostrophes.
fn no_apostrophes(tree: &Tree) -> Option<Tree> {
    let is_apostrophe = |c: char| matches!(c, '\'' | '\u{2019}');
    let plain = |form: &str| form.chars().filter(|&c| !is_apostrophe(c)).collect::<String>();
    let mut changed = tree.clone();
    for i in 1..changed.words.len() {
        let word = &changed.words[i];
        if word.xpos == "POS" && word.head == Some(i - 1) {
            let ending = plain(&word.form);
            changed.words[i - 1].form.push_str(&ending);
        }
    }
    let changed = without(&changed, |w| w.xpos == "POS")?;
    let mut changed = Tree { words: changed.words, tokens: changed.tokens, id: changed.id, ..Tree::default() };
    for word in &mut changed.words {
        if word.form.chars().count() > 1 {
            word.form = plain(&word.form);
        }
    }
    Some(rebuilt(changed))
}

fn dateline(tree: &Tree, places: &[TreeWord], random: &mut Random) -> Option<Tree> {
    let root = tree.words.iter().position(|w| w.head.is_none() && w.upos == Upos::Verb)?;
    if tree.words.len() < 6 || places.is_empty() {
        return None;
    }
    let mut place = places[random.below(places.len())].clone();
    if random.percent(60) {
        place.form = place.form.to_uppercase();
    }
    let mark = ["-", "\u{2013}", ":", "", "", ""][random.below(6)];
    let mut before = vec![place];
    if !mark.is_empty() {
        let xpos = if mark == ":" { ":" } else { "," };
        before.push(TreeWord {
            form: mark.to_owned(),
            lemma: mark.to_owned(),
            upos: Upos::Punct,
            xpos: xpos.to_owned(),
            feats: String::new(),
            head: Some(0),
            deprel: Deprel::Punct,
        });
    }
    let by = before.len();
    before[0].head = Some(root + by);
    before[0].deprel = Deprel::Parataxis;
    let token = |(i, w): (usize, &TreeWord)| Token {
        form: w.form.clone(),
        words: i..i + 1,
        space_after: true,
        ..Token::default()
    };
    let mut changed = Tree { id: tree.id.clone(), ..Tree::default() };
    changed.tokens = before.iter().enumerate().map(token).collect();
    changed.words = before;
    for token in &tree.tokens {
        changed.tokens.push(Token { words: token.words.start + by..token.words.end + by, ..token.clone() });
    }
    for word in &tree.words {
        changed.words.push(TreeWord { head: word.head.map(|h| h + by), ..word.clone() });
    }
    Some(changed)
}
