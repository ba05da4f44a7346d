//! How an event of a class is known to be of a finer class by what fills its roles.

use super::descriptions::{Descriptions, SubjectId};
use super::terms::external::SKOS_NOTATION;
use super::terms::property::{ACCEPTS, LEMMA, REFINEMENT, REFINES, ROLE, WHEN};
use super::{Iri, Problem};

/// A condition on a role: it is filled, by one of the kinds if any are given, with one of the lemmas if any are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The role.
    pub role: Iri,
    /// Kinds of entity of which the filler must have one, or be below it.
    pub kinds: Vec<Iri>,
    /// Lemmas of which the filler must have one; of several words they are its last words.
    pub lemmas: Vec<Box<str>>,
}

/// A step from a class to a finer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refinement {
    /// The finer class.
    pub to: Iri,
    /// The classes it starts from.
    pub from: Vec<Iri>,
    /// What must hold, all of it.
    pub when: Vec<Condition>,
}

fn of(read: &Descriptions<'_>, owner: SubjectId, problems: &mut Vec<Problem>) -> Vec<Refinement> {
    let mut found = Vec::new();
    for node in read.nodes(owner, REFINEMENT) {
        let from: Vec<Iri> = read.objects(node, REFINES).map(Iri::from).collect();
        let mut when = Vec::new();
        for condition in read.nodes(node, WHEN) {
            let Some(role) = read.object(condition, ROLE) else {
                let message = format!("a condition of `{}` has no role", read.iri(owner));
                read.report(owner, message, "write `bg:when [ bg:role bg:initiator ; bg:accepts … ]`", problems);
                continue;
            };
            when.push(Condition {
                role,
                kinds: read.objects(condition, ACCEPTS).map(Iri::from).collect(),
                lemmas: read.literals(condition, LEMMA).into_iter().map(Box::from).collect(),
            });
        }
        if from.is_empty() || when.is_empty() {
            let message = format!("a refinement of `{}` lacks `bg:refines` or `bg:when`", read.iri(owner));
            read.report(owner, message, "name the broader class and at least one condition", problems);
        }
        found.push(Refinement { to: read.iri(owner), from, when });
    }
    found
}

/// The refinements of event classes.
pub(super) fn refinements(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<Refinement> {
    let owners: Vec<_> = read.of_type(super::terms::external::OWL_CLASS).collect();
    owners.into_iter().flat_map(|id| of(read, id, problems)).collect()
}

/// The conditions on which an event has a type of violence, with the notation of the type.
pub(super) fn violence_types(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<(Box<str>, Refinement)> {
    let owners: Vec<_> = read.of_type(super::terms::external::SKOS_CONCEPT).collect();
    let mut found = Vec::new();
    for id in owners {
        for refinement in of(read, id, problems) {
            if let Some(notation) = read.text(id, SKOS_NOTATION) {
                found.push((notation.into(), refinement));
            }
        }
    }
    found
}
