//! The mapping of facts to triples: one graph an article, and what the article implies about shared entities.

use super::Iris;
use super::iris::is_shared;
use crate::article::{Article, Field};
use crate::facts::{
    CasualtyReport, Entity, EntityId, EntityKind, Event, Evidence, Facts, Modality, Outcome, Party, PlacePrecision,
    Situation, SituationSide, TimeBasis, TimeBounds, TimePrecision, TimeSpan, VictimClass,
};
use crate::ontology::Ontology;
use crate::ontology::terms::short;
use crate::ontology::terms::{class, concept, external, property};
use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{Literal, NamedNode, NamedNodeRef, Term, Triple};
use std::collections::BTreeMap;

/// The triples an article gives.
#[derive(Clone, Debug)]
pub struct ArticleGraph {
    /// The article's IRI, which is also the name of its graph.
    pub name: NamedNode,
    /// The triples of its graph: every subject is minted from the article.
    pub own: Vec<Triple>,
    /// What it implies about entities that have the same IRI in every article: their kind, names and mentions, and the
    /// plain relations between them.
    pub shared: Vec<Triple>,
    /// What the gazetteer knows of the places it names: their kind, name, country and point.
    pub known: Vec<Triple>,
}

/// Versions that are written into an article's graph, so that one can see what it was extracted with.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// For instance `belligraph 0.1.0`, `ontology 1.0.0`.
    pub labels: Vec<String>,
}

/// Maps an article and its facts to triples. The same input always gives the same triples in the same order.
pub fn article_graph(
    article: &Article,
    facts: &Facts,
    iris: &Iris,
    ontology: &Ontology,
    versions: &Versions,
) -> ArticleGraph {
    let mut mapper = Mapper {
        facts,
        iris,
        ontology,
        article: node(&iris.article()),
        body: Chars::new(&article.body),
        headline: Chars::new(&article.headline),
        own: Vec::new(),
        shared: Vec::new(),
        known: Vec::new(),
    };
    mapper.article(article, versions);
    for (id, entity) in facts.entities.iter().enumerate() {
        mapper.entity(id, entity);
    }
    for (rank, event) in facts.events.iter().enumerate() {
        mapper.event(rank, event);
    }
    for situation in &facts.situations {
        mapper.situation(situation);
    }
    ArticleGraph {
        name: mapper.article,
        own: in_order(mapper.own),
        shared: in_order(mapper.shared),
        known: in_order(mapper.known),
    }
}

/// Sorted by their text and without repetition, so that the output does not depend on how it was put together.
fn in_order(mut triples: Vec<Triple>) -> Vec<Triple> {
    triples.sort_by_cached_key(|t| (t.subject.to_string(), t.predicate.as_str().to_owned(), t.object.to_string()));
    triples.dedup();
    triples
}

/// The byte offsets of a text's code points, to cut it by code points.
struct Chars<'a> {
    text: &'a str,
    starts: Vec<u32>,
}

impl<'a> Chars<'a> {
    fn new(text: &'a str) -> Self {
        let starts = text.char_indices().map(|(i, _)| i as u32).chain(std::iter::once(text.len() as u32)).collect();
        Self { text, starts }
    }

    fn slice(&self, start: u32, end: u32) -> &'a str {
        let at = |i: u32| self.starts.get(i as usize).copied().unwrap_or(self.text.len() as u32) as usize;
        self.text.get(at(start)..at(end)).unwrap_or_default()
    }
}

struct Mapper<'a> {
    facts: &'a Facts,
    iris: &'a Iris,
    ontology: &'a Ontology,
    article: NamedNode,
    headline: Chars<'a>,
    body: Chars<'a>,
    own: Vec<Triple>,
    shared: Vec<Triple>,
    known: Vec<Triple>,
}

impl<'a> Mapper<'a> {
    fn own(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.own.push(Triple::new(subject.clone(), predicate, object));
    }

    /// A statement about an entity: in the graph all articles share, if the entity is shared.
    fn about(&mut self, id: EntityId, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        let triple = Triple::new(subject.clone(), predicate, object);
        if is_shared(&self.facts.entities[id]) {
            self.shared.push(triple);
        } else {
            self.own.push(triple);
        }
    }

    /// A description of an entity: what the gazetteer says of a place of its own stands apart from what articles say.
    fn describe(&mut self, id: EntityId, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        if self.facts.entities[id].location.as_ref().is_some_and(|l| l.geonames.is_some()) {
            self.known.push(Triple::new(subject.clone(), predicate, object));
        } else {
            self.about(id, subject, predicate, object);
        }
    }

    fn entity_iri(&self, id: EntityId) -> NamedNode {
        node(&self.iris.entity(id, &self.facts.entities[id]))
    }

    fn article(&mut self, article: &Article, versions: &Versions) {
        let subject = self.article.clone();
        self.own(&subject, rdf::TYPE, class::ARTICLE);
        self.own(&subject, property::ARTICLE_KEY, text(self.iris.key()));
        if !article.headline.is_empty() {
            self.own(&subject, property::HEADLINE, text(&article.headline));
            self.own(&subject, rdfs::LABEL, text(&article.headline));
        }
        self.own(&subject, property::BODY, text(&article.body));
        if let Some(date) = article.published {
            self.own(&subject, property::PUBLISHED, typed(&date, xsd::DATE));
        }
        for (predicate, value) in [(property::PUBLISHER, &article.publisher), (property::AUTHOR, &article.author)] {
            if let Some(value) = value {
                self.own(&subject, predicate, text(value));
            }
        }
        if let Some(url) = &article.url {
            self.own(&subject, property::URL, typed(url, xsd::ANY_URI));
        }
        for label in &versions.labels {
            self.own(&subject, property::EXTRACTED_WITH, text(label));
        }
    }

    /// The mention at some evidence, described; returns its IRI.
    fn mention(&mut self, evidence: Evidence) -> NamedNode {
        let mention = node(&self.iris.mention(evidence));
        let (field, words) = self.cut(evidence.field, evidence.start, evidence.end);
        let words = text(words);
        self.own(&mention, rdf::TYPE, class::MENTION);
        self.own(&mention, property::FIELD, text(field));
        self.own(&mention, property::BEGIN_INDEX, count(evidence.start));
        self.own(&mention, property::END_INDEX, count(evidence.end));
        self.own(&mention, property::TEXT, words);
        let article = self.article.clone();
        self.own(&mention, property::IN_ARTICLE, article.clone());
        let sentence = node(&self.iris.sentence(evidence));
        self.own(&mention, property::IN_SENTENCE, sentence.clone());
        let (field, words) = self.cut(evidence.field, evidence.sentence_start, evidence.sentence_end);
        let words = text(words);
        self.own(&sentence, rdf::TYPE, class::SENTENCE);
        self.own(&sentence, property::FIELD, text(field));
        self.own(&sentence, property::BEGIN_INDEX, count(evidence.sentence_start));
        self.own(&sentence, property::END_INDEX, count(evidence.sentence_end));
        self.own(&sentence, property::TEXT, words);
        self.own(&sentence, property::IN_ARTICLE, article);
        mention
    }

    fn cut(&self, field: Field, start: u32, end: u32) -> (&'static str, &'a str) {
        match field {
            Field::Headline => ("headline", self.headline.slice(start, end)),
            Field::Body => ("body", self.body.slice(start, end)),
        }
    }

    fn types(&mut self, subject: &NamedNode, class: &str) {
        self.own(subject, rdf::TYPE, node(class));
        for superclass in self.ontology.superclasses(class) {
            self.own(subject, rdf::TYPE, node(superclass));
        }
    }

    fn entity(&mut self, id: EntityId, entity: &Entity) {
        let subject = self.entity_iri(id);
        // A known actor or place is described in the graph of the seeds.
        if entity.known.is_none() {
            if let Some(class) = entity.class.as_deref().or_else(|| class_of_kind(entity.kind)) {
                self.describe(id, &subject, rdf::TYPE, node(class));
                for superclass in self.ontology.superclasses(class) {
                    self.describe(id, &subject, rdf::TYPE, node(superclass));
                }
            }
            self.describe(id, &subject, property::NAME, text(&entity.name));
            self.describe(id, &subject, rdfs::LABEL, text(&entity.name));
            if let Some(country) = &entity.country {
                self.describe(id, &subject, property::COUNTRY_CODE, text(country));
            }
        }
        if let Some(location) = entity.location.as_ref().filter(|_| entity.known.is_none()) {
            let geometry = node(&format!("{}#geometry", subject.as_str()));
            self.describe(id, &subject, rdf::TYPE, external::GEO_FEATURE);
            self.describe(id, &subject, external::GEO_HAS_GEOMETRY, geometry.clone());
            self.describe(id, &geometry, rdf::TYPE, external::GEO_GEOMETRY);
            let point = format!("POINT({} {})", location.longitude, location.latitude);
            self.describe(id, &geometry, external::GEO_AS_WKT, typed(&point, external::GEO_WKT_LITERAL));
            self.describe(id, &subject, property::PLACE_PRECISION, place_precision(location.precision));
            if let Some(number) = location.geonames {
                let link = node(&format!("https://sws.geonames.org/{number}/"));
                self.describe(id, &subject, external::OWL_SAME_AS, link);
            }
        }
        if let Some(outer) = entity.within {
            let outer = self.entity_iri(outer);
            self.about(id, &subject, property::WITHIN, outer);
        }
        for candidate in &entity.candidates {
            self.about(id, &subject, property::CANDIDATE, node(&self.iris.candidate(&candidate.iri)));
        }
        for &mention in &entity.mentions {
            let mention = self.mention(self.facts.mentions[mention].evidence);
            self.about(id, &subject, external::GAF_DENOTED_BY, mention);
        }
    }

    fn event(&mut self, rank: usize, event: &Event) {
        let subject = node(&self.iris.event(event));
        if event.modality.is_asserted() {
            self.types(&subject, &event.class);
        } else {
            self.types(&subject, class::UNREALIZED_EVENT.as_str());
            self.own(&subject, property::WOULD_BE, node(&event.class));
        }
        self.own(&subject, property::MODALITY, modality(event.modality));
        let article = self.article.clone();
        self.own(&subject, property::IN_ARTICLE, article);
        self.own(&subject, property::RANK, Literal::from(rank as u64 + 1));
        if event.background {
            self.own(&subject, property::IS_BACKGROUND, Literal::from(true));
        }
        if let Some(source) = event.according_to {
            let source = self.entity_iri(source);
            self.own(&subject, property::ACCORDING_TO, source);
        }
        for evidence in std::iter::once(&event.trigger).chain(&event.mentions) {
            let mention = self.mention(*evidence);
            self.own(&mention, property::IN_EVENT, subject.clone());
            self.own(&subject, external::GAF_DENOTED_BY, mention);
        }
        match &event.time {
            Some(TimeSpan::At(at)) => self.bounds(
                &subject,
                at,
                [property::EARLIEST, property::LATEST, property::TIME_PRECISION, property::TIME_BASIS],
            ),
            Some(TimeSpan::Lasting { begin, end }) => self.lasting(&subject, begin.as_ref(), end.as_ref()),
            None => {}
        }
        for place in &event.places {
            let entity = self.entity_iri(place.entity);
            self.own(&subject, property::PLACE, entity);
            if place.near {
                self.own(&subject, property::PLACE_PRECISION, concept::NEAR_PLACE);
            }
            self.fills(&subject, place.evidence, property::PLACE);
            if let Some(role) = &place.role {
                let entity = self.entity_iri(place.entity);
                self.own(&subject, node(role).as_ref(), entity);
                self.fills(&subject, place.evidence, node(role).as_ref());
            }
        }
        for participant in &event.participants {
            let role = node(&participant.role);
            let entity = self.entity_iri(participant.entity);
            self.own(&subject, role.as_ref(), entity.clone());
            for wider in self.ontology.superproperties(&participant.role) {
                self.own(&subject, node(wider).as_ref(), entity.clone());
            }
            self.fills(&subject, participant.evidence, role.as_ref());
        }
        let mut minted: Vec<NamedNode> = Vec::with_capacity(event.casualties.len());
        let mut earlier: BTreeMap<String, usize> = BTreeMap::new();
        for report in &event.casualties {
            let first = self.iris.report(report.evidence, report.outcome.as_str(), 0);
            let ordinal = earlier.entry(first).or_default();
            let iri = node(&self.iris.report(report.evidence, report.outcome.as_str(), *ordinal));
            *ordinal += 1;
            self.report(&subject, &iri, report, &minted);
            minted.push(iri);
        }
    }

    /// The mention at `evidence` fills a role of an event or situation.
    fn fills(&mut self, event: &NamedNode, evidence: Evidence, role: NamedNodeRef<'_>) {
        let mention = self.mention(evidence);
        self.own(&mention, property::IN_EVENT, event.clone());
        self.own(&mention, property::FILLS_ROLE, role);
    }

    fn report(&mut self, event: &NamedNode, subject: &NamedNode, report: &CasualtyReport, earlier: &[NamedNode]) {
        self.own(subject, rdf::TYPE, class::CASUALTY_REPORT);
        self.own(subject, property::OF_EVENT, event.clone());
        let article = self.article.clone();
        self.own(subject, property::IN_ARTICLE, article);
        self.own(subject, property::OUTCOME, outcome(report.outcome));
        self.own(subject, property::VICTIM_CLASS, victims(report.victims));
        self.own(subject, property::MIN, count(report.min));
        if let Some(max) = report.max {
            self.own(subject, property::MAX, count(max));
        }
        self.own(subject, property::COUNT_TEXT, text(&report.wording));
        if report.presumed {
            self.own(subject, property::IS_PRESUMED, Literal::from(true));
        }
        if report.cumulative {
            self.own(subject, property::IS_CUMULATIVE, Literal::from(true));
        }
        if report.superseded {
            self.own(subject, property::IS_SUPERSEDED, Literal::from(true));
        }
        if let Some(side) = report.side {
            let side = self.entity_iri(side);
            self.own(subject, property::SIDE, side);
        }
        if let Some(source) = report.according_to {
            let source = self.entity_iri(source);
            self.own(subject, property::ACCORDING_TO, source);
        }
        if let Some(whole) = report.part_of.and_then(|i| earlier.get(i)) {
            self.own(subject, property::PART_OF_REPORT, whole.clone());
        }
        let mention = self.mention(report.evidence);
        self.own(subject, external::GAF_DENOTED_BY, mention);
    }

    fn situation(&mut self, situation: &Situation) {
        let Some(kind) = self.ontology.situation(&situation.kind) else { return };
        let kind = kind.clone();
        let (first, second) = (&situation.subject, &situation.object);
        let name = short(&situation.kind).to_owned();
        let subject = node(&self.iris.situation(&name, first.evidence, second.evidence));
        self.types(&subject, &situation.kind);
        let article = self.article.clone();
        self.own(&subject, property::IN_ARTICLE, article);
        let (holder, held) = (self.party_iri(first), self.party_iri(second));
        let roles = [(node(&kind.subject_role), first, &holder), (node(&kind.object_role), second, &held)];
        for (role, side, entity) in roles {
            self.own(&subject, role.as_ref(), entity.clone());
            self.fills(&subject, side.evidence, role.as_ref());
        }
        self.lasting(&subject, situation.begin.as_ref(), situation.end.as_ref());
        for (predicate, event) in [(property::BEGUN_BY, situation.begun_by), (property::ENDED_BY, situation.ended_by)] {
            if let Some(event) = event {
                let event = node(&self.iris.event(&self.facts.events[event]));
                self.own(&subject, predicate, event);
            }
        }
        if let Some(source) = situation.according_to {
            let source = self.entity_iri(source);
            self.own(&subject, property::ACCORDING_TO, source);
        }
        let mention = self.mention(situation.evidence);
        self.own(&subject, external::GAF_DENOTED_BY, mention);
        let implied = Triple::new(holder, node(&kind.implies), held);
        let shared = first.entity().is_some_and(|e| is_shared(&self.facts.entities[e]));
        if shared {
            self.shared.push(implied);
        } else {
            self.own.push(implied);
        }
    }

    fn party_iri(&self, side: &SituationSide) -> NamedNode {
        match side.party {
            Party::Entity(entity) => self.entity_iri(entity),
            Party::Event(event) => node(&self.iris.event(&self.facts.events[event])),
        }
    }

    fn lasting(&mut self, subject: &NamedNode, begin: Option<&TimeBounds>, end: Option<&TimeBounds>) {
        if let Some(begin) = begin {
            self.bounds(
                subject,
                begin,
                [property::BEGIN_EARLIEST, property::BEGIN_LATEST, property::BEGIN_PRECISION, property::BEGIN_BASIS],
            );
        }
        if let Some(end) = end {
            self.bounds(
                subject,
                end,
                [property::END_EARLIEST, property::END_LATEST, property::END_PRECISION, property::END_BASIS],
            );
        }
    }

    /// Writes bounds with the four properties for earliest, latest, precision and basis.
    fn bounds(&mut self, subject: &NamedNode, bounds: &TimeBounds, properties: [NamedNodeRef<'static>; 4]) {
        let [earliest, latest, precision, basis] = properties;
        for (predicate, date) in [(earliest, bounds.earliest), (latest, bounds.latest)] {
            if let Some(date) = date {
                self.own(subject, predicate, typed(&date, xsd::DATE));
            }
        }
        self.own(subject, precision, time_precision(bounds.precision));
        self.own(subject, basis, time_basis(bounds.basis));
        if let Some(words) = &bounds.words {
            self.own(subject, property::TIME_TEXT, text(words));
        }
        if let Some((month, day)) = bounds.partial {
            let date = match day {
                Some(day) => typed(&format!("--{month:02}-{day:02}"), xsd::G_MONTH_DAY),
                None => typed(&format!("--{month:02}"), xsd::G_MONTH),
            };
            self.own(subject, property::PARTIAL_DATE, date);
        }
    }
}

fn node(iri: &str) -> NamedNode {
    NamedNode::new_unchecked(iri)
}

fn text(value: &str) -> Literal {
    Literal::new_simple_literal(value)
}

fn typed(value: &impl ToString, datatype: NamedNodeRef<'_>) -> Literal {
    Literal::new_typed_literal(value.to_string(), datatype)
}

fn count(value: u32) -> Literal {
    typed(&value, xsd::NON_NEGATIVE_INTEGER)
}

/// The class of an entity of which only the kind is known.
fn class_of_kind(kind: EntityKind) -> Option<&'static str> {
    let class = match kind {
        EntityKind::Person => class::PERSON,
        EntityKind::Organization => class::ACTOR,
        EntityKind::Place => class::PLACE,
        EntityKind::Weapon => class::WEAPON,
        EntityKind::Vehicle => class::VEHICLE,
        EntityKind::Document | EntityKind::Other => class::ENTITY,
        EntityKind::Nationality | EntityKind::Time | EntityKind::Quantity | EntityKind::Money => return None,
    };
    Some(class.as_str())
}

pub(super) fn modality(modality: Modality) -> NamedNodeRef<'static> {
    match modality {
        Modality::Actual => concept::ACTUAL,
        Modality::Alleged => concept::ALLEGED,
        Modality::Negated => concept::NEGATED,
        Modality::Planned => concept::PLANNED,
        Modality::Feared => concept::FEARED,
        Modality::Threatened => concept::THREATENED,
        Modality::Demanded => concept::DEMANDED,
        Modality::Attempted => concept::ATTEMPTED,
        Modality::Hypothetical => concept::HYPOTHETICAL,
    }
}

fn outcome(outcome: Outcome) -> NamedNodeRef<'static> {
    match outcome {
        Outcome::Killed => concept::KILLED,
        Outcome::Injured => concept::INJURED,
        Outcome::Harmed => concept::HARMED,
        Outcome::Captured => concept::CAPTURED,
        Outcome::Missing => concept::MISSING,
        Outcome::Displaced => concept::DISPLACED,
    }
}

fn victims(victims: VictimClass) -> NamedNodeRef<'static> {
    match victims {
        VictimClass::Civilian => concept::CIVILIAN,
        VictimClass::Combatant => concept::COMBATANT,
        VictimClass::Mixed => concept::MIXED_VICTIMS,
        VictimClass::Unknown => concept::UNKNOWN_VICTIMS,
    }
}

fn time_precision(precision: TimePrecision) -> NamedNodeRef<'static> {
    match precision {
        TimePrecision::Day => concept::DAY_PRECISION,
        TimePrecision::Week => concept::WEEK_PRECISION,
        TimePrecision::Month => concept::MONTH_PRECISION,
        TimePrecision::Season => concept::SEASON_PRECISION,
        TimePrecision::Year => concept::YEAR_PRECISION,
        TimePrecision::Longer => concept::SPAN_PRECISION,
    }
}

fn time_basis(basis: TimeBasis) -> NamedNodeRef<'static> {
    match basis {
        TimeBasis::Explicit => concept::EXPLICIT,
        TimeBasis::RelativeToPublication => concept::RELATIVE_TO_PUBLICATION,
        TimeBasis::RelativeToEvent => concept::RELATIVE_TO_EVENT,
        TimeBasis::PublicationWindow => concept::PUBLICATION_WINDOW,
        TimeBasis::Unresolved => concept::UNRESOLVED,
    }
}

fn place_precision(precision: PlacePrecision) -> NamedNodeRef<'static> {
    match precision {
        PlacePrecision::Exact => concept::EXACT_PLACE,
        PlacePrecision::Near => concept::NEAR_PLACE,
        PlacePrecision::District => concept::DISTRICT_PLACE,
        PlacePrecision::Province => concept::PROVINCE_PLACE,
        PlacePrecision::Country => concept::COUNTRY_PLACE,
    }
}
