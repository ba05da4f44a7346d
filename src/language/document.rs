//! The analysed text: sentences and words with their lemma, part of speech, features and dependency.
//!
//! A word is addressed by its index in the document ([`WordId`]), so that a reference to a word is a number and
//! needs no lifetime; heads are document-wide indices too.

use super::{Deprel, Span, Upos};
use std::ops::Range;

/// Index of a word in its [`Document`].
pub type WordId = usize;

/// One syntactic word in the sense of Universal Dependencies.
#[derive(Clone, Debug)]
pub struct Word {
    /// Bytes of the text this word was read from. The parts of a split word ("don't" → "do", "n't") have each its own.
    pub span: Span,
    /// Whether it goes on in the token of the word before, as "n't" in "don't".
    pub continues: bool,
    /// Dictionary form.
    pub lemma: Box<str>,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn Treebank part of speech.
    pub xpos: &'static str,
    /// Features as Universal Dependencies writes them (`Number=Plur|Person=3`), empty if none.
    pub feats: &'static str,
    /// The word this one depends on; `None` for the root of a sentence.
    pub head: Option<WordId>,
    /// The relation to the head.
    pub deprel: Deprel,
}

/// One sentence: a span of text and the words in it.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Bytes of the text, without surrounding white space.
    pub span: Span,
    /// The indices of its words.
    pub words: Range<WordId>,
    /// Whether it belongs to the headline.
    pub headline: bool,
}

/// An analysed text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    text: String,
    sentences: Vec<Sentence>,
    words: Vec<Word>,
    children: Vec<WordId>,
    first_child: Vec<u32>,
}

impl Document {
    /// Puts a document together from its parts. `words` of a sentence are contiguous and in text order.
    pub fn new(text: String, sentences: Vec<Sentence>, words: Vec<Word>) -> Self {
        let mut first_child = vec![0_u32; words.len() + 1];
        for word in &words {
            if let Some(head) = word.head {
                first_child[head + 1] += 1;
            }
        }
        for i in 1..first_child.len() {
            first_child[i] += first_child[i - 1];
        }
        let mut next = first_child.clone();
        let mut children = vec![0; *first_child.last().unwrap_or(&0) as usize];
        for (i, word) in words.iter().enumerate() {
            if let Some(head) = word.head {
                children[next[head] as usize] = i;
                next[head] += 1;
            }
        }
        Self { text, sentences, words, children, first_child }
    }

    /// The text as given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The sentences in text order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// All words in text order.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// One word.
    pub fn word(&self, id: WordId) -> &Word {
        &self.words[id]
    }

    /// The characters of a word.
    pub fn form(&self, id: WordId) -> &str {
        self.words[id].span.of(&self.text)
    }

    /// The dictionary form of a word.
    pub fn lemma(&self, id: WordId) -> &str {
        &self.words[id].lemma
    }

    /// The universal part of speech of a word.
    pub fn upos(&self, id: WordId) -> Upos {
        self.words[id].upos
    }

    /// The head of a word, `None` at the root.
    pub fn head(&self, id: WordId) -> Option<WordId> {
        self.words[id].head
    }

    /// The relation of a word to its head.
    pub fn deprel(&self, id: WordId) -> Deprel {
        self.words[id].deprel
    }

    /// The value of a feature, for instance `feat(w, "Number") == Some("Plur")`.
    pub fn feat(&self, id: WordId, name: &str) -> Option<&'static str> {
        self.words[id].feats.split('|').find_map(|f| f.strip_prefix(name)?.strip_prefix('='))
    }

    /// The dependents of a word in text order.
    pub fn children(&self, id: WordId) -> &[WordId] {
        &self.children[self.first_child[id] as usize..self.first_child[id + 1] as usize]
    }

    /// The dependents of a word that stand in the given relation (subtypes count as their universal relation only
    /// when `relation` is itself universal and equal).
    pub fn children_by(&self, id: WordId, relation: Deprel) -> impl Iterator<Item = WordId> + '_ {
        self.children(id).iter().copied().filter(move |&c| self.words[c].deprel == relation)
    }

    /// The index of the sentence a word stands in.
    pub fn sentence_of(&self, id: WordId) -> usize {
        self.sentences.partition_point(|s| s.words.end <= id)
    }

    /// The words of the token a word belongs to: only itself, unless the treebank splits the token.
    pub fn token_of(&self, id: WordId) -> Range<WordId> {
        let first = (0..=id).rev().find(|&i| !self.words[i].continues).unwrap_or(id);
        let end = (id + 1..self.words.len()).find(|&i| !self.words[i].continues).unwrap_or(self.words.len());
        first..end
    }

    /// The word that begins at or covers the byte `offset`, if any.
    pub fn word_at(&self, offset: u32) -> Option<WordId> {
        let i = self.words.partition_point(|w| w.span.end <= offset);
        (i < self.words.len() && self.words[i].span.start <= offset).then_some(i)
    }

    /// The indices of the words in the subtree of `id` as a range from its first to its last word.
    pub fn subtree(&self, id: WordId) -> Range<WordId> {
        let (mut first, mut last) = (id, id);
        let mut open = vec![id];
        while let Some(word) = open.pop() {
            first = first.min(word);
            last = last.max(word);
            open.extend_from_slice(self.children(word));
        }
        first..last + 1
    }
}
