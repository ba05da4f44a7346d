//! The IRIs of what is read: minted from the base of the store and the key of the article, never at random, so that
//! the same article gives the same IRIs on any machine and in any order.

use crate::article::Field;
use crate::facts::{Entity, EntityId, EntityKind, Event, Evidence};
use std::fmt::Write as _;

/// Prefix of the IRIs of known actors in `seeds/actors`; the part after it follows `{base}actor/`.
pub const KNOWN_ACTOR: &str = "urn:belligraph:actor:";

/// Prefix of the IRIs of places that overlays make known; the part after it follows `{base}place/`.
pub const KNOWN_PLACE: &str = "urn:belligraph:place:";

/// The base of a new store: where `serve` answers by default, so that its IRIs can be followed at once.
pub const DEFAULT_BASE: &str = "http://localhost:7878/";

/// Mints the IRIs of one article's facts.
///
/// # Examples
///
/// ```
/// let iris = belligraph::graph::Iris::new("http://localhost:7878/", "reuters-1");
/// assert_eq!(iris.article(), "http://localhost:7878/article/reuters-1");
/// ```
#[derive(Clone, Debug)]
pub struct Iris {
    base: String,
    key: String,
}

impl Iris {
    /// `base` ends with a slash; `key` is the article's key and is safe in a path.
    pub fn new(base: &str, key: &str) -> Self {
        Self { base: base.to_owned(), key: key.to_owned() }
    }

    /// The key of the article.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The article, which is also the name of its graph.
    pub fn article(&self) -> String {
        format!("{}article/{}", self.base, self.key)
    }

    /// An event: the article's key and the offset of its trigger (`h` before offsets into the headline).
    pub fn event(&self, event: &Event) -> String {
        format!("{}event/{}/{}", self.base, self.key, position(event.trigger))
    }

    /// A casualty report of an event.
    pub fn report(&self, evidence: Evidence, outcome: &str, ordinal: usize) -> String {
        let mut iri = format!("{}report/{}/{}-{outcome}", self.base, self.key, position(evidence));
        if ordinal > 0 {
            let _ = write!(iri, "-{}", ordinal + 1);
        }
        iri
    }

    /// A situation: its kind and the offsets of its two sides.
    pub fn situation(&self, kind: &str, subject: Evidence, object: Evidence) -> String {
        format!(
            "{}situation/{}/{}-{}-{}",
            self.base,
            self.key,
            kind.to_lowercase(),
            position(subject),
            position(object)
        )
    }

    /// A mention, as a fragment of the article: `#body=258,264`, in code points.
    pub fn mention(&self, evidence: Evidence) -> String {
        let field = match evidence.field {
            Field::Headline => "headline",
            Field::Body => "body",
        };
        format!("{}#{field}={},{}", self.article(), evidence.start, evidence.end)
    }

    /// The sentence that some evidence stands in: `#sentence=body,230,301`, in code points.
    pub fn sentence(&self, evidence: Evidence) -> String {
        let field = match evidence.field {
            Field::Headline => "headline",
            Field::Body => "body",
        };
        format!("{}#sentence={field},{},{}", self.article(), evidence.sentence_start, evidence.sentence_end)
    }

    /// Something a name could stand for: a known actor, or a place by its number in `GeoNames`.
    pub fn candidate(&self, iri: &str) -> String {
        if let Some(name) = iri.strip_prefix(KNOWN_ACTOR) {
            format!("{}actor/{name}", self.base)
        } else if let Some(name) = iri.strip_prefix(KNOWN_PLACE) {
            format!("{}place/{name}", self.base)
        } else if let Some(number) = iri.strip_prefix("geonames:") {
            format!("{}place/geonames-{number}", self.base)
        } else {
            iri.to_owned()
        }
    }

    /// An entity. A known actor, a place of the gazetteer and anything with an unambiguous full name has the same
    /// IRI in every article; all else is particular to this one.
    pub fn entity(&self, id: EntityId, entity: &Entity) -> String {
        let folder = match entity.kind {
            EntityKind::Place => "place",
            EntityKind::Weapon | EntityKind::Vehicle => "equipment",
            EntityKind::Document | EntityKind::Other => "thing",
            _ => "actor",
        };
        if let Some(known) = &entity.known {
            return self.candidate(known);
        }
        if let Some(geonames) = entity.location.as_ref().and_then(|l| l.geonames).filter(|_| folder == "place") {
            return format!("{}place/geonames-{geonames}", self.base);
        }
        if is_shared(entity) {
            return format!("{}{folder}/{}", self.base, slug(&entity.name));
        }
        format!("{}{folder}/{}/{}-{id}", self.base, self.key, slug(&entity.name))
    }
}

/// Whether an entity has one IRI for all articles, and its description therefore belongs to the shared graph.
pub fn is_shared(entity: &Entity) -> bool {
    if entity.known.is_some()
        || entity.kind == EntityKind::Place && entity.location.as_ref().is_some_and(|l| l.geonames.is_some())
    {
        return true;
    }
    // A full name: a person's or body's name of two words and more. One word could be anybody's.
    entity.named
        && entity.kind.is_actor()
        && entity.candidates.is_empty()
        && entity.name.split_whitespace().filter(|w| w.chars().next().is_some_and(char::is_uppercase)).count() > 1
}

fn position(evidence: Evidence) -> String {
    match evidence.field {
        Field::Headline => format!("h{}", evidence.start),
        Field::Body => evidence.start.to_string(),
    }
}

/// A name as a readable path segment: letters and digits of any script in lower case, everything else one hyphen.
pub fn slug(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let mut slug = String::with_capacity(name.len());
    for c in name.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() && c != '\'' && c != '\u{2019}' {
            slug.push('-');
        }
        if slug.len() > 80 {
            break;
        }
    }
    let end = slug.trim_end_matches('-').len();
    slug.truncate(end);
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}
