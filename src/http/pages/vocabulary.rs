//! What the terms of the ontology are called: labels for people, as the store's ontology has them.

use super::ask::Graph;
use crate::ontology::terms::short;
use crate::sparql::SparqlError;
use oxrdf::{NamedNode, NamedNodeRef};
use std::collections::{BTreeMap, BTreeSet};

/// The terms.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    terms: BTreeMap<String, Meaning>,
    kinds: BTreeMap<String, SituationKind>,
}

#[derive(Clone, Debug, Default)]
struct Meaning {
    label: String,
    definition: String,
    parents: BTreeSet<String>,
}

/// The two sides of a kind of situation and the relation between them.
#[derive(Clone, Debug)]
pub(super) struct SituationKind {
    pub(super) subject: NamedNode,
    pub(super) object: NamedNode,
    pub(super) relation: NamedNode,
}

impl Vocabulary {
    pub(super) fn read(graph: &Graph<'_>) -> Result<Self, SparqlError> {
        let mut vocabulary = Self::default();
        for row in graph.ask(include_str!("queries/vocabulary.rq"), &[])? {
            let Some(term) = row.iri("term") else { continue };
            let meaning = vocabulary.terms.entry(term.as_str().to_owned()).or_default();
            row.text("label").unwrap_or_default().clone_into(&mut meaning.label);
            row.text("definition").unwrap_or_default().clone_into(&mut meaning.definition);
            meaning.parents.extend(row.iri("parent").map(|parent| parent.as_str().to_owned()));
        }
        for row in graph.ask(include_str!("queries/situation-kinds.rq"), &[])? {
            let side = |name| row.iri(name).cloned();
            if let (Some(kind), Some(subject), Some(object), Some(relation)) =
                (side("kind"), side("subject"), side("object"), side("relation"))
            {
                vocabulary.kinds.insert(kind.into_string(), SituationKind { subject, object, relation });
            }
        }
        Ok(vocabulary)
    }

    /// What a term is called; the end of its IRI if the ontology does not say.
    pub(super) fn label<'v>(&'v self, term: &'v str) -> &'v str {
        self.terms.get(term).map_or_else(|| short(term), |meaning| &meaning.label)
    }

    /// What a term is called in words, also if it is of another vocabulary: `isDefinedBy` is written `is defined by`.
    pub(super) fn words(&self, term: &str) -> String {
        if let Some(meaning) = self.terms.get(term) {
            return meaning.label.clone();
        }
        let mut words = String::new();
        for c in short(term).chars() {
            if c.is_ascii_uppercase() && words.ends_with(|before: char| before.is_ascii_lowercase()) {
                words.push(' ');
                words.push(c.to_ascii_lowercase());
            } else {
                words.push(c);
            }
        }
        words
    }

    /// What a term means, if the ontology says so.
    pub(super) fn definition(&self, term: &str) -> &str {
        self.terms.get(term).map_or("", |meaning| &meaning.definition)
    }

    /// Whether the ontology has this term.
    pub(super) fn knows(&self, term: NamedNodeRef<'_>) -> bool {
        self.terms.contains_key(term.as_str())
    }

    pub(super) fn situation_kind(&self, class: &str) -> Option<&SituationKind> {
        self.kinds.get(class)
    }

    /// How many terms are above this one at most.
    fn depth(&self, term: &str) -> usize {
        let mut depth = 0;
        let mut level: BTreeSet<&str> = BTreeSet::from([term]);
        while depth < 20 {
            let parents: BTreeSet<&str> = level
                .iter()
                .filter_map(|term| self.terms.get(*term))
                .flat_map(|meaning| meaning.parents.iter().map(String::as_str))
                .collect();
            if parents.is_empty() {
                break;
            }
            level = parents;
            depth += 1;
        }
        depth
    }

    /// The most telling of some terms: the one that is a kind of most others.
    pub(super) fn finest<'t>(&self, terms: impl IntoIterator<Item = &'t str>) -> Option<&'t str> {
        let known = terms.into_iter().filter(|term| self.terms.contains_key(*term));
        known.max_by(|one, other| self.depth(one).cmp(&self.depth(other)).then(other.cmp(one)))
    }
}
