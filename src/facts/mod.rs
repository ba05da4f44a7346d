//! What an article says, as plain values: mentions, entities, events, casualties, situations.
//!
//! [`Facts`] is what [`crate::extract`] gives and [`crate::graph`] maps. Every fact carries the [`Evidence`] it was
//! read from, so that nothing lands in the graph that cannot be traced to its characters. The values refer to one
//! another by index into the vectors of [`Facts`]; classes, roles and situation kinds are IRIs of the ontology, so
//! that an ontology author can add one without touching these types.

mod casualty;
mod entity;
mod event;
mod evidence;
mod situation;
mod time;

pub use casualty::{CasualtyReport, Outcome, VictimClass};
pub use entity::{Candidate, Entity, EntityId, EntityKind, Location, Mention, MentionForm, MentionId, PlacePrecision};
pub use event::{Event, EventId, EventPlace, Modality, Participant};
pub use evidence::{Evidence, Locator};
pub use situation::{Party, Situation, SituationSide};
pub use time::{TimeBasis, TimeBounds, TimePrecision, TimeSpan};

use std::sync::Arc;

/// An IRI of the ontology or of a known actor, cheap to clone.
pub type Iri = Arc<str>;

/// Everything read from one article.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Every stretch of text that names an entity, in text order.
    pub mentions: Vec<Mention>,
    /// The entities the mentions speak of.
    pub entities: Vec<Entity>,
    /// The events, the most salient first.
    pub events: Vec<Event>,
    /// What holds or held for a while.
    pub situations: Vec<Situation>,
    /// The ISO 639-3 code and the English name of the language it is written in, if it is one that is not analysed.
    pub other_language: Option<(&'static str, &'static str)>,
    /// What the reader noticed and an analyst should know, for instance a language that is not analysed.
    pub notes: Vec<String>,
}
