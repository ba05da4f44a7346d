//! How things of the store are put into words: entry point [`View::statement`].
//!
//! Nothing here knows a class or a property of the domain by name beyond those by which events, reports and situations
//! differ in form: what they are called is what the ontology, with its overlays, calls them.

use super::NAMES;
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};
use crate::sparql::Prefixes;
use crate::store::Store;
use anyhow::Result;
use oxrdf::vocab::rdf;
use oxrdf::{NamedNode, NamedNodeRef, Term};
use std::collections::BTreeSet;

/// A store with the ontology that its things are described by.
pub(super) struct View<'s> {
    pub(super) store: &'s Store,
    pub(super) prefixes: &'s Prefixes,
    pub(super) ontology: &'s Ontology,
}

impl View<'_> {
    /// The IRIs that are values of a property, in order.
    pub(super) fn objects(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Result<Vec<NamedNode>> {
        let mut found = Vec::new();
        for quad in self.store.quads(Some(subject.into()), Some(predicate), None, None) {
            if let Term::NamedNode(object) = quad?.object {
                found.push(object);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The literal of a property, as text.
    pub(super) fn text(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Result<Option<String>> {
        Ok(match self.store.object(&subject.clone().into(), predicate)? {
            Some(Term::Literal(literal)) => Some(literal.value().replace(char::is_control, " ")),
            _ => None,
        })
    }

    pub(super) fn number(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Result<usize> {
        Ok(self.text(subject, predicate)?.and_then(|number| number.parse().ok()).unwrap_or_default())
    }

    /// Whether a thing has this type, or a narrower one.
    pub(super) fn is_a(&self, thing: &NamedNode, class: NamedNodeRef<'_>) -> bool {
        self.store.quads(Some(thing.into()), Some(rdf::TYPE), Some(class.into()), None).next().is_some()
    }

    /// The classes of a thing that no other of its classes is below, in words.
    pub(super) fn types(&self, thing: &NamedNode) -> Result<Vec<String>> {
        let classes: BTreeSet<_> = self.objects(thing, rdf::TYPE)?.into_iter().map(NamedNode::into_string).collect();
        let narrowest = classes
            .iter()
            .filter(|class| !classes.iter().any(|other| other != *class && self.ontology.is_subclass(other, class)));
        let known = narrowest.filter_map(|class| self.ontology.label(class));
        Ok(known.map(str::to_owned).collect())
    }

    /// The name of a term of the ontology.
    pub(super) fn term(&self, term: NamedNodeRef<'_>) -> String {
        self.ontology.label(term.as_str()).map_or_else(|| self.prefixes.shorten(term.as_str()), str::to_owned)
    }

    /// The best name of a thing; empty if it has none.
    pub(super) fn label(&self, thing: &NamedNode) -> Result<String> {
        for predicate in NAMES {
            if let Some(name) = self.text(thing, predicate)? {
                return Ok(name);
            }
        }
        Ok(String::new())
    }

    /// A thing in a few words: its name, or what is stated by it.
    pub(super) fn name(&self, thing: &NamedNode) -> Result<String> {
        if let Some(label) = self.ontology.label(thing.as_str()) {
            return Ok(label.to_owned());
        }
        let label = self.label(thing)?;
        if !label.is_empty() {
            return Ok(label);
        }
        self.statement(thing)
    }

    /// What an event, a situation or a report states, and when: "armed clash, 2017-12-29", "Egypt supports Haftar".
    pub(super) fn statement(&self, thing: &NamedNode) -> Result<String> {
        let mut words = match self.situation(thing)? {
            Some(words) => words,
            None if self.is_a(thing, class::CASUALTY_REPORT) => self.count(thing)?,
            None => self.kind(thing)?,
        };
        if words.is_empty() {
            self.prefixes.shorten(thing.as_str()).clone_into(&mut words);
        }
        for part in self.when(thing)? {
            words.push_str(", ");
            words.push_str(&part);
        }
        Ok(words)
    }

    /// Subject, relation and object of a situation.
    fn situation(&self, thing: &NamedNode) -> Result<Option<String>> {
        for class in self.objects(thing, rdf::TYPE)? {
            let Some(kind) = self.ontology.situation(class.as_str()) else { continue };
            let mut sides = Vec::new();
            for role in [&kind.subject_role, &kind.object_role] {
                let fillers = self.objects(thing, NamedNodeRef::new_unchecked(role))?;
                for filler in fillers {
                    if filler != *thing && !sides.contains(&filler) {
                        sides.push(filler);
                        break;
                    }
                }
            }
            let [subject, object] = sides.as_slice() else { continue };
            let relation = self.term(NamedNodeRef::new_unchecked(&kind.implies));
            return Ok(Some(format!("{} {relation} {}", self.name(subject)?, self.name(object)?)));
        }
        Ok(None)
    }

    /// The number of a report with what became of the people, and whose they were.
    fn count(&self, report: &NamedNode) -> Result<String> {
        let mut parts = Vec::new();
        parts.extend(self.text(report, property::COUNT_TEXT)?);
        for outcome in self.objects(report, property::OUTCOME)? {
            parts.push(self.term(outcome.as_ref()));
        }
        for side in self.objects(report, property::SIDE)? {
            parts.push(format!("({})", self.label(&side)?));
        }
        Ok(parts.join(" "))
    }

    /// The class of an event; of one that did not take place, the class it would be of and its modality.
    fn kind(&self, event: &NamedNode) -> Result<String> {
        let wanted = self.objects(event, property::WOULD_BE)?;
        let mut kind = match wanted.first() {
            Some(class) => self.term(class.as_ref()),
            None => self.types(event)?.join(", "),
        };
        if let Some(modality) = self.objects(event, property::MODALITY)?.first()
            && *modality != crate::ontology::terms::concept::ACTUAL
        {
            kind = format!("{kind} ({})", self.term(modality.as_ref()));
        }
        Ok(kind)
    }

    /// When something happened, or began and ended, as one or two phrases.
    pub(super) fn when(&self, thing: &NamedNode) -> Result<Vec<String>> {
        let pairs = [
            ("", property::EARLIEST, property::LATEST),
            ("began ", property::BEGIN_EARLIEST, property::BEGIN_LATEST),
            ("ended ", property::END_EARLIEST, property::END_LATEST),
        ];
        let mut phrases = Vec::new();
        for (word, earliest, latest) in pairs {
            let bounds = (self.text(thing, earliest)?, self.text(thing, latest)?);
            phrases.extend(match bounds {
                (Some(from), Some(to)) if from == to => Some(format!("{word}{from}")),
                (Some(from), Some(to)) => Some(format!("{word}{from} to {to}")),
                (Some(from), None) => Some(format!("{word}{from} or later")),
                (None, Some(to)) => Some(format!("{word}{to} or earlier")),
                (None, None) => None,
            });
        }
        Ok(phrases)
    }
}
