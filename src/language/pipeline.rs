//! The analysis of a text from end to end.

use super::atoms::Atoms;
use super::conllu::Tree;
use super::lemmas::{Backoff, Lemmatiser};
use super::model_file::{ModelError, Reader, Writer};
use super::parser::{self, Parser};
use super::segment::{Piece, Segmenter};
use super::tagger::{self, Tagger};
use super::{Deprel, Document, Sentence, Span, Upos, Word, intern};
use std::ops::Range;
use std::sync::OnceLock;

/// A sentence of more words is parsed in parts, so that time stays in proportion to length.
const LONGEST: usize = 250;

/// The trained models of one language. Immutable: one is shared by all threads.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub(super) segmenter: Segmenter,
    pub(super) tagger: Tagger,
    pub(super) lemmatiser: Lemmatiser,
    pub(super) bundles: Vec<&'static str>,
    pub(super) feats: Backoff,
    pub(super) parser: Parser,
}

/// What is found out about a word; the head is counted from the first word of the sentence.
#[derive(Debug)]
struct Annotation {
    lemma: Box<str>,
    upos: Upos,
    xpos: &'static str,
    feats: &'static str,
    head: Option<usize>,
    deprel: Deprel,
}

#[derive(Debug, Default)]
struct Buffers {
    annotations: Vec<Annotation>,
    atoms: Vec<Atoms>,
    tags: Vec<u16>,
    arcs: Vec<(usize, Deprel)>,
    tagger: tagger::Scratch,
    parser: parser::Scratch,
    lemma: String,
}

impl Pipeline {
    /// The model that is part of the program, unpacked on first use.
    ///
    /// # Panics
    /// If the model in the program is damaged, which the build's own tests rule out.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Pipeline> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let model = include_bytes!("../../models/english.bglang");
            Self::from_bytes("english", model).unwrap_or_else(|error| panic!("the embedded {error}"))
        })
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// A file that is no model, of another format version, or damaged.
    pub fn from_bytes(name: &str, file: &[u8]) -> Result<Self, ModelError> {
        let from = &mut Reader::new(name, file)?;
        let segmenter = Segmenter::read(from)?;
        let tagger = Tagger::read(from)?;
        let lemmatiser = Lemmatiser::read(from)?;
        let mut bundles = Vec::new();
        for _ in 0..from.count()? {
            bundles.push(intern::intern(from.string()?));
        }
        let feats = Backoff::read(from, bundles.len())?;
        let parser = Parser::read(from)?;
        Ok(Self { segmenter, tagger, lemmatiser, bundles, feats, parser })
    }

    /// Writes a model file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut to = Writer::default();
        self.segmenter.write(&mut to);
        self.tagger.write(&mut to);
        self.lemmatiser.write(&mut to);
        to.number(self.bundles.len() as u64);
        for bundle in &self.bundles {
            to.string(bundle);
        }
        self.feats.write(&mut to);
        self.parser.write(&mut to);
        to.finish()
    }

    /// Analyses an article: the headline, a blank line, and the body; only the body where the headline is empty.
    ///
    /// # Examples
    /// ```
    /// use belligraph::language::Pipeline;
    /// let document = Pipeline::embedded().analyse("12 killed in blast", "A bomb killed twelve people in Aden.");
    /// assert!(document.sentences()[0].headline);
    /// assert_eq!(document.sentences().len(), 2);
    /// ```
    pub fn analyse(&self, headline: &str, body: &str) -> Document {
        if headline.trim().is_empty() {
            return self.analyse_text(body);
        }
        let text = format!("{headline}\n\n{body}");
        self.analyse_parts(text, headline.len())
    }

    /// Analyses a text without a headline.
    pub fn analyse_text(&self, text: &str) -> Document {
        self.analyse_parts(text.to_owned(), 0)
    }

    fn analyse_parts(&self, text: String, headline_end: usize) -> Document {
        let mut pieces = Vec::new();
        let mut ranges = Vec::new();
        self.segmenter.segment(&text, &mut pieces, &mut ranges);
        let mut words = Vec::with_capacity(pieces.len());
        let mut sentences = Vec::with_capacity(ranges.len());
        let mut buffers = Buffers::default();
        for range in ranges {
            let span = Span { start: pieces[range.start].span.start, end: pieces[range.end - 1].span.end };
            let headline = (span.start as usize) < headline_end;
            self.analyse_sentence(&text, &pieces, &range, &mut words, &mut buffers);
            sentences.push(Sentence { span, words: range, headline });
        }
        Document::new(text, sentences, words)
    }

    fn analyse_sentence(
        &self,
        text: &str,
        pieces: &[Piece],
        range: &Range<usize>,
        words: &mut Vec<Word>,
        buffers: &mut Buffers,
    ) {
        self.annotate(range.len(), |i| pieces[range.start + i].span.of(text), buffers);
        for (i, annotation) in buffers.annotations.drain(..).enumerate() {
            let Piece { span, continues, .. } = pieces[range.start + i];
            let Annotation { lemma, upos, xpos, feats, head, deprel } = annotation;
            let head = head.map(|h| range.start + h);
            words.push(Word { span, continues, lemma, upos, xpos, feats, head, deprel });
        }
    }

    /// Analyses sentences whose words are given, for instance those of a treebank; all else in them is replaced.
    pub fn annotate_trees(&self, trees: &mut [Tree]) {
        let mut buffers = Buffers::default();
        for tree in trees {
            self.annotate(tree.words.len(), |i| &tree.words[i].form, &mut buffers);
            for (word, annotation) in tree.words.iter_mut().zip(buffers.annotations.drain(..)) {
                word.lemma = annotation.lemma.into();
                word.upos = annotation.upos;
                annotation.xpos.clone_into(&mut word.xpos);
                annotation.feats.clone_into(&mut word.feats);
                word.head = annotation.head;
                word.deprel = annotation.deprel;
            }
        }
    }

    fn annotate<'a>(&self, length: usize, form: impl Fn(usize) -> &'a str, buffers: &mut Buffers) {
        let mut root = None;
        let mut start = 0;
        buffers.annotations.clear();
        while start < length {
            let end = length.min(start + LONGEST);
            buffers.atoms.clear();
            buffers.atoms.extend((start..end).map(|i| Atoms::of(form(i))));
            self.tagger.tag(&buffers.atoms, &mut buffers.tags, &mut buffers.tagger);
            self.parser.parse(&buffers.atoms, &buffers.tags, &mut buffers.parser, &mut buffers.arcs);
            for (i, &(head, deprel)) in buffers.arcs.iter().enumerate() {
                let form = form(start + i);
                let tag = buffers.tags[i];
                let (upos, xpos) = self.tagger.tags[tag as usize];
                self.lemmatiser.lemma(form, u32::from(tag), &mut buffers.lemma);
                let feats = self.feats.value(form, u32::from(tag)).map_or("", |n| self.bundles[n as usize]);
                let (head, deprel) = match (head == i, root) {
                    (false, _) => (Some(start + head), deprel),
                    (true, None) => {
                        root = Some(start + i);
                        (None, Deprel::Root)
                    }
                    (true, Some(root)) => (Some(root), Deprel::Parataxis),
                };
                let lemma = buffers.lemma.as_str().into();
                buffers.annotations.push(Annotation { lemma, upos, xpos, feats, head, deprel });
            }
            start = end;
        }
    }
}
