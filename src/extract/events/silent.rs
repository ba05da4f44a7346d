//! Words that evoke no event although a frame knows them: parts of names, first parts of compounds, verbs that only lend
//! grammar to a noun. Entry points: [`inside_names`], [`names_of_bodies`] and what a [`Finder`] asks of a word.

use super::Finder;
use super::matching::{Evoked, Matcher};
use crate::extract::arguments::arguments;
use crate::extract::reading::Reading;
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::terms::class;

/// For each word, whether it belongs to the name of an actor, a place or a thing.
pub(super) fn inside_names(reading: &Reading<'_>) -> Vec<bool> {
    let mut named = vec![false; reading.document.words().len()];
    for noted in &reading.mentions {
        if noted.form != MentionForm::Name || noted.kind == EntityKind::Weapon || noted.kind == EntityKind::Time {
            continue;
        }
        for word in noted.words.clone() {
            // A title before the name is a word of its own ("army commander Haftar").
            let outside = noted.name.is_some_and(|name| {
                let span = reading.document.words()[word].span;
                span.end <= name.start || span.start >= name.end
            });
            if noted.kind == EntityKind::Person && outside {
                continue;
            }
            named[word] |= reading.document.upos(word) == Upos::Propn;
        }
    }
    named
}

/// Marks capitalised nouns inside running text, which belong to names even where the name is not known ("the Agency for
/// Development and *Cooperation*", "the Warsaw *Pact*"), and months ("*March*"). What opens a name may be the event's own
/// name ("the *Battle* of Mosul", "*Operation* Desert Storm").
pub(super) fn names_of_bodies(reading: &Reading<'_>, named: &mut [bool]) {
    let document = reading.document;
    let capital = |w: WordId| document.form(w).starts_with(char::is_uppercase);
    let letters = |w: WordId| document.form(w).starts_with(char::is_alphabetic);
    for sentence in document.sentences() {
        let words = sentence.words.clone();
        let capitals = words.clone().filter(|&w| capital(w)).count();
        let all = words.clone().filter(|&w| letters(w)).count();
        if sentence.headline || capitals * 5 > all * 3 {
            continue;
        }
        for word in words.clone().skip(1) {
            let opens = !capital(word - 1) && document.words().get(word + 1).is_some_and(|_| capital(word + 1));
            let titled =
                !capital(word - 1) && document.words().get(word + 1).is_some_and(|_| document.form(word + 1) == "of");
            named[word] |= capital(word) && document.upos(word) == Upos::Propn && !opens && !titled;
        }
    }
    for time in &reading.times {
        for word in time.words.clone() {
            named[word] |= document.upos(word) == Upos::Propn;
        }
    }
}

impl Finder<'_> {
    /// Whether a noun only tells what a place or a thing is for: "detention centre", "training camp", "assault rifle".
    pub(super) fn names_a_thing(&self, word: WordId) -> bool {
        let reading = self.matcher.reading;
        let document = reading.document;
        document.deprel(word) == Deprel::Compound
            && document.upos(word) == Upos::Noun
            && document.head(word).filter(|&h| h > word).and_then(|h| reading.mention_at[h]).is_some_and(|m| {
                let noted = &reading.mentions[m];
                noted.form == MentionForm::Nominal
                    && matches!(
                        noted.kind,
                        EntityKind::Place
                            | EntityKind::Weapon
                            | EntityKind::Vehicle
                            | EntityKind::Document
                            | EntityKind::Person
                    )
            })
    }

    /// Whether an event noun only tells which event or thing the noun behind it is: "*truce* deal", "*election* commission",
    /// "*murder* charge". What names an undertaking is the event itself ("*mediation* effort"), and what names harm adds to an
    /// act of violence ("*clash* deaths").
    pub(super) fn only_modifies(&self, evoked: &Evoked<'_>) -> bool {
        let Matcher { reading, ontology, triggers } = &self.matcher;
        let document = reading.document;
        let noun = evoked.trigger;
        let head = document
            .head(noun)
            .filter(|&h| h > noun && document.deprel(noun) == Deprel::Compound && document.upos(noun) == Upos::Noun)
            .filter(|&h| document.upos(h) == Upos::Noun && !evoked.words.contains(&h));
        let Some(head) = head else { return false };
        let violent = |class: &str| ontology.is_subclass(class, class::VIOLENCE.as_str());
        let events = triggers.frames.at(document, head);
        let mut events = events
            .iter()
            .map(|hit| &*ontology.frames()[hit.entry].evokes)
            .filter(|c| ontology.is_subclass(c, class::EVENT.as_str()))
            .peekable();
        if violent(&evoked.frame.evokes) {
            return events.peek().is_some() && !events.any(violent);
        }
        !triggers.grammar.is_undertaking(document.lemma(head))
    }

    /// Whether a word is the second part of a hyphenated one.
    pub(super) fn is_hyphenated(&self, word: WordId) -> bool {
        let document = self.matcher.reading.document;
        word.checked_sub(1).is_some_and(|before| {
            matches!(document.form(before), "-" | "\u{2010}" | "\u{2011}")
                && document.word(before).span.end == document.word(word).span.start
        })
    }

    /// Whether a verb only lends grammar to an event noun: "launched" in "launched an attack" is no event of its own.
    pub(super) fn is_light(&self, verb: WordId) -> bool {
        let Matcher { reading, ontology, triggers } = &self.matcher;
        let document = reading.document;
        if document.upos(verb) != Upos::Verb {
            return false;
        }
        let lights = triggers.light_verbs(ontology, document, verb);
        !lights.is_empty()
            && arguments(document, verb).iter().any(|a| {
                document.upos(a.word) == Upos::Noun
                    && a.distance == 0
                    && !self.named[a.word]
                    && lights.iter().any(|l| l.scope.iter().any(|s| a.stands_in(s)))
                    && triggers
                        .frames
                        .at(document, a.word)
                        .iter()
                        .any(|hit| ontology.is_subclass(&ontology.frames()[hit.entry].evokes, class::EVENT.as_str()))
            })
    }
}
