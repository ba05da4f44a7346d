//! Mentions: every noun phrase that speaks of a person, a body, a place, a weapon, a vehicle, a document, and what
//! sort of thing it speaks of. Entry point: [`find`].
//!
//! The tree gives the phrases ([`phrase`]); lists of names and the noun lexicon decide the kind where they know it
//! ([`knowledge`]), a linear model where they do not ([`model`]); grammar decides whether a country acts. All
//! mentions of an unlisted name in an article pool their evidence, so that one clear context ("Karbouly told …")
//! settles the unclear ones.

mod joining;
mod kind;
mod knowledge;
mod model;
pub mod phrase;
mod pools;
pub mod training;

pub use knowledge::Knowledge;
pub(crate) use knowledge::{Listed, Listing, Names};

use super::entities::names::Tokens;
use super::quantities::{self, Counted};
use super::reading::{Noted, Timex};
use crate::facts::{EntityKind, Iri, MentionForm};
use crate::language::{Deprel, Document, Span, Upos, WordId};
use crate::ontology::terms::class;
use joining::{join_place_chains, join_titles, take_in_names};
use pools::Pools;
use std::collections::HashSet;
use std::ops::Range;

/// A noun phrase on its way to a mention.
#[derive(Debug)]
struct Candidate {
    head: WordId,
    words: Range<WordId>,
    form: MentionForm,
    decision: Decision,
}

/// What is known of a candidate's kind.
#[derive(Debug)]
enum Decision {
    /// Settled.
    Kind(EntityKind, Option<Iri>),
    /// For the model: index of the pool of its name and its scores.
    /// And whether a list has it as the name of a place, and of nothing more usual.
    Open { phrase: model::Scores, context: model::Scores, pool: Option<usize>, place: bool },
    /// No mention.
    Drop,
}

/// What is longer, in bytes, names nothing: letters without end, a list that was taken for a name.
const LONGEST: u32 = 1000;

/// The mentions of a document, in text order; of two that begin together the longer first.
pub fn find(document: &Document, knowledge: &Knowledge, times: &[Timex], counted: &[Counted]) -> Vec<Noted> {
    let names = knowledge.names_in(document);
    let mut in_time = vec![false; document.words().len()];
    for time in times {
        in_time[time.words.clone()].fill(true);
    }
    let mut candidates = Vec::new();
    let mut pools = Pools::default();
    let view = View { document, knowledge, names: &names, proper: proper_forms(document) };
    for head in (0..document.words().len()).filter(|&w| !in_time[w]) {
        candidates.extend(view.candidate(head, &in_time, &mut pools));
    }
    pools.join_short_names();
    for candidate in &mut candidates {
        settle(document, knowledge, candidate, &pools);
    }
    candidates.retain(|c| !matches!(c.decision, Decision::Drop));
    candidates.sort_by_key(|c| (c.words.start, std::cmp::Reverse(c.words.end)));
    take_in_names(document, knowledge, &names, &mut candidates);
    join_place_chains(document, &names, &mut candidates);
    join_titles(document, knowledge, &mut candidates);
    let mut noted: Vec<Noted> =
        candidates.into_iter().filter_map(|c| note(document, knowledge, &names, counted, c)).collect();
    sums(document, &in_time, &mut noted);
    noted.extend(
        times.iter().map(|t| Noted { span: t.span, ..plain(document, t.words.clone(), t.head, EntityKind::Time) }),
    );
    noted.extend(counted.iter().map(|c| plain(document, c.words.clone(), c.number.start, EntityKind::Quantity)));
    noted.sort_by_key(|n| (n.words.start, std::cmp::Reverse(n.words.end), n.head));
    noted.dedup_by(|b, a| a.span == b.span);
    // The cells of a table are parted by tabs, and no name goes over them.
    noted.retain(|n| n.span.end - n.span.start <= LONGEST && !n.span.of(document.text()).contains('\t'));
    noted
}

/// Whether a word is the first part of one with a participle: "Turkish-backed", wherever the parser hangs it.
fn is_stem(document: &Document, word: WordId) -> bool {
    let words = document.words();
    let joined = words.get(word + 2).is_some_and(|_| {
        matches!(document.form(word + 1), "-" | "\u{2010}" | "\u{2011}")
            && document.upos(word + 2) == Upos::Verb
            && document.sentence_of(word) == document.sentence_of(word + 2)
    });
    joined && matches!(document.upos(word), Upos::Adj | Upos::Propn | Upos::Noun)
}

/// A document with what is known of its words.
struct View<'a> {
    document: &'a Document,
    knowledge: &'a Knowledge,
    names: &'a Names,
    /// Words that are tagged as proper nouns somewhere else in the document.
    proper: HashSet<&'a str>,
}

/// The words tagged as proper nouns, so that the tagger may miss one in another place ("Cook said" beside "Peter Cook").
fn proper_forms(document: &Document) -> HashSet<&str> {
    let proper = |w: &WordId| document.upos(*w) == Upos::Propn && document.form(*w).chars().nth(2).is_some();
    (0..document.words().len()).filter(proper).map(|w| document.form(w)).collect()
}

impl View<'_> {
    /// Whether the word heads a phrase of its own or modifies another noun, and what is known of it.
    fn candidate(&self, head: WordId, in_time: &[bool], pools: &mut Pools) -> Option<Candidate> {
        let document = self.document;
        if self.names.is_inside(document, head) || self.is_beside_something(head) {
            return None;
        }
        // "US $50 million": whose money it is.
        if document.words().get(head + 1).is_some() && document.form(head + 1).starts_with(is_currency) {
            return None;
        }
        let modifier = match document.deprel(head) {
            Deprel::Flat | Deprel::Fixed | Deprel::Goeswith | Deprel::Case | Deprel::Mark | Deprel::Punct => {
                return None;
            }
            // "Government-allied militias": a noun by itself, whichever of the two words the parser hangs it on.
            Deprel::Compound if document.upos(head) == Upos::Noun && is_stem(document, head) => false,
            Deprel::Amod | Deprel::Compound | Deprel::NmodDesc => true,
            _ => document.upos(head) != Upos::Noun && is_stem(document, head),
        };
        let form = match document.upos(head) {
            Upos::Propn if self.is_calling(head) => MentionForm::Nominal,
            Upos::Propn => MentionForm::Name,
            Upos::Noun | Upos::Verb | Upos::Adj | Upos::X if self.is_missed_name(head) => MentionForm::Name,
            Upos::Noun => MentionForm::Nominal,
            Upos::Pron => return pronoun(document, head),
            Upos::Adj if kind::stands_for_people(document, head) => MentionForm::Nominal,
            Upos::Adj if self.names.at(head).is_some() => MentionForm::Name,
            _ => return None,
        };
        // "*Central Command* spokesman": proper nouns side by side before a noun are one name.
        if modifier && self.goes_on(head) {
            return None;
        }
        let words = if modifier { self.modifier_words(head) } else { phrase::extent(document, head) };
        let mut words = self.names.whole(words);
        // "Thursday night gunmen", "On 2 May, supporters": the day belongs to the verb.
        let dated = |w: WordId| in_time[w] || document.upos(w) == Upos::Adp && in_time[w + 1];
        while words.start < head && dated(words.start) {
            words.start += 1;
            let comma = document.form(words.start) == "," && words.start < head;
            words.start += usize::from(comma);
        }
        let named = form == MentionForm::Name || words.clone().any(|w| self.names_thing(head, w));
        let mut form = if named { MentionForm::Name } else { form };
        let decision = self.decide(head, &words, modifier, form, pools);
        match decision {
            Decision::Drop => return None,
            Decision::Kind(EntityKind::Place, _)
                if form == MentionForm::Nominal && self.is_named_place(head, pools) =>
            {
                form = MentionForm::Name;
            }
            Decision::Kind(EntityKind::Person, _) if form == MentionForm::Nominal && self.is_bare(head) => return None,
            // "in the first quarter of 2023"
            Decision::Kind(EntityKind::Place, _)
                if form == MentionForm::Nominal
                    && document.children_by(head, Deprel::Nmod).any(|c| in_time[c] && c < words.end) =>
            {
                return None;
            }
            _ => {}
        }
        // "Colonel Wichai Srisombat of the Operations Command": the body is not part of his name; of an office it is.
        if form == MentionForm::Name
            && matches!(decision, Decision::Kind(EntityKind::Person, _))
            && document.upos(head) == Upos::Propn
            && self.knowledge.noun(document, head).is_none()
        {
            words.end = words.end.min(core_words(document, head).end.max(head + 1));
        }
        Some(Candidate { head, words, form, decision })
    }

    /// Whether a capitalised word with an article is what people are called, not a name: "the *Islamist*".
    fn is_calling(&self, head: WordId) -> bool {
        let document = self.document;
        let alone = document.children(head).iter().all(|&c| {
            !matches!(document.deprel(c), Deprel::Flat | Deprel::Compound | Deprel::NmodDesc | Deprel::Goeswith)
        });
        alone
            && document.children_by(head, Deprel::Det).next().is_some()
            && document.form(head).chars().skip(1).all(char::is_lowercase)
            && self.knowledge.noun(document, head).is_some_and(|n| n.kind == EntityKind::Person && !n.title)
            && self.names.at(head).is_none()
    }

    /// Whether a noun only says where something lies beside a place: "20 *miles* from Baidoa", "*north* of Gori"; not "the
    /// north of the country".
    fn is_beside_something(&self, head: WordId) -> bool {
        let document = self.document;
        let grammar = self.knowledge.grammar();
        document.upos(head) != Upos::Propn
            && grammar.is_relative(document, head)
            && (document.children_by(head, Deprel::Det).next().is_none() || grammar.is_length(document, head))
    }

    /// Whether a noun for a place stands with a name ("Idlib province", "the town of Ariha"); the name is then known to
    /// be a place's.
    fn is_named_place(&self, head: WordId, pools: &mut Pools) -> bool {
        let document = self.document;
        let unit = self.knowledge.gazetteer().kind_of_head(document.lemma(head)).is_some();
        let before =
            document.children_by(head, Deprel::Compound).filter(|&c| c < head && document.upos(c) == Upos::Propn);
        let after = document.children_by(head, Deprel::Nmod).filter(|&c| {
            document.upos(c) == Upos::Propn
                && document.children_by(c, Deprel::Case).next().is_some_and(|k| document.lemma(k) == "of")
        });
        let mut named = false;
        for name in before {
            named = true;
            if unit && document.children_by(head, Deprel::Compound).count() == 1 {
                pools.places.insert(Tokens::of(core_span(document, name).of(document.text())));
            }
        }
        if unit && !named {
            for name in after {
                named = true;
                // "the villages of Kheyrimli and Ghizilhajili"
                let listed = document.children_by(name, Deprel::Conj).filter(|&c| document.upos(c) == Upos::Propn);
                for name in std::iter::once(name).chain(listed) {
                    pools.places.insert(Tokens::of(core_span(document, name).of(document.text())));
                }
            }
        }
        named
    }

    /// A count noun in the singular without a determiner heads no phrase of its own in running text ("*rebel*-held").
    fn is_bare(&self, head: WordId) -> bool {
        let document = self.document;
        let alone = document.children(head).iter().all(|&c| {
            matches!(document.deprel(c), Deprel::Punct | Deprel::Case | Deprel::Cc | Deprel::Conj | Deprel::Advmod)
        });
        alone
            && document.feat(head, "Number") != Some("Plur")
            && !matches!(document.deprel(head), Deprel::Appos | Deprel::Root | Deprel::Xcomp | Deprel::Vocative)
            && !document.sentences()[document.sentence_of(head)].headline
    }

    /// Whether a word makes the phrase a name's place list: "Aleppo Syria" where commas are lost.
    fn is_run_of_places(&self, head: WordId) -> bool {
        let words = core_words(self.document, head);
        let place = |w: WordId| {
            self.names.at(w).is_some_and(|l| {
                matches!(l.listed, Listed::Place | Listed::Division | Listed::Country | Listed::Capital)
            })
        };
        words.len() > 1 && words.clone().all(place)
    }

    /// Whether the name that `word` belongs to, before a noun, goes on with the next word.
    fn goes_on(&self, word: WordId) -> bool {
        let document = self.document;
        let next = word + 1;
        let name = |w: WordId| document.upos(w) == Upos::Propn && document.deprel(w) == Deprel::Compound;
        next < document.words().len()
            && name(word)
            && name(next)
            && document.head(word) == document.head(next)
            && self.names.naming(document, word).is_none()
    }

    /// The words of a name or noun that modifies another noun.
    fn modifier_words(&self, head: WordId) -> Range<WordId> {
        let document = self.document;
        let mut start = head;
        if self.names.naming(document, head).is_none() {
            while start > 0 && self.goes_on(start - 1) {
                start -= 1;
            }
        }
        let own = core_words(document, head);
        own.start.min(start)..own.end
    }

    /// A capitalised word in a noun's place that the tagger calls a proper noun elsewhere.
    fn is_missed_name(&self, word: WordId) -> bool {
        let document = self.document;
        let form = document.form(word);
        form.starts_with(char::is_uppercase)
            && self.proper.contains(form)
            && matches!(
                document.deprel(word),
                Deprel::Nsubj
                    | Deprel::NsubjPass
                    | Deprel::Obj
                    | Deprel::Iobj
                    | Deprel::Obl
                    | Deprel::OblAgent
                    | Deprel::Nmod
                    | Deprel::NmodPoss
                    | Deprel::Conj
                    | Deprel::Appos
            )
    }

    /// Whether a word makes the phrase a name: its head is a listed name, or a part of it is a proper noun.
    fn names_thing(&self, head: WordId, word: WordId) -> bool {
        let document = self.document;
        if word == head {
            return self.names.naming(document, head).is_some_and(|l| l.listed != Listed::Demonym);
        }
        document.head(word) == Some(head) && document.deprel(word) == Deprel::Flat && document.upos(word) == Upos::Propn
    }

    fn decide(
        &self,
        head: WordId,
        words: &Range<WordId>,
        modifier: bool,
        form: MentionForm,
        pools: &mut Pools,
    ) -> Decision {
        let View { document, knowledge, names, .. } = *self;
        if modifier && !is_stem(document, head) && !kind::modifier_is_mention(document, knowledge, names, head) {
            return Decision::Drop;
        }
        if let Some(listing) = names.naming(document, head)
            && let Some(kind) = self.listed_kind(head, modifier, listing.listed)
        {
            return Decision::Kind(kind, listing.class.clone());
        }
        if form == MentionForm::Name && kind::after_title(document, knowledge, head).is_some() {
            pools.add_person(&Tokens::of(core_span(document, head).of(document.text())));
            return Decision::Kind(EntityKind::Person, None);
        }
        if form == MentionForm::Name && self.is_run_of_places(head) {
            return Decision::Kind(EntityKind::Place, None);
        }
        // "HMS *Ocean*": what stands before a ship's name says what it is.
        let first = core_words(document, head).start;
        if form == MentionForm::Name && first < head && knowledge.grammar().is_ship_prefix(document.form(first)) {
            return Decision::Kind(EntityKind::Vehicle, Some(class::VEHICLE.as_str().into()));
        }
        let last = kind::class_word(document, head);
        if last != head
            && let Some(noun) = knowledge.noun(document, last)
            && noun.kind != EntityKind::Person
        {
            return Decision::Kind(noun.kind, Some(noun.class.clone()));
        }
        let missed = form == MentionForm::Name && document.upos(head) != Upos::Propn;
        if let Some(noun) = knowledge.noun(document, head).filter(|_| !missed || words.len() > 1) {
            // "the agreement" is no mention, "the Lusaka Agreement" one.
            if noun.kind == EntityKind::Document && form == MentionForm::Nominal {
                return Decision::Drop;
            }
            let group = modifier && noun.kind == EntityKind::Person;
            let kind = if group { EntityKind::Organization } else { noun.kind };
            return Decision::Kind(kind, Some(noun.class.clone()));
        }
        if modifier && document.upos(head) != Upos::Propn || self.names_event(head) {
            return Decision::Drop;
        }
        let Some(model) = model::Model::shipped() else { return Decision::Drop };
        let known = knowledge.known(document, head, names);
        let phrase = model.scores(&model::phrase_features(document, head, words, known));
        let context = model.scores(&model::context_features(
            document,
            head,
            words,
            knowledge.noun_code(document, document.head(head)),
        ));
        let pool = (form == MentionForm::Name)
            .then(|| Tokens::of(core_span(document, head).of(document.text())))
            .filter(|t| !t.is_empty())
            .map(|name| pools.add(name, &phrase, &context));
        let place = names.naming(document, head).is_some_and(|l| {
            matches!(l.listed, Listed::Place | Listed::Division)
                && core_words(document, head).all(|w| l.words.contains(&w))
        });
        Decision::Open { phrase, context, pool, place }
    }

    /// "Operation Inherent Resolve", "the Mosul offensive": what happened is no mention.
    fn names_event(&self, head: WordId) -> bool {
        let document = self.document;
        let first = core_words(document, head).start;
        self.knowledge.is_event(document.lemma(head))
            || document.upos(first) == Upos::Propn && self.knowledge.is_event(document.lemma(first))
    }

    /// The kind of a listed name where it stands; none where the list does not decide it.
    fn listed_kind(&self, head: WordId, modifier: bool, listed: Listed) -> Option<EntityKind> {
        let document = self.document;
        let acts = match listed {
            Listed::Country => kind::country_acts(document, self.knowledge, self.names, head),
            Listed::Capital => kind::capital_acts(document, self.knowledge, head),
            Listed::Organization => return Some(EntityKind::Organization),
            Listed::Person => return Some(EntityKind::Person),
            Listed::Demonym => return Some(kind::of_demonym(document, head, modifier)),
            Listed::Place | Listed::Division | Listed::Homonym => return None,
        };
        Some(if acts { EntityKind::Organization } else { EntityKind::Place })
    }
}

fn pronoun(document: &Document, head: WordId) -> Option<Candidate> {
    let kind = kind::of_pronoun(document, head)?;
    let possessive = document.feat(head, "Poss") == Some("Yes") && document.deprel(head) == Deprel::NmodPoss;
    let form = if possessive { MentionForm::Possessive } else { MentionForm::Pronoun };
    Some(Candidate { head, words: head..head + 1, form, decision: Decision::Kind(kind, None) })
}

/// The bytes of the name around a head: from the first to the last of its proper nouns.
fn core_span(document: &Document, head: WordId) -> Span {
    phrase::span(document, &core_words(document, head))
}

fn core_words(document: &Document, head: WordId) -> Range<WordId> {
    let mut start = head;
    let mut end = head;
    for &child in document.children(head) {
        let part = matches!(document.deprel(child), Deprel::Flat | Deprel::Compound | Deprel::Goeswith)
            && document.upos(child) == Upos::Propn;
        if part {
            start = start.min(document.subtree(child).start);
            end = end.max(document.subtree(child).end - 1);
        }
    }
    start..end + 1
}

/// The bytes of the name in a mention.
pub(crate) fn name_span(noted: &Noted) -> Span {
    noted.name.unwrap_or(noted.span)
}

/// The bytes of the name in a phrase: of a person the name without titles, of a body or place the phrase without
/// determiners and lower-case modifiers before it.
fn name_in(document: &Document, knowledge: &Knowledge, head: WordId, words: &Range<WordId>, kind: EntityKind) -> Span {
    if kind == EntityKind::Person {
        let mut name = core_words(document, head);
        if let Some(first) = kind::after_title(document, knowledge, head).filter(|f| name.contains(f)) {
            name.start = first;
        }
        return phrase::span(document, &name);
    }
    // "the city of Mosul" is named by what follows "of".
    if document.upos(head) == Upos::Noun
        && let Some(name) =
            document.children_by(head, Deprel::Nmod).find(|&c| words.contains(&c) && document.upos(c) == Upos::Propn)
        && !document.children_by(head, Deprel::Compound).any(|c| document.upos(c) == Upos::Propn)
    {
        return core_span(document, name);
    }
    let capitalised = |w: &WordId| document.form(*w).starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let determiner = |w: &WordId| matches!(document.deprel(*w), Deprel::Det | Deprel::DetPredet | Deprel::NmodPoss);
    let first = words.clone().find(|w| *w == head || capitalised(w) && !determiner(w)).unwrap_or(head);
    phrase::span(document, &(first..words.end))
}

fn lone_modifier(document: &Document, candidate: &Candidate, pools: &Pools) -> bool {
    let Decision::Open { pool: Some(pool), .. } = candidate.decision else { return false };
    matches!(document.deprel(candidate.head), Deprel::Compound | Deprel::Amod)
        && candidate.words.len() == 1
        && pools.summed[pool].joined.is_none()
}

fn settle(document: &Document, knowledge: &Knowledge, candidate: &mut Candidate, pools: &Pools) {
    let Decision::Open { phrase, context, pool, place: listed } = &candidate.decision else { return };
    let listed = *listed && candidate.form == MentionForm::Name;
    if pool.is_some() {
        let name = Tokens::of(core_span(document, candidate.head).of(document.text()));
        if let Some(kind) = pools.settled(&name) {
            candidate.decision = Decision::Kind(kind, None);
            return;
        }
    }
    // A name nobody lists, after a verb that leads into a place, is a place's, whatever it is elsewhere.
    let place = |head| {
        kind::is_entered(document, knowledge, head)
            || kind::is_explained_as_place(document, knowledge, head)
            || listed && kind::is_taken(document, knowledge, head)
    };
    if pool.is_some() && place(candidate.head) {
        candidate.decision = Decision::Kind(EntityKind::Place, None);
        return;
    }
    let scores = if let Some(pool) = pool {
        pools.scores(*pool)
    } else {
        let mut sum = *phrase;
        for (s, c) in sum.iter_mut().zip(context) {
            *s += c;
        }
        sum
    };
    candidate.decision = match kind::of_scores(document, candidate.head, candidate.form, scores) {
        // A name nobody lists, after a preposition of place, is a place's.
        Some(EntityKind::Other | EntityKind::Person) | None
            if pool.is_some() && kind::is_located(document, knowledge, candidate.head) =>
        {
            Decision::Kind(EntityKind::Place, None)
        }
        // "Aleppo fell": where nothing tells what a name is, the list does.
        Some(EntityKind::Other) | None if listed => Decision::Kind(EntityKind::Place, None),
        Some(EntityKind::Other) | None => Decision::Drop,
        // One name before a noun that nothing else in the article speaks of is hardly a person's ("*Shabiha* men").
        Some(EntityKind::Person) if lone_modifier(document, candidate, pools) => Decision::Drop,
        Some(kind) => Decision::Kind(kind, None),
    };
}

/// Sums of money.
fn sums(document: &Document, in_time: &[bool], noted: &mut Vec<Noted>) {
    for (word, analysed) in document.words().iter().enumerate() {
        if analysed.upos != Upos::Sym || in_time[word] || !document.form(word).chars().all(is_currency) {
            continue;
        }
        let last = document.children_by(word, Deprel::Nummod).map(|n| document.subtree(n).end).max();
        noted.push(plain(document, word..last.unwrap_or(word + 1).max(word + 1), word, EntityKind::Money));
    }
}

fn plain(document: &Document, words: Range<WordId>, head: WordId, kind: EntityKind) -> Noted {
    Noted {
        span: phrase::span(document, &words),
        words,
        head,
        name: None,
        form: MentionForm::Nominal,
        kind,
        class: None,
        quantity: None,
        country: None,
        speaks_of_state: false,
        actors: Vec::new(),
        entity: None,
    }
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₤' | '₪' | '₹' | '₺' | '₽' | '₴' | '₦')
}

fn note(
    document: &Document,
    knowledge: &Knowledge,
    names: &Names,
    counted: &[Counted],
    candidate: Candidate,
) -> Option<Noted> {
    let Decision::Kind(kind, class) = candidate.decision else { return None };
    let words = candidate.words;
    let naming = names.naming(document, candidate.head);
    let of_country = |l: &Listing| matches!(l.listed, Listed::Country | Listed::Demonym);
    let told = words.clone().find_map(|w| names.at(w).filter(|l| of_country(l)).and_then(|l| l.country.as_deref()));
    let capital = naming.is_some_and(|l| {
        let place = matches!(l.listed, Listed::Capital | Listed::Place | Listed::Division);
        let uses = || knowledge.gazetteer().lookup(phrase::span(document, &l.words).of(document.text()));
        place && uses().into_iter().take(4).any(|p| knowledge.gazetteer().place(p).is_capital)
    });
    let speaks_of_state = told.is_some() || capital;
    let country = naming.and_then(|l| l.country.as_deref()).or(told).map(str::to_owned);
    let actors = naming.map(|l| l.actors.clone()).unwrap_or_default();
    let quantity = match candidate.form {
        MentionForm::Nominal => quantities::of_phrase(document, counted, &words, candidate.head),
        _ => None,
    };
    let name =
        (candidate.form == MentionForm::Name).then(|| name_in(document, knowledge, candidate.head, &words, kind));
    Some(Noted {
        span: phrase::span(document, &words),
        name,
        words,
        head: candidate.head,
        form: candidate.form,
        kind,
        class,
        quantity,
        country,
        speaks_of_state,
        actors,
        entity: None,
    })
}
