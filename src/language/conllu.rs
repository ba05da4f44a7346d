//! The CoNLL-U format: reading treebanks and writing analyses (<https://universaldependencies.org/format.html>).
//!
//! [`parse`] gives [`Tree`]s, the form in which training and scoring see a treebank; [`trees`] puts a [`Document`] in
//! the same form, and [`write_tree`] prints it.

use super::atoms::NEIGHBOURS;
use super::{Deprel, Document, Upos};
use std::fmt::{self, Write as _};
use std::ops::Range;

/// One word of a treebank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeWord {
    /// The word as written.
    pub form: String,
    /// Dictionary form.
    pub lemma: String,
    /// Universal part of speech.
    pub upos: Upos,
    /// Treebank part of speech.
    pub xpos: String,
    /// Features, empty if none.
    pub feats: String,
    /// Index of the head in the sentence, counted from 0; `None` for the root.
    pub head: Option<usize>,
    /// Relation to the head.
    pub deprel: Deprel,
}

/// One token: a run of characters that is one word or, where the treebank splits it, several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The characters.
    pub form: String,
    /// Its words, as indices in the sentence.
    pub words: Range<usize>,
    /// Whether white space follows.
    pub space_after: bool,
}

/// One sentence of a treebank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The value of `sent_id`, empty if none.
    pub id: String,
    /// The value of `newdoc id` when the sentence begins a document.
    pub document: Option<String>,
    /// Whether it begins a paragraph.
    pub paragraph: bool,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Its words.
    pub words: Vec<TreeWord>,
}

impl Tree {
    /// The text of the sentence.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            text.push_str(&token.form);
            if token.space_after {
                text.push(' ');
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

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

/// Reads the sentences of a CoNLL-U text.
///
/// # Errors
/// A line that has not ten columns, an unknown part of speech, or a head outside the sentence.
pub fn parse(text: &str) -> Result<Vec<Tree>, ConlluError> {
    let mut trees = Vec::new();
    let mut tree = Tree::default();
    let mut multiword_end = 0;
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let error = |reason: String| ConlluError { line: number, reason };
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            if !tree.words.is_empty() {
                check_heads(&tree).map_err(error)?;
                trees.push(std::mem::take(&mut tree));
            }
            multiword_end = 0;
        } else if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim();
            if let Some(id) = comment.strip_prefix("sent_id = ") {
                id.clone_into(&mut tree.id);
            } else if let Some(rest) = comment.strip_prefix("newdoc") {
                tree.document = Some(rest.trim_start_matches(" id = ").to_owned());
                tree.paragraph = true;
            } else if comment.starts_with("newpar") {
                tree.paragraph = true;
            }
        } else {
            let columns: Vec<&str> = line.split('\t').collect();
            let [id, form, lemma, upos, xpos, feats, head, deprel, _, misc] = columns[..] else {
                return Err(error(format!("{} columns instead of 10", columns.len())));
            };
            let space_after = !misc.split('|').any(|m| m == "SpaceAfter=No");
            if id.contains('.') {
                continue;
            }
            if let Some((first, last)) = id.split_once('-') {
                let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else {
                    return Err(error(format!("`{id}` is no range of words")));
                };
                if first != tree.words.len() + 1 || last < first {
                    return Err(error(format!("`{id}` does not begin at the next word")));
                }
                tree.tokens.push(Token { form: form.to_owned(), words: first - 1..last, space_after });
                multiword_end = last;
                continue;
            }
            if id.parse() != Ok(tree.words.len() + 1) {
                return Err(error(format!("word `{id}` is out of order")));
            }
            let index = tree.words.len();
            if index >= multiword_end {
                tree.tokens.push(Token { form: form.to_owned(), words: index..index + 1, space_after });
            }
            let head = match head {
                "_" | "0" => None,
                number => Some(
                    number
                        .parse::<usize>()
                        .ok()
                        .and_then(|n| n.checked_sub(1))
                        .ok_or_else(|| error(format!("head `{number}` is no number")))?,
                ),
            };
            let empty_if_blank = |column: &str| if column == "_" { String::new() } else { column.to_owned() };
            tree.words.push(TreeWord {
                form: form.to_owned(),
                lemma: lemma.to_owned(),
                upos: if upos == "_" {
                    Upos::X
                } else {
                    Upos::parse(upos).ok_or_else(|| error(format!("unknown part of speech `{upos}`")))?
                },
                xpos: empty_if_blank(xpos),
                feats: empty_if_blank(feats),
                head,
                deprel: if deprel == "_" { Deprel::Dep } else { Deprel::parse(deprel).unwrap_or(Deprel::Dep) },
            });
        }
    }
    if !tree.words.is_empty() {
        check_heads(&tree).map_err(|reason| ConlluError { line: text.lines().count(), reason })?;
        trees.push(tree);
    }
    Ok(trees)
}

fn check_heads(tree: &Tree) -> Result<(), String> {
    if tree.tokens.last().is_none_or(|t| t.words.end != tree.words.len()) {
        return Err("the last token has words that are missing".to_owned());
    }
    match tree.words.iter().filter_map(|w| w.head).find(|&h| h >= tree.words.len()) {
        Some(head) => Err(format!("head `{}` lies outside the sentence that ends here", head + 1)),
        None => Ok(()),
    }
}

/// Where the neighbours of the sentence `start` end: with its document, or after so many that they are enough.
pub(super) fn neighbourhood_end(trees: &[Tree], start: usize) -> usize {
    let rest = trees[start..].iter().skip(1).take(NEIGHBOURS - 1);
    start + 1 + rest.take_while(|t| t.document.is_none()).count()
}

/// The sentences of a document in the form of a treebank.
pub fn trees(document: &Document) -> Vec<Tree> {
    let text = document.text();
    let spaced = |end: u32| text[end as usize..].chars().next().is_none_or(char::is_whitespace);
    let sentences = document.sentences().iter().enumerate();
    let tree = |(number, sentence): (usize, &super::Sentence)| {
        let mut tree = Tree { id: (number + 1).to_string(), ..Tree::default() };
        let first = sentence.words.start;
        for id in sentence.words.clone() {
            let word = document.word(id);
            let space_after = spaced(word.span.end);
            match tree.tokens.last_mut().filter(|_| word.continues && id > first) {
                Some(token) => {
                    token.form.push_str(document.form(id));
                    token.words.end += 1;
                    token.space_after = space_after;
                }
                None => tree.tokens.push(Token {
                    form: document.form(id).to_owned(),
                    words: id - first..id - first + 1,
                    space_after,
                }),
            }
            tree.words.push(TreeWord {
                form: document.form(id).to_owned(),
                lemma: word.lemma.to_string(),
                upos: word.upos,
                xpos: word.xpos.to_owned(),
                feats: word.feats.to_owned(),
                head: word.head.map(|h| h - first),
                deprel: word.deprel,
            });
        }
        tree
    };
    sentences.map(tree).collect()
}

/// The text of sentences that follow each other, paragraphs divided by a blank line.
pub fn text_of(trees: &[Tree]) -> String {
    let mut text = String::new();
    for tree in trees {
        if tree.paragraph && !text.is_empty() {
            text.truncate(text.trim_end().len());
            text.push_str("\n\n");
        }
        for token in &tree.tokens {
            text.push_str(&token.form);
            if token.space_after {
                text.push(' ');
            }
        }
    }
    text
}

/// A sentence in CoNLL-U, with its comments and the blank line that ends it.
pub fn write_tree(tree: &Tree) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_lines(tree, &mut text);
    text
}

fn write_lines(tree: &Tree, to: &mut String) -> fmt::Result {
    if !tree.id.is_empty() {
        writeln!(to, "# sent_id = {}", tree.id)?;
    }
    writeln!(to, "# text = {}", one_line(&tree.text()))?;
    for token in &tree.tokens {
        let misc = if token.space_after { "_" } else { "SpaceAfter=No" };
        let split = token.words.len() > 1;
        if split {
            let (first, last) = (token.words.start + 1, token.words.end);
            writeln!(to, "{first}-{last}\t{}\t_\t_\t_\t_\t_\t_\t_\t{misc}", one_line(&token.form))?;
        }
        for i in token.words.clone() {
            let word = &tree.words[i];
            let blank = |column: &str| if column.is_empty() { "_".to_owned() } else { column.to_owned() };
            writeln!(
                to,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t_\t{}",
                i + 1,
                one_line(&word.form),
                one_line(&word.lemma),
                word.upos.as_str(),
                blank(&word.xpos),
                blank(&word.feats),
                word.head.map_or(0, |h| h + 1),
                word.deprel.as_str(),
                if split { "_" } else { misc },
            )?;
        }
    }
    to.push('\n');
    Ok(())
}

/// White space inside a form would break the line format: it is written as single spaces.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|p| !p.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        let _ = line.write_str(part);
    }
    if line.is_empty() { "_".to_owned() } else { line }
}
