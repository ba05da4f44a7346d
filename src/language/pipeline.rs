//! The analysis of a text from end to end.

use super::atoms::{Atoms, Casing, NEIGHBOURS};
use super::conllu::{Tree, neighbourhood_end};
use super::hashing::{hash_bytes, hash_lower};
use super::lemmas::{Backoff, Lemmatiser};
use super::model_file::{ModelError, Reader, Writer, open};
use super::parser::{self, Parser};
use super::segment::{Piece, Segmenter};
use super::tagger::{self, Tagger};
use super::{Deprel, Document, Sentence, Span, Upos, Word, intern};
use std::ops::Range;
use std::sync::OnceLock;

/// A run of more words is no sentence but a table, a list or a text without stops, and is cut: the parser and all that reads
/// its trees look at one sentence as a whole, so that without a bound time would not stay in proportion to length.
const LONGEST: usize = 250;
/// How many words before that it may be cut behind a mark.
const SLACK: usize = 50;

/// The trained models of one language. Immutable: one is shared by all threads.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub(super) words: Words,
    pub(super) parser: Parser,
}

/// The models of everything but the dependencies.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) segmenter: Segmenter,
    pub(super) tagger: Tagger,
    pub(super) lemmatiser: Lemmatiser,
    pub(super) bundles: Vec<&'static str>,
    pub(super) feats: Backoff,
}

impl Words {
    /// The parser knows tags by number, and so goes with taggers that number them alike.
    fn fingerprint(&self) -> u32 {
        let tags = self.tagger.tags.iter().map(|(upos, xpos)| format!("{}/{xpos} ", upos.as_str()));
        hash_bytes(tags.collect::<String>().as_bytes())
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.string("words");
        self.segmenter.write(to);
        self.tagger.write(to);
        self.lemmatiser.write(to);
        to.number(self.bundles.len() as u64);
        for bundle in &self.bundles {
            to.string(bundle);
        }
        self.feats.write(to);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        from.expect("words")?;
        let segmenter = Segmenter::read(from)?;
        let tagger = Tagger::read(from)?;
        let lemmatiser = Lemmatiser::read(from)?;
        let mut bundles = Vec::new();
        for _ in 0..from.count()? {
            bundles.push(intern::intern(from.string()?));
        }
        let feats = Backoff::read(from, bundles.len())?;
        Ok(Self { segmenter, tagger, lemmatiser, bundles, feats })
    }
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
    /// The words of neighbouring sentences.
    atoms: Vec<Atoms>,
    casing: Casing,
    tags: Vec<u16>,
    arcs: Vec<(usize, Deprel)>,
    tagger: tagger::Scratch,
    parser: parser::Scratch,
    lemma: String,
    lemmas: Vec<Box<str>>,
}

impl Buffers {
    /// Looks at the words of neighbouring sentences.
    fn look(&mut self, sentences: impl Iterator<Item = impl Iterator<Item = Atoms>>) {
        self.atoms.clear();
        self.casing.clear();
        for sentence in sentences {
            let start = self.atoms.len();
            self.atoms.extend(sentence);
            self.casing.add(&self.atoms[start..]);
        }
        self.casing.complete();
        self.casing.note(&mut self.atoms);
    }
}

impl Pipeline {
    /// The accurate models that are part of the program, unpacked on first use.
    ///
    /// # Panics
    /// If the models in the program are damaged, which the build's own tests rule out.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Pipeline> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self::unpack("accurate", include_bytes!("../../models/english-accurate.bglang")))
    }

    /// The same with the fast parser, which is several times as fast and makes more mistakes.
    ///
    /// # Panics
    /// If the models in the program are damaged, which the build's own tests rule out.
    pub fn embedded_fast() -> &'static Self {
        static EMBEDDED: OnceLock<Pipeline> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self::unpack("fast", include_bytes!("../../models/english-fast.bglang")))
    }

    fn unpack(name: &str, parser: &[u8]) -> Self {
        let words = include_bytes!("../../models/english-words.bglang");
        Self::from_bytes(("english-words", words), (&format!("english-{name}"), parser))
            .unwrap_or_else(|error| panic!("the embedded {error}"))
    }

    /// Reads models: that of the words, and that of the dependencies, each with a name for error messages.
    ///
    /// # Errors
    /// A file that is no model, of another format version, damaged, or of the other kind; or two that do not go together.
    pub fn from_bytes(words: (&str, &[u8]), parser: (&str, &[u8])) -> Result<Self, ModelError> {
        let read_words = || Words::read(&mut Reader::new(words.0, &open(words.0, words.1)?));
        let read_parser = || {
            let content = open(parser.0, parser.1)?;
            let from = &mut Reader::new(parser.0, &content);
            from.expect("dependencies")?;
            Ok((from.number()?, Parser::read(from)?))
        };
        let (words, (fingerprint, parser_read)) = std::thread::scope(|scope| {
            let words = scope.spawn(read_words);
            let parser = read_parser();
            // A thread that panicked has told so itself.
            let words = words.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok::<_, ModelError>((words?, parser?))
        })?;
        if fingerprint != u64::from(words.fingerprint()) {
            return Err(Reader::new(parser.0, &[]).broken("it was trained with other models of the words"));
        }
        Ok(Self { words, parser: parser_read })
    }

    /// The model files of the words and of the dependencies.
    ///
    /// # Errors
    /// If there is no memory to compress them.
    pub fn to_bytes(&self) -> Result<(Vec<u8>, Vec<u8>), ModelError> {
        let mut words = Writer::default();
        self.words.write(&mut words);
        let mut parser = Writer::default();
        parser.string("dependencies");
        parser.number(u64::from(self.words.fingerprint()));
        self.parser.write(&mut parser);
        Ok((words.finish("words")?, parser.finish("dependencies")?))
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

    /// The sentences of a text, in bytes, without looking at their words.
    pub fn sentences(&self, text: &str) -> Vec<Span> {
        let (mut pieces, mut ranges) = (Vec::new(), Vec::new());
        self.segment(text, 0, &mut pieces, &mut ranges);
        let span =
            |range: &Range<usize>| Span { start: pieces[range.start].span.start, end: pieces[range.end - 1].span.end };
        ranges.iter().map(span).collect()
    }

    /// The pieces of a text and the ranges of them that are its sentences. None goes on from the headline into the body, even
    /// where it ends like an abbreviation.
    fn segment(&self, text: &str, headline_end: usize, pieces: &mut Vec<Piece>, ranges: &mut Vec<Range<usize>>) {
        let mut found = Vec::new();
        self.words.segmenter.segment(text, pieces, &mut found);
        ranges.clear();
        let body = pieces.partition_point(|p| (p.span.start as usize) < headline_end);
        let repeated = body + repeated_headline(text, &pieces[..body], &pieces[body..]);
        for mut rest in found {
            for cut in [body, repeated] {
                if rest.start < cut && cut < rest.end {
                    ranges.push(rest.start..cut);
                    rest.start = cut;
                }
            }
            while rest.len() > LONGEST {
                let cut = cut(text, pieces, rest.start);
                ranges.push(rest.start..cut);
                rest.start = cut;
            }
            ranges.push(rest);
        }
    }

    fn analyse_parts(&self, text: String, headline_end: usize) -> Document {
        let mut pieces = Vec::new();
        let mut ranges = Vec::new();
        self.segment(&text, headline_end, &mut pieces, &mut ranges);
        let mut words = Vec::with_capacity(pieces.len());
        let mut sentences = Vec::with_capacity(ranges.len());
        let mut buffers = Buffers::default();
        for neighbours in ranges.chunks(NEIGHBOURS) {
            let first = neighbours.first().map_or(0, |r| r.start);
            buffers.look(neighbours.iter().map(|range| {
                let form = |piece: &Piece| Atoms::of(piece.span.of(&text));
                pieces[range.clone()].iter().map(form)
            }));
            for range in neighbours {
                let span = Span { start: pieces[range.start].span.start, end: pieces[range.end - 1].span.end };
                let headline = (span.start as usize) < headline_end;
                let opens = !headline && sentences.last().is_none_or(|before: &Sentence| before.headline);
                let label = match headline {
                    true => Label::None,
                    false if opens => Label::Dateline,
                    false => Label::Colon,
                };
                self.analyse_sentence(&text, &pieces, range, (range.start - first, label), &mut words, &mut buffers);
                sentences.push(Sentence { span, words: range.clone(), headline });
            }
        }
        Document::new(text, sentences, words)
    }

    fn analyse_sentence(
        &self,
        text: &str,
        pieces: &[Piece],
        range: &Range<usize>,
        (first, label): (usize, Label),
        words: &mut Vec<Word>,
        buffers: &mut Buffers,
    ) {
        let form = |i: usize| pieces[range.start + i].span.of(text);
        // Whether a word stands apart from the one before it.
        let apart = |i: usize| i > 0 && pieces[range.start + i - 1].span.end < pieces[range.start + i].span.start;
        self.annotate(first..first + range.len(), form, (label, apart), buffers);
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
        let mut start = 0;
        while start < trees.len() {
            let end = neighbourhood_end(trees, start);
            self.annotate_neighbours(&mut trees[start..end], &mut buffers);
            start = end;
        }
    }

    fn annotate_neighbours(&self, trees: &mut [Tree], buffers: &mut Buffers) {
        buffers.look(trees.iter().map(|tree| tree.words.iter().map(|w| Atoms::of(&w.form))));
        let mut first = 0;
        for tree in trees {
            let end = first + tree.words.len();
            self.annotate(first..end, |i| &tree.words[i].form, (Label::None, |_| false), buffers);
            first = end;
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

    /// Analyses the sentence whose words stand at `place` among those looked at, `form` giving their characters. A label before
    /// the sentence proper has a tree of its own, which hangs on that of the sentence.
    fn annotate<'a>(
        &self,
        place: Range<usize>,
        form: impl Fn(usize) -> &'a str,
        (label, apart): (Label, impl Fn(usize) -> bool),
        buffers: &mut Buffers,
    ) {
        let length = place.len();
        let mut root = None;
        let mut start = 0;
        let mut labelled = 0;
        buffers.annotations.clear();
        while start < length {
            let mut end = length.min(start + LONGEST);
            let atoms = &buffers.atoms[place.start + start..place.start + end];
            self.words.tagger.tag(atoms, &mut buffers.tags, &mut buffers.tagger);
            if start == 0 && end == length {
                let upos = |i: usize| self.words.tagger.tags[buffers.tags[i] as usize].0;
                labelled = label.end(length, &form, &apart, upos);
                end = if labelled > 0 { labelled } else { end };
            }
            let atoms = &atoms[..end - start];
            buffers.lemmas.clear();
            buffers.parser.sentence.clear();
            for (i, atoms) in atoms.iter().enumerate() {
                let tag = buffers.tags[i];
                self.words.lemmatiser.lemma(form(start + i), u32::from(tag), &mut buffers.lemma);
                let lemma = hash_lower(&buffers.lemma);
                let pair = self.words.tagger.tags[tag as usize];
                buffers.parser.sentence.push(atoms, tag, buffers.tagger.others[i], lemma, pair);
                buffers.lemmas.push(buffers.lemma.as_str().into());
            }
            self.parser.parse(&mut buffers.parser, &mut buffers.arcs);
            for (i, &(head, deprel)) in buffers.arcs.iter().enumerate() {
                let form = form(start + i);
                let tag = buffers.tags[i];
                let (upos, xpos) = self.words.tagger.tags[tag as usize];
                let feats = self.words.feats.value(form, u32::from(tag)).map_or("", |n| self.words.bundles[n as usize]);
                let (head, deprel) = match (head == i, root) {
                    (false, _) => (Some(start + head), deprel),
                    (true, None) if start < labelled => (None, Deprel::Root),
                    (true, None) => {
                        root = Some(start + i);
                        (None, Deprel::Root)
                    }
                    (true, Some(root)) => (Some(root), Deprel::Parataxis),
                };
                let lemma = std::mem::take(&mut buffers.lemmas[i]);
                buffers.annotations.push(Annotation { lemma, upos, xpos, feats, head, deprel });
            }
            start = end;
        }
        for annotation in buffers.annotations.iter_mut().take(labelled).filter(|a| a.head.is_none()) {
            (annotation.head, annotation.deprel) = (root, Deprel::Parataxis);
        }
    }
}

/// The most words that a label has.
const LABEL: usize = 20;

/// What may stand before a sentence without being a part of it: the place and day of a report, the name of a column.
///
/// Parsed together with the sentence it draws subjects and objects to itself: "COLOMBO: Police used tear gas", "17 May,
/// Kamenge: a grenade was thrown".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    /// None: a headline, a tree of a treebank.
    None,
    /// A few words without a verb, then a colon.
    Colon,
    /// The same, or names and figures and then a dash, as before the first sentence of a report.
    Dateline,
}

impl Label {
    /// How many of the `length` words of a sentence are its label and the mark behind it; 0 if it has none.
    fn end<'a>(
        self,
        length: usize,
        form: impl Fn(usize) -> &'a str,
        apart: impl Fn(usize) -> bool,
        upos: impl Fn(usize) -> Upos,
    ) -> usize {
        if self == Self::None {
            return 0;
        }
        let verb = |i: usize| matches!(upos(i), Upos::Verb | Upos::Aux);
        let mut named = true;
        for at in 0..length.min(LABEL) {
            let dash = matches!(form(at), "-" | "–" | "—" | "--");
            let dated = dash && self == Self::Dateline && named && apart(at);
            let mark =
                at > 0 && at + 1 < length && apart(at + 1) && (form(at) == ":" || dated && is_open(form(at + 1)));
            if mark && (at + 1..length).any(verb) {
                return at + 1;
            }
            if verb(at) {
                return 0;
            }
            named &= matches!(upos(at), Upos::Propn | Upos::Num | Upos::Punct) || dash;
        }
        0
    }
}

/// Whether a word may open a sentence.
fn is_open(form: &str) -> bool {
    form.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "\"“‘'".contains(c))
}

/// How many pieces at the beginning of the body are the headline once more, without a mark at its end: pages run them together.
fn repeated_headline(text: &str, headline: &[Piece], body: &[Piece]) -> usize {
    /// A headline of fewer pieces may just be how the first sentence begins.
    const SHORTEST: usize = 4;
    let form = |p: &Piece| p.span.of(text);
    let same = headline.len() < body.len() && headline.iter().zip(body).all(|(a, b)| form(a) == form(b));
    let next = body.get(headline.len()).and_then(|p| form(p).chars().next());
    let goes_on = next.is_none_or(|c| !c.is_uppercase() && !c.is_numeric());
    if headline.len() < SHORTEST || !same || goes_on { 0 } else { headline.len() }
}

/// Where to cut a run of too many pieces that begins at `start`: behind the last mark among those that one sentence may have,
/// and not within a token.
fn cut(text: &str, pieces: &[Piece], start: usize) -> usize {
    let end = start + LONGEST;
    let is_mark = |piece: &Piece| matches!(piece.span.of(text), "," | ";" | ":" | "|" | ")" | "•");
    let behind_mark = (end - SLACK..=end).rev().find(|&at| is_mark(&pieces[at - 1]) && !pieces[at].continues);
    behind_mark.or_else(|| (start + 1..=end).rev().find(|&at| !pieces[at].continues)).unwrap_or(end)
}
