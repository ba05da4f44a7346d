//! Which place of the gazetteer an entity is, and what it lies in.
//!
//! All names of an article are decided together ([`disambiguate`]), with the countries it speaks of and what the text
//! says lies in what ("X in Y", "X, Y", "the X district of Y"). A place nobody lists is still a place, within what the
//! text says.

use super::reference::ReferenceWords;
use crate::extract::mentions::Knowledge;
use crate::extract::reading::Reading;
use crate::facts::{Candidate, Entity, EntityKind, Iri, Location, MentionForm, PlacePrecision};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::lexicon::{PlaceChoice, PlaceContext, PlaceId, PlaceKind, PlaceQuery, disambiguate};
use crate::ontology::terms::class;
use std::collections::BTreeMap;

/// How likely the places that bear a name must be for their country to be taken for that of the one meant.
const LIKELY: f64 = 0.5;

/// Decides what place each place entity is, and gives those decided.
pub(super) fn resolve(
    reading: &Reading<'_>,
    knowledge: &Knowledge,
    words: &ReferenceWords,
    countries: &BTreeMap<Box<str>, u32>,
    entities: &mut [Entity],
) -> BTreeMap<usize, PlaceId> {
    let gazetteer = knowledge.gazetteer();
    let mut context = PlaceContext::default();
    for (code, &times) in countries {
        context.add_country(gazetteer, code, times);
    }
    let document = reading.document;
    let listed: Vec<usize> =
        (0..entities.len()).filter(|&e| entities[e].kind == EntityKind::Place && entities[e].named).collect();
    let mut query_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (query, &entity) in listed.iter().enumerate() {
        query_of.insert(entity, query);
    }
    let said = said_within(reading, knowledge, entities);
    // "Palmyra, Syria": what stands after the comma is a query of its own behind the others.
    let names: Vec<(String, Option<String>, Option<PlaceKind>)> = listed
        .iter()
        .map(|&e| {
            let (inner, outer) =
                match entities[e].name.split_once(", ").or_else(|| run_on(knowledge, &entities[e].name)) {
                    Some((inner, outer)) => (inner, Some(outer.to_owned())),
                    None => (entities[e].name.as_str(), None),
                };
            // "Idlib province" is listed as Idlib.
            let (inner, kind) = match inner.rsplit_once(' ') {
                Some((name, noun)) if gazetteer.kind_of_head(noun).is_some() && gazetteer.lookup(inner).is_empty() => {
                    let kind = gazetteer.kind_of_head(noun);
                    // "Somali capital", "Iraqi town" and "Mozambique village" name nothing, "Somali region" does.
                    let country = || {
                        let first = gazetteer.lookup(name).first().copied();
                        first.is_some_and(|p| gazetteer.place(p).kind == PlaceKind::Country)
                    };
                    let people = kind == Some(PlaceKind::Populated) && (gazetteer.demonym(name).is_some() || country());
                    if people { (inner, None) } else { (name, kind) }
                }
                _ => (inner, None),
            };
            // "the North of Iraq" is no place of that name.
            let mut words = inner.split(' ');
            let direction = words.next().is_some_and(|w| knowledge.grammar().is_direction(w))
                && words.next().is_none_or(|w| w == "of");
            (if direction { String::new() } else { inner.to_owned() }, outer, kind)
        })
        .collect();
    let mut queries: Vec<PlaceQuery<'_>> = Vec::with_capacity(names.len());
    let mut outers: Vec<&str> = Vec::new();
    for (&entity, (inner, outer, said_kind)) in listed.iter().zip(&names) {
        let within = match outer {
            Some(outer) => {
                outers.push(outer);
                Some(names.len() + outers.len() - 1)
            }
            None => said.get(&entity).and_then(|o| query_of.get(o)).copied(),
        };
        let kind = said_kind.or_else(|| {
            entities[entity].mentions.iter().find_map(|&m| {
                let head = reading.mentions[m].head;
                (document.upos(head) == Upos::Noun).then(|| gazetteer.kind_of_head(document.lemma(head))).flatten()
            })
        });
        let mentions = entities[entity].mentions.len() as u32;
        queries.push(PlaceQuery { name: inner, kind, within, mentions });
    }
    queries.extend(outers.into_iter().map(|name| PlaceQuery { name, kind: None, within: None, mentions: 1 }));
    let choices = disambiguate(gazetteer, &queries, &context);
    let mut chosen: BTreeMap<PlaceId, usize> = BTreeMap::new();
    let mut decided: BTreeMap<usize, PlaceId> = BTreeMap::new();
    for (&entity, choice) in listed.iter().zip(&choices) {
        if let Some(choice) = choice {
            place(knowledge, choice, &mut entities[entity]);
            if choice.is_decided() {
                chosen.entry(choice.place).or_insert(entity);
                decided.insert(entity, choice.place);
            }
        }
    }
    for (query, &entity) in listed.iter().enumerate() {
        let own = choices[query].as_ref().filter(|c| c.is_decided()).map(|c| c.place);
        let outer = queries[query].within.and_then(|w| choices.get(w)?.as_ref()).map(|c| c.place);
        entities[entity].within = said.get(&entity).copied().or_else(|| enclosing(knowledge, own.or(outer), &chosen));
        if entities[entity].country.is_none()
            && let Some(outer) = outer
        {
            entities[entity].country = gazetteer.place(outer).country.map(str::to_owned);
        }
    }
    capitals(reading, knowledge, words, entities, &mut decided);
    // What is only described lies where the text says ("a village in Idlib").
    for (&inner, &outer) in &said {
        if inner != outer && entities[outer].within != Some(inner) {
            entities[inner].within = Some(outer);
            if entities[inner].country.is_none() {
                let country = entities[outer].country.clone();
                entities[inner].country = country;
            }
        }
    }
    decided
}

/// Two names that have lost their comma: "Mosul Iraq", "Qamishli Hasaka".
fn run_on<'n>(knowledge: &Knowledge, name: &'n str) -> Option<(&'n str, &'n str)> {
    let gazetteer = knowledge.gazetteer();
    if !gazetteer.lookup(name).is_empty() {
        return None;
    }
    let listed = |part: &str| gazetteer.lookup(part).into_iter().map(|p| gazetteer.place(p)).collect::<Vec<_>>();
    name.match_indices(' ').map(|(space, _)| (&name[..space], &name[space + 1..])).find(|(inner, outer)| {
        let outers = listed(outer);
        let division = |kind| matches!(kind, PlaceKind::Country | PlaceKind::Admin1 | PlaceKind::Admin2);
        let around = outers.iter().filter(|o| division(o.kind));
        let inners = listed(inner);
        around.into_iter().any(|o| {
            inners
                .iter()
                .any(|i| i.kind == PlaceKind::Populated && i.country.is_some() && gazetteer.contains(o.id, i.id))
        })
    })
}

/// "The Somali capital" is the capital of the country that its words name.
fn capitals(
    reading: &Reading<'_>,
    knowledge: &Knowledge,
    words: &ReferenceWords,
    entities: &mut [Entity],
    decided: &mut BTreeMap<usize, PlaceId>,
) {
    let gazetteer = knowledge.gazetteer();
    for (id, entity) in entities.iter_mut().enumerate() {
        if entity.kind != EntityKind::Place || entity.location.is_some() || entity.known.is_some() {
            continue;
        }
        let described = entity.mentions.iter().find_map(|&m| {
            let noted = &reading.mentions[m];
            let own = noted.country.as_deref().filter(|_| noted.speaks_of_state && noted.words.end == noted.head + 1);
            own.filter(|_| words.is_capital(reading.document, noted.head))
        });
        let Some(place_id) = described.and_then(|code| gazetteer.capital(code)) else { continue };
        let choice =
            PlaceChoice { place: place_id, confidence: 1.0, candidates: vec![(place_id, 1.0)], is_similar: false };
        place(knowledge, &choice, entity);
        if !entity.named {
            gazetteer.place(place_id).name.clone_into(&mut entity.name);
            entity.named = true;
        }
        decided.insert(id, place_id);
    }
}

/// The smallest chosen place around another one.
fn enclosing(knowledge: &Knowledge, place: Option<PlaceId>, chosen: &BTreeMap<PlaceId, usize>) -> Option<usize> {
    let gazetteer = knowledge.gazetteer();
    let place = gazetteer.place(place?);
    let country = place.country.and_then(|c| gazetteer.country(c));
    [place.admin2, place.admin1, country]
        .into_iter()
        .flatten()
        .filter(|&around| around != place.id)
        .find_map(|around| chosen.get(&around).copied())
}

fn place(knowledge: &Knowledge, choice: &PlaceChoice, entity: &mut Entity) {
    let gazetteer = knowledge.gazetteer();
    if choice.is_decided() {
        let place = gazetteer.place(choice.place);
        entity.country = place.country.map(str::to_owned);
        entity.known = gazetteer.known_as(choice.place).cloned();
        if place.kind == PlaceKind::Country && entity.class.is_none() {
            entity.class = Some(class::COUNTRY.as_str().into());
        }
        entity.location = place.point.map(|point| Location {
            latitude: point.latitude,
            longitude: point.longitude,
            precision: match place.kind {
                PlaceKind::Country => PlacePrecision::Country,
                PlaceKind::Admin1 | PlaceKind::Region | PlaceKind::Water => PlacePrecision::Province,
                PlaceKind::Admin2 => PlacePrecision::District,
                PlaceKind::Populated => PlacePrecision::Exact,
            },
            geonames: place.geonames,
        });
        return;
    }
    entity.candidates = choice
        .candidates
        .iter()
        .filter(|(_, score)| *score >= 0.05)
        .take(5)
        .filter_map(|&(id, score)| {
            let place = gazetteer.place(id);
            let iri: Iri = match gazetteer.known_as(id) {
                Some(known) => known.clone(),
                None => format!("geonames:{}", place.geonames?).into(),
            };
            Some(Candidate { iri, name: place.name.to_owned(), score })
        })
        .collect();
    let mut countries = choice.candidates.iter().map(|&(id, _)| gazetteer.place(id).country);
    let first = countries.next().flatten();
    if choice.confidence >= LIKELY && first.is_some() && countries.all(|c| c == first) {
        entity.country = first.map(str::to_owned);
    }
}

/// What the text says lies in what: "X in Y", "the X district of Y", "Y's X", "X, a town in Y".
fn said_within(reading: &Reading<'_>, knowledge: &Knowledge, entities: &[Entity]) -> BTreeMap<usize, usize> {
    let document = reading.document;
    let entity_at = |word: WordId| {
        let mention = &reading.mentions[(*reading.mention_at.get(word)?)?];
        mention.entity.filter(|_| mention.kind == EntityKind::Place)
    };
    let mut said = BTreeMap::new();
    for mention in reading.mentions.iter().filter(|m| m.kind == EntityKind::Place) {
        let Some(inner) = mention.entity else { continue };
        for &child in document.children(mention.head) {
            let contains = match document.deprel(child) {
                Deprel::Nmod => locative(document, knowledge, child),
                Deprel::NmodPoss => true,
                // "Barlonyo camp, Lira district"
                Deprel::Appos => child > mention.head,
                _ => false,
            };
            if contains
                && let Some(outer) = entity_at(child)
                && outer != inner
                && entities[outer].named
            {
                said.entry(inner).or_insert(outer);
            }
        }
    }
    // "the eastern outskirts of Hasakah": in the place that the words name, if it is one of the article's.
    for mention in reading.mentions.iter().filter(|m| m.kind == EntityKind::Place && m.form != MentionForm::Name) {
        let Some(inner) = mention.entity.filter(|&e| !entities[e].named) else { continue };
        let of = document.children_by(mention.head, Deprel::Nmod).find(|&c| {
            document.upos(c) == Upos::Propn
                && mention.words.contains(&c)
                && document.children_by(c, Deprel::Case).any(|k| document.lemma(k) == "of")
        });
        let Some(name) = of.filter(|&c| entity_at(c).is_none()) else { continue };
        let form = document.form(name);
        let named = (0..entities.len())
            .find(|&e| entities[e].kind == EntityKind::Place && entities[e].named && entities[e].name == form);
        if let Some(outer) = named.filter(|&e| e != inner) {
            said.entry(inner).or_insert(outer);
        }
    }
    // "Kanan village, Sagaing region": side by side, whatever the parser made of it.
    for pair in reading.mentions.windows(2) {
        let [inner, outer] = pair else { continue };
        let both = inner.kind == EntityKind::Place && outer.kind == EntityKind::Place;
        let (Some(one), Some(other)) = (inner.entity, outer.entity) else { continue };
        let Some(gap) =
            outer.words.start.checked_sub(inner.words.end).filter(|_| outer.words.start < document.words().len())
        else {
            continue;
        };
        // "Ogossagou, in the central region of Mopti"
        let locative = |w: WordId| knowledge.grammar().is_containing(document.lemma(w)) && document.lemma(w) != "of";
        let apart = gap == 1 && matches!(document.form(inner.words.end), "," | "(")
            || gap == 2 && document.form(inner.words.end) == "," && locative(inner.words.end + 1);
        let wider = outer.class.as_deref() == Some(class::REGION.as_str())
            && entities[one].class.as_deref() != Some(class::REGION.as_str())
            || knowledge.gazetteer().kind_of_head(document.lemma(outer.head)).is_some_and(is_division)
            || entities[other].named
                && knowledge
                    .gazetteer()
                    .lookup(&entities[other].name)
                    .first()
                    .is_some_and(|&p| is_division(knowledge.gazetteer().place(p).kind));
        // "fighters from Tunisia, Egypt and Sudan": countries side by side are a list.
        let gazetteer = knowledge.gazetteer();
        let country = |&p: &PlaceId| gazetteer.place(p).kind == PlaceKind::Country;
        let listed = gazetteer.lookup(&entities[one].name).iter().any(country);
        if both && one != other && apart && wider && entities[other].named && !listed {
            said.entry(one).or_insert(other);
        }
    }
    // No ring of places each in the next.
    let inners: Vec<usize> = said.keys().copied().collect();
    for inner in inners {
        let mut at = inner;
        for _ in 0..8 {
            match said.get(&at) {
                Some(&next) if next == inner => {
                    said.remove(&inner);
                    break;
                }
                Some(&next) => at = next,
                None => break,
            }
        }
    }
    said
}

/// Whether a kind of place is one that places lie in.
fn is_division(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Country | PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Region)
}

/// Whether a modifier stands with "in" or "of".
fn locative(document: &Document, knowledge: &Knowledge, word: WordId) -> bool {
    // "in the region, not only in Libya": the one is no part of the other.
    let beyond = document.children_by(word, Deprel::Advmod).any(|c| document.lemma(c).eq_ignore_ascii_case("not"));
    let case = document.children_by(word, Deprel::Case).next();
    case.is_some_and(|c| knowledge.grammar().is_containing(document.lemma(c)) && !beyond)
}
