//! All that is known of one thing, each fact once and with the mentions it was read from: entry point [`Account::of`].
//!
//! The graph states a fact several ways, since queries want it so: a situation and the plain relation it implies, a role
//! and the wider roles above it. A reader wants it once, in the narrowest words, beside its sentence.

use super::view::View;
use crate::ontology::terms::{class, external, property};
use anyhow::Result;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is known of a thing.
pub(super) struct Account {
    /// Its name, or what it states.
    pub(super) title: String,
    /// Its IRI, shortened.
    pub(super) iri: String,
    /// Its narrowest classes.
    pub(super) types: Vec<String>,
    /// What is known without a sentence: properties with their values.
    pub(super) values: Vec<(String, Vec<String>)>,
    /// What was read, with the mentions.
    pub(super) facts: Vec<Fact>,
}

/// A fact in words, with where it was read.
pub(super) struct Fact {
    pub(super) text: String,
    pub(super) evidence: Vec<NamedNode>,
}

/// What comes first in an account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Told,
    Role,
    Situation,
    Event,
    Report,
    Other,
}

/// The facts found so far: those with the same words are one, with the evidence of all.
#[derive(Default)]
struct Facts(BTreeMap<(Section, String, String), Source>);

/// Where a fact stands in the graph: the events or situations that state it, shortened, and the mentions.
#[derive(Default)]
struct Source {
    iris: BTreeSet<String>,
    evidence: BTreeSet<NamedNode>,
}

impl Facts {
    fn add(&mut self, section: Section, order: String, text: String, iri: Option<String>, evidence: Vec<NamedNode>) {
        let fact = self.0.entry((section, order, text)).or_default();
        fact.iris.extend(iri);
        fact.evidence.extend(evidence);
    }

    fn finish(self) -> Vec<Fact> {
        let facts = self.0.into_iter().map(|((_, _, text), Source { iris, evidence })| {
            let text = match iris.first() {
                Some(iri) if iris.len() > 1 => format!("{text}  {iri} and {} more", iris.len() - 1),
                Some(iri) => format!("{text}  {iri}"),
                None => text,
            };
            Fact { text, evidence: evidence.into_iter().collect() }
        });
        facts.collect()
    }
}

/// What is said elsewhere in the account, or is how the graph is kept and not what it says.
const APART: [NamedNodeRef<'static>; 20] = [
    rdf::TYPE,
    rdfs::LABEL,
    external::SKOS_PREF_LABEL,
    external::GAF_DENOTED_BY,
    property::NAME,
    property::BODY,
    property::IN_ARTICLE,
    property::RANK,
    property::MODALITY,
    property::WOULD_BE,
    property::EARLIEST,
    property::LATEST,
    property::BEGIN_EARLIEST,
    property::BEGIN_LATEST,
    property::END_EARLIEST,
    property::END_LATEST,
    property::COUNT_TEXT,
    property::OUTCOME,
    property::MIN,
    property::MAX,
];

impl Account {
    /// Gathers what the store says of a thing.
    pub(super) fn of(view: &View<'_>, thing: &NamedNode) -> Result<Self> {
        let types = view.types(thing)?;
        let mut facts = Facts::default();
        let told = is_told(view, thing);
        if told {
            let mentions = view.objects(thing, external::GAF_DENOTED_BY)?;
            facts.add(Section::Told, String::new(), "it is told here".to_owned(), None, mentions);
        }
        // What others say of it comes first, since a situation makes the plain relation superfluous.
        let covered = told_of(view, thing, &mut facts)?;
        let values = own(view, thing, told, &covered, &mut facts)?;
        let mut title = view.label(thing)?;
        if title.is_empty() && !types.is_empty() {
            title = view.statement(thing)?;
        }
        Ok(Self { title, iri: view.prefixes.shorten(thing.as_str()), types, values, facts: facts.finish() })
    }

    /// Whether nothing is known.
    pub(super) fn is_empty(&self) -> bool {
        self.types.is_empty() && self.values.is_empty() && self.facts.is_empty()
    }
}

/// Whether a thing is an event, a situation or a report: something an article tells.
fn is_told(view: &View<'_>, thing: &NamedNode) -> bool {
    [class::EVENTUALITY, class::CASUALTY_REPORT].into_iter().any(|class| view.is_a(thing, class))
}

/// Plain relations, as subject, property and object, that a situation states too.
type Covered = BTreeSet<(NamedNode, String, NamedNode)>;

/// What events, situations, reports and others say of a thing.
fn told_of(view: &View<'_>, thing: &NamedNode, facts: &mut Facts) -> Result<Covered> {
    let mut roles = BTreeMap::<NamedNode, BTreeSet<NamedNode>>::new();
    for quad in view.store.quads(None, None, Some(thing.into()), None) {
        let quad = quad?;
        let NamedOrBlankNode::NamedNode(other) = quad.subject else { continue };
        // Mentions and sentences are evidence; terms of the ontology are no facts.
        let evidence = [property::IN_ARTICLE, property::IN_EVENT, property::PART_OF_REPORT];
        if !evidence.contains(&quad.predicate.as_ref()) && other.as_str().starts_with(view.store.base()) {
            roles.entry(other).or_default().insert(quad.predicate);
        }
    }
    let mut covered = Covered::new();
    let mut plain = Vec::new();
    for (other, roles) in roles {
        let roles = narrowest(view, &roles);
        let when = view.when(&other)?.into_iter().next().unwrap_or_default();
        let iri = Some(view.prefixes.shorten(other.as_str()));
        let evidence = evidence(view, &other, &roles, thing)?;
        if let Some(relation) = relation(view, &other)? {
            let mut text = view.statement(&other)?;
            if relation.0 != *thing && relation.2 != *thing {
                text = format!("{}: {text}", words(view, &roles));
            }
            covered.insert(relation);
            facts.add(Section::Situation, when, text, iri, evidence);
        } else if view.is_a(&other, class::CASUALTY_REPORT) {
            facts.add(Section::Report, when, format!("toll: {}", view.statement(&other)?), iri, evidence);
        } else if is_told(view, &other) {
            let mut text = format!("{}: {}", words(view, &roles), view.statement(&other)?);
            text.push_str(&company(view, &other, thing)?);
            facts.add(Section::Event, when, text, iri, evidence);
        } else {
            plain.extend(roles.into_iter().map(|role| (other.clone(), role)));
        }
    }
    for (other, role) in plain {
        if !covered.contains(&(other.clone(), role.as_str().to_owned(), thing.clone())) {
            let text = format!("{} {} {}", view.name(&other)?, view.term(role.as_ref()), view.name(thing)?);
            let iri = Some(view.prefixes.shorten(other.as_str()));
            facts.add(Section::Other, String::new(), text, iri, Vec::new());
        }
    }
    Ok(covered)
}

/// What is stated of a thing itself: roles go to the facts, the rest is given back, by property.
fn own(
    view: &View<'_>,
    thing: &NamedNode,
    told: bool,
    covered: &Covered,
    facts: &mut Facts,
) -> Result<Vec<(String, Vec<String>)>> {
    let mut values = BTreeMap::<String, BTreeSet<String>>::new();
    let mut fillers = BTreeMap::<NamedNode, BTreeSet<NamedNode>>::new();
    for quad in view.store.quads(Some(thing.into()), None, None, None) {
        let quad = quad?;
        if APART.contains(&quad.predicate.as_ref()) {
            continue;
        }
        let value = match quad.object {
            Term::NamedNode(object) if quad.predicate == external::GEO_HAS_GEOMETRY => {
                view.text(&object, external::GEO_AS_WKT)?.unwrap_or_default()
            }
            Term::NamedNode(object) if object.as_str().starts_with(view.store.base()) => {
                fillers.entry(object).or_default().insert(quad.predicate);
                continue;
            }
            Term::NamedNode(object) => view.name(&object)?,
            Term::Literal(literal) => literal.value().replace(char::is_control, " "),
            Term::BlankNode(node) => node.to_string(),
        };
        let label = match quad.predicate.as_ref() {
            external::GEO_HAS_GEOMETRY => "point".to_owned(),
            external::SKOS_ALT_LABEL => "also named".to_owned(),
            external::OWL_SAME_AS => "same as".to_owned(),
            predicate => view.term(predicate),
        };
        values.entry(label).or_default().insert(value);
    }
    for (filler, roles) in fillers {
        for role in narrowest(view, &roles) {
            if covered.contains(&(thing.clone(), role.as_str().to_owned(), filler.clone())) {
                continue;
            }
            let (label, name) = (view.term(role.as_ref()), view.name(&filler)?);
            if told {
                let evidence = evidence(view, thing, std::slice::from_ref(&role), &filler)?;
                let iri = Some(view.prefixes.shorten(filler.as_str()));
                facts.add(Section::Role, label.clone(), format!("{label}: {name}"), iri, evidence);
            } else {
                values.entry(label).or_default().insert(name);
            }
        }
    }
    Ok(values.into_iter().map(|(name, values)| (name, values.into_iter().collect())).collect())
}

/// The roles that no other of them is below.
fn narrowest(view: &View<'_>, roles: &BTreeSet<NamedNode>) -> Vec<NamedNode> {
    let below = |role: &NamedNode| {
        roles.iter().any(|other| other != role && view.ontology.is_subproperty(other.as_str(), role.as_str()))
    };
    roles.iter().filter(|role| !below(role)).cloned().collect()
}

fn words(view: &View<'_>, roles: &[NamedNode]) -> String {
    roles.iter().map(|role| view.term(role.as_ref())).collect::<Vec<_>>().join(" and ")
}

/// Who and what else has a part in an event.
fn company(view: &View<'_>, event: &NamedNode, thing: &NamedNode) -> Result<String> {
    let mut fillers = BTreeMap::<NamedNode, BTreeSet<NamedNode>>::new();
    for quad in view.store.quads(Some(event.into()), None, None, None) {
        let quad = quad?;
        if let Term::NamedNode(filler) = quad.object
            && filler != *thing
            && filler.as_str().starts_with(view.store.base())
            && !APART.contains(&quad.predicate.as_ref())
        {
            fillers.entry(filler).or_default().insert(quad.predicate);
        }
    }
    let mut parts = BTreeMap::<String, Vec<String>>::new();
    for (filler, roles) in fillers {
        for role in narrowest(view, &roles) {
            parts.entry(view.term(role.as_ref())).or_default().push(view.name(&filler)?);
        }
    }
    let mut text = String::new();
    for (role, names) in parts {
        let _ = write!(text, "; {role} {}", names.join(", "));
    }
    Ok(text)
}

/// The plain relation that a situation implies.
fn relation(view: &View<'_>, thing: &NamedNode) -> Result<Option<(NamedNode, String, NamedNode)>> {
    for class in view.objects(thing, rdf::TYPE)? {
        let Some(kind) = view.ontology.situation(class.as_str()) else { continue };
        let subjects = view.objects(thing, NamedNodeRef::new_unchecked(&kind.subject_role))?;
        let objects = view.objects(thing, NamedNodeRef::new_unchecked(&kind.object_role))?;
        if let (Some(subject), Some(object)) = (subjects.first(), objects.last()) {
            return Ok(Some((subject.clone(), kind.implies.to_string(), object.clone())));
        }
    }
    Ok(None)
}

/// The mentions that `told` has `filler` in one of these roles: those that say they fill it and denote it; where there is
/// none, the words by which it is told.
fn evidence(view: &View<'_>, told: &NamedNode, roles: &[NamedNode], filler: &NamedNode) -> Result<Vec<NamedNode>> {
    let denoting: BTreeSet<_> = view.objects(filler, external::GAF_DENOTED_BY)?.into_iter().collect();
    let mut found = Vec::new();
    for quad in view.store.quads(None, Some(property::IN_EVENT), Some(told.into()), None) {
        let NamedOrBlankNode::NamedNode(mention) = quad?.subject else { continue };
        let filled = view.objects(&mention, property::FILLS_ROLE)?;
        let fills = filled.iter().any(|filled| {
            roles.iter().any(|role| filled == role || view.ontology.is_subproperty(filled.as_str(), role.as_str()))
        });
        if fills && denoting.contains(&mention) {
            found.push(mention);
        }
    }
    if found.is_empty() {
        found = view.objects(told, external::GAF_DENOTED_BY)?;
    }
    Ok(found)
}
