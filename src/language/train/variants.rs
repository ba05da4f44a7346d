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
}

/// Present forms of the third person by lemma, as the treebank has them.
type Present = BTreeMap<String, String>;

/// The variants of a treebank, each with the number of the sentence it was made from.
pub(super) fn variants(trees: &[Tree]) -> Vec<(usize, Tree)> {
    let present = present(trees);
    let mut random = Random::new(53);
    let mut made = Vec::new();
    for (number, tree) in trees.iter().enumerate() {
        let variant = match random.below(100) {
            0..4 => Variant::Headline,
            4..7 => Variant::Title,
            7..9 => Variant::Lower,
            9..11 => Variant::Upper,
            11..19 => Variant::NoCommas,
            19..22 => Variant::NoApostrophes,
            _ => continue,
        };
        if let Some(tree) = change(tree, variant, &present) {
            made.push((number, tree));
        }
    }
    made
}

/// All sentences of a treebank that a variant changes, changed.
pub fn all(trees: &[Tree], variant: Variant) -> Vec<Tree> {
    let present = present(trees);
    trees.iter().filter_map(|tree| change(tree, variant, &present)).collect()
}

fn present(trees: &[Tree]) -> Present {
    let words = trees.iter().flat_map(|t| &t.words);
    words
        .filter(|w| w.xpos == "VBZ" && w.upos == Upos::Verb)
        .map(|w| (w.lemma.clone(), w.form.to_lowercase()))
        .collect()
}

fn change(tree: &Tree, variant: Variant, present: &Present) -> Option<Tree> {
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

fn headline(tree: &Tree, present: &Present) -> Option<Tree> {
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
        changed.tokens.push(Token { form, words: place[first]..place[last] + 1, space_after: token.space_after });
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
