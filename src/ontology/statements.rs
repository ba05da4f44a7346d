//! The ontology as RDF: every statement that counts after the overlays were laid over the embedded files.
//!
//! The rest of the module keeps what extraction needs; this is for whoever needs the whole: the store's graph of the
//! ontology, the checker, the documentation. The files are read again for it.

use super::descriptions::Descriptions;
use super::hierarchy::Hierarchy;
use super::terms::{NAMESPACE, class, external, property};
use super::{Iri, Ontology, Problem};
use oxrdf::{BlankNode, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet};

/// A statement with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Subject, predicate and object; labels of blank nodes are different in different files.
    pub triple: Triple,
    /// Index of the file in [`Ontology::sources`].
    pub source: usize,
}

impl Ontology {
    /// Every statement that counts, in the order of the files: what an overlay replaced is left out, with the blank nodes
    /// that belong to it.
    pub fn statements(&self) -> Vec<Statement> {
        let mut found = Vec::new();
        for (number, source) in self.sources.iter().enumerate() {
            // The files were read without a problem before.
            let triples = source.statements(&mut Vec::new());
            let mut dropped: BTreeSet<String> = BTreeSet::new();
            let mut kept = Vec::with_capacity(triples.len());
            for triple in triples {
                let loses = match &triple.subject {
                    NamedOrBlankNode::NamedNode(node) => {
                        self.winners.get(node.as_str()).is_some_and(|&layer| layer != source.layer)
                    }
                    NamedOrBlankNode::BlankNode(_) => false,
                };
                if loses {
                    if let Term::BlankNode(node) = &triple.object {
                        dropped.insert(node.as_str().to_owned());
                    }
                } else {
                    kept.push(triple);
                }
            }
            // Blank nodes below a description that lost.
            let mut before = usize::MAX;
            while !dropped.is_empty() && before != dropped.len() {
                before = dropped.len();
                kept.retain(|triple| {
                    let NamedOrBlankNode::BlankNode(node) = &triple.subject else { return true };
                    let loses = dropped.contains(node.as_str());
                    if let (true, Term::BlankNode(below)) = (loses, &triple.object) {
                        dropped.insert(below.as_str().to_owned());
                    }
                    !loses
                });
            }
            found.extend(kept.into_iter().map(|triple| Statement { triple: renamed(triple, number), source: number }));
        }
        found
    }

    /// The statements of the overlays about known actors and places, which belong beside those of the seeds, and those
    /// that are the ontology: terms, codes, shapes, and the frames, so that one can ask which words evoke a class. Lists
    /// of other words are left out.
    pub fn sorted_statements(&self) -> &SortedStatements {
        self.sorted.get_or_init(|| self.sort())
    }

    /// What overlays say of known actors; nothing without overlays.
    pub fn known_actors(&self) -> &[Triple] {
        if self.has_overlays() { &self.sorted_statements().actors } else { &[] }
    }

    /// What overlays say of known places; nothing without overlays.
    pub fn known_places(&self) -> &[Triple] {
        if self.has_overlays() { &self.sorted_statements().places } else { &[] }
    }

    /// Whether anything is laid over the embedded ontology.
    pub fn has_overlays(&self) -> bool {
        self.sources.iter().any(|source| source.layer > 0)
    }

    fn sort(&self) -> SortedStatements {
        let statements = self.statements();
        let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
        for Statement { triple, .. } in &statements {
            if triple.predicate == oxrdf::vocab::rdf::TYPE
                && let Term::NamedNode(class) = &triple.object
                && let Some(kind) = self.kind_of(class.as_str())
            {
                kinds.insert(triple.subject.to_string(), kind);
            }
        }
        // What a blank node belongs to.
        for _ in 0..4 {
            for Statement { triple, .. } in &statements {
                if let Term::BlankNode(node) = &triple.object
                    && let Some(&kind) = kinds.get(&triple.subject.to_string())
                {
                    kinds.insert(node.to_string(), kind);
                }
            }
        }
        let mut sorted = SortedStatements::default();
        for Statement { triple, .. } in statements {
            match kinds.get(&triple.subject.to_string()) {
                Some(Kind::Actor) => sorted.actors.push(triple),
                Some(Kind::Place) => sorted.places.push(triple),
                Some(Kind::Words) => {}
                // A frame says with these what its events are like; as statements they would be counted with the reports.
                Some(Kind::Frame) if triple.predicate == property::OUTCOME => {}
                Some(Kind::Frame) | None => sorted.ontology.push(triple),
            }
        }
        sorted
    }

    fn kind_of(&self, class: &str) -> Option<Kind> {
        if let Some(local) = class.strip_prefix(NAMESPACE)
            && WORDS.contains(&local)
        {
            Some(Kind::Words)
        } else if class == class::FRAME.as_str() {
            Some(Kind::Frame)
        } else if self.is_subclass(class, class::ACTOR.as_str()) {
            Some(Kind::Actor)
        } else if self.is_subclass(class, class::PLACE.as_str()) {
            Some(Kind::Place)
        } else {
            None
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Actor,
    Place,
    Frame,
    Words,
}

/// Classes of word lists: what the program knows of English, which describes no term and no article.
const WORDS: [&str; 11] = [
    "LightVerb",
    "ModalityCue",
    "SourceCue",
    "NounEntry",
    "PlacePreposition",
    "NumberWord",
    "TimeWord",
    "HarmWord",
    "VictimWord",
    "ReferringNoun",
    "ReferenceWord",
];

/// The statements of an ontology, by what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortedStatements {
    /// Classes, properties, codes, shapes and frames.
    pub ontology: Vec<Triple>,
    /// Actors that overlays make known.
    pub actors: Vec<Triple>,
    /// Places that overlays make known.
    pub places: Vec<Triple>,
}

/// The same triple with labels of blank nodes that occur in no other file.
fn renamed(mut triple: Triple, source: usize) -> Triple {
    let name = |node: &BlankNode| BlankNode::new_unchecked(format!("f{source}x{}", node.as_str()));
    if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
        triple.subject = name(node).into();
    }
    if let Term::BlankNode(node) = &triple.object {
        triple.object = name(node).into();
    }
    triple
}

/// Reports actors and places of overlays that have no name: nothing could ever find them in a text.
pub(super) fn check_individuals(read: &Descriptions<'_>, classes: &Hierarchy, problems: &mut Vec<Problem>) {
    for id in read.named() {
        let kinds: Vec<Iri> = read.objects(id, oxrdf::vocab::rdf::TYPE).map(Iri::from).collect();
        let known = |ancestor: &str| kinds.iter().any(|k| classes.is_below(k, ancestor));
        if (known(class::ACTOR.as_str()) || known(class::PLACE.as_str()))
            && read.literals(id, external::SKOS_PREF_LABEL).is_empty()
        {
            let message = format!("`{}` has no name", read.iri(id));
            read.report(id, message, "add `skos:prefLabel`", problems);
        }
        for geometry in read.nodes(id, external::GEO_HAS_GEOMETRY) {
            let text = read.text(geometry, external::GEO_AS_WKT).unwrap_or_default();
            if wkt_point(text).is_none() {
                let message = format!("`{}` has no point: `{text}`", read.iri(id));
                let hint = "write `geo:hasGeometry [ geo:asWKT \"POINT(longitude latitude)\"^^geo:wktLiteral ]`";
                read.report(id, message, hint, problems);
            }
        }
    }
}

/// Longitude and latitude of a point in WKT: `POINT(20.06 32.11)`.
pub fn wkt_point(text: &str) -> Option<(f64, f64)> {
    let inner = text.trim().strip_prefix("POINT")?.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut numbers = inner.split_whitespace().map(str::parse::<f64>);
    let (longitude, latitude) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (numbers.next().is_none() && longitude.abs() <= 180.0 && latitude.abs() <= 90.0).then_some((longitude, latitude))
}
