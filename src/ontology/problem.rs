//! What can be wrong with an ontology, with the place and a hint.

use std::fmt;

/// One thing wrong with an ontology file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as embedded or as found in an overlay folder.
    pub file: String,
    /// The line, counted from 1; none if the file as a whole is meant.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty if nothing helps.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, " (hint: {})", self.hint)?;
        }
        Ok(())
    }
}

/// Why an ontology could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OntologyError {
    /// All problems found in the files.
    #[error("the ontology has {} problem{}:\n{}", .0.len(), if .0.len() == 1 { "" } else { "s" }, .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Invalid(Vec<Problem>),
}
