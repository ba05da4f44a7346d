//! The exchange format: one JSON object per article with mentions, events and relations, offsets in code points into
//! the headline or body exactly as given. Its fields are described in the evaluation set's README.

use super::Iris;
use super::quads::modality;
use crate::article::{Article, Field};
use crate::facts::{
    CasualtyReport, Entity, EntityId, Event, EventPlace, Evidence, Facts, MentionForm, Party, PlacePrecision,
    Situation, SituationSide, TimeBasis, TimeBounds, TimePrecision, TimeSpan,
};
use crate::ontology::Ontology;
use crate::ontology::terms::{property, short};
use serde_json::{Map, Value, json};

/// The exchange record of an article's facts. `id` is the article's own, else its key.
pub fn exchange(article: &Article, facts: &Facts, iris: &Iris, ontology: &Ontology) -> Value {
    let writer = Writer { facts, iris, ontology };
    let mut record = Map::new();
    let id = article.id.clone().unwrap_or_else(|| article.key());
    record.insert("id".to_owned(), json!(id));
    record.insert("article".to_owned(), json!(iris.article()));
    record.insert("mentions".to_owned(), writer.mentions());
    record.insert("events".to_owned(), facts.events.iter().map(|e| writer.event(e)).collect());
    record.insert("relations".to_owned(), writer.relations());
    if let Some((code, _)) = facts.other_language {
        record.insert("language".to_owned(), json!(code));
    }
    if !facts.notes.is_empty() {
        record.insert("notes".to_owned(), json!(facts.notes));
    }
    Value::Object(record)
}

struct Writer<'a> {
    facts: &'a Facts,
    iris: &'a Iris,
    ontology: &'a Ontology,
}

impl Writer<'_> {
    fn iri(&self, id: EntityId) -> String {
        self.iris.entity(id, self.entity(id))
    }

    fn entity(&self, id: EntityId) -> &Entity {
        &self.facts.entities[id]
    }

    fn mentions(&self) -> Value {
        self.facts
            .mentions
            .iter()
            // "their" points at somebody without naming him: it fills roles but is no mention to list.
            .filter(|m| m.form != MentionForm::Possessive)
            .map(|m| {
                json!({
                    "field": field(m.evidence), "start": m.evidence.start, "end": m.evidence.end,
                    "type": m.kind.as_str(), "entity": m.entity.map(|e| self.iri(e)), "text": m.text,
                })
            })
            .collect()
    }

    fn event(&self, event: &Event) -> Value {
        let (cumulative, own): (Vec<_>, Vec<_>) = event.casualties.iter().partition(|c| c.cumulative);
        // The tolls of earlier events are not the article's news: whoever adds up its casualties leaves them out.
        // Neither are those that it corrects.
        let (superseded, own): (Vec<_>, Vec<_>) = own.into_iter().partition(|c| c.superseded);
        let (background, own) = if event.background { (own, Vec::new()) } else { (Vec::new(), own) };
        json!({
            "id": self.iris.event(event),
            "type": short(&event.class),
            "acled": self.ontology.acled(&event.class),
            "plover": self.ontology.plover_said(&event.class, modality(event.modality).as_str()),
            "modality": event.modality.as_str(),
            "background": event.background,
            "accordingTo": event.according_to.map(|e| self.entity(e).name.clone()),
            "trigger": span(event.trigger),
            "mentions": event.mentions.iter().map(|m| span(*m)).collect::<Vec<_>>(),
            "time": event.time.as_ref().map(time_span),
            "places": event.places.iter().map(|p| self.place(p)).collect::<Vec<_>>(),
            "participants": self.participants(event),
            "casualties": own.iter().map(|c| self.casualty(c)).collect::<Vec<_>>(),
            "backgroundCasualties": background.iter().map(|c| self.casualty(c)).collect::<Vec<_>>(),
            "supersededCasualties": superseded.iter().map(|c| self.casualty(c)).collect::<Vec<_>>(),
            "cumulativeCasualties": cumulative.iter().map(|c| self.casualty(c)).collect::<Vec<_>>(),
        })
    }

    /// The participants. Consumers look for `target`: roles below it are printed so, and where nobody is named as the
    /// target, the place that was acted on, or gone to, stands for those who live there.
    fn participants(&self, event: &Event) -> Vec<Value> {
        let is_target = |role: &str| self.ontology.is_subproperty(role, property::TARGET.as_str());
        let printed = |role: &str, name: &str, entity: EntityId, at: Evidence| {
            let role = if is_target(role) { short(property::TARGET.as_str()) } else { short(role) };
            json!({
                "role": role, "name": name, "iri": self.iri(entity), "type": self.entity(entity).kind.as_str(),
                "field": field(at), "start": at.start, "end": at.end,
            })
        };
        let mut found: Vec<Value> =
            event.participants.iter().map(|p| printed(&p.role, &p.name, p.entity, p.evidence)).collect();
        if !event.participants.iter().any(|p| is_target(&p.role)) {
            let acted_on = event.places.iter().filter(|p| {
                p.role
                    .as_deref()
                    .is_some_and(|r| r == property::TERRITORY.as_str() || r == property::DESTINATION.as_str())
            });
            found.extend(acted_on.map(|p| printed(property::TARGET.as_str(), &p.name, p.entity, p.evidence)));
        }
        found
    }

    fn place(&self, place: &EventPlace) -> Value {
        let entity = self.entity(place.entity);
        let location = entity.location.as_ref();
        json!({
            "name": place.name, "iri": self.iri(place.entity),
            "lat": location.map(|l| l.latitude), "lon": location.map(|l| l.longitude),
            "country": entity.country,
            "precision": location.map(|l| if place.near { "near" } else { precision(l.precision) }),
            "role": place.role.as_deref().map(short),
            "inherited": place.inherited,
            "field": field(place.evidence), "start": place.evidence.start, "end": place.evidence.end,
        })
    }

    fn casualty(&self, report: &CasualtyReport) -> Value {
        json!({
            "outcome": report.outcome.as_str(), "victims": report.victims.as_str(),
            "presumed": report.presumed, "min": report.min, "max": report.max, "wording": report.wording,
            "side": report.side.map(|e| self.iri(e)),
            "accordingTo": report.according_to.map(|e| self.entity(e).name.clone()),
            "partOf": report.part_of,
            "field": field(report.evidence), "start": report.evidence.start, "end": report.evidence.end,
        })
    }

    fn relations(&self) -> Value {
        self.facts.situations.iter().filter_map(|s| self.relation(s)).collect()
    }

    fn relation(&self, situation: &Situation) -> Option<Value> {
        let side = |side: &SituationSide| {
            json!({
                "name": side.name, "iri": match side.party {
                    Party::Entity(entity) => self.iri(entity),
                    Party::Event(event) => self.iris.event(&self.facts.events[event]),
                },
                "field": field(side.evidence), "start": side.evidence.start, "end": side.evidence.end,
            })
        };
        Some(json!({
            "type": self.ontology.exchange_name(&situation.kind)?,
            "subject": side(&situation.subject),
            "object": side(&situation.object),
            "begin": situation.begin.as_ref().map(bounds),
            "end": situation.end.as_ref().map(bounds),
            "ended": situation.ended,
        }))
    }
}

fn field(evidence: Evidence) -> &'static str {
    match evidence.field {
        Field::Headline => "headline",
        Field::Body => "body",
    }
}

fn span(evidence: Evidence) -> Value {
    json!({"field": field(evidence), "start": evidence.start, "end": evidence.end})
}

fn time_span(time: &TimeSpan) -> Value {
    match time {
        TimeSpan::At(at) => bounds(at),
        TimeSpan::Lasting { begin, end } => json!({
            "earliest": begin.as_ref().and_then(|b| b.earliest).map(|d| d.to_string()),
            "latest": end.as_ref().and_then(|b| b.latest).map(|d| d.to_string()),
            "begin": begin.as_ref().map(bounds),
            "end": end.as_ref().map(bounds),
        }),
    }
}

fn bounds(bounds: &TimeBounds) -> Value {
    json!({
        "earliest": bounds.earliest.map(|d| d.to_string()),
        "latest": bounds.latest.map(|d| d.to_string()),
        "precision": time_precision(bounds.precision),
        "basis": basis(bounds.basis),
        "words": bounds.words,
    })
}

/// The name of a precision of time in exchange and CSV.
pub fn time_precision(precision: TimePrecision) -> &'static str {
    match precision {
        TimePrecision::Day => "day",
        TimePrecision::Week => "week",
        TimePrecision::Month => "month",
        TimePrecision::Season => "season",
        TimePrecision::Year => "year",
        TimePrecision::Longer => "longer",
    }
}

/// The name of a time's basis in exchange and CSV.
pub fn basis(basis: TimeBasis) -> &'static str {
    match basis {
        TimeBasis::Explicit => "explicit",
        TimeBasis::RelativeToPublication => "relative to publication",
        TimeBasis::RelativeToEvent => "relative to another event",
        TimeBasis::PublicationWindow => "publication window",
        TimeBasis::Unresolved => "unresolved",
    }
}

/// The name of a place's precision in exchange and CSV.
pub fn precision(precision: PlacePrecision) -> &'static str {
    match precision {
        PlacePrecision::Exact => "exact",
        PlacePrecision::Near => "near",
        PlacePrecision::District => "district",
        PlacePrecision::Province => "province",
        PlacePrecision::Country => "country",
    }
}
