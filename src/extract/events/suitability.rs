//! What may fill a slot: of which words and kinds a filler must be, and for whom or what a word stands.

use super::matching::Matcher;
use crate::extract::arguments::{Argument, preposition};
use crate::extract::reading::Noted;
use crate::facts::{EntityKind, Iri, MentionForm};
use crate::language::{Deprel, Upos, WordId};
use crate::lexicon::frames::is;
use crate::ontology::terms::class;
use crate::ontology::{Condition, Slot};

impl<'a> Matcher<'a> {
    /// The mention with which an argument may fill a slot.
    pub(super) fn admitted(&self, slot: &Slot, argument: &Argument<'_>) -> Option<usize> {
        self.admits(slot, argument)?.mention
    }

    /// Whether an argument may fill a slot, and the mention it would fill it with.
    pub(super) fn admits(&self, slot: &Slot, argument: &Argument<'_>) -> Option<Fit> {
        if !slot.relations.iter().any(|r| argument.stands_in(r)) {
            return None;
        }
        // "Burkina Faso's worst attack" is one in the country.
        let document = self.document();
        let ranked = argument.relation == Deprel::NmodPoss
            && document.head(argument.word).is_some_and(|h| {
                document.children_by(h, Deprel::Amod).any(|c| document.feat(c, "Degree") == Some("Sup"))
            })
            && self.reading.mention_at[argument.word]
                .is_some_and(|m| self.reading.mentions[m].class.as_deref().is_some_and(|c| self.is_land(c)));
        if ranked {
            return None;
        }
        if self.is_of_nearer_act(argument) {
            return None;
        }
        // A place for its people or its state acts and is acted upon; "from Tunisia", "in Syria" are places.
        let placed = argument.preposition.as_ref().is_some_and(|p| {
            p.is("from") || self.triggers.place_preposition(p).is_some_and(|_| !p.is("by") && !p.is("between"))
        });
        // "MOGADISHU TRUCK BOMB": a city before an event noun is where, a country who.
        let city = argument.relation == Deprel::Compound
            && argument.preposition.is_none()
            && self.reading.mention_at[argument.word].is_some_and(|m| {
                let noted = &self.reading.mentions[m];
                let state =
                    |c: &str| [class::COUNTRY, class::STATE].iter().any(|s| self.ontology.is_subclass(c, s.as_str()));
                noted.kind == EntityKind::Place
                    && !noted.class.as_deref().is_some_and(state)
                    && self.is_weapon(document.head(argument.word))
            });
        let fit = self.suits(slot, argument.word).or_else(|| self.suits(slot, self.wider(argument)?));
        fit.filter(|fit| fit.exact || !placed && !city)
    }

    /// Whether who stands behind "by" after a noun did what another noun in between tells: "protests against violations *by the
    /// army*".
    fn is_of_nearer_act(&self, argument: &Argument<'_>) -> bool {
        let document = self.document();
        let by = argument.relation == Deprel::Nmod && argument.preposition.is_some_and(|p| p.is("by"));
        let Some(act) = document.head(argument.word).filter(|_| by) else { return false };
        document.upos(act) == Upos::Noun
            && document.children_by(act, Deprel::Nmod).any(|between| {
                between > act
                    && between < argument.word
                    && document.upos(between) == Upos::Noun
                    && preposition(document, between).is_some_and(|p| !p.is("of"))
                    && self.reading.mention_at[between].is_none()
                    && !self.triggers.frames.at(document, between).is_empty()
            })
    }

    /// Whether a word names a weapon, or something that is named after one.
    fn is_weapon(&self, word: Option<WordId>) -> bool {
        let weapon = |m: usize| matches!(self.reading.mentions[m].kind, EntityKind::Weapon | EntityKind::Vehicle);
        word.and_then(|w| self.reading.mention_at[w]).is_some_and(weapon)
    }

    /// Whether a class is of a place or of the state that a place stands for.
    fn is_land(&self, class: &str) -> bool {
        [class::PLACE, class::STATE].iter().any(|c| self.ontology.is_subclass(class, c.as_str()))
    }

    /// Whether a word may fill a slot, whatever its relation.
    pub(super) fn suits(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        if self.is_dateline(word) {
            return None;
        }
        // "fired a number of mortar shells": what is counted, not the counting.
        let named = |w: WordId| slot.lemmas.is_empty() || slot.lemmas.iter().any(|l| self.ends_with(w, l));
        let word = if named(word) { word } else { self.counted(word).filter(|&w| named(w))? };
        let mention = self.reading.mention_at[word].map(|m| self.named_beside(word, m));
        if slot.accepts.is_empty() {
            return Some(Fit { mention, exact: true });
        }
        match mention.and_then(|m| self.is_kind(m, &slot.accepts)) {
            Some(exact) => Some(Fit { mention, exact }),
            None if slot.reaches_into => self.inside(slot, word).or_else(|| self.part_of(slot, word)),
            None => self.made_of(slot, word).or_else(|| self.part_of(slot, word)),
        }
    }

    /// Whether a word stands in the dateline of a paragraph: "KABUL, 27 August 2021 - …".
    fn is_dateline(&self, word: WordId) -> bool {
        let document = self.document();
        let words = &document.sentences()[document.sentence_of(word)].words;
        if word > words.start + DATELINE {
            return false;
        }
        let named = |w: WordId| matches!(document.upos(w), Upos::Propn | Upos::Num | Upos::Punct | Upos::X);
        let dash = |w: WordId| matches!(document.form(w), "-" | "–" | "—" | "--");
        let spaced = |w: WordId| {
            let span = document.word(w).span;
            document.text()[..span.start as usize].ends_with(char::is_whitespace)
                && document.text()[span.end as usize..].starts_with(char::is_whitespace)
        };
        (word + 1..words.end.min(words.start + DATELINE + 2))
            .find(|&w| dash(w) && spaced(w))
            .is_some_and(|end| (words.start..end).all(named))
    }

    /// A crowd that is of the kind of those who make it up: "*hundreds* of families", "*a crowd* of protesters".
    fn made_of(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        let document = self.document();
        let crowd = self.reading.mention_at[word].filter(|&m| {
            let noted = &self.reading.mentions[m];
            noted.kind.is_actor() && noted.form == MentionForm::Nominal && noted.class.is_none()
        })?;
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of"));
        let members = self.reading.mention_at[document.children_by(word, Deprel::Nmod).find(of)?]?;
        self.is_kind(members, &slot.accepts).map(|exact| Fit { mention: Some(crowd), exact })
    }

    /// What stands behind "of" after a noun that only says how many or which of it: "a *series* of strikes".
    fn counted(&self, word: WordId) -> Option<WordId> {
        let document = self.document();
        let measure = document.upos(word) == Upos::Noun && self.triggers.grammar.is_measure(document.lemma(word));
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of"));
        document.children_by(word, Deprel::Nmod).filter(|_| measure).find(of)
    }

    /// The whole of which a noun names only a share: "part of *a stronghold*", "one third of *the guerrillas*".
    fn part_of(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        let document = self.document();
        let share = matches!(document.upos(word), Upos::Noun | Upos::Num | Upos::Adj)
            && self.reading.mention_at[word].is_none_or(|m| self.reading.mentions[m].kind == EntityKind::Quantity)
            && slot.lemmas.is_empty()
            && (self.triggers.grammar.is_measure(document.lemma(word))
                || self.triggers.frames.at(document, word).is_empty());
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of"));
        let whole = document.children_by(word, Deprel::Nmod).filter(|_| share).find(of)?;
        let mention = self.reading.mention_at[whole]?;
        self.is_kind(mention, &slot.accepts).map(|exact| Fit { mention: Some(mention), exact })
    }

    /// Whom a description names right after itself: "his brother *Bashar al-Assad*", "rebel group *Ansar Dine*".
    fn named_beside(&self, word: WordId, mention: usize) -> usize {
        let noted = &self.reading.mentions[mention];
        if noted.form != MentionForm::Nominal || !(noted.kind.is_actor() || noted.kind == EntityKind::Place) {
            return mention;
        }
        self.document()
            .children_by(word, Deprel::Appos)
            .filter_map(|c| self.reading.mention_at[c])
            .find(|&m| {
                let name = &self.reading.mentions[m];
                name.form == MentionForm::Name
                    && name.kind == noted.kind
                    && (name.kind == EntityKind::Person && name.words.start > noted.head
                        || name.words.start == noted.head + 1)
            })
            .unwrap_or(mention)
    }

    /// An accepted entity inside a phrase that is not one itself: "ISIL" of "ISIL targets", "the group's return", "the
    /// return of the group".
    fn inside(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        let document = self.document();
        let parts = document.children(word).iter().copied().filter(|&c| match document.deprel(c) {
            Deprel::Compound | Deprel::NmodPoss | Deprel::Amod => true,
            Deprel::Nmod => preposition(document, c).is_some_and(|p| p.is("of") || p.is("by")),
            _ => false,
        });
        parts
            .filter_map(|c| self.reading.mention_at[c])
            .find(|&m| self.is_kind(m, &slot.accepts).is_some())
            .map(|m| Fit { mention: Some(m), exact: false })
    }

    /// Whether a noun with its modifiers ends in the words given ("fighter jet").
    fn ends_with(&self, word: WordId, words: &str) -> bool {
        let document = self.document();
        let mut parts = words.rsplit([' ', '-']);
        if !parts.next().is_some_and(|last| is(document, word, last)) {
            return false;
        }
        let mut at = word;
        for part in parts {
            let Some(before) = at.checked_sub(1) else { return false };
            at = if document.form(before) == "-" { before.saturating_sub(1) } else { before };
            if !is(document, at, part) {
                return false;
            }
        }
        true
    }

    /// Whether a mention meets a condition on the filler of a role.
    pub(super) fn meets(&self, mention: usize, condition: &Condition) -> bool {
        let protesters =
            || condition.kinds.iter().any(|k| **k == *class::PROTESTERS.as_str()) && self.protests(mention);
        let fighters = || {
            self.reading.combatants.contains(&mention)
                && condition.kinds.iter().any(|k| **k == *class::ARMED_ACTOR.as_str())
        };
        (condition.kinds.is_empty() || self.is_surely(mention, &condition.kinds) || protesters() || fighters())
            && (condition.lemmas.is_empty()
                || condition.lemmas.iter().any(|l| self.ends_with(self.reading.mentions[mention].head, l)))
    }

    /// Whether the article says that those of a mention protest: "opened fire on supporters who were demonstrating".
    fn protests(&self, mention: usize) -> bool {
        let crowd = &self.reading.protesters;
        let entity = self.reading.mentions[mention].entity;
        crowd.mentions.contains(&mention) || entity.is_some_and(|e| crowd.entities.contains(&e))
    }

    /// Whether a mention is of one of the kinds: `Some(true)` if so, `Some(false)` if only by metonymy (a country for
    /// its state, a state for its territory).
    fn is_kind(&self, mention: usize, kinds: &[Iri]) -> Option<bool> {
        let noted = &self.reading.mentions[mention];
        let ontology = self.ontology;
        let of = |class: &str| kinds.iter().any(|k| ontology.is_subclass(class, k));
        let mut own = noted.class.as_deref().unwrap_or_else(|| default_class(noted.kind));
        if let Some(force) = self.force_of(noted) {
            if of(force) {
                return Some(true);
            }
            own = class::GROUP.as_str();
        }
        if of(own) {
            return Some(true);
        }
        let territory = noted.speaks_of_state || ontology.is_subclass(own, class::COUNTRY.as_str());
        match noted.kind {
            EntityKind::Place if territory && of(class::STATE.as_str()) => Some(false),
            EntityKind::Organization if own == class::STATE.as_str() && of(class::COUNTRY.as_str()) => Some(false),
            EntityKind::Nationality if of(class::STATE.as_str()) => Some(false),
            _ => None,
        }
    }

    /// Whether a mention is known to be of one of the kinds, not by metonymy or for want of knowledge.
    pub(super) fn is_surely(&self, mention: usize, kinds: &[Iri]) -> bool {
        self.is_kind(mention, kinds) == Some(true)
            || self.reading.mentions[mention].kind == EntityKind::Place && self.is_kind(mention, kinds) == Some(false)
    }

    /// The class of the armed force whose people a mention is: "sixty men of *the Eagle Force*", "*militia* volunteers" are no
    /// civilians.
    fn force_of(&self, noted: &Noted) -> Option<&'a str> {
        let document = self.document();
        let people = noted.form == MentionForm::Nominal
            && noted.class.as_deref().is_none_or(|c| self.ontology.is_subclass(c, class::CIVILIANS.as_str()))
            && noted.kind.is_actor();
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of") || p.is("from"));
        let before = || {
            let member = self.triggers.grammar.is_member(document.lemma(noted.head));
            document.children_by(noted.head, Deprel::Compound).filter(|_| member).last()
        };
        let named = document.children_by(noted.head, Deprel::Nmod).find(of).or_else(before).filter(|_| people)?;
        let force = self.reading.mentions[self.reading.mention_at[named]?].class.as_deref()?;
        let armed = [class::STATE_FORCE, class::NON_STATE_ARMED_ACTOR];
        armed.iter().any(|c| self.ontology.is_subclass(force, c.as_str())).then_some(force)
    }

    /// The place an argument names, by a preposition of place or as the first part of a compound.
    pub(super) fn place(&self, argument: &Argument<'_>) -> Option<(usize, bool)> {
        let mut beside = false;
        let mention = self.reading.mention_at[argument.word].or_else(|| {
            // "on the outskirts of Bauchi", "north of Gori": what lies beside a place is near it.
            let document = self.document();
            let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of") || p.is("from"));
            let named = document
                .children(argument.word)
                .iter()
                .copied()
                .filter(|&c| matches!(document.deprel(c), Deprel::Nmod | Deprel::Obl))
                .find(of)
                .filter(|_| self.triggers.grammar.is_relative(document, argument.word))?;
            beside = true;
            self.reading.mention_at[named]
        })?;
        let noted = &self.reading.mentions[mention];
        let ontology = self.ontology;
        let state = noted.class.as_deref().is_some_and(|c| ontology.is_subclass(c, class::STATE.as_str()));
        if noted.kind != EntityKind::Place && !state {
            return None;
        }
        match (&argument.preposition, argument.relation) {
            (Some(preposition), _) => {
                let near = self.triggers.place_preposition(preposition)?;
                Some((mention, near || beside))
            }
            (None, Deprel::Compound | Deprel::NmodPoss) if noted.form == MentionForm::Name && !state => {
                Some((mention, false))
            }
            _ => None,
        }
    }
}

/// How many words a dateline has at most.
const DATELINE: usize = 9;

/// What fills a slot.
pub(super) struct Fit {
    /// The mention, if the filler is one.
    pub(super) mention: Option<usize>,
    /// Whether it is of an accepted kind itself, not by metonymy.
    pub(super) exact: bool,
}

/// The class of a mention of which nothing but its kind is known.
pub(super) fn default_class(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => class::PERSON.as_str(),
        EntityKind::Organization => class::ORGANIZATION.as_str(),
        EntityKind::Place => class::PLACE.as_str(),
        EntityKind::Weapon => class::WEAPON.as_str(),
        EntityKind::Vehicle => class::VEHICLE.as_str(),
        EntityKind::Quantity | EntityKind::Money => class::QUANTITY.as_str(),
        EntityKind::Time => class::TIME_EXPRESSION.as_str(),
        EntityKind::Document => class::DOCUMENT.as_str(),
        EntityKind::Nationality | EntityKind::Other => class::ENTITY.as_str(),
    }
}
