//! Kinds of situation, and which events begin or end them.

use super::descriptions::{Descriptions, SubjectId};
use super::terms::external::OWL_CLASS;
use super::terms::property::{
    BEGINS, ENDS, EVEN_IF, EXCHANGE_NAME, IMPLIES, IS_SYMMETRIC, OBJECT_FROM, OBJECT_ROLE, SHOWS, SITUATION,
    SUBJECT_FROM, SUBJECT_ROLE,
};
use super::{Iri, Problem};

/// A class of situations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SituationKind {
    /// The class (`…#Control`).
    pub class: Iri,
    /// Its name in the exchange format (`controls`).
    pub name: Box<str>,
    /// The role of its subject (`…#controller`).
    pub subject_role: Iri,
    /// The role of its object (`…#place`).
    pub object_role: Iri,
    /// The plain property it implies between them (`…#controls`).
    pub implies: Iri,
    /// Whether it holds both ways.
    pub symmetric: bool,
}

/// What an event does to a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It begins with the event.
    Begins,
    /// It ends with the event.
    Ends,
    /// It holds when the event takes place.
    Shows,
}

/// A situation that an event begins, ends or shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SituationChange {
    /// The class of the situation.
    pub situation: Iri,
    /// Whether it is begun, ended or only shown.
    pub kind: ChangeKind,
    /// The role of the event whose filler is the situation's subject.
    pub subject_from: Iri,
    /// The role of the event whose filler is the situation's object.
    pub object_from: Iri,
    /// Modalities with which the event does so although it has not taken place.
    pub even_if: Vec<Iri>,
}

pub(super) fn kinds(read: &Descriptions<'_>) -> Vec<SituationKind> {
    read.of_type(OWL_CLASS)
        .filter_map(|id| {
            Some(SituationKind {
                class: read.iri(id),
                name: read.text(id, EXCHANGE_NAME)?.into(),
                subject_role: read.object(id, SUBJECT_ROLE)?,
                object_role: read.object(id, OBJECT_ROLE)?,
                implies: read.object(id, IMPLIES)?,
                symmetric: read.text(id, IS_SYMMETRIC) == Some("true"),
            })
        })
        .collect()
}

/// The situations that the class or frame `owner` begins or ends.
pub(super) fn changes(read: &Descriptions<'_>, owner: SubjectId, problems: &mut Vec<Problem>) -> Vec<SituationChange> {
    let mut found = Vec::new();
    for (property, kind) in [(BEGINS, ChangeKind::Begins), (ENDS, ChangeKind::Ends), (SHOWS, ChangeKind::Shows)] {
        for node in read.nodes(owner, property) {
            let parts = (read.object(node, SITUATION), read.object(node, SUBJECT_FROM), read.object(node, OBJECT_FROM));
            let (Some(situation), Some(subject_from), Some(object_from)) = parts else {
                let message = format!("a situation that `{}` changes is incomplete", read.iri(owner));
                let hint = "write `[ bg:situation bg:Control ; bg:subjectFrom bg:initiator ; bg:objectFrom bg:place ]`";
                read.report(owner, message, hint, problems);
                continue;
            };
            let even_if = read.objects(node, EVEN_IF).map(Iri::from).collect();
            found.push(SituationChange { situation, kind, subject_from, object_from, even_if });
        }
    }
    found
}
