//! The known actors of `seeds/actors`: states, forces, armed groups, bodies, people, with their names.
//!
//! [`read`] turns the Turtle files into values, in the order of their IRIs; [`KnownActor::embedded`] has those compiled
//! into the program. [`super::ActorNames`] finds their names in a text.

use crate::facts::Iri;
use crate::ontology::Ontology;
use crate::ontology::terms::{external, property};
use oxrdf::vocab::rdf;
use oxrdf::{NamedNodeRef, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use std::collections::BTreeMap;
use std::sync::LazyLock;

macro_rules! files {
    ($($name:literal,)*) => {
        /// The files of `seeds/actors` as they were when the program was built: name and Turtle. A test holds the list
        /// against the folder.
        pub const ACTOR_FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../seeds/actors/", $name))),)*
        ];
    };
}

files! {
    "aid-and-rights-organizations.ttl",
    "armed-groups.ttl",
    "coalitions.ttl",
    "government-bodies.ttl",
    "international-organizations.ttl",
    "people.ttl",
    "political-organizations.ttl",
    "state-forces.ttl",
    "states.ttl",
}

/// Why a file of actors cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` is no Turtle; mend the line named")]
#[non_exhaustive]
pub struct ActorsError {
    /// Name of the file.
    pub file: String,
    /// The fault and its line.
    pub source: oxttl::TurtleSyntaxError,
}

/// An actor known before any article is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownActor {
    /// `urn:belligraph:actor:…`.
    pub iri: Iri,
    /// Its classes in the ontology, as the file gives them.
    pub classes: Vec<Iri>,
    /// The name it is best known by.
    pub name: Box<str>,
    /// Other names that mean it wherever they stand.
    pub other_names: Vec<Box<str>>,
    /// Acronyms that mean it wherever they stand, in this case of letters.
    pub acronyms: Vec<Box<str>>,
    /// Names and acronyms that mean it only where the article speaks for it.
    pub ambiguous_names: Vec<Box<str>>,
    /// Ranks and offices a person was named with.
    pub titles: Vec<Box<str>>,
    /// ISO 3166-1 alpha-2 codes of the countries it belongs to or acts in.
    pub countries: Vec<Box<str>>,
    /// When it came into being: a day, a month or a year.
    pub founded: Option<Box<str>>,
    /// When it ceased to be.
    pub dissolved: Option<Box<str>>,
    /// The organizations it is a branch of.
    pub part_of: Vec<Iri>,
    /// The groups and coalitions it belongs to.
    pub member_of: Vec<Iri>,
    /// Whom a person leads or led at some time.
    pub leads: Vec<Iri>,
}

static EMBEDDED: LazyLock<Vec<KnownActor>> = LazyLock::new(|| match read(ACTOR_FILES.iter().copied()) {
    Ok(actors) => actors,
    // A test reads the embedded files, so a build that ships can read them.
    Err(error) => panic!("the embedded actors are broken: {error}: {}", error.source),
});

impl KnownActor {
    /// The actors compiled into the program, in the order of their IRIs.
    pub fn embedded() -> &'static [Self] {
        &EMBEDDED
    }

    /// The actors compiled into the program with those of the overlays, in the order of their IRIs; what an overlay says
    /// of an actor replaces all that was said of it.
    pub fn of_ontology(ontology: &Ontology) -> Vec<Self> {
        let mut all: BTreeMap<Iri, Self> = Self::embedded().iter().map(|a| (a.iri.clone(), a.clone())).collect();
        all.extend(joined(ontology.known_actors()));
        all.into_values().filter(|a| !a.name.is_empty()).collect()
    }

    /// Whether the file gives it this class.
    pub fn is_a(&self, class: &str) -> bool {
        self.classes.iter().any(|c| &**c == class)
    }
}

/// Reads files of actors, given as name and Turtle. What several files say of one actor is joined; an actor without a
/// name is left out.
///
/// # Errors
///
/// A file is no Turtle.
pub fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Vec<KnownActor>, ActorsError> {
    let mut triples = Vec::new();
    for (file, turtle) in files {
        for triple in TurtleParser::new().for_slice(turtle.as_bytes()) {
            triples.push(triple.map_err(|source| ActorsError { file: file.to_owned(), source })?);
        }
    }
    Ok(joined(&triples).into_values().filter(|a| !a.name.is_empty()).collect())
}

fn joined(triples: &[Triple]) -> BTreeMap<Iri, KnownActor> {
    let mut actors: BTreeMap<Iri, KnownActor> = BTreeMap::new();
    for triple in triples {
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { continue };
        let iri = Iri::from(subject.as_str());
        let actor = actors.entry(iri.clone()).or_insert_with(|| KnownActor { iri, ..KnownActor::default() });
        actor.take(triple.predicate.as_ref(), &triple.object);
    }
    actors
}

impl KnownActor {
    fn take(&mut self, predicate: NamedNodeRef<'_>, object: &Term) {
        match object {
            Term::Literal(literal) => {
                let text: Box<str> = literal.value().into();
                match predicate {
                    p if p == external::SKOS_PREF_LABEL => self.name = text,
                    p if p == external::SKOS_ALT_LABEL => self.other_names.push(text),
                    p if p == property::ACRONYM => self.acronyms.push(text),
                    p if p == property::AMBIGUOUS_LABEL => self.ambiguous_names.push(text),
                    p if p == property::TITLE => self.titles.push(text),
                    p if p == property::COUNTRY_CODE => self.countries.push(text),
                    p if p == property::FOUNDED => self.founded = Some(text),
                    p if p == property::DISSOLVED => self.dissolved = Some(text),
                    _ => {}
                }
            }
            Term::NamedNode(node) => {
                let iri = Iri::from(node.as_str());
                match predicate {
                    p if p == rdf::TYPE => self.classes.push(iri),
                    p if p == property::PART_OF => self.part_of.push(iri),
                    p if p == property::MEMBER_OF => self.member_of.push(iri),
                    p if p == property::LEADS => self.leads.push(iri),
                    _ => {}
                }
            }
            Term::BlankNode(_) => {}
        }
    }
}
