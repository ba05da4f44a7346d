//! The indexes from words to what they trigger, compiled once from the ontology.

use super::arguments::Preposition;
use super::grammar::GrammarWords;
use crate::facts::Modality;
use crate::language::{Document, WordId};
use crate::lexicon::frames::TriggerIndex;
use crate::ontology::terms::concept;
use crate::ontology::{LightVerb, ModalityCue, Ontology, SourceCue};

/// The indexes.
#[derive(Debug)]
pub(super) struct Triggers {
    pub frames: TriggerIndex,
    light_verbs: TriggerIndex,
    modality_cues: TriggerIndex,
    source_cues: TriggerIndex,
    /// Prepositions of place; the second part says whether they mean only nearness.
    places: Vec<(Box<str>, bool)>,
    pub grammar: GrammarWords,
}

impl Triggers {
    pub(super) fn new(ontology: &Ontology, grammar: GrammarWords) -> Self {
        Self {
            frames: TriggerIndex::frames(ontology),
            light_verbs: TriggerIndex::light_verbs(ontology),
            modality_cues: TriggerIndex::modality_cues(ontology),
            source_cues: TriggerIndex::source_cues(ontology),
            places: ontology.place_prepositions().iter().map(|p| (p.words.clone(), p.near)).collect(),
            grammar,
        }
    }

    /// The light verbs that a word is.
    pub(super) fn light_verbs<'o>(
        &self,
        ontology: &'o Ontology,
        document: &Document,
        word: WordId,
    ) -> Vec<&'o LightVerb> {
        self.light_verbs.at(document, word).iter().map(|h| &ontology.light_verbs()[h.entry]).collect()
    }

    /// The cues of modality that a word is; of several those of the most words: "due to" is no "due".
    pub(super) fn cues<'o>(&self, ontology: &'o Ontology, document: &Document, word: WordId) -> Vec<&'o ModalityCue> {
        let hits = self.modality_cues.at(document, word);
        let longest = hits.iter().map(|h| h.words.len()).max();
        // A word that is preposition and conjunction is one cue, not two: a second negation would undo the first.
        let mut entries: Vec<usize> = hits.iter().filter(|h| Some(h.words.len()) == longest).map(|h| h.entry).collect();
        entries.dedup();
        entries.into_iter().map(|entry| &ontology.modality_cues()[entry]).collect()
    }

    /// The cues of source that a word is.
    pub(super) fn sources<'o>(&self, ontology: &'o Ontology, document: &Document, word: WordId) -> Vec<&'o SourceCue> {
        self.source_cues.at(document, word).iter().map(|h| &ontology.source_cues()[h.entry]).collect()
    }

    /// Whether a preposition is one of place; if so, whether it means only nearness.
    pub(super) fn place_preposition(&self, preposition: &Preposition<'_>) -> Option<bool> {
        self.places.iter().find(|(words, _)| preposition.is(words)).map(|(_, near)| *near)
    }
}

/// The modality of a concept of the ontology.
pub(super) fn modality(iri: &str) -> Option<Modality> {
    let table = [
        (concept::ACTUAL, Modality::Actual),
        (concept::ALLEGED, Modality::Alleged),
        (concept::NEGATED, Modality::Negated),
        (concept::PLANNED, Modality::Planned),
        (concept::FEARED, Modality::Feared),
        (concept::THREATENED, Modality::Threatened),
        (concept::DEMANDED, Modality::Demanded),
        (concept::ATTEMPTED, Modality::Attempted),
        (concept::HYPOTHETICAL, Modality::Hypothetical),
    ];
    table.into_iter().find(|(c, _)| c.as_str() == iri).map(|(_, m)| m)
}
