//! Reading CoNLL-U, with a reason and a line for everything that is wrong with it.

use super::super::{Deprel, Upos};
use super::gaps::unescaped;
use super::{Token, Tree, TreeWord};
use std::ops::Range;

/// Why a CoNLL-U text was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[error("CoNLL-U line {line}: {reason}")]
pub struct ConlluError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads the sentences of a treebank in CoNLL-U, each with its tree.
///
/// # Errors
/// A line that is none of CoNLL-U, an unknown part of speech or relation, a head or relation that is missing, or a sentence
/// whose words are no tree with one root.
pub fn parse(text: &str) -> Result<Vec<Tree>, ConlluError> {
    read(text, true)
}

/// Reads only the sentences, tokens and words of a CoNLL-U text: what is said about them is neither read nor looked at.
///
/// # Errors
/// A line that is none of CoNLL-U.
pub fn parse_tokens(text: &str) -> Result<Vec<Tree>, ConlluError> {
    read(text, false)
}

/// A sentence while it is read.
#[derive(Default)]
struct Unfinished {
    tree: Tree,
    /// The line of each word.
    lines: Vec<usize>,
    /// The line of the last token that is divided, and where its words end.
    multiword: (usize, usize),
}

fn read(text: &str, whole: bool) -> Result<Vec<Tree>, ConlluError> {
    let mut trees = Vec::new();
    let mut sentence = Unfinished::default();
    // Some programs mark UTF-8 by this character, which is no part of the text.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if !line.is_empty() {
            sentence.line(number + 1, line, whole)?;
        } else if !sentence.tree.words.is_empty() || sentence.multiword.1 > 0 {
            trees.push(std::mem::take(&mut sentence).finish(whole)?);
        }
    }
    if !sentence.tree.words.is_empty() || sentence.multiword.1 > 0 {
        trees.push(sentence.finish(whole)?);
    }
    Ok(trees)
}

impl Unfinished {
    fn line(&mut self, number: usize, line: &str, whole: bool) -> Result<(), ConlluError> {
        let error = |reason: String| ConlluError { line: number, reason };
        if let Some(comment) = line.strip_prefix('#') {
            self.comment(comment.trim());
            return Ok(());
        }
        if line.trim().is_empty() {
            return Err(error("only white space: the line that ends a sentence must be empty".to_owned()));
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, form, lemma, upos, xpos, feats, head, deprel, _, misc] = columns[..] else {
            return Err(error(column_count(line, columns.len())));
        };
        if form.is_empty() {
            return Err(error(format!("word `{id}` has an empty form")));
        }
        let next = self.tree.words.len() + 1;
        if let Some((word, node)) = id.split_once('.') {
            // An empty node of the enhanced dependencies, which are not read.
            return match (word.parse::<usize>(), node.parse::<usize>()) {
                (Ok(_), Ok(_)) => Ok(()),
                _ => Err(error(format!("`{id}` is no word number; that of an empty node is like `{}.1`", next - 1))),
            };
        }
        let gap = value(misc, "SpacesAfter").and_then(unescaped).filter(|gap| !matches!(gap.as_str(), "" | " "));
        let space_after = value(misc, "SpaceAfter") != Some("No");
        let range = value(misc, "TokenRange").and_then(range);
        let token = |words| Token { form: form.to_owned(), words, space_after, gap, range };
        if self.tree.tokens.is_empty()
            && let Some(before) = value(misc, "SpacesBefore").and_then(unescaped)
        {
            self.tree.before = before;
        }
        if let Some((first, last)) = id.split_once('-') {
            let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else {
                return Err(error(format!("`{id}` is no range of words such as `{next}-{}`", next + 1)));
            };
            if self.multiword.1 >= next {
                return Err(error(format!(
                    "the words `{id}` overlap with those of the token of line {}, which go to {}",
                    self.multiword.0, self.multiword.1
                )));
            }
            if first != next || last < first {
                return Err(error(format!("the words `{id}` do not begin at the next word, which is `{next}`")));
            }
            self.tree.tokens.push(token(first - 1..last));
            self.multiword = (number, last);
            return Ok(());
        }
        if id.parse() != Ok(next) {
            return Err(error(format!("word `{id}` is out of order: the next word of the sentence is `{next}`")));
        }
        if next > self.multiword.1 {
            self.tree.tokens.push(token(next - 1..next));
        }
        self.lines.push(number);
        let mut word = TreeWord {
            form: form.to_owned(),
            lemma: lemma.to_owned(),
            upos: Upos::X,
            xpos: String::new(),
            feats: String::new(),
            head: None,
            deprel: Deprel::Dep,
        };
        if whole {
            let empty_if_blank = |column: &str| if column == "_" { String::new() } else { column.to_owned() };
            (word.xpos, word.feats) = (empty_if_blank(xpos), empty_if_blank(feats));
            if upos != "_" {
                word.upos = Upos::parse(upos).ok_or_else(|| error(format!("unknown part of speech `{upos}`")))?;
            }
            word.head = read_head(head, form).map_err(error)?;
            word.deprel = read_relation(deprel, form).map_err(error)?;
        }
        self.tree.words.push(word);
        Ok(())
    }

    fn comment(&mut self, comment: &str) {
        if let Some(id) = comment.strip_prefix("sent_id = ") {
            id.clone_into(&mut self.tree.id);
        } else if let Some(rest) = comment.strip_prefix("newdoc") {
            self.tree.document = Some(rest.trim_start_matches(" id = ").to_owned());
            self.tree.paragraph = true;
        } else if comment.starts_with("newpar") {
            self.tree.paragraph = true;
        }
    }

    fn finish(self, whole: bool) -> Result<Tree, ConlluError> {
        let tree = self.tree;
        let sentence = |reason: String| match tree.id.as_str() {
            "" => reason,
            id => format!("{reason} (sentence `{id}`)"),
        };
        if self.multiword.1 > tree.words.len() {
            let reason =
                format!("the token has words up to {}, the sentence only {}", self.multiword.1, tree.words.len());
            return Err(ConlluError { line: self.multiword.0, reason: sentence(reason) });
        }
        match fault(&tree).filter(|_| whole) {
            Some((word, reason)) => Err(ConlluError { line: self.lines[word], reason: sentence(reason) }),
            None => Ok(tree),
        }
    }
}

/// Why a line has not ten columns.
fn column_count(line: &str, count: usize) -> String {
    let by_space = line.split_whitespace().count();
    if count == 1 && by_space >= 10 {
        return "its columns are divided by spaces: between two of them must stand one tab".to_owned();
    }
    let hint = if count == 1 { ", divided by tabs; is the file CoNLL-U?" } else { "" };
    format!("{count} column{} instead of 10{hint}", if count == 1 { "" } else { "s" })
}

/// The value of a key of the last column.
fn value<'a>(misc: &'a str, key: &str) -> Option<&'a str> {
    misc.split('|').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

fn range(value: &str) -> Option<Range<usize>> {
    let (start, end) = value.split_once(':')?;
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start <= end).then_some(start..end)
}

fn read_head(head: &str, form: &str) -> Result<Option<usize>, String> {
    match head {
        "0" => Ok(None),
        "_" => Err(format!("`{form}` has no head: write the number of a word, or 0 for the root")),
        number => match number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) {
            Some(head) => Ok(Some(head)),
            None => Err(format!("the head `{number}` of `{form}` is no number of a word")),
        },
    }
}

fn read_relation(relation: &str, form: &str) -> Result<Deprel, String> {
    match relation {
        "_" => Err(format!("`{form}` has no relation to its head")),
        name => Deprel::parse(name).ok_or_else(|| {
            format!(
                "the relation `{name}` of `{form}` is none of Universal Dependencies; one that is not known is `dep`"
            )
        }),
    }
}

/// What keeps the words of a sentence from being a tree with one root, and the word at which it does.
pub(in super::super) fn fault(tree: &Tree) -> Option<(usize, String)> {
    let words = &tree.words;
    let named = |word: usize| format!("word {} `{}`", word + 1, words[word].form);
    for (i, word) in words.iter().enumerate() {
        match word.head {
            Some(head) if head >= words.len() => {
                let (head, length) = (head + 1, words.len());
                return Some((
                    i,
                    format!("the head `{head}` of {} lies outside the sentence of {length} words", named(i)),
                ));
            }
            Some(head) if head == i => return Some((i, format!("{} is its own head", named(i)))),
            _ => (),
        }
    }
    let mut roots = (0..words.len()).filter(|&i| words[i].head.is_none());
    let Some(root) = roots.next() else {
        return (!words.is_empty()).then(|| (0, "no word of the sentence is its root, with the head 0".to_owned()));
    };
    if let Some(second) = roots.next() {
        return Some((second, format!("{} is a second root beside {}", named(second), named(root))));
    }
    // From every word upwards, to one of which it is known that it is below the root.
    let mut known = vec![false; words.len()];
    known[root] = true;
    let mut way = Vec::new();
    for start in 0..words.len() {
        let mut at = start;
        while !known[at] {
            if way.len() > words.len() {
                return Some((at, format!("{} depends on itself by way of its heads", named(at))));
            }
            way.push(at);
            at = words[at].head.unwrap_or(root);
        }
        for word in way.drain(..) {
            known[word] = true;
        }
    }
    None
}
