//! The event types of PLOVER and ACLED as the ontology has them, with the names they had before.

use super::names::nearest;
use crate::ontology::{Code, Ontology};
use std::collections::BTreeMap;

/// A scheme of event types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    Plover,
    Acled,
}

/// An event type of ACLED and, where the name fixes it, the sub-event type; in lower case.
pub(super) type Pair = (String, Option<String>);

/// The types, by their names in lower case.
#[derive(Debug)]
pub(super) struct Schemes {
    plover: BTreeMap<String, String>,
    acled: BTreeMap<String, Vec<Pair>>,
    /// The event types of ACLED in lower case.
    acled_tops: Vec<String>,
    names: Vec<String>,
}

impl Schemes {
    pub(super) fn new(ontology: &Ontology) -> Self {
        let codes = ontology.codes();
        let mut schemes =
            Self { plover: BTreeMap::new(), acled: BTreeMap::new(), acled_tops: Vec::new(), names: Vec::new() };
        let labels = |code: &Code| -> Vec<String> {
            std::iter::once(&code.notation).chain(&code.former).map(ToString::to_string).collect()
        };
        for code in codes.plover_types().iter().filter(|code| code.broader.is_none()) {
            for label in labels(code) {
                schemes.plover.insert(label.to_lowercase(), code.notation.to_string());
                schemes.names.push(label);
            }
        }
        for code in codes.acled_types() {
            let own = code.notation.to_lowercase();
            let pair = match &code.broader {
                Some(broader) => (broader.to_lowercase(), Some(own)),
                None => (own, None),
            };
            if pair.1.is_none() {
                schemes.acled_tops.push(pair.0.clone());
            }
            for label in labels(code) {
                schemes.acled.entry(label.to_lowercase()).or_default().push(pair.clone());
                schemes.names.push(label);
            }
        }
        schemes
    }

    /// The scheme that has an event type of this name.
    pub(super) fn vocabulary_of(&self, name: &str) -> Option<Vocabulary> {
        let name = name.trim().to_lowercase();
        // The whole name first: "Protest with intervention" begins like PLOVER's `PROTEST`.
        if self.acled.contains_key(&name) {
            return Some(Vocabulary::Acled);
        }
        self.plover.contains_key(root(&name)).then_some(Vocabulary::Plover)
    }

    /// The known name that is most like this one.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.names.iter().map(String::as_str))
    }

    /// The PLOVER type of a label, which may name a mode too: `ASSAULT` of `FIGHT` and of `ASSAULT-beat`.
    pub(super) fn plover(&self, label: &str) -> Option<&str> {
        self.plover.get(root(&label.trim().to_lowercase())).map(String::as_str)
    }

    /// The ACLED types that a label of the gold allows.
    pub(super) fn acled(&self, label: &str) -> &[Pair] {
        self.acled.get(&label.trim().to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Parts `type/sub-type`, where the type may itself have a slash.
    pub(super) fn acled_pair(&self, label: &str) -> Option<Pair> {
        let label = label.trim().to_lowercase();
        self.acled_tops.iter().find_map(|top| {
            let rest = label.strip_prefix(top.as_str())?;
            match rest.strip_prefix('/') {
                None => rest.is_empty().then(|| (top.clone(), None)),
                Some(sub) => Some((top.clone(), Some(sub.trim().to_owned()).filter(|sub| !sub.is_empty()))),
            }
        })
    }
}

/// The letters a label begins with.
fn root(label: &str) -> &str {
    label.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use super::{Schemes, Vocabulary};
    use crate::ontology::Ontology;

    #[test]
    fn a_name_is_of_the_scheme_that_has_all_of_it() {
        let schemes = Schemes::new(Ontology::embedded());
        assert!(matches!(schemes.vocabulary_of("Protest with intervention"), Some(Vocabulary::Acled)));
        assert!(matches!(schemes.vocabulary_of("PROTEST-rally"), Some(Vocabulary::Plover)));
    }

    #[test]
    fn types_have_their_former_names() {
        let schemes = Schemes::new(Ontology::embedded());
        assert_eq!(schemes.plover("FIGHT"), Some("ASSAULT"));
        assert_eq!(schemes.plover("assault-beat"), Some("ASSAULT"));
        assert_eq!(schemes.vocabulary_of("Riots/Protests"), Some(Vocabulary::Acled));
        assert_eq!(schemes.acled("Riots/Protests").len(), 2);
        assert_eq!(schemes.vocabulary_of("FIGTH"), None);
        assert_eq!(schemes.nearest("FIGTH"), Some("FIGHT"));
        let pair = |main: &str, sub: Option<&str>| Some((main.to_owned(), sub.map(ToOwned::to_owned)));
        assert_eq!(schemes.acled_pair("Battles/Armed clash"), pair("battles", Some("armed clash")));
        assert_eq!(schemes.acled_pair("Explosions/Remote violence"), pair("explosions/remote violence", None));
        assert_eq!(
            schemes.acled_pair("Explosions/Remote violence/Remote explosive/landmine/IED"),
            pair("explosions/remote violence", Some("remote explosive/landmine/ied"))
        );
        assert_eq!(schemes.acled_pair("Battlesx"), None);
    }
}
