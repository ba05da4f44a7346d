//! Articles with what people read from them: one JSON object a line, with the article and its annotations.
//!
//! [`Gold::read`] takes the lines. One that cannot be used is told with its number, what is wrong and how to mend it; the
//! others are scored all the same. Offsets count code points of the text, the end is exclusive.

use super::names::nearest;
use super::prediction::Span;
use super::schemes::{Schemes, Vocabulary};
use crate::article::{self, Article, NumberedLines, ReadFailure};
use crate::ontology::Ontology;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// The keys of the annotations that are scored.
const SCORED: &[&str] = &[
    "entities",
    "entities_low_confidence",
    "relations",
    "relations_low_confidence",
    "event_type",
    "sub_event_type",
    "plover",
    "source_actors",
    "target_actors",
    "reciprocal",
    "actor",
    "actor1",
    "actor2",
    "location",
    "killed",
    "injured",
    "captured",
    "killed_by_group",
    "date",
];

/// An annotated article.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldArticle {
    /// Its identifier.
    pub id: String,
    /// The article as it is given to the extraction.
    pub article: Article,
    /// What people read from it.
    pub gold: Annotations,
}

/// What people read from an article. What is absent was not annotated.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Annotations {
    pub(super) entities: Option<Vec<Entity>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) entities_low_confidence: Vec<Entity>,
    pub(super) relations: Option<Vec<Relation>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) relations_low_confidence: Vec<Relation>,
    #[serde(deserialize_with = "one_or_many")]
    pub(super) event_type: Vec<String>,
    pub(super) sub_event_type: Option<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub(super) plover: Vec<String>,
    pub(super) source_actors: Option<Vec<String>>,
    pub(super) target_actors: Option<Vec<String>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) reciprocal: bool,
    #[serde(deserialize_with = "one_or_many")]
    actor: Vec<String>,
    actor1: Option<String>,
    actor2: Option<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub(super) location: Vec<String>,
    pub(super) killed: Option<Count>,
    pub(super) injured: Option<Count>,
    pub(super) captured: Option<Count>,
    #[serde(deserialize_with = "nullable")]
    pub(super) killed_by_group: Groups,
    #[serde(deserialize_with = "date")]
    pub(super) date: Option<Date>,
}

impl Annotations {
    /// The actors' names.
    pub(super) fn actors(&self) -> impl Iterator<Item = &str> {
        let numbered = [&self.actor1, &self.actor2].into_iter().flatten().filter(|_| self.actor.is_empty());
        self.actor.iter().chain(numbered).map(String::as_str).filter(|name| !name.is_empty())
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Entity {
    pub(super) start: usize,
    pub(super) end: usize,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Relation {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) source: Span,
    pub(super) target: Span,
}

/// A number of people, or the bounds of one.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged, expecting = "a number of people, or {\"min\": …, \"max\": …}")]
pub(super) enum Count {
    Number(u64),
    Between {
        min: u64,
        #[serde(default)]
        max: Option<u64>,
    },
}

impl Count {
    /// The least and the most.
    pub(super) fn bounds(self) -> (u64, u64) {
        match self {
            Self::Number(number) => (number, number),
            Self::Between { min, max } => (min, max.unwrap_or(min)),
        }
    }
}

/// Numbers of killed by who they were.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub(super) struct Groups {
    #[serde(deserialize_with = "nullable")]
    pub(super) civilians: u64,
    #[serde(deserialize_with = "nullable")]
    pub(super) noncivilians: u64,
}

/// The default value for null.
pub(super) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// A string, a list of strings, or nothing.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a string or a list of strings")]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::<OneOrMany>::deserialize(from)? {
        None => Vec::new(),
        Some(OneOrMany::One(text)) if text.is_empty() => Vec::new(),
        Some(OneOrMany::One(text)) => vec![text],
        Some(OneOrMany::Many(texts)) => texts,
    })
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(from)?.filter(|text| !text.trim().is_empty());
    text.map(|text| article::parse_date(&text).map_err(|_| serde::de::Error::custom(format!("no date: `{text}`"))))
        .transpose()
}

/// The part of a line that is the article.
#[derive(Deserialize)]
struct Text {
    #[serde(default, deserialize_with = "nullable")]
    headline: String,
    #[serde(default, rename = "text", alias = "body", deserialize_with = "nullable")]
    body: String,
    #[serde(default, deserialize_with = "date")]
    published: Option<Date>,
    #[serde(default)]
    source: Option<String>,
}

/// A line that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {failure}{}", .failure.hint().map_or_else(String::new, |hint| format!(" ({hint})")))]
pub struct GoldError {
    /// Its number, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub failure: GoldFailure,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GoldFailure {
    /// It cannot be read.
    #[error(transparent)]
    Line(ReadFailure),
    /// No JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// No object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A key that it must have.
    #[error("it has no `{0}`")]
    Lacks(&'static str),
    /// The identifier of a line before.
    #[error("`{0}` is the `id` of an earlier line too")]
    Repeated(String),
    /// A value of another form.
    #[error("`{path}`: {message}")]
    Value {
        /// Where in the object.
        path: String,
        /// What stands there.
        message: String,
    },
    /// A span that is none.
    #[error("`{path}` is {start} to {end}, but the text has {length} characters")]
    Span {
        /// Where in the object.
        path: String,
        /// The first code point.
        start: usize,
        /// The code point after the last.
        end: usize,
        /// Those of the text.
        length: usize,
    },
    /// A name that no scheme has.
    #[error("`{path}` has `{name}`, which is {what}")]
    UnknownName {
        /// Where in the object.
        path: &'static str,
        /// The name.
        name: String,
        /// What it is not.
        what: &'static str,
        /// A known name like it.
        near: Option<String>,
    },
}

impl GoldFailure {
    pub(super) fn of_value(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self::Value { path: error.path().to_string(), message: error.inner().to_string() }
    }

    /// How to mend it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Line(failure) => return failure.hint(),
            Self::Json(_) | Self::NotAnObject => "each line must be one whole JSON object".to_owned(),
            Self::Lacks("gold") => "put the annotations into an object `gold`".to_owned(),
            Self::Lacks("id") | Self::Repeated(_) => "give each article an `id` of its own".to_owned(),
            Self::Lacks(_) => "put the article into `text`, and its headline into `headline`".to_owned(),
            Self::Value { message, .. } if message.contains("no date") => "write it as in 2016-07-03".to_owned(),
            Self::Value { .. } | Self::UnknownName { near: None, .. } => return None,
            Self::Span { start, end, .. } if start >= end => "the end is the character after the last".to_owned(),
            Self::Span { .. } => {
                "offsets count Unicode characters of `text`, not bytes, and not the headline".to_owned()
            }
            Self::UnknownName { near: Some(near), .. } => format!("is it `{near}`?"),
        })
    }
}

/// The articles of a file of gold.
#[derive(Debug, Default)]
pub struct Gold {
    /// The articles.
    pub articles: Vec<GoldArticle>,
    /// The lines that cannot be used.
    pub errors: Vec<GoldError>,
    /// Keys of annotations that look like misspelt ones, and what they may be meant to be.
    pub odd_keys: BTreeMap<String, &'static str>,
}

impl Gold {
    /// Reads annotated articles; those that do not say when they were published get `published`.
    pub fn read(mut lines: NumberedLines, ontology: &Ontology, published: Option<Date>) -> Self {
        let schemes = Schemes::new(ontology);
        let mut gold = Self::default();
        let mut ids = BTreeSet::new();
        while let Some((number, line)) = lines.next_line() {
            let parsed = line.map_err(GoldFailure::Line).and_then(|line| {
                let article = gold.article(line, published)?;
                if ids.contains(&article.id) {
                    return Err(GoldFailure::Repeated(article.id));
                }
                check_spans(&article)?;
                check_types(&article.gold, &schemes)?;
                Ok(article)
            });
            match parsed {
                Ok(article) => {
                    ids.insert(article.id.clone());
                    gold.articles.push(article);
                }
                Err(failure) => gold.errors.push(GoldError { line: number, failure }),
            }
        }
        gold
    }

    fn article(&mut self, line: &[u8], published: Option<Date>) -> Result<GoldArticle, GoldFailure> {
        let mut object = object_of(line)?;
        let id = id_of(&object)?;
        let annotations = object.remove("gold").filter(|gold| !gold.is_null()).ok_or(GoldFailure::Lacks("gold"))?;
        for key in annotations.as_object().into_iter().flatten().map(|(key, _)| key) {
            if let Some(near) = nearest(key, SCORED.iter().copied()).filter(|near| near != key) {
                self.odd_keys.insert(key.clone(), near);
            }
        }
        let gold = serde_path_to_error::deserialize(annotations).map_err(|error| GoldFailure::Value {
            path: format!("gold.{}", error.path()),
            message: error.inner().to_string(),
        })?;
        let text: Text =
            serde_path_to_error::deserialize(Json::Object(object)).map_err(|error| GoldFailure::of_value(&error))?;
        if text.body.trim().is_empty() && text.headline.trim().is_empty() {
            return Err(GoldFailure::Lacks("text"));
        }
        let article = Article {
            id: Some(id.clone()),
            headline: text.headline,
            body: text.body,
            publisher: text.source,
            published: text.published.or(published),
            ..Article::default()
        };
        Ok(GoldArticle { id, article, gold })
    }
}

/// The object on a line.
pub(super) fn object_of(line: &[u8]) -> Result<Map<String, Json>, GoldFailure> {
    let message = |error: &serde_json::Error| {
        let text = error.to_string();
        text.split_once(" at line ").map_or(text.clone(), |(what, _)| format!("{what} at column {}", error.column()))
    };
    match serde_json::from_slice(line) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err(GoldFailure::NotAnObject),
        Err(error) => Err(GoldFailure::Json(message(&error))),
    }
}

/// The identifier of an article.
pub(super) fn id_of(object: &Map<String, Json>) -> Result<String, GoldFailure> {
    match object.get("id") {
        Some(Json::String(id)) if !id.is_empty() => Ok(id.clone()),
        Some(Json::Number(id)) => Ok(id.to_string()),
        _ => Err(GoldFailure::Lacks("id")),
    }
}

fn check_spans(article: &GoldArticle) -> Result<(), GoldFailure> {
    let length = article.article.body.chars().count();
    let check = |path: String, (start, end): Span| {
        if start < end && end <= length { Ok(()) } else { Err(GoldFailure::Span { path, start, end, length }) }
    };
    let gold = &article.gold;
    for (key, entities) in [
        ("entities", gold.entities.as_deref().unwrap_or_default()),
        ("entities_low_confidence", &gold.entities_low_confidence),
    ] {
        for (i, entity) in entities.iter().enumerate() {
            check(format!("gold.{key}[{i}]"), (entity.start, entity.end))?;
        }
    }
    for (key, relations) in [
        ("relations", gold.relations.as_deref().unwrap_or_default()),
        ("relations_low_confidence", &gold.relations_low_confidence),
    ] {
        for (i, relation) in relations.iter().enumerate() {
            check(format!("gold.{key}[{i}].source"), relation.source)?;
            check(format!("gold.{key}[{i}].target"), relation.target)?;
        }
    }
    Ok(())
}

/// Checks that the event types are known.
fn check_types(gold: &Annotations, schemes: &Schemes) -> Result<(), GoldFailure> {
    use Vocabulary::{Acled, Plover};
    let sub = gold.sub_event_type.as_slice();
    for (path, names, of, what) in [
        ("gold.event_type", gold.event_type.as_slice(), [Plover, Acled], "no event type of PLOVER or ACLED"),
        ("gold.sub_event_type", sub, [Acled, Acled], "no sub-event type of ACLED"),
        ("gold.plover", gold.plover.as_slice(), [Plover, Plover], "no event type of PLOVER"),
    ] {
        let unknown = |name: &&String| !schemes.vocabulary_of(name).is_some_and(|own| of.contains(&own));
        if let Some(name) = names.iter().find(unknown) {
            let near = schemes.nearest(name).map(ToOwned::to_owned);
            return Err(GoldFailure::UnknownName { path, name: name.clone(), what, near });
        }
    }
    Ok(())
}
