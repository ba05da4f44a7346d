//! Events: what happened, or was said not to have happened.

use super::{CasualtyReport, EntityId, Evidence, Iri, TimeSpan};

/// Index of an event in [`super::Facts::events`].
pub type EventId = usize;

/// How the text presents an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modality {
    /// It happened, the article says.
    Actual,
    /// It happened, somebody says whom the article does not simply believe ("allegedly", "accused of").
    Alleged,
    /// It did not happen.
    Negated,
    /// Somebody plans or promises it.
    Planned,
    /// Somebody fears or expects it.
    Feared,
    /// Somebody threatens it.
    Threatened,
    /// Somebody demands or proposes it.
    Demanded,
    /// It was tried and did not come about.
    Attempted,
    /// It is spoken of under a condition or as a possibility.
    Hypothetical,
}

impl Modality {
    /// The name in the exchange format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actual => "actual",
            Self::Alleged => "alleged",
            Self::Negated => "negated",
            Self::Planned => "planned",
            Self::Feared => "feared",
            Self::Threatened => "threatened",
            Self::Demanded => "demanded",
            Self::Attempted => "attempted",
            Self::Hypothetical => "hypothetical",
        }
    }

    /// Whether the event is presented as having taken place.
    pub fn is_asserted(self) -> bool {
        matches!(self, Self::Actual | Self::Alleged)
    }
}

/// Who or what takes part in an event, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The role: an IRI of a role property of the ontology (`…#initiator`).
    pub role: Iri,
    /// Who or what fills it.
    pub entity: EntityId,
    /// The mention that fills it here.
    pub evidence: Evidence,
    /// The characters of that mention.
    pub name: String,
}

/// Where an event took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPlace {
    /// The place.
    pub entity: EntityId,
    /// The mention that says so.
    pub evidence: Evidence,
    /// The characters of that mention.
    pub name: String,
    /// Whether the text says "near" and not "in".
    pub near: bool,
    /// The role it fills if it is more than where it happened: the territory captured, the destination.
    pub role: Option<Iri>,
    /// Whether it was taken over from another event or sentence of the article.
    pub inherited: bool,
}

/// One article's account of something that happened, or was planned, feared, denied.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The class of the ontology.
    pub class: Iri,
    /// The frame that evoked it.
    pub frame: Iri,
    /// The words that evoke it, the first mention's.
    pub trigger: Evidence,
    /// Further mentions of the same event in this article.
    pub mentions: Vec<Evidence>,
    /// How the text presents it.
    pub modality: Modality,
    /// Who says so, for an alleged event or a reported one.
    pub according_to: Option<EntityId>,
    /// Whether the article tells it as past background, not as its news.
    pub background: bool,
    /// When.
    pub time: Option<TimeSpan>,
    /// Where, the most specific first.
    pub places: Vec<EventPlace>,
    /// Who and with what, the most central first.
    pub participants: Vec<Participant>,
    /// How many came to harm.
    pub casualties: Vec<CasualtyReport>,
    /// How much the article is about it; higher is more.
    pub salience: f64,
}
