//! The Turtle files of `ontology/` as they were when the program was built.

/// A file of the ontology: its path below `ontology/` and its Turtle.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFile {
    /// Path below `ontology/`, with `/` between its parts.
    pub path: &'static str,
    /// The text of the file.
    pub turtle: &'static str,
}

macro_rules! files {
    ($($path:literal,)*) => {
        /// All files, in the order of their paths. A test holds the list against the folder.
        pub const FILES: &[EmbeddedFile] = &[
            $(EmbeddedFile { path: $path, turtle: include_str!(concat!("../../ontology/", $path)) },)*
        ];
    };
}

files! {
    "actors.ttl",
    "alignments/acled.ttl",
    "alignments/geosparql.ttl",
    "alignments/nif.ttl",
    "alignments/ontolex.ttl",
    "alignments/plover.ttl",
    "alignments/prov.ttl",
    "alignments/schema.ttl",
    "alignments/sem.ttl",
    "alignments/skos.ttl",
    "alignments/time.ttl",
    "alignments/ucdp.ttl",
    "core.ttl",
    "events.ttl",
    "frames.ttl",
    "lexicon/battles.ttl",
    "lexicon/casualties.ttl",
    "lexicon/cues.ttl",
    "lexicon/diplomacy.ttl",
    "lexicon/english.ttl",
    "lexicon/grammar.ttl",
    "lexicon/killings.ttl",
    "lexicon/light-verbs.ttl",
    "lexicon/moves.ttl",
    "lexicon/nouns.ttl",
    "lexicon/patterns.ttl",
    "lexicon/peoples.ttl",
    "lexicon/places.ttl",
    "lexicon/protests.ttl",
    "lexicon/quantities.ttl",
    "lexicon/reference.ttl",
    "lexicon/remote.ttl",
    "lexicon/situations.ttl",
    "lexicon/strategic.ttl",
    "lexicon/time.ttl",
    "schemes.ttl",
    "search.ttl",
    "shapes/articles.ttl",
    "shapes/entities.ttl",
    "shapes/events.ttl",
    "shapes/situations.ttl",
    "situations.ttl",
    "words.ttl",
}
