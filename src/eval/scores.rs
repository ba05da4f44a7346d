//! The figures of an evaluation: named, grouped in sections, as JSON and as a table.

use serde_json::{Map, Value as Json, json};
use std::fmt::{self, Write as _};

/// All figures of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// How many articles are annotated.
    pub articles: usize,
    /// Of how many of them there is a prediction.
    pub predicted: usize,
    /// Predictions for articles that are not annotated.
    pub unknown: usize,
    /// The figures, by what they are of.
    pub sections: Vec<Section>,
}

/// The figures of one thing that is scored, for instance of the dead.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name, for instance `killed`.
    pub name: &'static str,
    /// What else is to be known of it: key and value.
    pub notes: Vec<(&'static str, Json)>,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name below the section, for instance `["micro", "exact"]`.
    pub path: Vec<String>,
    /// The value.
    pub value: Value,
    /// Whether it is the one to quote.
    pub headline: bool,
}

/// The value of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// How many of the predicted are right, and how many of the gold are found.
    Overlap {
        /// Predicted ones that are right.
        right: usize,
        /// All predicted.
        predicted: usize,
        /// Those of the gold that were found.
        found: usize,
        /// All of the gold.
        gold: usize,
    },
    /// How many of a number are right.
    Share {
        /// The right ones.
        hits: usize,
        /// All.
        of: usize,
    },
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Value {
    /// Precision of what was predicted.
    pub fn precision(self) -> Option<f64> {
        match self {
            Self::Overlap { right, predicted, .. } => Some(ratio(right, predicted)),
            Self::Share { .. } => None,
        }
    }

    /// Recall of the gold.
    pub fn recall(self) -> Option<f64> {
        match self {
            Self::Overlap { found, gold, .. } => Some(ratio(found, gold)),
            Self::Share { .. } => None,
        }
    }

    /// The one number for it: F1, or the share.
    pub fn score(self) -> f64 {
        match self {
            Self::Overlap { right, predicted, found, gold } => {
                let (p, r) = (ratio(right, predicted), ratio(found, gold));
                if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
            }
            Self::Share { hits, of } => ratio(hits, of),
        }
    }

    fn json(self) -> Json {
        match self {
            Self::Overlap { predicted, gold, .. } => json!({
                "P": self.precision(), "R": self.recall(), "F1": self.score(), "predicted": predicted, "gold": gold,
            }),
            Self::Share { of, .. } => json!({"score": self.score(), "n": of}),
        }
    }
}

impl Scores {
    /// The figure of a name such as `entities.micro.exact`; with `.P` or `.R` after it, its precision or recall.
    pub fn score(&self, name: &str) -> Option<f64> {
        let of = |name: &str| self.figures().find(|(n, _)| n == name).map(|(_, figure)| figure.value);
        of(name).map(Value::score).or_else(|| match name.rsplit_once('.')? {
            (name, "P") => of(name)?.precision(),
            (name, "R") => of(name)?.recall(),
            _ => None,
        })
    }

    /// All figures with their full names.
    pub fn figures(&self) -> impl Iterator<Item = (String, &Figure)> {
        self.sections.iter().flat_map(|section| {
            section.figures.iter().map(|figure| (format!("{}.{}", section.name, figure.path.join(".")), figure))
        })
    }

    /// The figures as nested objects.
    pub fn json(&self) -> Json {
        let mut whole = Map::new();
        let records = json!({
            "gold": self.articles, "predicted": self.predicted, "missing": self.articles - self.predicted,
            "unknown": self.unknown,
        });
        whole.insert("records".to_owned(), records);
        for section in &self.sections {
            let mut object = Map::new();
            for (key, value) in &section.notes {
                object.insert((*key).to_owned(), value.clone());
            }
            for figure in &section.figures {
                insert(&mut object, &figure.path, figure.value.json());
            }
            whole.insert(section.name.to_owned(), Json::Object(object));
        }
        Json::Object(whole)
    }
}

fn insert(object: &mut Map<String, Json>, path: &[String], value: Json) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        object.insert(first.clone(), value);
    } else if let Json::Object(inner) = object.entry(first.clone()).or_insert_with(|| Json::Object(Map::new())) {
        insert(inner, rest, value);
    }
}

/// The width of the column of names.
const NAMES: usize = 34;

/// A table for people.
impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} annotated articles", self.articles)?;
        if self.predicted < self.articles {
            write!(f, ", {} of them without a prediction", self.articles - self.predicted)?;
        }
        if self.unknown > 0 {
            write!(f, "; {} predictions of other articles", self.unknown)?;
        }
        writeln!(f)?;
        for section in &self.sections {
            let overlap = section.figures.iter().any(|figure| matches!(figure.value, Value::Overlap { .. }));
            writeln!(f)?;
            if overlap {
                writeln!(f, "{:width$}     P      R     F1  predicted   gold", section.name, width = NAMES + 2)?;
            } else {
                writeln!(f, "{:width$} score     of", section.name, width = NAMES + 2)?;
            }
            for (key, value) in &section.notes {
                writeln!(f, "  {}: {}", key.replace('_', " "), plain(value))?;
            }
            for Figure { path, value, headline } in &section.figures {
                let mark = if *headline { '*' } else { ' ' };
                let mut line = format!("{mark} {:NAMES$}", path.join("."));
                match *value {
                    Value::Overlap { predicted, gold, .. } => {
                        let (p, r) = (value.precision().unwrap_or(0.0), value.recall().unwrap_or(0.0));
                        write!(line, " {p:.3}  {r:.3}  {:.3}  {predicted:9}  {gold:5}", value.score())?;
                    }
                    Value::Share { of, .. } => write!(line, " {:.3}  {of:5}", value.score())?,
                }
                writeln!(f, "{line}")?;
            }
        }
        if !self.sections.is_empty() {
            writeln!(f, "\n* the figure to quote of its section")?;
        }
        Ok(())
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Object(object) => object.iter().map(|(k, v)| format!("{k} {v}")).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
