//! Mentions and the entities they speak of.

use super::{Evidence, Iri};

/// Index of a mention in [`super::Facts::mentions`].
pub type MentionId = usize;

/// Index of an entity in [`super::Facts::entities`].
pub type EntityId = usize;

/// What sort of thing a mention speaks of. Names of the exchange format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A single human being.
    Person,
    /// A body or a group of people that acts: a state, an army, an armed group, "the militants", "three soldiers".
    Organization,
    /// A place, natural or built.
    Place,
    /// A demonym or nationality that modifies something else ("Libyan").
    Nationality,
    /// A weapon.
    Weapon,
    /// A vehicle, ship or aircraft, military ones included.
    Vehicle,
    /// A time expression.
    Time,
    /// A number with or without its unit.
    Quantity,
    /// An amount of money.
    Money,
    /// A document, agreement, resolution or publication.
    Document,
    /// Anything else that is mentioned.
    Other,
}

impl EntityKind {
    /// The name in the exchange format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Organization => "Organization",
            Self::Place => "Place",
            Self::Nationality => "Nationality",
            Self::Weapon => "Weapon",
            Self::Vehicle => "Vehicle",
            Self::Time => "Time",
            Self::Quantity => "Quantity",
            Self::Money => "Money",
            Self::Document => "Document",
            Self::Other => "Other",
        }
    }

    /// Whether such an entity can act: take part in events as a person or a group.
    pub fn is_actor(self) -> bool {
        matches!(self, Self::Person | Self::Organization)
    }
}

/// How a mention refers (the levels of ACE: NAM, NOM, PRO).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionForm {
    /// By a proper name.
    Name,
    /// By a common noun.
    Nominal,
    /// By a pronoun that is a phrase of its own ("they").
    Pronoun,
    /// By a possessive pronoun, which is a word of another phrase ("their").
    Possessive,
}

/// A stretch of text that speaks of an entity: the whole noun phrase without trailing clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands.
    pub evidence: Evidence,
    /// The characters there.
    pub text: String,
    /// How it refers.
    pub form: MentionForm,
    /// What sort of thing it speaks of.
    pub kind: EntityKind,
    /// The entity it speaks of; none for times, quantities and what was not resolved.
    pub entity: Option<EntityId>,
}

/// How exactly a place is known. After the precision codes of UCDP GED and ACLED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlacePrecision {
    /// The place itself has these coordinates.
    Exact,
    /// The event was near the place that has these coordinates.
    Near,
    /// Only the second-level division is known; the point is its centre.
    District,
    /// Only the first-level division or a region is known; the point is its centre.
    Province,
    /// Only the country is known; the point is its centre or capital.
    Country,
}

/// Where a place is.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// How exactly the coordinates are those of the place.
    pub precision: PlacePrecision,
    /// `GeoNames` identifier, where the gazetteer has one.
    pub geonames: Option<u32>,
}

/// One thing a name could stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its IRI, or a `geonames:` number as IRI.
    pub iri: Iri,
    /// Its name.
    pub name: String,
    /// Between 0 and 1; candidates of one mention sum to at most 1.
    pub score: f64,
}

/// Something the article speaks of, with all its mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// What sort of thing it is.
    pub kind: EntityKind,
    /// Its class in the ontology, as exact as the text or the seeds tell (`…#NonStateArmedGroup`).
    pub class: Option<Iri>,
    /// The fullest name the article or the seeds give; for a nominal entity its longest noun phrase.
    pub name: String,
    /// Other names the article uses.
    pub aliases: Vec<String>,
    /// Whether any mention names it; an entity that is only described ("three soldiers") is particular to its article.
    pub named: bool,
    /// The known actor it is (`urn:belligraph:actor:…`), if the seeds say so.
    pub known: Option<Iri>,
    /// ISO 3166 two-letter code of the country it is, lies in or belongs to.
    pub country: Option<String>,
    /// Where it is, for a place that is known.
    pub location: Option<Location>,
    /// The place it lies in, for a place.
    pub within: Option<EntityId>,
    /// What else it could be, when the article does not decide; the best one is not taken by force.
    pub candidates: Vec<Candidate>,
    /// Its mentions in text order.
    pub mentions: Vec<MentionId>,
}
