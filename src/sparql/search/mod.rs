//! Search in names and texts: which actors, places and articles some words speak of.
//!
//! [`Index::of`] gives the index of a store. It lies beside the store and knows the revision it was made of. When the store has moved on,
//! what is new, changed or gone is brought up to date, each thing by a stamp of what the index has of it; when the files are damaged
//! they are made anew. So nobody has to keep it up; where nothing can be written it is made in memory.
//! [`Index::find`] asks it, and `SERVICE bg:search` does so inside SPARQL.

mod service;
mod things;

pub use service::Service;

use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::MmapDirectory;
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, QueryParser, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{DocId, IndexReader, Score, SegmentReader, TantivyDocument, TantivyError, Term};
use thiserror::Error;

/// The extension of the folder beside the store.
const FOLDER: &str = "search";

/// Grows when what is in an index changes, so that indexes of older programs are made anew.
const VERSION: u32 = 2;

/// What the writer may hold in memory before it writes.
const MEMORY: usize = 32 * 1024 * 1024;

/// The longest snippet, in characters.
const SNIPPET: usize = 220;

/// How names and texts are cut into words.
const NAMES: &str = "names";
const TEXTS: &str = "texts";

/// Why there is no index or no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index.
    #[error("the search index failed")]
    Index(#[from] TantivyError),
    /// The pattern of a `SERVICE bg:search`.
    #[error(
        "SERVICE bg:search cannot answer {0}; write SERVICE bg:search {{ ?thing bg:matches \"words\" ; bg:score ?score ; \
         bg:snippet ?snippet ; bg:category \"actor\" ; bg:limit 10 }}, of which only bg:matches must be there"
    )]
    Pattern(String),
}

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// A person, group, organization or state.
    Actor,
    /// A place.
    Place,
    /// An article.
    Article,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Actor, Self::Place, Self::Article];

    /// Its name in queries and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Place => "place",
            Self::Article => "article",
        }
    }

    /// The category of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its IRI.
    pub iri: String,
    /// What it is.
    pub category: Category,
    /// Its name, or the headline of an article.
    pub label: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// How well it fits; only to be compared within one search.
    pub score: f32,
    /// The part of an article's text that fits best; empty for what has no text.
    pub snippet: String,
    /// The words of the snippet that were searched for, in bytes.
    pub highlighted: Vec<Range<usize>>,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The best, as many as were asked for.
    pub hits: Vec<Hit>,
    /// How many there are in each category.
    pub counts: BTreeMap<Category, usize>,
    /// Whether nothing has just these words, and what is alike was taken.
    pub is_fuzzy: bool,
}

/// The index of a store.
pub struct Index {
    files: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

#[derive(Clone, Copy)]
struct Fields {
    iri: Field,
    category: Field,
    label: Field,
    alias: Field,
    body: Field,
    weight: Field,
    /// What it is known by here, and a sum of what was read of it.
    key: Field,
    stamp: Field,
}

/// A thing as the index holds it.
#[derive(Debug, Default)]
struct Entry {
    iri: String,
    category: &'static str,
    label: String,
    aliases: Vec<String>,
    body: String,
    /// How often it is mentioned.
    weight: u64,
}

/// The index that was used last, with where it lies and the revision it is of.
type Last = Option<(PathBuf, String, Arc<Index>)>;

static LAST: Mutex<Last> = Mutex::new(None);

impl Index {
    /// The index of a store as it is now: the one beside it if that is of this revision, else a new one.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or no index be made.
    pub fn of(store: &Store) -> Result<Arc<Self>, SearchError> {
        let Some(folder) = store.beside(FOLDER) else {
            return Ok(Arc::new(Self::in_memory(store)?));
        };
        let revision = format!("{}{}", kind(), store.revision()?);
        // Held while an index is made: whoever comes meanwhile needs the same one.
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, of, index)) = &*last
            && *known == folder
            && *of == revision
        {
            return Ok(Arc::clone(index));
        }
        let index = match Self::open(&folder) {
            Some((index, of)) if of == revision => index,
            // An older one is a good begin, unless another process is at it.
            Some((index, of)) if of.starts_with(&kind()) => match index.follow(store, &revision) {
                Ok(index) => index,
                Err(error) => {
                    tracing::debug!(%error, "the search index cannot be brought up to date and is made anew");
                    Self::renew(&folder, store, &revision)?
                }
            },
            _ => Self::renew(&folder, store, &revision)?,
        };
        let index = Arc::new(index);
        *last = Some((folder, revision, Arc::clone(&index)));
        Ok(index)
    }

    /// The index in a folder, if it is whole, with the revision it is of.
    fn open(folder: &Path) -> Option<(Self, String)> {
        let opened = || -> Result<Option<(Self, String)>, TantivyError> {
            let index = tantivy::Index::open_in_dir(folder)?;
            let Some(revision) = index.load_metas()?.payload else { return Ok(None) };
            let damaged = index.validate_checksum()?;
            if !damaged.is_empty() {
                tracing::warn!(folder = %folder.display(), "the search index is damaged and will be made anew");
                return Ok(None);
            }
            Ok(Some((Self::prepared(index)?, revision)))
        };
        // Whatever is wrong with it, a new one will be right.
        if folder.exists() { opened().ok().flatten() } else { None }
    }

    /// Makes a new index, in a folder of its own that then takes the place of the old.
    fn renew(folder: &Path, store: &Store, revision: &str) -> Result<Self, SearchError> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let begun = format!("{name}-new-");
        clear_left_over(folder, &begun);
        let new = folder.with_file_name(format!("{begun}{}", std::process::id()));
        let directory = fs::remove_dir_all(&new)
            .or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
            .and_then(|()| fs::create_dir(&new))
            .ok()
            .and_then(|()| MmapDirectory::open(&new).ok());
        let Some(directory) = directory else {
            // A folder that cannot be written to is no reason not to search.
            return Self::in_memory(store);
        };
        let index = tantivy::Index::create(directory, schema().0, tantivy::IndexSettings::default())?;
        Self::prepared(index)?.follow(store, revision)?;
        let _ = fs::remove_dir_all(folder);
        if fs::rename(&new, folder).is_err() {
            // Another process was faster; its index is as good.
            let _ = fs::remove_dir_all(&new);
        }
        match Self::open(folder) {
            Some((index, of)) if of == revision => Ok(index),
            _ => Self::in_memory(store),
        }
    }

    fn in_memory(store: &Store) -> Result<Self, SearchError> {
        Self::prepared(tantivy::Index::create_in_ram(schema().0))?.follow(store, "")
    }

    /// Brings the index up to date with the store: what is in it and as it was is left alone. All of it is done, or nothing.
    fn follow(self, store: &Store, revision: &str) -> Result<Self, SearchError> {
        let mut known = self.stamps()?;
        let mut seen = BTreeSet::new();
        let fields = self.fields;
        let mut writer = self.files.writer_with_num_threads(1, MEMORY)?;
        let outdated = |writer: &tantivy::IndexWriter, key| {
            writer.delete_term(Term::from_field_u64(fields.key, key));
        };
        things::each(store, &mut |known_as, thing| {
            // Who adds graphs by hand may say twice what a thing is.
            if !seen.insert(known_as.key) {
                return Ok(());
            }
            let of_it = known.remove(&known_as.key);
            if of_it == Some(known_as.stamp) {
                return Ok(());
            }
            if of_it.is_some() {
                outdated(&writer, known_as.key);
            }
            let entry = thing.read()?;
            if entry.label.is_empty() {
                return Ok(());
            }
            let mut document = TantivyDocument::new();
            document.add_text(fields.iri, entry.iri);
            document.add_text(fields.category, entry.category);
            document.add_text(fields.label, entry.label);
            for alias in entry.aliases {
                document.add_text(fields.alias, alias);
            }
            if !entry.body.is_empty() {
                document.add_text(fields.body, entry.body);
            }
            document.add_u64(fields.weight, entry.weight);
            document.add_u64(fields.key, known_as.key);
            document.add_u64(fields.stamp, known_as.stamp);
            writer.add_document(document)?;
            Ok(())
        })?;
        for key in known.into_keys() {
            outdated(&writer, key);
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(revision);
        commit.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(self)
    }

    /// The keys of what is in the index, and the stamps.
    fn stamps(&self) -> Result<BTreeMap<u64, u64>, TantivyError> {
        let mut stamps = BTreeMap::new();
        for segment in self.reader.searcher().segment_readers() {
            let column = |name: &str| Ok::<_, TantivyError>(segment.fast_fields().u64(name)?.first_or_default_col(0));
            let (keys, values) = (column("key")?, column("stamp")?);
            for document in segment.doc_ids_alive() {
                stamps.insert(keys.get_val(document), values.get_val(document));
            }
        }
        Ok(stamps)
    }

    fn prepared(index: tantivy::Index) -> Result<Self, TantivyError> {
        let names = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
        let texts = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
            .filter(Stemmer::new(Language::English));
        index.tokenizers().register(NAMES, names.build());
        index.tokenizers().register(TEXTS, texts.build());
        let reader = index.reader()?;
        let (schema, fields) = schema();
        if index.schema() != schema {
            return Err(TantivyError::SchemaError("the index is of another kind".to_owned()));
        }
        Ok(Self { files: index, reader, fields })
    }

    /// Finds what fits some words, all of them; what is written in quotes must stand just so, and `-word` must not stand there. If
    /// nothing does, what has names that are spelled alike.
    ///
    /// # Errors
    ///
    /// If the index cannot be read.
    pub fn find(&self, words: &str, only: Option<Category>, limit: usize, offset: usize) -> Result<Found, SearchError> {
        let exact = self.exact(words);
        let found = self.search(&*exact, only, limit, offset)?;
        if found.counts.values().any(|count| *count > 0) {
            return Ok(found);
        }
        let Some(alike) = self.alike(words)? else { return Ok(found) };
        Ok(Found { is_fuzzy: true, ..self.search(&alike, only, limit, offset)? })
    }

    fn exact(&self, words: &str) -> Box<dyn Query> {
        let Fields { label, alias, body, .. } = self.fields;
        let mut parser = QueryParser::for_index(&self.files, vec![label, alias, body]);
        parser.set_conjunction_by_default();
        parser.set_field_boost(label, 4.0);
        parser.set_field_boost(alias, 3.0);
        // A colon names no field here, and other marks of the parser's language are what people type in names.
        let plain: String =
            words.chars().map(|c| if matches!(c, '"' | '-') || c.is_alphanumeric() { c } else { ' ' }).collect();
        parser.parse_query_lenient(&plain).0
    }

    /// Names whose words are spelled like these, or begin so.
    fn alike(&self, words: &str) -> Result<Option<BooleanQuery>, SearchError> {
        let mut analyzer = self.files.tokenizer_for_field(self.fields.label)?;
        let mut tokens = analyzer.token_stream(words);
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        while let Some(token) = tokens.next() {
            let distance = match token.text.chars().count() {
                0..=3 => 0,
                4..=7 => 1,
                _ => 2,
            };
            let either = [(self.fields.label, 4.0), (self.fields.alias, 3.0)].map(|(field, boost)| {
                let term = Term::from_field_text(field, &token.text);
                let query: Box<dyn Query> = Box::new(FuzzyTermQuery::new_prefix(term, distance, true));
                (Occur::Should, Box::new(BoostQuery::new(query, boost)) as Box<dyn Query>)
            });
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(either.into()))));
        }
        Ok((!clauses.is_empty()).then(|| BooleanQuery::new(clauses)))
    }

    fn search(
        &self,
        query: &dyn Query,
        only: Option<Category>,
        limit: usize,
        offset: usize,
    ) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        let of = |category: Category| {
            let term = Term::from_field_text(self.fields.category, category.name());
            let is_so: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
            // The category decides and does not count.
            let is_so: Box<dyn Query> = Box::new(BoostQuery::new(is_so, 0.0));
            BooleanQuery::new(vec![(Occur::Must, query.box_clone()), (Occur::Must, is_so)])
        };
        let mut counts = BTreeMap::new();
        for category in Category::ALL {
            counts.insert(category, searcher.search(&of(category), &Count)?);
        }
        // What is mentioned more often is more likely meant.
        let weighted = |segment: &SegmentReader| {
            let weight = segment.fast_fields().u64("weight").map(|column| column.first_or_default_col(0)).ok();
            move |document: DocId, score: Score| {
                let weight = weight.as_ref().map_or(0, |column| column.get_val(document));
                score * (1.0 + (1.0 + weight as Score).ln() / 4.0)
            }
        };
        let all = only.map_or_else(|| counts.values().sum(), |category| counts.get(&category).copied().unwrap_or(0));
        if offset >= all {
            return Ok(Found { hits: Vec::new(), counts, is_fuzzy: false });
        }
        let limit = limit.min(all - offset);
        let best = TopDocs::with_limit(limit.max(1)).and_offset(offset).tweak_score(weighted);
        let best = match only {
            Some(category) => searcher.search(&of(category), &best)?,
            None => searcher.search(query, &best)?,
        };
        let mut snippets = SnippetGenerator::create(&searcher, query, self.fields.body)?;
        snippets.set_max_num_chars(SNIPPET);
        let mut hits = Vec::new();
        for (score, address) in best.into_iter().take(limit) {
            let document: TantivyDocument = searcher.doc(address)?;
            let text = |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            let Some(category) = Category::of_name(text(self.fields.category)) else { continue };
            let body = text(self.fields.body);
            let snippet = snippets.snippet(body);
            let (fragment, highlighted) = if snippet.is_empty() {
                (body.chars().take(SNIPPET).collect(), Vec::new())
            } else {
                (snippet.fragment().to_owned(), snippet.highlighted().to_vec())
            };
            let aliases = document.get_all(self.fields.alias).filter_map(|value| value.as_str().map(str::to_owned));
            hits.push(Hit {
                iri: text(self.fields.iri).to_owned(),
                category,
                label: text(self.fields.label).to_owned(),
                aliases: aliases.collect(),
                score,
                snippet: fragment,
                highlighted,
            });
        }
        Ok(Found { hits, counts, is_fuzzy: false })
    }
}

/// Which program can use an index: the begin of what it says of itself.
fn kind() -> String {
    format!("{VERSION} ")
}

/// Removes what processes that were killed have begun beside the index; one that still runs writes now and then.
fn clear_left_over(folder: &Path, begun: &str) {
    let entries = folder.parent().and_then(|parent| fs::read_dir(parent).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let is_old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > std::time::Duration::from_mins(10)));
        if is_old && entry.file_name().to_string_lossy().starts_with(begun) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing).set_stored()
    };
    let fields = Fields {
        iri: schema.add_text_field("iri", STRING | STORED),
        category: schema.add_text_field("category", STRING | STORED),
        label: schema.add_text_field("label", text(NAMES)),
        alias: schema.add_text_field("alias", text(NAMES)),
        body: schema.add_text_field("body", text(TEXTS)),
        weight: schema.add_u64_field("weight", FAST),
        key: schema.add_u64_field("key", FAST | INDEXED),
        stamp: schema.add_u64_field("stamp", FAST),
    };
    (schema.build(), fields)
}
