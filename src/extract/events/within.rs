//! Who is named deep inside what a trigger governs: the relation `within` of frames.
//!
//! Whom a refusal, a promise or a protest concerns is often no argument of the verb, but stands inside what is refused,
//! promised or protested against. [`Matcher::within`] looks level by level, so that the nearest is taken.

use super::matching::{Filled, Matcher};
use crate::extract::arguments::{self, Argument, preposition};
use crate::language::{Deprel, Document, WordId};
use crate::ontology::Slot;

impl Matcher<'_> {
    /// The nearest accepted mention anywhere below what depends on a trigger, nobody who fills another role: whom a
    /// refusal, a promise or a protest concerns is often named deep inside what is refused, promised or protested
    /// against. At one depth, doers and owners come before others.
    pub(super) fn within(
        &self,
        slot: &Slot,
        marked: Option<&str>,
        trigger: WordId,
        arguments: &[Argument<'_>],
        fillers: &[Filled],
    ) -> Vec<usize> {
        let document = self.document();
        let entity = |m: usize| self.reading.mentions[m].entity;
        let taken: Vec<usize> = fillers.iter().map(|f| f.mention).collect();
        let mut level: Vec<WordId> = Vec::new();
        for relation in
            [Deprel::Obj, Deprel::Iobj, Deprel::Ccomp, Deprel::Xcomp, Deprel::Obl, Deprel::Nmod, Deprel::Advcl]
        {
            level.extend(
                arguments
                    .iter()
                    .filter(|a| a.relation == relation && a.distance < 2 && a.word != trigger)
                    .filter(|a| a.preposition.as_ref().is_none_or(|p| self.triggers.place_preposition(p).is_none()))
                    .filter(|a| !self.is_aside(a.word))
                    .map(|a| a.word),
            );
        }
        for _ in 0..WITHIN_DEPTH {
            let mut next: Vec<(u8, WordId)> = Vec::new();
            for &above in &level {
                for &child in document.children(above) {
                    if child != trigger
                        && !self.is_aside(child)
                        && let Some(rank) = rank_within(document, child)
                    {
                        next.push((rank, child));
                    }
                }
            }
            let best = next
                .iter()
                .filter_map(|&(rank, word)| {
                    let fit = self.suits(slot, word)?;
                    let mention = fit.mention?;
                    let own = preposition(document, word);
                    if marked.is_some_and(|marked| own.is_none_or(|p| !p.is(marked))) {
                        return None;
                    }
                    let placed = own.is_some_and(|p| !p.is("by") && self.triggers.place_preposition(&p).is_some());
                    let fresh = !taken.contains(&mention)
                        && taken.iter().all(|&t| entity(t).is_none() || entity(t) != entity(mention));
                    (fresh && (fit.exact || !placed)).then_some((rank, word, mention))
                })
                .min();
            if let Some((_, word, mention)) = best {
                let others =
                    arguments::conjuncts(document, word).into_iter().filter_map(|c| self.suits(slot, c)?.mention);
                return std::iter::once(mention).chain(others).collect();
            }
            next.sort_unstable();
            level = next.into_iter().map(|(_, word)| word).collect();
        }
        Vec::new()
    }

    /// Whether a phrase or clause only accompanies what is said: who says so ("according to …"), or a clause of its own
    /// time or reason ("as battles raged"), but not a condition ("unless Israel rescinded …").
    fn is_aside(&self, word: WordId) -> bool {
        let document = self.document();
        match document.deprel(word) {
            Deprel::Obl | Deprel::Nmod => document
                .children_by(word, Deprel::Case)
                .any(|c| !self.triggers.sources(self.ontology, document, c).is_empty()),
            Deprel::Advcl => {
                let own = |r| document.children_by(word, r).next().is_some();
                let condition = document
                    .children_by(word, Deprel::Mark)
                    .any(|m| !self.triggers.cues(self.ontology, document, m).is_empty());
                let loose = own(Deprel::Nsubj) || own(Deprel::NsubjPass) || !own(Deprel::Mark);
                loose && !condition
            }
            _ => false,
        }
    }
}

/// How deep `within` looks.
const WITHIN_DEPTH: usize = 5;

/// Doers and owners before those acted upon, these before mere modifiers; what opens no way down is no rank.
fn rank_within(document: &Document, word: WordId) -> Option<u8> {
    let by = || preposition(document, word).is_some_and(|p| p.is("by"));
    match document.deprel(word) {
        Deprel::NmodPoss | Deprel::Nsubj | Deprel::NsubjPass | Deprel::OblAgent => Some(0),
        Deprel::Nmod | Deprel::Obl if by() => Some(0),
        Deprel::Obj | Deprel::Iobj | Deprel::Nmod | Deprel::Obl | Deprel::Xcomp | Deprel::Ccomp => Some(1),
        Deprel::Acl | Deprel::Advcl | Deprel::Conj | Deprel::Compound | Deprel::Amod | Deprel::NmodDesc => Some(2),
        Deprel::AclRelcl => Some(3),
        _ => None,
    }
}
