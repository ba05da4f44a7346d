//! Questions with a name: those of `queries/`, which the program brings along, and those of a folder of the user's.
//!
//! A file `{name}.rq` begins with a header of comments:
//!
//! ```text
//! # title: Who fought whom
//! # description: Pairs of actors that met in battles at a place within a period,
//! #   most frequent first.
//! # param: place — the place's IRI — place:benghazi
//! # param: from — first day
//! ```
//!
//! A parameter is a name (a variable of the query, without `?`), what it means, and a default if it has one, apart by ` — ` or
//! ` -- `. One without default and without value stays a variable: it restricts nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::{borrow::Cow, fs};
use thiserror::Error;

macro_rules! queries {
    ($($name:literal,)*) => {
        /// The questions the program brings along: name and text. A test holds the list against the folder.
        pub const EMBEDDED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../queries/", $name, ".rq")))),*];
    };
}

queries! {
    "acled-like",
    "actors-by-events",
    "allies-and-backers",
    "changes-of-control",
    "control-on-date",
    "deaths-by-actor-and-month",
    "events-by-kind",
    "events-near",
    "evidence",
    "leaders-on-date",
    "open-sieges",
    "planned-and-threatened",
    "tolls-side-by-side",
    "ucdp-like",
    "who-fought-whom",
}

/// Why a saved question could not be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SavedError {
    /// There is none of this name.
    #[error("there is no query `{0}`; `belligraph query --list` shows those there are")]
    Unknown(String),
    /// A file cannot be read.
    #[error("cannot read `{path}`", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A parameter of a saved question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The variable, without `?`.
    pub name: String,
    /// What it means.
    pub description: String,
    /// Its value if none is given, written as for `--param`.
    pub default: Option<String>,
}

/// A saved question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedQuery {
    /// The name it is asked by.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// What it answers.
    pub description: String,
    /// What can be given.
    pub parameters: Vec<Parameter>,
    /// The query, header included.
    pub text: Cow<'static, str>,
}

impl SavedQuery {
    /// Reads the header of a query.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::sparql::saved::SavedQuery;
    ///
    /// let query = SavedQuery::new("sieges", "# title: Sieges\n# param: on — the day — 2018-01-02\nSELECT * {}");
    /// assert_eq!(query.title, "Sieges");
    /// assert_eq!(query.parameters[0].default.as_deref(), Some("2018-01-02"));
    /// ```
    pub fn new(name: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        let (name, text) = (name.into(), text.into());
        let mut query = Self {
            name,
            title: String::new(),
            description: String::new(),
            parameters: Vec::new(),
            text: Cow::Borrowed(""),
        };
        let mut header: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            let Some(line) = line.strip_prefix('#') else { break };
            let field =
                line.trim().split_once(':').filter(|(field, _)| matches!(*field, "title" | "description" | "param"));
            match (field, header.last_mut()) {
                (Some((field, value)), _) => header.push((field.to_owned(), value.trim().to_owned())),
                // A line that begins no field goes on with the one before.
                (None, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                (None, None) => {}
            }
        }
        for (field, value) in header {
            let value = value.trim().to_owned();
            match field.as_str() {
                "title" => query.title = value,
                "description" => query.description = value,
                _ => query.parameters.push(Parameter::new(&value)),
            }
        }
        if query.title.is_empty() {
            query.title.clone_from(&query.name);
        }
        query.text = text;
        query
    }
}

impl Parameter {
    fn new(line: &str) -> Self {
        let line = line.replace(" -- ", " — ");
        let mut parts = line.splitn(3, " — ").map(str::trim);
        let name = parts.next().unwrap_or_default().trim_start_matches(['?', '$']).to_owned();
        let description = parts.next().unwrap_or_default().to_owned();
        let default = parts.next().filter(|default| !default.is_empty()).map(str::to_owned);
        Self { name, description, default }
    }
}

/// All questions in the order of their names; one in `folder` takes the place of one of the same name.
///
/// # Errors
///
/// If the folder is there and cannot be read.
pub fn list(folder: &Path) -> Result<Vec<SavedQuery>, SavedError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SavedError::Read { path, source }
    };
    let mut queries = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                let path = entry.map_err(failed(folder))?.path();
                if path.extension().is_some_and(|extension| extension == "rq")
                    && let Some(name) = path.file_stem().and_then(|name| name.to_str())
                {
                    queries.push(SavedQuery::new(name, fs::read_to_string(&path).map_err(failed(&path))?));
                }
            }
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
        Err(error) => return Err(failed(folder)(error)),
    }
    for (name, text) in EMBEDDED {
        if !queries.iter().any(|query| query.name == *name) {
            queries.push(SavedQuery::new(*name, *text));
        }
    }
    queries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(queries)
}

/// The question of this name.
///
/// # Errors
///
/// If there is none, or the folder cannot be read.
pub fn find(name: &str, folder: &Path) -> Result<SavedQuery, SavedError> {
    if name.contains(['/', '\\', '.']) {
        return Err(SavedError::Unknown(name.to_owned()));
    }
    let path = folder.join(format!("{name}.rq"));
    match fs::read_to_string(&path) {
        Ok(text) => return Ok(SavedQuery::new(name, text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
        Err(source) => return Err(SavedError::Read { path, source }),
    }
    let embedded = EMBEDDED.iter().find(|(known, _)| *known == name);
    embedded.map(|(name, text)| SavedQuery::new(*name, *text)).ok_or_else(|| SavedError::Unknown(name.to_owned()))
}
