//! Loading: what articles say, put into a store, with an account of it.
//!
//! [`Loading::begin`] brings the store's ontology and seeds up to date, [`Loading::add`] stores one article, and
//! [`Loading::finish`] gives the [`Summary`]. [`stale`] and [`stored`] serve to extract again from the texts the store keeps.

use super::{Chain, Reported, versions};
use crate::article::Article;
use crate::facts::{Event, Outcome};
use crate::graph::{Iris, KNOWN_ACTOR, KNOWN_PLACE};
use crate::lexicon::ACTOR_FILES;
use crate::ontology::Ontology;
use crate::ontology::terms::{external, property};
use crate::store::{ArticleGraph, Change, Run, RunDescription, Store, StoreError, skolemise};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Articles that were not in the store before.
    pub added: usize,
    /// Articles that were, and now say something else.
    pub replaced: usize,
    /// Articles that were, and are the same.
    pub unchanged: usize,
    /// How many events of each class, by the class's label, that took place or are alleged to have.
    pub events: BTreeMap<String, usize>,
    /// Events that were planned, feared, denied and so on.
    pub unrealized: usize,
    /// The actors in these articles, by their IRIs.
    pub actors: BTreeSet<String>,
    /// The places.
    pub places: BTreeSet<String>,
    /// How many articles of each other language were not extracted, by its English name.
    pub other_languages: BTreeMap<&'static str, usize>,
    /// How many articles were so long that only their beginning was read.
    pub shortened: usize,
    /// How many people were killed.
    pub killed: Toll,
    /// How many people were injured.
    pub injured: Toll,
}

/// Numbers of people, as the articles report them, added up. Several articles on one event count it several times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Toll {
    /// The sum of the lower bounds.
    pub min: u64,
    /// The sum of the upper bounds, or of the lower bounds where there is none.
    pub max: u64,
    /// Whether some number has no upper bound.
    pub is_open: bool,
}

impl Toll {
    /// Adds what an event's reports say of this outcome, leaving out parts of other figures and totals of longer times.
    fn add(&mut self, event: &Event, outcome: Outcome) {
        for report in &event.casualties {
            let counts = !report.cumulative && !report.superseded && report.part_of.is_none();
            if report.outcome == outcome && counts {
                self.min += u64::from(report.min);
                self.max += u64::from(report.max.unwrap_or(report.min));
                self.is_open |= report.max.is_none();
            }
        }
    }
}

/// Articles being loaded into a store.
#[derive(Debug)]
pub struct Loading<'s> {
    run: Run<'s>,
    ontology: &'static Ontology,
    summary: Summary,
}

impl<'s> Loading<'s> {
    /// Begins to load, and brings the ontology and the seeds in the store up to date.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn begin(store: &'s Store, ontology: &'static Ontology, command: &str) -> Result<Self, StoreError> {
        let mut description = RunDescription::new(command);
        for label in versions(ontology).labels {
            if let Some((name, version)) = label.split_once(' ') {
                description = description.with_version(name, version);
            }
        }
        let mut run = store.begin_run(&description)?;
        let base = store.base();
        let files: Vec<&str> = ontology.sources().iter().map(|source| source.text.as_ref()).collect();
        let version = digest(&files);
        let fresh =
            |graph: NamedNodeRef<'_>| Ok::<_, StoreError>(store.content_version(graph)?.as_ref() == Some(&version));
        let (actors, places) = (store.graphs().seeds("actors"), store.graphs().seeds("places-of-overlays"));
        let current = fresh(store.graphs().ontology())? && fresh(actors.as_ref())? && fresh(places.as_ref())?;
        if !current {
            tracing::debug!(version = ontology.version(), "bringing the ontology in the store up to date");
            run.refresh_graph(store.graphs().ontology(), &version, || {
                skolemise(base, "ontology", minted(base, ontology.sorted_statements().ontology.clone()))
            })?;
            run.refresh_graph(actors.as_ref(), &version, || skolemise(base, "actors", known_actors(base, ontology)))?;
            run.refresh_graph(places.as_ref(), &version, || skolemise(base, "places", known_places(base, ontology)))?;
        }
        Ok(Self { run, ontology, summary: Summary::default() })
    }

    /// Stores an article and what it says.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn add(&mut self, reported: &Reported, graph: ArticleGraph) -> Result<Change, StoreError> {
        let change = self.run.put_article(graph)?;
        let summary = &mut self.summary;
        match change {
            Change::Added => summary.added += 1,
            Change::Replaced => summary.replaced += 1,
            Change::Unchanged => summary.unchanged += 1,
        }
        let Reported { facts, iris, .. } = reported;
        match facts.other_language {
            Some((_, name)) => *summary.other_languages.entry(name).or_default() += 1,
            None => summary.shortened += usize::from(!facts.notes.is_empty()),
        }
        for event in &facts.events {
            if event.modality.is_asserted() {
                let label = self.ontology.label(&event.class).unwrap_or(&event.class);
                *summary.events.entry(label.to_owned()).or_default() += 1;
                summary.killed.add(event, Outcome::Killed);
                summary.injured.add(event, Outcome::Injured);
            } else {
                summary.unrealized += 1;
            }
            summary
                .places
                .extend(event.places.iter().map(|place| iris.entity(place.entity, &facts.entities[place.entity])));
            for participant in &event.participants {
                let entity = &facts.entities[participant.entity];
                if entity.kind.is_actor() && entity.named {
                    summary.actors.insert(iris.entity(participant.entity, entity));
                }
            }
        }
        Ok(change)
    }

    /// Stores what an article says that was read elsewhere; the summary does not count it.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn put(&mut self, graph: ArticleGraph) -> Result<Change, StoreError> {
        self.run.put_article(graph)
    }

    /// Ends the run.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn finish(self) -> Result<Summary, StoreError> {
        self.run.finish()?;
        Ok(self.summary)
    }
}

/// What is known of actors before any article, with their IRIs as a store with this base mints them and with the types
/// above those given.
pub fn known_actors(base: &str, ontology: &Ontology) -> Vec<Triple> {
    let overlaid = ontology.known_actors();
    let mut known = seeds(overlaid);
    known.extend_from_slice(overlaid);
    let mut known = minted(base, known);
    materialise(&mut known, ontology);
    known
}

/// The places that overlays make known, in the same way.
pub fn known_places(base: &str, ontology: &Ontology) -> Vec<Triple> {
    let mut known = minted(base, ontology.known_places().to_vec());
    let points = known.iter().filter(|triple| triple.predicate == external::GEO_HAS_GEOMETRY);
    let points: Vec<Triple> = points
        .filter_map(|triple| match &triple.object {
            Term::NamedNode(point) => Some(Triple::new(point.clone(), rdf::TYPE, external::GEO_GEOMETRY)),
            Term::BlankNode(point) => Some(Triple::new(point.clone(), rdf::TYPE, external::GEO_GEOMETRY)),
            Term::Literal(_) => None,
        })
        .collect();
    known.extend(points);
    known.sort_by_cached_key(ToString::to_string);
    known.dedup();
    materialise(&mut known, ontology);
    name(&mut known);
    known
}

/// A version of documents that changes with every letter of them.
fn digest(documents: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    for document in documents {
        hash.update(document.len().to_be_bytes());
        hash.update(document);
    }
    let mut digest = String::with_capacity(16);
    for byte in hash.finalize().iter().take(8) {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

/// Adds the types above those given, as the articles' own things have them.
fn materialise(triples: &mut Vec<Triple>, ontology: &Ontology) {
    let mut wider = Vec::new();
    for triple in triples.iter().filter(|triple| triple.predicate.as_ref() == rdf::TYPE) {
        if let Term::NamedNode(class) = &triple.object {
            for class in ontology.superclasses(class.as_str()) {
                let class = NamedNode::new_unchecked(class.to_string());
                wider.push(Triple::new(triple.subject.clone(), rdf::TYPE, class));
            }
        }
    }
    triples.extend(wider);
}

/// The triples of the known actors compiled into the program, without those that overlays describe. A test parses the
/// documents, so errors cannot occur here.
fn seeds(overlaid: &[Triple]) -> Vec<Triple> {
    let anew: BTreeSet<String> = overlaid.iter().map(|triple| triple.subject.to_string()).collect();
    let read = ACTOR_FILES.iter().flat_map(|(_, turtle)| TurtleParser::new().for_slice(turtle.as_bytes()));
    read.filter_map(Result::ok).filter(|triple| !anew.contains(&triple.subject.to_string())).collect()
}

/// The same triples with the IRIs of known actors and places as the store mints them.
fn minted(base: &str, mut triples: Vec<Triple>) -> Vec<Triple> {
    let iris = Iris::new(base, "");
    let known = |node: &NamedNode| node.as_str().starts_with(KNOWN_ACTOR) || node.as_str().starts_with(KNOWN_PLACE);
    for triple in &mut triples {
        if let NamedOrBlankNode::NamedNode(node) = &triple.subject
            && known(node)
        {
            triple.subject = NamedNode::new_unchecked(iris.candidate(node.as_str())).into();
        }
        if let Term::NamedNode(node) = &triple.object
            && known(node)
        {
            triple.object = NamedNode::new_unchecked(iris.candidate(node.as_str())).into();
        }
    }
    triples
}

/// Gives known places their names in the properties that the places of articles have.
fn name(triples: &mut Vec<Triple>) {
    let mut names = Vec::new();
    for triple in triples.iter().filter(|triple| triple.predicate == external::SKOS_PREF_LABEL) {
        if let Term::Literal(label) = &triple.object {
            for predicate in [property::NAME, rdfs::LABEL] {
                names.push(Triple::new(triple.subject.clone(), predicate, Literal::from(label.value())));
            }
        }
    }
    triples.extend(names);
}

/// The articles that were extracted with other versions than these, in the order of their IRIs.
///
/// # Errors
///
/// If the store cannot be read.
pub fn stale(store: &Store, chain: &Chain) -> Result<Vec<NamedNode>, StoreError> {
    let now: BTreeSet<String> = versions(chain.ontology()).labels.into_iter().collect();
    let mut stale = Vec::new();
    for article in store.articles()? {
        let with = values(store, article.as_ref(), property::EXTRACTED_WITH)?;
        if with.into_iter().collect::<BTreeSet<_>>() != now {
            stale.push(article);
        }
    }
    Ok(stale)
}

/// An article as it stands in the store, with its key. None if it is not there.
///
/// # Errors
///
/// If the store cannot be read.
pub fn stored(store: &Store, article: NamedNodeRef<'_>) -> Result<Option<(Article, String)>, StoreError> {
    let one = |predicate| Ok::<_, StoreError>(values(store, article, predicate)?.into_iter().next());
    let Some(key) = one(property::ARTICLE_KEY)? else { return Ok(None) };
    let read = Article {
        id: None,
        headline: one(property::HEADLINE)?.unwrap_or_default(),
        body: one(property::BODY)?.unwrap_or_default(),
        publisher: one(property::PUBLISHER)?,
        author: one(property::AUTHOR)?,
        published: one(property::PUBLISHED)?.and_then(|date| date.parse().ok()),
        url: one(property::URL)?,
        ..Article::default()
    };
    Ok(Some((read, key)))
}

fn values(store: &Store, article: NamedNodeRef<'_>, predicate: NamedNodeRef<'_>) -> Result<Vec<String>, StoreError> {
    let quads = store.quads(Some(article.into()), Some(predicate), None, Some(article.into()));
    quads
        .map(|quad| {
            Ok(match quad?.object {
                Term::Literal(literal) => literal.value().to_owned(),
                other => other.to_string(),
            })
        })
        .collect()
}
