//! Where the fillers of a slot stand: the arguments of a trigger, and what lies around it or below them.

use super::matching::Matcher;
use super::suitability::Fit;
use crate::extract::arguments::{self, Argument, arguments, preposition};
use crate::extract::reading::Noted;
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::{Slot, SlotRelation};

impl<'a> Matcher<'a> {
    /// The noun above the one that a relative clause was hung on: "a coalition of groups that included the party" may be
    /// about the coalition, if the groups do not suit.
    pub(super) fn wider(&self, argument: &Argument<'_>) -> Option<WordId> {
        let document = self.document();
        let relative = document.children_by(argument.word, Deprel::AclRelcl).next().is_some();
        let of = document.deprel(argument.word) == Deprel::Nmod
            && preposition(document, argument.word).is_some_and(|p| p.is("of"));
        (relative && of).then(|| document.head(argument.word)).flatten()
    }

    /// The arguments of a word. What the parser hung on a time expression beside a verb belongs to the verb: in
    /// "threatened Monday to resume attacks" and "demanded Friday that they leave" the day has no clause of its own.
    pub(super) fn arguments(&self, word: WordId) -> Vec<Argument<'a>> {
        let document = self.reading.document;
        let mut found = arguments(document, word);
        // "mediation mission between A and B", "a bombing campaign against C": the head that only names an undertaking
        // has the arguments.
        if document.deprel(word) == Deprel::Compound
            && let Some(head) = document.head(word)
            && document.upos(head) == Upos::Noun
            && self.reading.mention_at[head].is_none()
        {
            let above = arguments(document, head);
            found.extend(
                above.into_iter().filter(|a| a.word != word).map(|a| Argument { distance: a.distance.max(1), ..a }),
            );
        }
        // "a US-led air strike": who leads it does it.
        for &child in document.children(word) {
            if document.deprel(child) == Deprel::Amod
                && self.triggers.grammar.is_leading(document.form(child))
                && let Some(doer) = stem(document, child)
            {
                found.push(Argument { relation: Deprel::Compound, preposition: None, word: doer, distance: 0 });
            }
        }
        let times: Vec<WordId> = found
            .iter()
            .filter(|a| a.distance == 0 && a.relation != Deprel::Nsubj)
            .map(|a| a.word)
            .filter(|&w| self.reading.mention_at[w].is_some_and(|m| self.reading.mentions[m].kind == EntityKind::Time))
            .collect();
        for time in times {
            found.retain(|a| a.word != time);
            for &child in document.children(time) {
                let relation = match document.deprel(child) {
                    Deprel::Acl | Deprel::AclRelcl | Deprel::Ccomp
                        if document.children_by(child, Deprel::Nsubj).next().is_some() =>
                    {
                        Deprel::Ccomp
                    }
                    Deprel::Acl | Deprel::Advcl | Deprel::Xcomp => Deprel::Xcomp,
                    Deprel::Nmod | Deprel::Obl => Deprel::Obl,
                    _ => continue,
                };
                let preposition = (relation == Deprel::Obl).then(|| preposition(document, child)).flatten();
                found.push(Argument { relation, preposition, word: child, distance: 0 });
            }
        }
        // The infinitive of what is asked, promised or refused is often taken for one of purpose.
        if !found.iter().any(|a| matches!(a.relation, Deprel::Xcomp | Deprel::Ccomp)) {
            let purpose = found.iter().find(|a| a.relation == Deprel::Advcl && a.distance == 0).copied();
            found.extend(
                purpose
                    .filter(|a| document.children_by(a.word, Deprel::Mark).any(|m| document.lemma(m) == "to"))
                    .map(|a| Argument { relation: Deprel::Xcomp, ..a }),
            );
        }
        found
    }

    /// The fillers of a slot that stand below an argument; of several paths the first that leads anywhere.
    pub(super) fn at_paths(&self, slot: &Slot, arguments: &[Argument<'_>]) -> Vec<Fit> {
        let paths = slot.relations.iter().filter_map(|r| if let SlotRelation::Path(p) = r { Some(p) } else { None });
        for path in paths {
            let words = self.below(path, arguments);
            let fits: Vec<Fit> = words.into_iter().filter_map(|w| self.suits(slot, w)).collect();
            if !fits.is_empty() {
                return fits;
            }
        }
        Vec::new()
    }

    /// The words at the end of a path that begins at one of `arguments`.
    fn below(&self, path: &[SlotRelation; 2], from: &[Argument<'_>]) -> Vec<WordId> {
        let document = self.document();
        let [first, then] = path;
        let mut found = Vec::new();
        for argument in from.iter().filter(|a| a.distance < 2 && a.stands_in(first)) {
            match then {
                SlotRelation::Path(rest) => found.extend(self.below(rest, &arguments(document, argument.word))),
                // Auxiliaries are no arguments: "must" in "said that Libya must".
                SlotRelation::Dependent { relation: Deprel::Aux, .. } => {
                    found.extend(document.children_by(argument.word, Deprel::Aux));
                }
                _ => {
                    let below = arguments(document, argument.word);
                    found.extend(below.iter().filter(|a| a.stands_in(then)).map(|a| a.word));
                    // The subject of a predicate that is no verb: "that the United States must be ready".
                    let subject = matches!(then, SlotRelation::Dependent { relation: Deprel::Nsubj, .. });
                    if subject && !below.iter().any(|a| a.relation == Deprel::Nsubj) {
                        found.extend(document.children_by(argument.word, Deprel::Nsubj));
                    }
                }
            }
        }
        found
    }

    /// The filler of a slot that is not a dependent: the trigger's own referent, the word it modifies, or the first
    /// part of the compound it ends.
    pub(super) fn around(&self, slot: &Slot, trigger: WordId) -> Option<Fit> {
        let document = self.document();
        slot.relations.iter().find_map(|relation| {
            let word = match relation {
                SlotRelation::Dependent { .. } | SlotRelation::Path(_) | SlotRelation::Within(_) => return None,
                SlotRelation::Own => {
                    let fit = Some(self.spoken_of(trigger)).filter(|&w| w != trigger);
                    return fit.and_then(|w| self.suits(slot, w)).or_else(|| self.suits(slot, trigger));
                }
                SlotRelation::Doer => self.doer(trigger)?,
                SlotRelation::Subject => arguments::subject_of_phrase(document, trigger)?,
                SlotRelation::Governor => return self.governors(trigger).find_map(|w| self.suits(slot, w)),
                SlotRelation::Stem => stem(document, trigger)?,
            };
            self.suits(slot, word)
        })
    }

    /// The word that a trigger depends on, and those above that where the trigger is only one of several or what something
    /// is made up of: "found *a stock of mines*", "seized rifles and *a grenade*".
    fn governors(&self, trigger: WordId) -> impl Iterator<Item = WordId> {
        let document = self.document();
        let mut at = trigger;
        std::iter::from_fn(move || {
            let head = document.head(at)?;
            Some((std::mem::replace(&mut at, head), head))
        })
        .take(4)
        .scan(true, move |open, (below, head)| {
            if !*open {
                return None;
            }
            let of = document.deprel(below) == Deprel::Nmod && preposition(document, below).is_some_and(|p| p.is("of"));
            *open = of || matches!(document.deprel(below), Deprel::Conj | Deprel::Compound);
            Some(head)
        })
    }

    /// The subject of the light verb that a noun is the object of.
    fn doer(&self, noun: WordId) -> Option<WordId> {
        let document = self.document();
        let verb = document.head(noun).filter(|&v| document.upos(v) == Upos::Verb)?;
        let found = arguments(document, verb);
        let own = found.iter().find(|a| a.word == noun)?;
        let lights = self.triggers.light_verbs(self.ontology, document, verb);
        let light = own.relation == Deprel::Obj && lights.iter().any(|l| l.scope.iter().any(|s| own.stands_in(s)));
        found.iter().find(|a| light && a.relation == Deprel::Nsubj).map(|a| a.word)
    }

    /// The word for whom or what a noun describes: in "Haftar, commander of the army", "Haftar was its commander",
    /// "army commander Haftar" and "the commander of the army, Haftar", it is Haftar; else the noun itself.
    fn spoken_of(&self, noun: WordId) -> WordId {
        let document = self.document();
        let mentioned = |w: WordId| self.reading.mention_at[w].is_some();
        let named =
            |w: WordId| self.reading.mention_at[w].is_some_and(|m| self.reading.mentions[m].form == MentionForm::Name);
        if let Some(head) = document.head(noun) {
            let describes = match document.deprel(noun) {
                Deprel::Appos => mentioned(head),
                Deprel::Compound | Deprel::NmodDesc => named(head) && document.upos(head) == Upos::Propn,
                _ => false,
            };
            if describes {
                return head;
            }
        }
        if document.children_by(noun, Deprel::Cop).next().is_some()
            && let Some(subject) = arguments::subject_of_nominal(document, noun).filter(|&s| mentioned(s))
        {
            return subject;
        }
        if named(noun) && document.upos(noun) == Upos::Propn {
            return noun;
        }
        if let Some(name) = self.beside(noun) {
            return name;
        }
        document.children_by(noun, Deprel::Appos).find(|&c| c > noun && named(c)).unwrap_or(noun)
    }

    /// The person named right after a noun, or before or after its phrase between commas: an apposition, whatever the
    /// parser made of it.
    fn beside(&self, noun: WordId) -> Option<WordId> {
        let document = self.document();
        let phrase = &self.reading.mentions[self.reading.mention_at[noun]?];
        if phrase.form == MentionForm::Name || document.deprel(noun) == Deprel::Conj {
            return None;
        }
        let comma = |w: WordId| document.words().get(w).is_some() && document.form(w) == ",";
        let person = |at: &dyn Fn(&Noted) -> bool| {
            self.reading.mentions[self.reading.mentions_in(self.reading.sentence_words(noun))]
                .iter()
                .find(|m| m.form == MentionForm::Name && m.kind == EntityKind::Person && at(m))
                .map(|m| m.head)
        };
        let (start, end) = (phrase.words.start, phrase.words.end);
        // "rebel leader Abu X", taken for two phrases.
        if end == noun + 1
            && let Some(name) = person(&|m| m.words.start == end)
        {
            return Some(name);
        }
        if start > 1 && comma(start - 1) {
            return person(&|m| m.words.end == start - 1);
        }
        comma(end).then(|| person(&|m| m.words.start == end + 1))?
    }
}

/// The first part of a hyphenated compound: "Saudi" of "backed" in "Saudi-backed".
fn stem(document: &Document, word: WordId) -> Option<WordId> {
    let hyphen = word.checked_sub(1)?;
    matches!(document.form(hyphen), "-" | "\u{2010}" | "\u{2011}").then(|| hyphen.checked_sub(1))?
}
