//! The closed lists of English grammar that the reading of mentions, roles and places needs, compiled from the lexicon
//! (`bg:GrammarWord`). Entry point: [`GrammarWords::new`].

use super::arguments::Preposition;
use crate::language::{Document, WordId};
use crate::lexicon::entries::Entries;

/// The lists, each in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct GrammarWords {
    owners: Vec<Box<str>>,
    wielders: Vec<Box<str>>,
    leading: Vec<Box<str>>,
    accompanying: Vec<Box<str>>,
    backing: Vec<Box<str>>,
    members: Vec<Box<str>>,
    together: Vec<Box<str>>,
    ships: Vec<Box<str>>,
    elsewhere: Vec<Box<str>>,
    locative: Vec<Box<str>>,
    containing: Vec<Box<str>>,
    directions: Vec<Box<str>>,
    lengths: Vec<Box<str>>,
    surroundings: Vec<Box<str>>,
    entries: Vec<Box<str>>,
    takings: Vec<Box<str>>,
    scenes: Vec<Box<str>>,
    perpetrators: Vec<Box<str>>,
    occurring: Vec<Box<str>>,
    measures: Vec<Box<str>>,
    undertakings: Vec<Box<str>>,
    unspecific: Vec<Box<str>>,
}

impl GrammarWords {
    /// Compiles the entries of the lexicon.
    pub(crate) fn new(entries: &Entries) -> Self {
        let list = |kind: &str| -> Vec<Box<str>> {
            let of_kind = entries.of("GrammarWord").filter(|e| e.one("wordKind") == Some(kind));
            of_kind.flat_map(|e| e.all("word")).map(Into::into).collect()
        };
        Self {
            owners: list("owner"),
            wielders: list("wielder"),
            leading: list("leading participle"),
            accompanying: list("accompanying verb"),
            backing: list("backing verb"),
            members: list("member"),
            together: list("together"),
            ships: list("ship prefix"),
            elsewhere: list("elsewhere"),
            locative: list("locative"),
            containing: list("containing"),
            directions: list("direction"),
            lengths: list("unit of length"),
            surroundings: list("surroundings"),
            entries: list("entry verb"),
            takings: list("taking verb"),
            scenes: list("scene verb"),
            perpetrators: list("perpetrator"),
            occurring: list("occurring verb"),
            measures: list("measure noun"),
            undertakings: list("undertaking"),
            unspecific: list("unspecific"),
        }
    }

    /// Whether a preposition after a thing stands before whose it is; after a weapon or vehicle, before who used it.
    pub(crate) fn is_owner(&self, preposition: &Preposition<'_>, wields: bool) -> bool {
        let words = if wields { &self.wielders } else { &self.owners };
        words.iter().any(|w| preposition.is(w))
    }

    /// Whether the first part of a hyphenated word with this participle does what the noun behind it tells.
    pub(crate) fn is_leading(&self, participle: &str) -> bool {
        is_in(&self.leading, participle)
    }

    /// Whether who does this to a doer acts with him.
    pub(crate) fn is_accompanying(&self, verb: &str) -> bool {
        is_in(&self.accompanying, verb)
    }

    /// Whether who does this to a doer helps him.
    pub(crate) fn is_backing(&self, verb: &str) -> bool {
        is_in(&self.backing, verb)
    }

    /// Whether a noun behind the name of a force stands for people who belong to it.
    pub(crate) fn is_member(&self, noun: &str) -> bool {
        is_in(&self.members, noun)
    }

    /// Whether a preposition stands before somebody who acts with another.
    pub(crate) fn is_together(&self, preposition: &Preposition<'_>) -> bool {
        self.together.iter().any(|w| preposition.is(w))
    }

    /// Whether a word stands before the name of a ship.
    pub(crate) fn is_ship_prefix(&self, word: &str) -> bool {
        self.ships.iter().any(|s| **s == *word)
    }

    /// Whether a preposition says where something comes from or goes to.
    pub(crate) fn is_elsewhere(&self, preposition: &Preposition<'_>) -> bool {
        self.elsewhere.iter().any(|w| preposition.is(w))
    }

    /// Whether a name behind a preposition is a place's.
    pub(crate) fn is_locative(&self, preposition: &str) -> bool {
        is_in(&self.locative, preposition)
    }

    /// Whether the object of a verb, if it is a name that no list knows, is a place's.
    pub(crate) fn is_entry(&self, verb: &str) -> bool {
        is_in(&self.entries, verb)
    }

    /// Whether a verb often has a place as its object, though not only places ("capture").
    pub(crate) fn is_taking(&self, verb: &str) -> bool {
        is_in(&self.takings, verb)
    }

    /// Whether a verb often has as its subject the place where something happens ("fall", "witness").
    pub(crate) fn is_scene(&self, verb: &str) -> bool {
        is_in(&self.scenes, verb)
    }

    /// Whether a noun stands for those who did what is told beside it.
    pub(crate) fn is_perpetrator(&self, noun: &str) -> bool {
        is_in(&self.perpetrators, noun)
    }

    /// Whether a noun names only the undertaking of what the noun before it names.
    pub(crate) fn is_undertaking(&self, noun: &str) -> bool {
        is_in(&self.undertakings, noun)
    }

    /// Whether a word stands for whoever or whatever there may be.
    pub(crate) fn is_unspecific(&self, word: &str) -> bool {
        is_in(&self.unspecific, word)
    }

    /// Whether a verb says of its subject that it happens at all.
    pub(crate) fn is_occurring(&self, verb: &str) -> bool {
        is_in(&self.occurring, verb)
    }

    /// Whether a noun before "of" only says how many or which of the acts behind it are meant.
    pub(crate) fn is_measure(&self, noun: &str) -> bool {
        is_in(&self.measures, noun)
    }

    /// Whether a preposition stands between a place and what it lies in.
    pub(crate) fn is_containing(&self, preposition: &str) -> bool {
        is_in(&self.containing, preposition)
    }

    /// Whether a noun only says where something lies beside a place: a direction, a distance, its surroundings.
    pub(crate) fn is_relative(&self, document: &Document, word: WordId) -> bool {
        let (lemma, form) = (document.lemma(word), document.form(word));
        let form = form.trim_end_matches('.');
        [&self.directions, &self.lengths, &self.surroundings].iter().any(|list| is_in(list, lemma) || is_in(list, form))
    }

    /// Whether a word is that of a direction.
    pub(crate) fn is_direction(&self, word: &str) -> bool {
        is_in(&self.directions, word)
    }

    /// Whether a noun is a unit of length.
    pub(crate) fn is_length(&self, document: &Document, word: WordId) -> bool {
        is_in(&self.lengths, document.lemma(word)) || is_in(&self.lengths, document.form(word))
    }

    /// Whether the phrase that begins at `start` stands behind words that put something beside it: "20 km from", "north
    /// of", "on the outskirts of".
    pub(crate) fn is_beside(&self, document: &Document, start: WordId) -> bool {
        let Some(case) = start.checked_sub(1) else { return false };
        let Some(mut word) = case.checked_sub(1) else { return false };
        if document.sentence_of(word) != document.sentence_of(start) {
            return false;
        }
        // "60 km (37 miles) from"
        if document.form(word) == ")" {
            word = word.saturating_sub(1);
        }
        let length = self.is_length(document, word);
        let of = document.lemma(case) == "of";
        of && self.is_relative(document, word) || length && document.lemma(case) == "from"
    }
}

fn is_in(list: &[Box<str>], word: &str) -> bool {
    list.iter().any(|w| w.eq_ignore_ascii_case(word))
}
