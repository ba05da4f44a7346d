//! What the program knows of words and names before it reads an article.
//!
//! Frames and cues by their words ([`frames`]), word lists of numbers, times and casualties ([`entries`]), the places of
//! the world and their names ([`Gazetteer`]).

pub mod entries;
pub mod frames;
mod gazetteer;
pub mod numerals;
mod places;
mod scan;
pub mod spelling;

pub use gazetteer::{CountryNames, Demonym, Gazetteer, GazetteerError, NameUses};
pub use places::{MAGIC, NameUse, Place, PlaceId, PlaceKind, Point, RECORD, Record, SECTIONS, Section, join_sections};
pub use scan::NameMatch;
