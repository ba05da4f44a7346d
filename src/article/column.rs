//! The fields of an article in JSON objects, tables and front matter: under which names they are looked for.
//!
//! Names are compared without regard to case, spaces, `_` and `-`, so that `Published At` and `published_at` are one.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::Article;
use super::date::parse_date;
use super::outcome::ReadFailure;

/// A field of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The publisher's identifier.
    Id,
    /// The headline.
    Headline,
    /// The body.
    Body,
    /// The day of publication.
    Published,
    /// The publisher.
    Publisher,
    /// The author.
    Author,
    /// The address.
    Url,
    /// The language.
    Language,
}

impl Column {
    /// All columns.
    pub const ALL: [Self; 8] = [
        Self::Id,
        Self::Headline,
        Self::Body,
        Self::Published,
        Self::Publisher,
        Self::Author,
        Self::Url,
        Self::Language,
    ];

    /// The names it is looked for under, best first; the first is the one `--map` takes.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["id", "guid", "identifier"],
            Self::Headline => &["headline", "title"],
            Self::Body => &["body", "text", "content", "articlebody", "contenttext", "contenthtml"],
            Self::Published => &["published", "date", "publishedat", "datepublished", "pubdate", "publicationdate"],
            Self::Publisher => &["publisher", "source", "sitename"],
            Self::Author => &["author", "authors", "byline", "creator"],
            Self::Url => &["url", "link", "sourceurl"],
            Self::Language => &["language", "lang", "inlanguage"],
        }
    }

    /// The column a name stands for.
    pub(super) fn named(name: &str) -> Option<Self> {
        let folded = fold(name);
        Self::ALL.into_iter().find(|column| column.names().contains(&folded.as_str()))
    }
}

fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Names the user gave for columns, above the usual ones; `body=content.text` reaches into nested objects.
///
/// # Examples
///
/// ```
/// use belligraph::article::ColumnMap;
///
/// let mut columns = ColumnMap::default();
/// columns.insert("body=content.text".parse()?);
/// assert!("story=content".parse::<belligraph::article::ColumnMap>().is_err());
/// # Ok::<(), belligraph::article::ColumnMapError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    names: BTreeMap<Column, String>,
}

/// A `--map` that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnMapError {
    /// Not of the form `field=name`.
    #[error("`{0}` is not of the form `field=name`, as in `body=content`")]
    NoEquals(String),
    /// Not a field of an article.
    #[error(
        "`{0}` is no field of an article: known are id, headline, body, published, publisher, author, url and language"
    )]
    UnknownField(String),
}

impl FromStr for ColumnMap {
    type Err = ColumnMapError;

    fn from_str(mapping: &str) -> Result<Self, Self::Err> {
        let (field, name) = mapping
            .split_once('=')
            .filter(|(_, name)| !name.is_empty())
            .ok_or_else(|| ColumnMapError::NoEquals(mapping.to_owned()))?;
        let column = Column::named(field).ok_or_else(|| ColumnMapError::UnknownField(field.to_owned()))?;
        Ok(Self { names: BTreeMap::from([(column, name.to_owned())]) })
    }
}

impl ColumnMap {
    /// Adds the names of another map; its names win.
    pub fn insert(&mut self, other: Self) {
        self.names.extend(other.names);
    }

    /// Whether a list of names can be the header of a table of articles: it has a body or a headline and one more.
    pub(super) fn is_header(&self, names: &[&str]) -> bool {
        let found = |column| self.position(column, names).is_some();
        (found(Column::Body) || found(Column::Headline))
            && Column::ALL.into_iter().filter(|column| found(*column)).count() > 1
    }

    /// Which of the names of a header is the column.
    pub(super) fn position(&self, column: Column, header: &[&str]) -> Option<usize> {
        if let Some(name) = self.names.get(&column) {
            return header.iter().position(|given| given == name);
        }
        column.names().iter().find_map(|name| header.iter().position(|given| fold(given) == *name))
    }

    fn find<'a>(
        &self,
        column: Column,
        object: &'a Map<String, Value>,
        folded: &[String],
    ) -> Option<(&'a str, &'a Value)> {
        if let Some(name) = self.names.get(&column) {
            let entry = object.get_key_value(name).map(|(name, value)| (name.as_str(), value));
            return entry.or_else(|| nested(object, name));
        }
        column.names().iter().find_map(|name| {
            let entry = object.iter().zip(folded).find(|((_, value), folded)| *folded == name && !value.is_null());
            entry.map(|((given, value), _)| (given.as_str(), value))
        })
    }

    /// The text of one field of a JSON object, if there is one.
    pub(super) fn text_in(&self, column: Column, object: &Map<String, Value>) -> Option<String> {
        let separator = if column == Column::Body { "\n\n" } else { ", " };
        self.find(column, object, &fold_names(object))
            .and_then(|(_, value)| text_of(value, separator).ok().flatten())
            .filter(|text| !text.trim().is_empty())
    }

    /// Reads an article from a JSON object.
    pub(super) fn article_of_object(&self, object: &Map<String, Value>) -> Result<Reading, ReadFailure> {
        let mut cells = Cells::default();
        let folded = fold_names(object);
        for column in Column::ALL {
            let Some((name, value)) = self.find(column, object, &folded) else { continue };
            let separator = if matches!(column, Column::Body | Column::Headline) { "\n\n" } else { ", " };
            match text_of(value, separator) {
                Ok(Some(text)) => cells.set(column, text),
                Ok(None) => {}
                Err(found) if matches!(column, Column::Body | Column::Headline) => {
                    return Err(ReadFailure::NotAText { field: name.to_owned(), found });
                }
                Err(found) => cells.warnings.push(format!("`{name}` is {found}, not a text: left out")),
            }
        }
        if cells.article.body.is_empty() && cells.article.headline.is_empty() {
            let fields = object.keys().cloned().collect();
            return Err(ReadFailure::NoText { fields });
        }
        cells.finish()
    }
}

fn fold_names(object: &Map<String, Value>) -> Vec<String> {
    object.keys().map(|name| fold(name)).collect()
}

/// The value at the end of a path of names and list positions, with the last name that leads to it.
fn nested<'a>(object: &'a Map<String, Value>, path: &str) -> Option<(&'a str, &'a Value)> {
    let mut steps = path.split('.');
    let (mut name, mut value) = object.get_key_value(steps.next()?)?;
    for step in steps {
        match value {
            Value::Array(items) => value = items.get(step.parse::<usize>().ok()?)?,
            Value::Object(inner) => (name, value) = inner.get_key_value(step)?,
            _ => return None,
        }
    }
    Some((name, value))
}

/// The text a JSON value stands for: itself, the items of a list, or the name of a thing that has one.
fn text_of(value: &Value, separator: &str) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) if separator != "\n\n" => Ok(Some(number.to_string())),
        Value::Number(_) => Err("a number"),
        Value::Bool(_) => Err("a truth value"),
        Value::Array(items) => {
            let mut parts = Vec::with_capacity(items.len());
            for item in items {
                parts.extend(text_of(item, separator)?);
            }
            Ok((!parts.is_empty()).then(|| parts.join(separator)))
        }
        Value::Object(thing) => match thing.get("name").or_else(|| thing.get("@value")) {
            Some(Value::String(name)) => Ok(Some(name.clone())),
            _ => Err("an object"),
        },
    }
}

/// An article just read, and what could not be read of it.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) article: Article,
    pub(super) warnings: Vec<String>,
    /// A date was given but could not be read: a default date must not stand in for it.
    pub(super) date_unreadable: bool,
}

/// Fills the fields of an article one by one.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) article: Article,
    pub(super) warnings: Vec<String>,
    date_unreadable: bool,
}

impl Cells {
    /// Sets a field that is not set yet; blank metadata count as none.
    pub(super) fn set(&mut self, column: Column, text: String) {
        fn put(field: &mut Option<String>, text: &str) {
            let text = text.trim();
            if field.is_none() && !text.is_empty() {
                *field = Some(text.to_owned());
            }
        }
        match column {
            Column::Headline if self.article.headline.is_empty() => self.article.headline = text,
            Column::Body if self.article.body.is_empty() => self.article.body = text,
            Column::Id => put(&mut self.article.id, &text),
            Column::Publisher => put(&mut self.article.publisher, &text),
            Column::Author => put(&mut self.article.author, &text),
            Column::Url => put(&mut self.article.url, &text),
            Column::Language => put(&mut self.article.language, &text),
            Column::Published if self.article.published.is_none() && !text.trim().is_empty() => {
                match parse_date(&text) {
                    Ok(date) => self.article.published = Some(date),
                    Err(error) => {
                        self.warnings.push(format!("{error}; the article is read without a date"));
                        self.date_unreadable = true;
                    }
                }
            }
            Column::Headline | Column::Body | Column::Published => {}
        }
    }

    /// The article, if it has any text.
    pub(super) fn finish(mut self) -> Result<Reading, ReadFailure> {
        let blank = |text: &str| text.chars().all(|c| c.is_whitespace() || c.is_control());
        if blank(&self.article.body) {
            if blank(&self.article.headline) {
                return Err(ReadFailure::Blank);
            }
            self.warnings.push("only a headline, no body".to_owned());
        }
        let date_unreadable = self.date_unreadable && self.article.published.is_none();
        Ok(Reading { article: self.article, warnings: self.warnings, date_unreadable })
    }
}
