//! The ontology: classes, properties, codes, frames and words, read from Turtle.
//!
//! What the program knows of events, roles and English lives in the folder `ontology/`, which is compiled into the
//! binary ([`embedded`]) and may be extended or overridden by overlay folders. [`Ontology`] is the entry point: it
//! answers what the stages after it ask (is this class below that one, which code has it, which frames are there) with
//! IRIs as plain strings, so that nothing after it needs to read RDF. [`terms`] has the few IRIs that the code must name.
//!
//! # Examples
//!
//! ```
//! use belligraph::ontology::{Ontology, terms};
//!
//! let ontology = Ontology::embedded();
//! let ambush = terms::bg("Ambush");
//! let battle = terms::bg("Battle");
//! assert!(ontology.is_subclass(ambush.as_str(), battle.as_str()));
//! assert_eq!(ontology.label(ambush.as_str()), Some("ambush"));
//! assert_eq!(ontology.acled(ambush.as_str()), Some("Battles/Armed clash"));
//! assert_eq!(ontology.plover(ambush.as_str()), Some("ASSAULT"));
//! // Frames are reached by their words through `crate::lexicon::frames`.
//! assert!(!ontology.frames().is_empty());
//! ```

mod codes;
mod description;
mod descriptions;
pub mod embedded;
mod frame;
mod hierarchy;
mod problem;
mod refinement;
mod situation_kind;
mod source;
mod statements;
pub mod terms;
mod words;

pub use codes::{Code, Codes};
pub use description::TermDescription;
pub use descriptions::Replacement;
pub use frame::{Frame, Slot, SlotRelation, Trigger, TriggerKind};
pub use problem::{OntologyError, Problem};
pub use refinement::{Condition, Refinement};
pub use situation_kind::{ChangeKind, SituationChange, SituationKind};
pub use source::{Found, OVERLAY_FOLDER, Source, found_in};
pub use statements::{SortedStatements, Statement, wkt_point};
pub use words::{LightVerb, ModalityCue, NounEntry, PlacePreposition, SourceCue};

use descriptions::Descriptions;
use hierarchy::Hierarchy;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

/// An IRI of the ontology, cheap to clone; the same type as [`crate::facts::Iri`].
pub type Iri = Arc<str>;

/// The ontology, merged from its files.
#[derive(Debug)]
pub struct Ontology {
    sources: Vec<Source>,
    version: String,
    classes: Hierarchy,
    properties: Hierarchy,
    labels: BTreeMap<Iri, Box<str>>,
    exchange_names: BTreeMap<Iri, Box<str>>,
    salience: BTreeMap<Iri, i32>,
    notations: BTreeMap<Iri, Box<str>>,
    codes: Codes,
    refinements: Vec<Refinement>,
    violence_types: Vec<(Box<str>, Refinement)>,
    situations: Vec<SituationKind>,
    changes: BTreeMap<Iri, Vec<SituationChange>>,
    frames: Vec<Frame>,
    light_verbs: Vec<LightVerb>,
    modality_cues: Vec<ModalityCue>,
    source_cues: Vec<SourceCue>,
    nouns: Vec<NounEntry>,
    place_prepositions: Vec<PlacePreposition>,
    folds: BTreeMap<Iri, Vec<Iri>>,
    tells_doer: BTreeMap<Iri, Iri>,
    tells_comer: BTreeMap<Iri, Iri>,
    tells_loser: BTreeMap<Iri, Iri>,
    lasting: BTreeMap<Iri, Box<str>>,
    speech: BTreeMap<Iri, Box<str>>,
    apart: BTreeMap<Iri, Box<str>>,
    winners: BTreeMap<Iri, usize>,
    replaced: Vec<Replacement>,
    sorted: OnceLock<SortedStatements>,
}

static EMBEDDED: LazyLock<Ontology> = LazyLock::new(|| match Ontology::load(&[]) {
    Ok(ontology) => ontology,
    // A test reads the embedded files, so a build that ships can read them.
    Err(error) => panic!("the embedded ontology is broken: {error}"),
});

impl Ontology {
    /// The ontology that is compiled into the program, read once.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The embedded ontology with overlay folders on top, each searched for Turtle, N-Triples, RDF/XML (`.rdf`, `.owl`)
    /// and JSON-LD.
    ///
    /// An overlay adds subjects, or replaces a subject's whole description. Copies of embedded descriptions count for
    /// nothing, so that an overlay may begin as a copy of the embedded ontology.
    ///
    /// # Errors
    ///
    /// With all problems found, when a file cannot be read or is no Turtle, when a frame names an unknown class, role
    /// or relation, or when two overlays describe the same subject.
    pub fn load(overlays: &[PathBuf]) -> Result<Self, OntologyError> {
        let mut problems = Vec::new();
        let sources = source::sources(overlays, &mut problems);
        let read = Descriptions::read(&sources, &mut problems);
        let classes = Hierarchy::classes(&read, &mut problems);
        let properties = Hierarchy::properties(&read, &mut problems);
        let situations = situation_kind::kinds(&read);
        let mut changes = BTreeMap::new();
        for subject in read.named() {
            let found = situation_kind::changes(&read, subject, &mut problems);
            if !found.is_empty() {
                changes.insert(read.iri(subject), found);
            }
        }
        let mut folds = BTreeMap::new();
        let told_by = |property| -> BTreeMap<Iri, Iri> {
            let classes = read.of_type(terms::external::OWL_CLASS);
            classes.filter_map(|c| Some((read.iri(c), Iri::from(read.objects(c, property).next()?)))).collect()
        };
        for subject in read.of_type(terms::external::OWL_CLASS) {
            let into: Vec<Iri> = read.objects(subject, terms::property::FOLDS_INTO).map(Iri::from).collect();
            if !into.is_empty() {
                folds.insert(read.iri(subject), into);
            }
        }
        let frames = frame::frames(&read, &classes, &properties, &mut problems);
        statements::check_individuals(&read, &classes, &mut problems);
        let version = version(&read, &sources);
        let mut ontology = Self {
            version,
            labels: read.texts(oxrdf::vocab::rdfs::LABEL),
            exchange_names: read.texts(terms::property::EXCHANGE_NAME),
            salience: read
                .texts(terms::property::SALIENCE)
                .into_iter()
                .filter_map(|(iri, value)| Some((iri, value.parse().ok()?)))
                .collect(),
            notations: read.texts(terms::external::SKOS_NOTATION),
            codes: Codes::read(&read, &classes),
            refinements: refinement::refinements(&read, &mut problems),
            violence_types: refinement::violence_types(&read, &mut problems),
            situations,
            changes,
            light_verbs: words::light_verbs(&read, &mut problems),
            modality_cues: words::modality_cues(&read, &mut problems),
            source_cues: words::source_cues(&read, &mut problems),
            nouns: words::nouns(&read, &mut problems),
            place_prepositions: words::place_prepositions(&read),
            folds,
            tells_doer: told_by(terms::property::TELLS_DOER),
            tells_comer: told_by(terms::property::TELLS_COMER),
            tells_loser: told_by(terms::property::TELLS_LOSER),
            lasting: read.texts(terms::property::LASTS),
            speech: read.texts(terms::property::IS_SPEECH),
            apart: read.texts(terms::property::IS_APART),
            frames,
            classes,
            properties,
            winners: BTreeMap::new(),
            replaced: Vec::new(),
            sorted: OnceLock::new(),
            sources: Vec::new(),
        };
        (ontology.winners, ontology.replaced) = read.into_outcome();
        ontology.sources = sources;
        if problems.is_empty() { Ok(ontology) } else { Err(OntologyError::Invalid(problems)) }
    }

    /// The files it was read from, the embedded ones first.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The embedded subjects that overlays describe anew, in the order of their IRIs.
    pub fn replaced(&self) -> &[Replacement] {
        &self.replaced
    }

    /// Whether a class or property of this IRI is declared.
    pub fn declares(&self, iri: &str) -> bool {
        self.classes.knows(iri) || self.properties.knows(iri)
    }

    /// All declared properties, in the order of their IRIs.
    pub fn properties(&self) -> impl Iterator<Item = &Iri> {
        self.properties.all()
    }

    /// The version, with a digest of the overlays if there are any (`1.0.0+3f2a9c01`).
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether `class` is `ancestor` or below it.
    pub fn is_subclass(&self, class: &str, ancestor: &str) -> bool {
        self.classes.is_below(class, ancestor)
    }

    /// All classes above `class`, the nearest first, itself not among them; empty for an unknown class.
    pub fn superclasses(&self, class: &str) -> &[Iri] {
        self.classes.above(class)
    }

    /// All declared classes, in the order of their IRIs.
    pub fn classes(&self) -> impl Iterator<Item = &Iri> {
        self.classes.all()
    }

    /// Whether the role `property` is `ancestor` or below it.
    pub fn is_subproperty(&self, property: &str, ancestor: &str) -> bool {
        self.properties.is_below(property, ancestor)
    }

    /// All properties above the role `property`, the nearest first.
    pub fn superproperties(&self, property: &str) -> &[Iri] {
        self.properties.above(property)
    }

    /// Whether two event classes have an ancestor in common that is below `root` and not `root` itself.
    pub fn share_parent(&self, one: &str, other: &str, root: &str) -> bool {
        let above = self.superclasses(other);
        self.superclasses(one).iter().any(|c| above.contains(c) && **c != *root && self.is_subclass(c, root))
    }

    /// Whether events of the class last, by its own statement or the nearest superclass's.
    pub fn lasts(&self, class: &str) -> bool {
        let own = self.lasting.get(class);
        own.or_else(|| self.superclasses(class).iter().find_map(|c| self.lasting.get(c)))
            .is_some_and(|v| **v == *"true")
    }

    /// Whether events of the class are acts of speech, which happen where somebody speaks and not where the text around
    /// them plays.
    pub fn is_speech(&self, class: &str) -> bool {
        let own = self.speech.get(class);
        own.or_else(|| self.superclasses(class).iter().find_map(|c| self.speech.get(c))).is_some_and(|v| **v == *"true")
    }

    /// Whether events of the class happen apart from the scene of the text around them, so that only their own sentence
    /// says where: who agreed on something may have met anywhere.
    pub fn is_apart(&self, class: &str) -> bool {
        let own = self.apart.get(class);
        own.or_else(|| self.superclasses(class).iter().find_map(|c| self.apart.get(c))).is_some_and(|v| **v == *"true")
    }

    /// Whether an event of the class, told together with its cause, is that event's consequence and none of its own.
    pub fn folds(&self, class: &str) -> bool {
        self.folds.contains_key(class)
    }

    /// Whether an event of the class `consequence` is no event of its own beside one of the class `cause`.
    pub fn folds_into(&self, consequence: &str, cause: &str) -> bool {
        self.folds.get(consequence).is_some_and(|into| into.iter().any(|c| self.is_subclass(cause, c)))
    }

    /// The role by which an event of the class tells who did what it speaks of: a claim by who claims, an accusation by
    /// who is accused.
    pub fn tells_doer(&self, class: &str) -> Option<&Iri> {
        self.tells_doer.get(class)
    }

    /// The role by which an event of the class tells who came to where violence is told right after it.
    pub fn tells_comer(&self, class: &str) -> Option<&Iri> {
        self.inherited(&self.tells_comer, class)
    }

    /// The role by which an event of the class tells who gave up a place.
    pub fn tells_loser(&self, class: &str) -> Option<&Iri> {
        self.inherited(&self.tells_loser, class)
    }

    fn inherited<'a>(&'a self, told: &'a BTreeMap<Iri, Iri>, class: &str) -> Option<&'a Iri> {
        told.get(class).or_else(|| self.superclasses(class).iter().find_map(|c| told.get(c)))
    }

    /// Whether an event of the class gives somebody control of a place.
    pub fn gives_control(&self, class: &str) -> bool {
        let control = |c: &SituationChange| *c.situation == *terms::class::CONTROL.as_str();
        self.situation_changes(class).any(|c| c.kind == ChangeKind::Begins && control(c))
    }

    /// The label of a term, English where there is one.
    pub fn label(&self, iri: &str) -> Option<&str> {
        self.labels.get(iri).map(AsRef::as_ref)
    }

    /// The name in the exchange format of a class of entities or of situations (the nearest superclass that has one)
    /// or of a role.
    pub fn exchange_name(&self, iri: &str) -> Option<&str> {
        let own = self.exchange_names.get(iri);
        own.or_else(|| self.superclasses(iri).iter().find_map(|c| self.exchange_names.get(c))).map(AsRef::as_ref)
    }

    /// The notation of a concept of a code list (`"killed"` for `bg:killed`).
    pub fn notation(&self, concept: &str) -> Option<&str> {
        self.notations.get(concept).map(AsRef::as_ref)
    }

    /// How much an event of the class counts when an article's events are ordered, from the class or the nearest
    /// superclass that says so; 0 where none does.
    pub fn salience(&self, class: &str) -> i32 {
        let own = self.salience.get(class);
        own.or_else(|| self.superclasses(class).iter().find_map(|c| self.salience.get(c))).copied().unwrap_or(0)
    }

    /// The ACLED code of an event class, or of its nearest superclass that has one: `"Battles/Armed clash"`, or the
    /// event type alone.
    pub fn acled(&self, class: &str) -> Option<&str> {
        self.codes.acled(class)
    }

    /// The PLOVER event type of an event class, or of its nearest superclass that has one.
    pub fn plover(&self, class: &str) -> Option<&str> {
        self.codes.plover(class).map(|(root, _)| root)
    }

    /// The PLOVER event type of an event of the class told with a modality, for instance `…#planned`.
    pub fn plover_said(&self, class: &str, modality: &str) -> Option<&str> {
        self.codes.plover_said(class, modality)
    }

    /// The PLOVER mode of an event class, where its code has one.
    pub fn plover_mode(&self, class: &str) -> Option<&str> {
        self.codes.plover(class).and_then(|(_, mode)| mode)
    }

    /// The codes of the schemes that event classes are matched to.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// The UCDP type of violence of an event class as far as the class alone decides it; see
    /// [`Self::violence_type`] for the sides.
    pub fn ucdp(&self, class: &str) -> Option<&str> {
        self.codes.ucdp(class)
    }

    /// The UCDP type of violence (`"1"` state-based, `"2"` non-state, `"3"` one-sided) of an event whose roles are
    /// filled as `holds` tells.
    pub fn violence_type(&self, class: &str, mut holds: impl FnMut(&Condition) -> bool) -> Option<&str> {
        let fits = |r: &Refinement, holds: &mut dyn FnMut(&Condition) -> bool| {
            r.from.iter().any(|from| self.is_subclass(class, from)) && r.when.iter().all(holds)
        };
        let found = self.violence_types.iter().find(|(_, r)| fits(r, &mut holds)).map(|(n, _)| n.as_ref());
        found.or_else(|| self.ucdp(class))
    }

    /// The finest class that an event of `class` is known to have by what fills its roles.
    ///
    /// `holds` says whether some filler of the condition's role is of one of its kinds (or below), or has one of its
    /// lemmas. Refinements are followed one after another; the first that holds is taken.
    pub fn refine(&self, class: &Iri, mut holds: impl FnMut(&Condition) -> bool) -> Iri {
        let mut class = class.clone();
        // Each step goes to another class; a cycle among refinements cannot make it run for ever.
        for _ in 0..8 {
            let next = self
                .refinements
                .iter()
                .find(|r| r.from.contains(&class) && r.when.iter().all(&mut holds))
                .map(|r| &r.to);
            match next {
                Some(finer) if *finer != class => class = finer.clone(),
                _ => break,
            }
        }
        class
    }

    /// All refinements, in the order of their files.
    pub fn refinements(&self) -> &[Refinement] {
        &self.refinements
    }

    /// The kinds of situation.
    pub fn situations(&self) -> &[SituationKind] {
        &self.situations
    }

    /// The kind of situation of a class.
    pub fn situation(&self, class: &str) -> Option<&SituationKind> {
        self.situations.iter().find(|s| s.class.as_ref() == class)
    }

    /// The situations that an event of a class begins or ends, its superclasses' among them.
    pub fn situation_changes(&self, class: &str) -> impl Iterator<Item = &SituationChange> {
        let own = self.changes.get(class).into_iter();
        own.chain(self.superclasses(class).iter().filter_map(|c| self.changes.get(c))).flatten()
    }

    /// The frames, in the order of their files.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The light verbs.
    pub fn light_verbs(&self) -> &[LightVerb] {
        &self.light_verbs
    }

    /// The words that change the modality of what is in their scope.
    pub fn modality_cues(&self) -> &[ModalityCue] {
        &self.modality_cues
    }

    /// The words of saying and reporting.
    pub fn source_cues(&self) -> &[SourceCue] {
        &self.source_cues
    }

    /// The nouns that denote kinds of entity.
    pub fn nouns(&self) -> &[NounEntry] {
        &self.nouns
    }

    /// The prepositions of place.
    pub fn place_prepositions(&self) -> &[PlacePreposition] {
        &self.place_prepositions
    }
}

fn version(read: &Descriptions<'_>, sources: &[Source]) -> String {
    let stated = read
        .find(terms::ONTOLOGY.as_str())
        .and_then(|s| read.text(s, terms::external::OWL_VERSION_INFO))
        .unwrap_or("0")
        .to_owned();
    // A copy of an embedded file changes nothing.
    let mut overlays = sources.iter().filter(|s| s.layer > 0 && !s.is_copy).peekable();
    if overlays.peek().is_none() {
        return stated;
    }
    let mut digest = Sha256::new();
    for source in overlays {
        digest.update(source.text.len().to_be_bytes());
        digest.update(source.text.as_bytes());
    }
    let mut version = stated + "+";
    for byte in digest.finalize().iter().take(4) {
        let _ = write!(version, "{byte:02x}");
    }
    version
}
