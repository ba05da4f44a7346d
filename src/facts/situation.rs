//! Situations: what holds for a while.

use super::{EntityId, EventId, Evidence, Iri, TimeBounds};

/// What stands on a side of a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// An actor, a place or a thing.
    Entity(EntityId),
    /// An event, for which somebody claims responsibility.
    Event(EventId),
}

/// One side of a situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SituationSide {
    /// Who or what.
    pub party: Party,
    /// The mention that says so.
    pub evidence: Evidence,
    /// The characters of that mention.
    pub name: String,
}

impl SituationSide {
    /// The entity, if it is one.
    pub fn entity(&self) -> Option<EntityId> {
        match self.party {
            Party::Entity(entity) => Some(entity),
            Party::Event(_) => None,
        }
    }
}

/// Something that holds for a while between two entities: control of a place, leadership, membership, alliance, …
#[derive(Clone, Debug, PartialEq)]
pub struct Situation {
    /// The class of the ontology (`…#Control`).
    pub kind: Iri,
    /// The first side: the controller, the leader, the member, the supporter.
    pub subject: SituationSide,
    /// The second side: the place, the organisation led, the group, the one supported.
    pub object: SituationSide,
    /// When it began, as far as known.
    pub begin: Option<TimeBounds>,
    /// When it ended, as far as known; a situation that holds at publication has none.
    pub end: Option<TimeBounds>,
    /// Whether it is over, even if nothing says since when.
    pub ended: bool,
    /// The event that began it.
    pub begun_by: Option<EventId>,
    /// The event that ended it.
    pub ended_by: Option<EventId>,
    /// Who says so, where it is not the article itself.
    pub according_to: Option<EntityId>,
    /// The words that say so.
    pub evidence: Evidence,
}
