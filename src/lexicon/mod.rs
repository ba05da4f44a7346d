//! What the program knows of words and names before it reads an article.
//!
//! [`Lexicon`] bundles it: frames and cues by their words ([`frames`]), the places of the world and their names
//! ([`Gazetteer`]), known actors and their names ([`ActorNames`]). [`disambiguate`] decides which
//! place a name means. Word lists of numbers, times and casualties are in [`entries`].

mod actors;
mod disambiguation;
pub mod entries;
pub mod frames;
mod gazetteer;
mod known_places;
mod names;
pub mod numerals;
mod places;
mod scan;
pub mod spelling;
mod walk;

pub use actors::{ACTOR_FILES, ActorsError, KnownActor, read as read_actors};
pub use disambiguation::{PlaceChoice, PlaceContext, PlaceQuery, disambiguate};
pub use gazetteer::{CountryNames, Demonym, Gazetteer, GazetteerError, NameUses};
pub use known_places::KnownPlace;
pub use names::{ActorId, ActorMatch, ActorNames, ActorUse};
pub use places::{MAGIC, NameUse, Place, PlaceId, PlaceKind, Point, RECORD, Record, SECTIONS, Section, join_sections};
pub use scan::NameMatch;

use crate::ontology::Ontology;
use frames::TriggerIndex;

/// What the program knows of words and names, made once and shared between threads.
pub struct Lexicon {
    /// Places and their names.
    pub gazetteer: &'static Gazetteer,
    /// Known actors and their names.
    pub actors: ActorNames,
    /// The frames of the ontology by their triggers.
    pub frames: TriggerIndex,
}

impl Lexicon {
    /// The lexicon of an ontology, with the places and actors compiled into the program and those of its overlays.
    pub fn new(ontology: &Ontology) -> Self {
        let gazetteer = Gazetteer::of_ontology(ontology);
        Self {
            gazetteer,
            actors: ActorNames::new(&KnownActor::of_ontology(ontology), gazetteer),
            frames: TriggerIndex::frames(ontology),
        }
    }
}
