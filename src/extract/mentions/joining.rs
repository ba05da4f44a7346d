//! Phrases side by side or inside one another that are one mention: places with what they lie in, titles with names, names
//! inside names.

use super::{Candidate, Decision, Names, is_stem, kind};
use super::{Knowledge, Listed};
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::terms::class;

/// "Palmyra, Syria" is one place named in full: a place and, after a comma, the country or division it lies in.
pub(super) fn join_place_chains(document: &Document, names: &Names, candidates: &mut [Candidate]) {
    let is_place = |c: &Candidate| {
        c.form == MentionForm::Name
            && matches!(c.decision, Decision::Kind(EntityKind::Place | EntityKind::Organization, _))
    };
    for at in 1..candidates.len() {
        let (inner, outer) = (&candidates[at - 1], &candidates[at]);
        let (comma, end) = (inner.words.end, outer.words.end);
        let listed = |c: &Candidate| names.naming(document, c.head).map(|l| l.listed);
        let joins = outer.words.start == comma + 1
            && document.form(comma) == ","
            && matches!(inner.decision, Decision::Kind(EntityKind::Place, _))
            && is_place(inner)
            && is_place(outer)
            && listed(inner) != Some(Listed::Country)
            && matches!(listed(outer), Some(Listed::Country | Listed::Division))
            // "in Homs, Syria said" and "Homs, Syria's third city": the second is something else.
            && !matches!(document.deprel(outer.head), Deprel::Nsubj | Deprel::NsubjPass | Deprel::NmodPoss | Deprel::Compound)
            && !is_listing(document, end);
        if joins {
            candidates[at - 1].words.end = end;
            candidates[at].decision = Decision::Drop;
        }
    }
}

/// "army spokesman" beside "Abu Bakr Musa", taken for two phrases: what a person is called, and his name.
pub(super) fn join_titles(document: &Document, knowledge: &Knowledge, candidates: &mut [Candidate]) {
    for at in 1..candidates.len() {
        let (title, name) = (&candidates[at - 1], &candidates[at]);
        let person = |c: &Candidate| matches!(c.decision, Decision::Kind(EntityKind::Person, _));
        let joins = person(title)
            && person(name)
            && title.words.end == name.words.start
            && document.sentence_of(title.head) == document.sentence_of(name.head)
            && title.words.end == title.head + 1
            && name.form == MentionForm::Name
            && document.upos(name.words.start) == Upos::Propn
            && !kind::is_plural(document, title.head)
            && knowledge.noun(document, title.head).is_some_and(|n| n.title || n.kind == EntityKind::Person);
        if joins {
            candidates[at].words.start = candidates[at - 1].words.start;
            candidates[at - 1].decision = Decision::Drop;
        }
    }
}

/// Whether a list of places goes on at `next`: "in Homs, Syria and Iraq".
fn is_listing(document: &Document, next: WordId) -> bool {
    document.words().get(next).is_some_and(|w| w.upos == Upos::Cconj)
}

/// Names within an "of" phrase that are no mentions of their own: parts of a name ("the Ministry of *Defence*"), the
/// place a place is named after or part of ("the city of *Mosul*"), the country of its bodies ("the army of *Syria*").
pub(super) fn take_in_names(document: &Document, knowledge: &Knowledge, names: &Names, candidates: &mut [Candidate]) {
    let kind_of = |c: &Candidate| if let Decision::Kind(kind, _) = c.decision { Some(kind) } else { None };
    let mut open: Vec<usize> = Vec::new();
    for at in 0..candidates.len() {
        while open.last().is_some_and(|&o| candidates[o].words.end <= candidates[at].words.start) {
            open.pop();
        }
        let inner = &candidates[at];
        let unit = |o: usize| knowledge.gazetteer().kind_of_head(document.lemma(candidates[o].head)).is_some();
        // "*Idlib* province" is named so; "*Al-Quds* hospital" too, but a hospital may also be one of Aleppo.
        let names_outer = open.iter().any(|&o| {
            let outer = &candidates[o];
            document.head(inner.head) == Some(outer.head)
                && document.deprel(inner.head) == Deprel::Compound
                && kind_of(outer) == Some(EntityKind::Place)
                && document.upos(outer.head) == Upos::Noun
                && (unit(o) || names.naming(document, inner.head).is_none_or(|l| l.listed == Listed::Homonym))
        });
        // What a name or demonym before the head tells of a body is kept as its country; a backer or leader is another one.
        let told = !is_stem(document, inner.head)
            && open.iter().any(|&o| {
                let outer = &candidates[o];
                let before = inner.words.end <= outer.head && outer.words.start <= inner.words.start;
                let country = names.naming(document, inner.head).is_some_and(|l| l.listed == Listed::Country);
                // "*Syrian* warplanes" act for Syria, which is no part of what they are.
                let thing = matches!(kind_of(outer), Some(EntityKind::Vehicle | EntityKind::Weapon));
                before
                    && (kind_of(inner) == Some(EntityKind::Nationality) && !thing
                        || country && kind_of(outer).is_some_and(EntityKind::is_actor))
                    && document.deprel(inner.head) != Deprel::NmodPoss
            });
        if told || names_outer {
            candidates[at].decision = Decision::Drop;
            continue;
        }
        let outer = open.iter().copied().find(|&o| {
            let outer = &candidates[o];
            outer.head < inner.words.start && outer.words.end >= inner.words.end && kind_of(outer).is_some()
        });
        if let Some(outer) = outer
            && inner.form == MentionForm::Name
        {
            let (inner_kind, outer_kind) = (kind_of(inner), kind_of(&candidates[outer]));
            let outer_name = document.upos(candidates[outer].head) == Upos::Propn;
            let country = names.naming(document, inner.head).is_some_and(|l| l.listed == Listed::Country);
            let taken = match outer_kind {
                // "the station of *Kramatorsk*" is one of the town, not called so.
                Some(EntityKind::Place) => {
                    outer_name
                        || unit(outer)
                        || inner_kind == Some(EntityKind::Place) && !is_facility(&candidates[outer])
                }
                Some(EntityKind::Organization) => outer_name || country,
                _ => false,
            };
            if taken {
                candidates[at].decision = Decision::Drop;
                continue;
            }
        }
        open.push(at);
    }
}

/// Whether a candidate describes a place that somebody has built.
fn is_facility(candidate: &Candidate) -> bool {
    matches!(&candidate.decision, Decision::Kind(_, Some(class)) if **class == *class::FACILITY.as_str())
}
