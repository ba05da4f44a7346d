//! Who is said elsewhere to have done what an event tells: "The Taliban claimed responsibility", "residents blamed the
//! army".
//!
//! Classes of the ontology say by which role an event of theirs names the doer of another one (`bg:tellsDoer`). What it
//! speaks of is the violent event told below it, else the nearest one before it. Some nouns say by themselves that those
//! they speak of did it ("The attackers fled"): [`perpetrators`]. Who came right before people were harmed is taken to have
//! harmed them, if nobody else is named: [`comers`]. And from who left a place it was taken: [`losers`]; whom a protest is
//! aimed at, what is demanded in it tells: [`addressees`].

use super::arguments::{arguments, preposition};
use super::grammar::GrammarWords;
use super::merging::Group;
use super::reading::{Filler, Reading, Told};
use crate::facts::{Entity, EntityKind, MentionForm};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};
use oxrdf::NamedNodeRef;
use std::collections::BTreeMap;

/// How many sentences back what is claimed or blamed on somebody may have been told.
const BACK: usize = 3;
/// How many sentences after an event a noun for those who did it still means them.
const SOON: usize = 2;
/// How deep below a claim what is claimed may stand.
const DEPTH: usize = 5;

/// The tellings of violence that is said to have happened, each with the index of its group.
fn violent_tellings<'r>(
    reading: &'r Reading<'_>,
    ontology: &Ontology,
    groups: &'r [Group],
) -> impl Iterator<Item = (usize, &'r Told)> {
    let violent = groups.iter().enumerate().filter(move |(_, group)| {
        let lead = &reading.events[group.lead];
        ontology.is_subclass(&lead.class, class::VIOLENCE.as_str()) && lead.modality.is_asserted()
    });
    violent.flat_map(move |(index, group)| group.tellings.iter().map(move |&t| (index, &reading.events[t])))
}

/// For each group, by its index, who is said to have done it.
pub(super) fn doers(reading: &Reading<'_>, ontology: &Ontology, groups: &[Group]) -> BTreeMap<usize, Vec<Filler>> {
    let mut found: BTreeMap<usize, Vec<Filler>> = BTreeMap::new();
    let mut told_in: BTreeMap<usize, Vec<(usize, &Told)>> = BTreeMap::new();
    for (group, told) in violent_tellings(reading, ontology, groups) {
        told_in.entry(reading.document.sentence_of(told.trigger)).or_default().push((group, told));
    }
    for told in &reading.events {
        let Some(role) = ontology.tells_doer(&told.class).filter(|_| told.modality.is_asserted()) else { continue };
        let mut named = told.fillers.iter().filter(|f| f.role == *role && reading.mentions[f.mention].kind.is_actor());
        let Some(first) = named.next() else { continue };
        if let Some(deed) = deed(reading, ontology, groups, &told_in, told) {
            found.entry(deed).or_default().extend(std::iter::once(first).chain(named).map(|f| doer(f.mention)));
        }
    }
    found
}

/// For each group without a doer, by its index, whom a noun for those who did it describes in its sentences or soon after.
pub(super) fn perpetrators(
    reading: &Reading<'_>,
    ontology: &Ontology,
    grammar: &GrammarWords,
    groups: &[Group],
) -> BTreeMap<usize, Vec<Filler>> {
    let document = reading.document;
    let violent: Vec<(usize, &Told)> = violent_tellings(reading, ontology, groups).collect();
    let done_to = |mention: usize| {
        reading
            .events
            .iter()
            .flat_map(|e| &e.fillers)
            .any(|f| f.mention == mention && ontology.is_subproperty(&f.role, property::TARGET.as_str()))
    };
    let mut found: BTreeMap<usize, Vec<Filler>> = BTreeMap::new();
    for (mention, noted) in reading.mentions.iter().enumerate() {
        let did = noted.form == MentionForm::Nominal
            && noted.entity.is_some()
            && noted.kind.is_actor()
            && grammar.is_perpetrator(document.lemma(noted.head))
            && !done_to(mention);
        if !did {
            continue;
        }
        let sentence = document.sentence_of(noted.head);
        let near = violent.iter().filter(|(_, v)| {
            let s = document.sentence_of(v.trigger);
            s == sentence || v.trigger < noted.head && sentence - s <= SOON
        });
        let deed =
            near.min_by_key(|(_, v)| (document.sentence_of(v.trigger) != sentence, noted.head.abs_diff(v.trigger)));
        let Some(&(deed, _)) = deed else { continue };
        let acted = groups[deed].tellings.iter().flat_map(|&t| &reading.events[t].fillers).any(|f| {
            let side = ontology.is_subproperty(&f.role, property::INITIATOR.as_str())
                || f.role.as_ref() == property::PARTICIPANT.as_str();
            side && reading.mentions[f.mention].kind.is_actor()
        });
        if !acted {
            found.entry(deed).or_default().push(doer(mention));
        }
    }
    found
}

/// For each group of violence without a doer, by its index, the armed side that is told to have come right before it, or, where
/// only the headline tells of it, where the body opens: "Rebels entered the village at dawn. At least fourteen villagers were
/// shot."
pub(super) fn comers(reading: &Reading<'_>, ontology: &Ontology, groups: &[Group]) -> BTreeMap<usize, Vec<Filler>> {
    let document = reading.document;
    let does = |told: &Told| {
        told.fillers.iter().any(|f| {
            ontology.is_subproperty(&f.role, property::INITIATOR.as_str()) || *f.role == *property::PARTICIPANT.as_str()
        })
    };
    let body = document.sentences().iter().take_while(|s| s.headline).count();
    let mut found = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        let lead = &reading.events[group.lead];
        let violent = ontology.is_subclass(&lead.class, class::VIOLENCE.as_str()) && lead.modality.is_asserted();
        if !violent || lead.background || group.tellings.iter().any(|&t| does(&reading.events[t])) {
            continue;
        }
        // What the headline and the lead only name ("the raid on the college") is told in the body.
        let in_body = |t: &&usize| document.sentence_of(reading.events[**t].trigger) >= body;
        let named = |&t: &usize| {
            let trigger = reading.events[t].trigger;
            document.sentence_of(trigger) < body
                || document.sentence_of(trigger) == body && document.upos(trigger) == Upos::Noun
        };
        let first = group.tellings.iter().find(in_body).filter(|_| !group.tellings.iter().all(named));
        let (trigger, sentence) = if let Some(&first) = first {
            let trigger = reading.events[first].trigger;
            (trigger, document.sentence_of(trigger))
        } else {
            let Some(opening) = document.sentences().get(body + 1).or(document.sentences().get(body)) else { continue };
            (opening.words.end, body)
        };
        let came = reading.events.iter().rev().filter(|e| {
            let told_in = document.sentence_of(e.trigger);
            e.trigger < trigger
                && told_in >= body.min(sentence)
                && told_in + SOON >= sentence
                && e.modality.is_asserted()
                && !e.background
                && does(e)
        });
        let coming = came.filter_map(|e| Some((e, ontology.tells_comer(&e.class)?))).find_map(|(e, role)| {
            let doers = e.fillers.iter().filter(|f| f.role == *role && is_armed(reading, ontology, f.mention));
            let doers: Vec<&Filler> = doers.collect();
            (!doers.is_empty()).then_some(doers)
        });
        if let Some(doers) = coming {
            found.insert(index, doers.into_iter().map(|f| doer(f.mention)).collect());
        }
    }
    found
}

/// For each group in which somebody takes a place from nobody who is named, by its index, the armed side that is told to have
/// given up a place near it: "Rebels took the town. The army pulled out."
pub(super) fn losers(
    reading: &Reading<'_>,
    entities: &[Entity],
    ontology: &Ontology,
    groups: &[Group],
) -> BTreeMap<usize, Vec<Filler>> {
    let document = reading.document;
    let sentence_of = |told: &Told| document.sentence_of(told.trigger);
    let body = document.sentences().iter().take_while(|s| s.headline).count();
    let entity = |m: usize| reading.mentions[m].entity;
    let mut found: BTreeMap<usize, Vec<Filler>> = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        let lead = &reading.events[group.lead];
        if !ontology.gives_control(&lead.class) || !lead.modality.is_asserted() || lead.background {
            continue;
        }
        let own = || group.tellings.iter().flat_map(|&t| &reading.events[t].fillers);
        let actor = |m: usize| reading.mentions[m].kind.is_actor();
        let takers: Vec<usize> = own()
            .filter(|f| ontology.is_subproperty(&f.role, property::INITIATOR.as_str()) && actor(f.mention))
            .map(|f| f.mention)
            .collect();
        // Civilians who came to harm lost no place.
        let from = |f: &Filler| {
            let target = ontology.is_subproperty(&f.role, property::TARGET.as_str());
            target && actor(f.mention) && is_armed(reading, ontology, f.mention)
        };
        if takers.is_empty() || own().any(from) {
            continue;
        }
        let near = |told: &&Told| {
            let at = sentence_of(told);
            group.tellings.iter().any(|&t| {
                let taken = sentence_of(&reading.events[t]);
                taken.abs_diff(at) <= SOON || taken < body && at <= body + SOON
            })
        };
        let country = |m: usize| entity(m).and_then(|e| entities[e].country.as_deref());
        let own_side = |m: usize| {
            takers.iter().any(|&t| entity(t).is_some() && entity(t) == entity(m))
                || takers.iter().any(|&t| {
                    let state = |m: usize| is_state(reading, ontology, m);
                    state(t) && state(m) && country(t).is_some() && country(t) == country(m)
                })
        };
        let gave_up = reading.events.iter().filter(|e| e.modality.is_asserted() && !e.background).filter(near);
        let lost: Vec<Filler> = gave_up
            .filter_map(|e| Some((e, ontology.tells_loser(&e.class)?)))
            .flat_map(|(e, role)| e.fillers.iter().filter(move |f| f.role == *role))
            .filter(|f| is_armed(reading, ontology, f.mention) && !own_side(f.mention))
            .map(|f| Filler { role: property::TARGET.as_str().into(), mention: f.mention })
            .collect();
        if !lost.is_empty() {
            found.insert(index, lost);
        }
    }
    found
}

/// For each group that tells of a protest against nobody who is named, by its index, whom its sentences say that it demands
/// something of or blames: "started a hunger strike to protest the president's failure".
pub(super) fn addressees(reading: &Reading<'_>, ontology: &Ontology, groups: &[Group]) -> BTreeMap<usize, Vec<Filler>> {
    let document = reading.document;
    let is = |class: &str, of: NamedNodeRef<'_>| ontology.is_subclass(class, of.as_str());
    let met = [class::PROTEST_WITH_INTERVENTION, class::EXCESSIVE_FORCE_AGAINST_PROTESTERS];
    let actor = |f: &&Filler| reading.mentions[f.mention].kind.is_actor();
    let target = |f: &&Filler| ontology.is_subproperty(&f.role, property::TARGET.as_str());
    let doers = |told: &Told| -> Vec<usize> {
        let own = told.fillers.iter().filter(|f| ontology.is_subproperty(&f.role, property::INITIATOR.as_str()));
        own.map(|f| f.mention).collect()
    };
    let mut found = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        let lead = &reading.events[group.lead];
        let tellings = || group.tellings.iter().map(|&t| &reading.events[t]);
        if !is(&lead.class, class::PROTEST)
            || met.iter().any(|&m| is(&lead.class, m))
            || !lead.modality.is_asserted()
            || tellings().flat_map(|t| &t.fillers).any(|f| target(&f) && actor(&f))
        {
            continue;
        }
        let protesters: Vec<usize> = tellings().flat_map(doers).collect();
        let entity = |m: usize| reading.mentions[m].entity;
        let protests = |m: usize| protesters.iter().any(|&p| p == m || entity(p).is_some() && entity(p) == entity(m));
        let said = reading.events.iter().filter(|e| {
            let speaks = ontology.is_speech(&e.class) || is(&e.class, class::PROTEST);
            let theirs = doers(e).iter().all(|&m| protests(m));
            speaks && theirs && tellings().any(|t| t.trigger != e.trigger && is_below(document, e.trigger, t.trigger))
        });
        let addressed: Vec<Filler> = said
            .flat_map(|e| &e.fillers)
            .filter(|f| target(f) && actor(f) && !protests(f.mention))
            .map(|f| Filler { role: property::TARGET.as_str().into(), mention: f.mention })
            .collect();
        if !addressed.is_empty() {
            found.insert(index, addressed);
        }
    }
    found
}

/// Whether a word hangs, at whatever depth up to [`DEPTH`], on another or on the verb that has it as object or subject.
fn is_below(document: &Document, word: WordId, above: WordId) -> bool {
    let verb = matches!(document.deprel(above), Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass)
        .then(|| document.head(above))
        .flatten();
    let mut at = word;
    (0..DEPTH).any(|_| match document.head(at) {
        Some(head) => {
            at = head;
            head == above || Some(head) == verb
        }
        None => false,
    })
}

fn doer(mention: usize) -> Filler {
    Filler { role: property::INITIATOR.as_str().into(), mention }
}

/// Whether a mention is of people or a body that bears arms, or of people of such a body: "members of a paramilitary unit".
fn is_armed(reading: &Reading<'_>, ontology: &Ontology, mention: usize) -> bool {
    let document = reading.document;
    let noted = &reading.mentions[mention];
    let armed = [class::ARMED_ACTOR, class::STATE_FORCE, class::STATE_COMBATANTS, class::NON_STATE_COMBATANTS];
    let bears = |m: usize| {
        let class = reading.mentions[m].class.as_deref();
        class.is_some_and(|c| armed.iter().any(|a| ontology.is_subclass(c, a.as_str())))
    };
    let people = noted.form == MentionForm::Nominal && noted.kind.is_actor();
    let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of") || p.is("from"));
    let body = document.children_by(noted.head, Deprel::Nmod).filter(|_| people).find(of);
    bears(mention) || body.and_then(|b| reading.mention_at[b]).is_some_and(bears)
}

/// Whether a mention is of a state or of its forces.
fn is_state(reading: &Reading<'_>, ontology: &Ontology, mention: usize) -> bool {
    let state = [class::STATE, class::STATE_FORCE, class::STATE_COMBATANTS, class::GOVERNMENT_BODY];
    let class = reading.mentions[mention].class.as_deref();
    class.is_some_and(|c| state.iter().any(|s| ontology.is_subclass(c, s.as_str())))
}

/// Adds who claims an event or is blamed for it to who did it, as long as nobody else is named for it.
pub(super) fn add(
    reading: &Reading<'_>,
    entities: &[Entity],
    ontology: &Ontology,
    said: Vec<Filler>,
    fillers: &mut Vec<Filler>,
) {
    let named = |f: &Filler| {
        let noted = &reading.mentions[f.mention];
        let actor = noted.entity.is_some_and(|e| entities[e].named && entities[e].kind.is_actor());
        actor || noted.kind == EntityKind::Nationality
    };
    if fillers.iter().any(|f| ontology.is_subproperty(&f.role, property::INITIATOR.as_str()) && named(f)) {
        return;
    }
    for filler in said {
        let entity = reading.mentions[filler.mention].entity;
        if !fillers.iter().any(|f| entity.is_some() && reading.mentions[f.mention].entity == entity) {
            fillers.push(filler);
        }
    }
}

/// The group of what a claim or accusation speaks of.
fn deed(
    reading: &Reading<'_>,
    ontology: &Ontology,
    groups: &[Group],
    violent: &BTreeMap<usize, Vec<(usize, &Told)>>,
    told: &Told,
) -> Option<usize> {
    let document = reading.document;
    let sentence = document.sentence_of(told.trigger);
    let below = |word: WordId| {
        let mut at = word;
        (0..DEPTH).any(|_| match document.head(at) {
            Some(head) => {
                at = head;
                head == told.trigger
            }
            None => false,
        })
    };
    if let Some((group, _)) =
        violent.get(&sentence).into_iter().flatten().find(|(_, v)| v.trigger != told.trigger && below(v.trigger))
    {
        return Some(*group);
    }
    // "accused the army of corruption": of something else.
    let other = arguments(document, told.trigger).iter().any(|a| {
        let spoken = matches!(a.relation, Deprel::Ccomp | Deprel::Xcomp);
        let of = a.relation == Deprel::Obl && a.preposition.as_ref().is_some_and(|p| p.is("of") || p.is("with"));
        a.distance < 2 && (spoken || of) && !told.trigger_words.contains(&a.word)
    });
    if other {
        return None;
    }
    let near = violent.range(sentence.saturating_sub(BACK)..=sentence).flat_map(|(_, told)| told);
    let before = near.filter(|(_, v)| v.trigger < told.trigger && !v.background);
    // What was done before what came of it: the blast, not the wounds.
    before
        .max_by_key(|(group, v)| (!ontology.folds(&reading.events[groups[*group].lead].evoked), v.trigger))
        .map(|(group, _)| *group)
}
