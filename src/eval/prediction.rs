//! What was read from an article, in the exchange format: what `belligraph extract` prints, or another program.
//!
//! What is absent or null counts as empty, and keys that are not scored are passed over.

use super::gold::{GoldError, GoldFailure, nullable, object_of};
use crate::article::{Field, NumberedLines};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A first code point and the one after the last.
pub(super) type Span = (usize, usize);

/// What was read from one article.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Prediction {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) mentions: Vec<Mention>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) events: Vec<Event>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) relations: Vec<Relation>,
}

/// Where something stands.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(super) struct Place {
    #[serde(default)]
    field: Option<FieldName>,
    #[serde(default)]
    start: Option<usize>,
    #[serde(default)]
    end: Option<usize>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum FieldName {
    Headline,
    Body,
}

impl Place {
    /// The field and the span.
    pub(super) fn at(&self) -> Option<(Field, Span)> {
        let field = if self.field == Some(FieldName::Headline) { Field::Headline } else { Field::Body };
        Some((field, (self.start?, self.end?)))
    }

    /// The span, if it is one of the body.
    pub(super) fn in_body(&self) -> Option<Span> {
        self.at().filter(|(field, _)| *field == Field::Body).map(|(_, span)| span)
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(super) struct Mention {
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) text: String,
    #[serde(flatten)]
    pub(super) place: Place,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub(super) struct Event {
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) acled: Option<String>,
    #[serde(default)]
    pub(super) plover: Option<String>,
    #[serde(default)]
    pub(super) modality: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) trigger: Place,
    #[serde(default)]
    pub(super) time: Option<Time>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) places: Vec<Named>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) participants: Vec<Participant>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) casualties: Vec<Casualty>,
}

impl Event {
    /// Whether it is told as something that happened, be it on somebody's word.
    pub(super) fn is_asserted(&self) -> bool {
        matches!(self.modality.as_deref().unwrap_or(""), "" | "actual" | "asserted" | "alleged")
    }
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(super) struct Time {
    #[serde(default)]
    pub(super) earliest: Option<String>,
    #[serde(default)]
    pub(super) latest: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(super) struct Named {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) place: Place,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Participant {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) role: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) place: Place,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Casualty {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) outcome: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) victims: String,
    /// The lower bound.
    #[serde(default, deserialize_with = "nullable")]
    pub(super) min: u64,
    #[serde(flatten)]
    pub(super) place: Place,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Relation {
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) subject: Named,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) object: Named,
}

impl Prediction {
    /// The prediction that a record of the exchange format makes.
    ///
    /// # Errors
    /// The place in the record that has another form, and what stands there.
    pub fn of_record(record: Json) -> Result<Self, GoldFailure> {
        serde_path_to_error::deserialize(record).map_err(|error| GoldFailure::of_value(&error))
    }
}

/// Predictions read from a file, by the identifiers of their articles.
#[derive(Debug, Default)]
pub struct Predictions {
    /// The predictions.
    pub by_id: BTreeMap<String, Prediction>,
    /// The lines that cannot be used.
    pub errors: Vec<GoldError>,
}

impl Predictions {
    /// Reads lines of the exchange format. A line that cannot be used is passed over and told in `errors`.
    pub fn read(mut lines: NumberedLines) -> Self {
        let mut read = Self::default();
        while let Some((number, line)) = lines.next_line() {
            let parsed = line.map_err(GoldFailure::Line).and_then(object_of).and_then(|object| {
                let id = super::gold::id_of(&object)?;
                Ok((id, Prediction::of_record(Json::Object(object))?))
            });
            match parsed {
                Ok((id, _)) if read.by_id.contains_key(&id) => {
                    read.errors.push(GoldError { line: number, failure: GoldFailure::Repeated(id) });
                }
                Ok((id, prediction)) => {
                    read.by_id.insert(id, prediction);
                }
                Err(failure) => read.errors.push(GoldError { line: number, failure }),
            }
        }
        read
    }
}
