//! The CoNLL-U format: reading treebanks and writing analyses (<https://universaldependencies.org/format.html>).
//!
//! [`parse`] gives [`Tree`]s, the form in which training and scoring see a treebank, and [`parse_tokens`] only what stands in
//! their words and sentences; [`trees`] puts a [`Document`] in the same form, and [`write_tree`] prints it. What is written
//! holds every character of the text and where it stood: [`text_of`] what was read back is the text.

mod gaps;
mod reading;

pub(super) use reading::fault;
pub use reading::{ConlluError, parse, parse_tokens};

use super::atoms::NEIGHBOURS;
use super::{Deprel, Document, Sentence, Upos};
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// The characters.
    pub form: String,
    /// Its words, as indices in the sentence.
    pub words: Range<usize>,
    /// Whether white space follows.
    pub space_after: bool,
    /// The very characters that follow before the next token, where that is neither nothing nor one space.
    pub gap: Option<String>,
    /// Where it stands in the text, in Unicode code points, if that is known.
    pub range: Option<Range<usize>>,
}

impl Token {
    /// The characters between it and the next token.
    pub fn following(&self) -> &str {
        self.gap.as_deref().unwrap_or(if self.space_after { " " } else { "" })
    }
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
    /// The characters before its first token that follow no other, as at the beginning of a text.
    pub before: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Its words.
    pub words: Vec<TreeWord>,
}

impl Tree {
    /// The text of the sentence, any white space as one space.
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

    /// The text of the sentence, from its first token to its last, character by character.
    pub fn source(&self) -> String {
        let mut text = String::new();
        for (i, token) in self.tokens.iter().enumerate() {
            text.push_str(&token.form);
            if i + 1 < self.tokens.len() {
                text.push_str(token.following());
            }
        }
        text
    }

    /// Where the sentence stands in the text, in Unicode code points, if that is known.
    pub fn range(&self) -> Option<Range<usize>> {
        let first = self.tokens.first()?.range.as_ref()?;
        Some(first.start..self.tokens.last()?.range.as_ref()?.end)
    }

    /// Where the words of a token stand, in Unicode code points: each by itself if together they are the token as written, else
    /// where the token does.
    pub fn word_ranges(&self, token: &Token) -> Option<Vec<Range<usize>>> {
        let range = token.range.clone()?;
        let words = &self.words[token.words.clone()];
        if words.iter().map(|word| word.form.as_str()).collect::<String>() != token.form {
            return Some(vec![range; words.len()]);
        }
        let mut at = range.start;
        let place = |word: &TreeWord| {
            let start = at;
            at += word.form.chars().count();
            start..at
        };
        Some(words.iter().map(place).collect())
    }
}

/// Where the neighbours of the sentence `start` end: with its document, or after so many that they are enough.
pub(super) fn neighbourhood_end(trees: &[Tree], start: usize) -> usize {
    let rest = trees[start..].iter().skip(1).take(NEIGHBOURS - 1);
    start + 1 + rest.take_while(|t| t.document.is_none()).count()
}

/// The sentences of a document in the form of a treebank.
pub fn trees(document: &Document) -> Vec<Tree> {
    let mut cursor = Cursor { document, byte: 0, character: 0 };
    let sentences = document.sentences().iter().enumerate();
    sentences.map(|(number, sentence)| tree(document, number, sentence, &mut cursor)).collect()
}

/// A place in the text, in bytes and in characters.
struct Cursor<'a> {
    document: &'a Document,
    byte: usize,
    character: usize,
}

impl<'a> Cursor<'a> {
    /// Goes to a byte and gives the text on the way and where it ends in characters.
    fn go(&mut self, byte: usize) -> (&'a str, usize) {
        let way = &self.document.text()[self.byte..byte];
        self.byte = byte;
        self.character += way.chars().count();
        (way, self.character)
    }
}

fn tree(document: &Document, number: usize, sentence: &Sentence, cursor: &mut Cursor<'_>) -> Tree {
    let mut tree = Tree { id: (number + 1).to_string(), ..Tree::default() };
    let first = sentence.words.start;
    if number == 0 {
        tree.document = Some(String::new());
        cursor.go(sentence.span.start as usize).0.clone_into(&mut tree.before);
    }
    let before = first.checked_sub(1).map(|last| document.word(last).span.end as usize);
    let gap = before.map(|end| &document.text()[end..sentence.span.start as usize]);
    tree.paragraph = gap.is_none_or(|gap| gap.chars().filter(|&c| matches!(c, '\n' | '\u{2029}')).count() > 1);
    for id in sentence.words.clone() {
        let word = document.word(id);
        let (_, start) = cursor.go(word.span.start as usize);
        let (form, end) = cursor.go(word.span.end as usize);
        match tree.tokens.last_mut().filter(|_| word.continues && id > first) {
            Some(token) => {
                token.form.push_str(form);
                token.words.end += 1;
                token.range = token.range.take().map(|range| range.start..end);
            }
            None => tree.tokens.push(Token {
                form: form.to_owned(),
                words: id - first..id - first + 1,
                range: Some(start..end),
                ..Token::default()
            }),
        }
        let next = document.words().get(id + 1).map_or(document.text().len(), |next| next.span.start as usize);
        let (gap, _) = cursor.go(next);
        if let Some(token) = tree.tokens.last_mut() {
            token.space_after = gap.contains(char::is_whitespace);
            token.gap = Some(gap).filter(|gap| !matches!(*gap, "" | " ")).map(str::to_owned);
        }
        tree.words.push(TreeWord {
            form: form.to_owned(),
            lemma: word.lemma.to_string(),
            upos: word.upos,
            xpos: word.xpos.to_owned(),
            feats: word.feats.to_owned(),
            head: word.head.map(|h| h - first),
            deprel: word.deprel,
        });
    }
    tree
}

/// The text of sentences that follow each other. Where they do not say what divides paragraphs, a blank line does.
pub fn text_of(trees: &[Tree]) -> String {
    let mut text = String::new();
    let mut exact = true;
    for tree in trees {
        if tree.paragraph && !exact {
            text.truncate(text.trim_end().len());
            text.push_str("\n\n");
        }
        text.push_str(&tree.before);
        for token in &tree.tokens {
            text.push_str(&token.form);
            text.push_str(token.following());
            exact = token.gap.is_some();
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
    match tree.document.as_deref() {
        Some("") => writeln!(to, "# newdoc")?,
        Some(id) => writeln!(to, "# newdoc id = {}", one_line(id))?,
        None => (),
    }
    if tree.paragraph {
        writeln!(to, "# newpar")?;
    }
    if !tree.id.is_empty() {
        writeln!(to, "# sent_id = {}", tree.id)?;
    }
    writeln!(to, "# text = {}", one_line(&tree.text()))?;
    for (number, token) in tree.tokens.iter().enumerate() {
        let misc = misc(token, if number == 0 { &tree.before } else { "" });
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
                if split { "_" } else { &misc },
            )?;
        }
    }
    to.push('\n');
    Ok(())
}

/// The last column of a token: what stands around it, and where it does.
fn misc(token: &Token, before: &str) -> String {
    let mut values = Vec::new();
    if !token.space_after {
        values.push("SpaceAfter=No".to_owned());
    }
    if let Some(gap) = &token.gap {
        values.push(format!("SpacesAfter={}", gaps::escaped(gap)));
    }
    if !before.is_empty() {
        values.push(format!("SpacesBefore={}", gaps::escaped(before)));
    }
    if let Some(range) = &token.range {
        values.push(format!("TokenRange={}:{}", range.start, range.end));
    }
    if values.is_empty() { "_".to_owned() } else { values.join("|") }
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
