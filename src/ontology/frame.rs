//! Frames: the words that evoke a class of events or situations, and the grammatical relations that fill its roles.
//!
//! `ontology/lexicon/README.md` documents the language; here it is read into plain values. The index from words to
//! frames is [`crate::lexicon::frames`].

use super::descriptions::{Descriptions, SubjectId};
use super::hierarchy::Hierarchy;
use super::situation_kind::{self, SituationChange};
use super::terms::{class, property, short};
use super::{Iri, Problem};
use crate::language::Deprel;
use oxrdf::NamedNodeRef;
use std::fmt;

/// What kind of word a trigger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriggerKind {
    /// A verb; of several words the first is the head.
    Verb,
    /// A noun; of several words the last is the head, or the one before "of".
    Noun,
    /// An adjective or participle.
    Adjective,
    /// An adverb.
    Adverb,
    /// An auxiliary.
    Auxiliary,
    /// A subordinating conjunction; the first word is the head.
    Conjunction,
    /// A preposition; the first word is the head.
    Adposition,
    /// A determiner.
    Determiner,
    /// The second part of a hyphenated compound, as written ("backed" in "Saudi-backed").
    Suffix,
}

impl TriggerKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Verb,
        Self::Noun,
        Self::Adjective,
        Self::Adverb,
        Self::Auxiliary,
        Self::Conjunction,
        Self::Adposition,
        Self::Determiner,
        Self::Suffix,
    ];

    fn property(self) -> NamedNodeRef<'static> {
        match self {
            Self::Verb => property::VERB,
            Self::Noun => property::NOUN,
            Self::Adjective => property::ADJECTIVE,
            Self::Adverb => property::ADVERB,
            Self::Auxiliary => property::AUXILIARY,
            Self::Conjunction => property::CONJUNCTION,
            Self::Adposition => property::ADPOSITION,
            Self::Determiner => property::DETERMINER,
            Self::Suffix => property::SUFFIX,
        }
    }
}

/// One word, or several, that trigger a frame or a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// What kind of word its head is.
    pub kind: TriggerKind,
    /// Lemmas in lower case, in text order; hyphens separate words as spaces do.
    pub words: Vec<Box<str>>,
    /// Index of the head in `words`.
    pub head: usize,
}

impl Trigger {
    fn new(kind: TriggerKind, written: &str) -> Self {
        let words: Vec<Box<str>> =
            written.split([' ', '-']).filter(|w| !w.is_empty()).map(|w| w.to_lowercase().into()).collect();
        let last = words.len().saturating_sub(1);
        let head = match kind {
            // "exchange of fire": the head stands before the preposition.
            TriggerKind::Noun => words.iter().position(|w| **w == *"of").map_or(last, |of| of.saturating_sub(1)),
            TriggerKind::Adjective | TriggerKind::Suffix => last,
            _ => 0,
        };
        Self { kind, words, head }
    }
}

/// The grammatical relation that a slot names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotRelation {
    /// A dependent of the trigger, with its preposition where the slot names one.
    Dependent {
        /// The relation, its subtype included.
        relation: Deprel,
        /// The preposition in lower case ("from", "on behalf of").
        preposition: Option<Box<str>>,
    },
    /// The referent of the trigger itself (`self`): in "the leader of the LNA", the leader.
    Own,
    /// The first part of the hyphenated compound (`stem`): "Saudi" in "Saudi-backed forces".
    Stem,
    /// What a phrase with a preposition says something of (`subject`): "the town" in "the town is under control", "fell
    /// under control".
    Subject,
    /// The word that the trigger depends on (`head`): "forces" in "Saudi-backed forces".
    Governor,
    /// Anything inside the phrases and clauses that depend on the trigger (`within`), the nearest first: "Algeria" in
    /// "protested against violations by Algerian forces"; with a preposition (`within:against`) only what has it.
    Within(Option<Box<str>>),
    /// Of a noun, the subject of the light verb whose object it is (`doer`): "the army" in "the army launched a campaign".
    Doer,
    /// A dependent of a dependent (`ccomp/nsubj`): "Libya" in "demanded that Libya hand over the suspects".
    Path(Box<[SlotRelation; 2]>),
}

impl SlotRelation {
    /// Reads a relation as frames write it: `nsubj`, `obl:from`, `nmod:poss`, `self`, `ccomp/nsubj`.
    pub fn parse(written: &str) -> Option<Self> {
        if let Some((first, rest)) = written.split_once('/') {
            let steps = [Self::parse(first)?, Self::parse(rest)?];
            let below = steps.iter().all(|s| matches!(s, Self::Dependent { .. } | Self::Path(_)));
            return below.then(|| Self::Path(Box::new(steps)));
        }
        match written {
            "self" => return Some(Self::Own),
            "stem" => return Some(Self::Stem),
            "head" => return Some(Self::Governor),
            "subject" => return Some(Self::Subject),
            "within" => return Some(Self::Within(None)),
            "doer" => return Some(Self::Doer),
            _ => {}
        }
        if let Some(relation) = Deprel::ALL.into_iter().find(|r| r.as_str() == written) {
            return Some(Self::Dependent { relation, preposition: None });
        }
        let (base, preposition) = written.split_once(':')?;
        if base == "within" {
            return Some(Self::Within(Some(preposition.to_lowercase().into())));
        }
        let relation = Deprel::ALL.into_iter().find(|r| r.as_str() == base)?;
        let with_preposition = [Deprel::Obl, Deprel::Nmod, Deprel::Advcl, Deprel::Acl, Deprel::Xcomp];
        (with_preposition.contains(&relation) && !preposition.is_empty()).then(|| Self::Dependent {
            relation,
            preposition: Some(preposition.to_lowercase().replace('_', " ").into()),
        })
    }
}

/// As frames write it.
impl fmt::Display for SlotRelation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dependent { relation, preposition: None } => f.write_str(relation.as_str()),
            Self::Dependent { relation, preposition: Some(preposition) } => {
                write!(f, "{}:{preposition}", relation.as_str())
            }
            Self::Own => f.write_str("self"),
            Self::Stem => f.write_str("stem"),
            Self::Subject => f.write_str("subject"),
            Self::Governor => f.write_str("head"),
            Self::Within(None) => f.write_str("within"),
            Self::Within(Some(preposition)) => write!(f, "within:{preposition}"),
            Self::Doer => f.write_str("doer"),
            Self::Path(steps) => write!(f, "{}/{}", steps[0], steps[1]),
        }
    }
}

/// One slot of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The relations in which its filler may stand.
    pub relations: Vec<SlotRelation>,
    /// The role its filler has; none for a slot that only demands or forbids.
    pub role: Option<Iri>,
    /// Kinds of entity that may fill it; empty: any.
    pub accepts: Vec<Iri>,
    /// Lemmas that its filler must have one of; empty: any.
    pub lemmas: Vec<Box<str>>,
    /// Whether an accepted entity named inside the phrase may fill it instead of the phrase: "the group" for "the
    /// group's return".
    pub reaches_into: bool,
}

/// In words: relations, kinds, and the first few lemmas.
impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relations: Vec<String> = self.relations.iter().map(ToString::to_string).collect();
        f.write_str(&relations.join(" or "))?;
        if !self.accepts.is_empty() {
            let kinds: Vec<String> = self.accepts.iter().map(|c| format!("bg:{}", short(c))).collect();
            write!(f, " of {}", kinds.join(" or "))?;
        }
        if !self.lemmas.is_empty() {
            let shown: Vec<&str> = self.lemmas.iter().take(6).map(AsRef::as_ref).collect();
            let more = if self.lemmas.len() > shown.len() { ", …" } else { "" };
            write!(f, " with \"{}\"{more}", shown.join("\", \""))?;
        }
        Ok(())
    }
}

/// What evokes a class of events or situations in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The frame's IRI.
    pub iri: Iri,
    /// The class of event or situation.
    pub evokes: Iri,
    /// Its words.
    pub triggers: Vec<Trigger>,
    /// Its slots: its own first, then those of its patterns.
    pub slots: Vec<Slot>,
    /// Slots of which each must be filled.
    pub requires: Vec<Slot>,
    /// Slots of which none may be filled.
    pub forbids: Vec<Slot>,
    /// What became of the target or victim (`…#killed`), if the frame implies it.
    pub outcome: Option<Iri>,
    /// The modality it has by itself (`…#feared`), if any.
    pub modality: Option<Iri>,
    /// How much an event of it counts, where that differs from its class.
    pub salience: Option<i32>,
    /// Situations that such an event begins or ends, beside those of its class.
    pub changes: Vec<SituationChange>,
    /// Modalities with which it shows its situation to hold although what it tells has not taken place.
    pub even_if: Vec<Iri>,
    /// Sentences in which its words evoke it.
    pub examples: Vec<Box<str>>,
    /// Sentences in which its words must not evoke it.
    pub counter_examples: Vec<Box<str>>,
}

/// The triggers of a frame or cue.
pub(super) fn triggers(read: &Descriptions<'_>, id: SubjectId) -> Vec<Trigger> {
    let mut found = Vec::new();
    for kind in TriggerKind::ALL {
        found.extend(read.literals(id, kind.property()).into_iter().map(|w| Trigger::new(kind, w)));
    }
    found
}

/// A relation of a property such as `bg:scope`, reported if it is unknown.
pub(super) fn relations(
    read: &Descriptions<'_>,
    owner: SubjectId,
    node: SubjectId,
    property: NamedNodeRef<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<SlotRelation> {
    let mut found = Vec::new();
    for written in read.literals(node, property) {
        match SlotRelation::parse(written) {
            Some(relation) => found.push(relation),
            None => read.report(
                owner,
                format!("`{}` names the unknown relation `{written}`", read.iri(owner)),
                "relations are those of Universal Dependencies, `obl:from`, `nmod:of`, or `self`, `subject`, `stem`, `head`, `doer`, `within`",
                problems,
            ),
        }
    }
    found
}

/// The slots of a property (`bg:slot`, `bg:requires`, `bg:forbids`).
pub(super) fn slots(
    read: &Descriptions<'_>,
    owner: SubjectId,
    property: NamedNodeRef<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Slot> {
    read.nodes(owner, property)
        .into_iter()
        .map(|node| {
            let relations = relations(read, owner, node, property::RELATION, problems);
            if relations.is_empty() {
                let message = format!("a slot of `{}` has no relation", read.iri(owner));
                read.report(owner, message, "write `bg:relation \"obj\"`", problems);
            }
            Slot {
                relations,
                role: read.object(node, property::ROLE),
                accepts: read.objects(node, property::ACCEPTS).map(Iri::from).collect(),
                lemmas: read.literals(node, property::LEMMA).into_iter().map(|l| l.to_lowercase().into()).collect(),
                reaches_into: read.text(node, property::REACHES_INTO) == Some("true"),
            }
        })
        .collect()
}

pub(super) fn frames(
    read: &Descriptions<'_>,
    classes: &Hierarchy,
    properties: &Hierarchy,
    problems: &mut Vec<Problem>,
) -> Vec<Frame> {
    let ids: Vec<SubjectId> = read.of_type(class::FRAME).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let iri = read.iri(id);
        let Some(evokes) = read.object(id, property::EVOKES) else {
            read.report(id, format!("the frame `{iri}` evokes nothing"), "add `bg:evokes` with a class", problems);
            continue;
        };
        let mut all = slots(read, id, property::SLOT, problems);
        let mut requires = slots(read, id, property::REQUIRES, problems);
        let mut forbids = slots(read, id, property::FORBIDS, problems);
        for pattern in read.objects(id, property::USES) {
            match read.find(pattern) {
                Some(p) => {
                    all.extend(slots(read, p, property::SLOT, problems));
                    requires.extend(slots(read, p, property::REQUIRES, problems));
                    forbids.extend(slots(read, p, property::FORBIDS, problems));
                }
                None => read.report(
                    id,
                    format!("the frame `{iri}` uses the unknown pattern `{pattern}`"),
                    "patterns are declared in `lexicon/patterns.ttl`",
                    problems,
                ),
            }
        }
        let frame = Frame {
            triggers: triggers(read, id),
            slots: all,
            requires,
            forbids,
            outcome: read.object(id, property::OUTCOME),
            modality: read.object(id, property::GIVES),
            salience: read.text(id, property::SALIENCE).and_then(|s| s.parse().ok()),
            changes: situation_kind::changes(read, id, problems),
            even_if: read.objects(id, property::EVEN_IF).map(Iri::from).collect(),
            examples: read.literals(id, property::EXAMPLE).into_iter().map(Box::from).collect(),
            counter_examples: read.literals(id, property::COUNTER_EXAMPLE).into_iter().map(Box::from).collect(),
            evokes,
            iri,
        };
        check(read, id, &frame, classes, properties, problems);
        found.push(frame);
    }
    found
}

fn check(
    read: &Descriptions<'_>,
    id: SubjectId,
    frame: &Frame,
    classes: &Hierarchy,
    properties: &Hierarchy,
    problems: &mut Vec<Problem>,
) {
    let iri = &frame.iri;
    let slots = || frame.slots.iter().chain(&frame.requires).chain(&frame.forbids);
    for named in std::iter::once(&frame.evokes).chain(slots().flat_map(|s| &s.accepts)) {
        if !classes.knows(named) {
            let message = format!("the frame `{iri}` names the unknown class `{named}`");
            read.report(id, message, "declare it as an `owl:Class`", problems);
        }
    }
    for role in slots().filter_map(|s| s.role.as_ref()) {
        if !properties.knows(role) {
            let message = format!("the frame `{iri}` names the unknown role `{role}`");
            read.report(id, message, "declare it as an `owl:ObjectProperty`", problems);
        }
    }
    if frame.triggers.is_empty() {
        let message = format!("the frame `{iri}` has no words");
        read.report(id, message, "add `bg:verb`, `bg:noun` or another kind of word", problems);
    }
}
