//! Floors: what figures must reach, so that no change makes the extraction worse unseen.

use super::Scores;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Why floors cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FloorsError {
    /// Not JSON.
    #[error("the floors are no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON of another kind.
    #[error(
        "`{0}` is no floor; write {{\"killed.max_exact\": 0.72}}, or such an object for each file of gold by its name"
    )]
    NotAFloor(String),
    /// No floors for this set.
    #[error("there are no floors for `{set}`; there are some for {known}")]
    NoSet {
        /// The set.
        set: String,
        /// Those that have floors.
        known: String,
    },
}

/// What figures must reach, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Floors(BTreeMap<String, f64>);

/// A floor and what was reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Floor {
    /// The name of the figure.
    pub figure: String,
    /// What it must reach.
    pub floor: f64,
    /// What it is; nothing if there is no such figure.
    pub score: Option<f64>,
}

impl Floor {
    /// Whether it is reached.
    pub fn is_reached(&self) -> bool {
        // Floors are written in decimals, and a figure that equals its floor reaches it.
        self.score.is_some_and(|score| score >= self.floor - 1e-9)
    }
}

impl Floors {
    /// Reads floors for a set: an object of figures, or one that has such an object under the set's name.
    ///
    /// # Errors
    /// What is no JSON or holds no floors for the set.
    pub fn read(text: &str, set: &str) -> Result<Self, FloorsError> {
        let Json::Object(mut object) = serde_json::from_str(text)? else {
            return Err(FloorsError::NotAFloor("the whole file".to_owned()));
        };
        if object.values().any(Json::is_object) {
            let known = object.keys().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            match object.remove(set) {
                Some(Json::Object(inner)) => object = inner,
                Some(other) => return Err(FloorsError::NotAFloor(format!("{set}: {other}"))),
                None => return Err(FloorsError::NoSet { set: set.to_owned(), known }),
            }
        }
        let floors = object.into_iter().map(|(figure, floor)| match floor.as_f64() {
            Some(number) => Ok((figure, number)),
            None => Err(FloorsError::NotAFloor(format!("{figure}: {floor}"))),
        });
        floors.collect::<Result<_, _>>().map(Self)
    }

    /// Compares figures with the floors.
    pub fn compare(&self, scores: &Scores) -> Vec<Floor> {
        let one = |(figure, floor): (&String, &f64)| Floor {
            figure: figure.clone(),
            floor: *floor,
            score: scores.score(figure),
        };
        self.0.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Floors, FloorsError};

    #[test]
    fn floors_are_read_plain_and_by_set() {
        let plain = Floors::read(r#"{"killed.max_exact": 0.7}"#, "any");
        let by_set = Floors::read(r#"{"mine": {"killed.max_exact": 0.7}, "other": {}}"#, "mine");
        assert!(plain.is_ok_and(|plain| by_set.is_ok_and(|by_set| plain == by_set)));
        let missing = Floors::read(r#"{"mine": {}}"#, "yours");
        assert!(matches!(missing, Err(FloorsError::NoSet { .. })));
        assert!(Floors::read(r#"{"killed": "much"}"#, "x").is_err());
        assert!(Floors::read("[]", "x").is_err());
        assert!(Floors::read("", "x").is_err());
    }
}
