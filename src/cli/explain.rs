//! `belligraph explain`: what is known of a thing, and the words it was read from.

use super::output::Output;
use super::{Global, Outcome, terminal};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, external, property};
use crate::sparql::{Prefixes, parse_value};
use crate::store::{Access, Store};
use anyhow::{Result, bail};
use clap::Args;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Show what is known of an entity or event, each fact with the sentence it was read from
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph explain 'Libyan National Army'
  belligraph explain place:geonames-88319 --limit 5")]
pub(super) struct Explain {
    /// An IRI, a prefixed name, or a name or part of one
    #[arg(value_name = "IRI|TEXT")]
    what: String,
    /// How many facts to show; 0 for all
    #[arg(long, value_name = "NUMBER", default_value_t = 30)]
    limit: usize,
}

impl Explain {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let store = Store::open(&global.store, Access::Read)?;
        let prefixes = Prefixes::of_base(store.base());
        let explainer = Explainer {
            store: &store,
            prefixes: &prefixes,
            ontology: super::ontology::load(global)?,
            marks: if terminal::colour() { Marks::COLOUR } else { Marks::PLAIN },
        };
        let found = match parse_value(&self.what, &prefixes)? {
            Term::NamedNode(node) => vec![node],
            _ => explainer.named(&self.what)?,
        };
        let Some(thing) = found.first() else {
            bail!("nothing in the store is named `{}`", self.what);
        };
        let mut output = Output::stdout()?;
        let limit = if self.limit == 0 { usize::MAX } else { self.limit };
        if !explainer.explain(&mut output, thing, limit)? {
            bail!("the store says nothing of `{}`", thing.as_str());
        }
        if found.len() > 1 {
            writeln!(output, "\nalso named so:")?;
            for other in found.iter().skip(1).take(10) {
                writeln!(output, "  {}  {}", explainer.label(other)?, prefixes.shorten(other.as_str()))?;
            }
        }
        output.finish()?;
        Ok(Outcome::Done)
    }
}

/// The properties that name a thing, the best name first.
const NAMES: [NamedNodeRef<'static>; 5] =
    [external::SKOS_PREF_LABEL, rdfs::LABEL, property::NAME, external::SKOS_ALT_LABEL, property::ACRONYM];

/// How a terminal shows what stands out.
struct Marks {
    title: (&'static str, &'static str),
    fact: (&'static str, &'static str),
    mention: (&'static str, &'static str),
    source: (&'static str, &'static str),
}

impl Marks {
    const COLOUR: Self = Self {
        title: ("\x1b[1m", "\x1b[0m"),
        fact: ("\x1b[36m", "\x1b[0m"),
        mention: ("\x1b[1;33m", "\x1b[0m"),
        source: ("\x1b[2m", "\x1b[0m"),
    };
    const PLAIN: Self = Self { title: ("", ""), fact: ("", ""), mention: ("[", "]"), source: ("", "") };
}

struct Explainer<'s> {
    store: &'s Store,
    prefixes: &'s Prefixes,
    ontology: &'s Ontology,
    marks: Marks,
}

/// A fact in words, with where it was read.
struct Fact {
    text: String,
    evidence: Vec<NamedNode>,
}

impl Explainer<'_> {
    /// Things named so: by exactly this name first, then by names that begin so, then by names that contain it.
    fn named(&self, text: &str) -> Result<Vec<NamedNode>> {
        let wanted = text.to_lowercase();
        let mut ranks = BTreeMap::<NamedNode, (u8, usize)>::new();
        for predicate in NAMES {
            for quad in self.store.quads(None, Some(predicate), None, None) {
                let quad = quad?;
                let (NamedOrBlankNode::NamedNode(thing), Term::Literal(name)) = (quad.subject, quad.object) else {
                    continue;
                };
                // Terms of the ontology are not what the articles are about.
                if !thing.as_str().starts_with(self.store.base()) {
                    continue;
                }
                let name = name.value().to_lowercase();
                let rank = match name.find(&wanted) {
                    Some(0) if name.len() == wanted.len() => 0,
                    Some(0) => 1,
                    Some(_) => 2,
                    None => continue,
                };
                let best = ranks.entry(thing).or_insert((rank, name.len()));
                *best = (rank, name.len()).min(*best);
            }
        }
        let mut found: Vec<_> = ranks.into_iter().collect();
        found.sort_by(|(one, rank), (other, second)| rank.cmp(second).then_with(|| one.as_str().cmp(other.as_str())));
        Ok(found.into_iter().map(|(thing, _)| thing).collect())
    }

    /// Writes what is known. Tells whether anything is.
    fn explain(&self, output: &mut impl Write, thing: &NamedNode, limit: usize) -> Result<bool> {
        let (facts, types) = (self.facts(thing)?, self.types(thing)?);
        if facts.is_empty() && types.is_empty() {
            return Ok(false);
        }
        let (on, off) = self.marks.title;
        writeln!(output, "{on}{}{off}  {}", self.label(thing)?, self.prefixes.shorten(thing.as_str()))?;
        if !types.is_empty() {
            writeln!(output, "{}", types.join(", "))?;
        }
        let total = facts.len();
        for fact in facts.into_iter().take(limit) {
            let (on, off) = self.marks.fact;
            writeln!(output, "\n{on}{}{off}", fact.text)?;
            for mention in fact.evidence.iter().take(3) {
                self.quote(output, mention)?;
            }
        }
        if total > limit {
            writeln!(output, "\n{} more facts: see --limit", total - limit)?;
        }
        Ok(true)
    }

    /// The classes of a thing that no other of its classes is below, in words.
    fn types(&self, thing: &NamedNode) -> Result<Vec<String>> {
        let mut classes = BTreeSet::new();
        for quad in self.store.quads(Some(thing.into()), Some(rdf::TYPE), None, None) {
            if let Term::NamedNode(class) = quad?.object {
                classes.insert(class.into_string());
            }
        }
        let narrowest = classes
            .iter()
            .filter(|class| !classes.iter().any(|other| other != *class && self.ontology.is_subclass(other, class)));
        let known = narrowest.filter_map(|class| self.ontology.label(class));
        Ok(known.map(str::to_owned).collect())
    }

    fn facts(&self, thing: &NamedNode) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        let mentions = self.objects(thing, external::GAF_DENOTED_BY)?;
        if self.is_told(thing) {
            let text = "it is told here".to_owned();
            facts.push(Fact { text, evidence: mentions.clone() });
        }
        for quad in self.store.quads(Some(thing.into()), None, None, None) {
            let quad = quad?;
            let predicate = quad.predicate.as_ref();
            if [rdf::TYPE, rdfs::LABEL, external::GAF_DENOTED_BY, property::BODY].contains(&predicate) {
                continue;
            }
            let evidence = match &quad.object {
                Term::NamedNode(object) => self.evidence(thing, predicate, object)?,
                _ => Vec::new(),
            };
            facts.push(Fact { text: format!("{}: {}", self.term(predicate), self.show(&quad.object)?), evidence });
        }
        facts.sort_by(|one, other| one.text.cmp(&other.text));
        facts.sort_by_key(|fact| fact.evidence.is_empty());
        let mut inverse = Vec::new();
        for quad in self.store.quads(None, None, Some(thing.into()), None) {
            let quad = quad?;
            let NamedOrBlankNode::NamedNode(other) = &quad.subject else { continue };
            let predicate = quad.predicate.as_ref();
            // Reports count people in an event: they are shown with it. Mentions and sentences are evidence.
            if [property::IN_ARTICLE, property::IN_EVENT].contains(&predicate)
                || !other.as_str().starts_with(self.store.base())
            {
                continue;
            }
            let evidence = if predicate == property::OF_EVENT {
                self.objects(other, external::GAF_DENOTED_BY)?
            } else {
                self.evidence(other, predicate, thing)?
            };
            let text = format!("{} of: {}", self.term(predicate), self.describe(other)?);
            inverse.push(Fact { text, evidence });
        }
        inverse.sort_by(|one, other| one.text.cmp(&other.text));
        facts.extend(inverse);
        // Roles are stated with the wider roles above them, which add nothing for a reader.
        let mut seen = BTreeSet::new();
        facts.retain(|fact| seen.insert(fact.text.clone()));
        Ok(facts)
    }

    /// Whether a thing is an event, a situation or a report: something an article tells.
    fn is_told(&self, thing: &NamedNode) -> bool {
        [class::EVENT, class::UNREALIZED_EVENT, class::SITUATION, class::CASUALTY_REPORT].into_iter().any(|class| {
            self.store.quads(Some(thing.into()), Some(rdf::TYPE), Some(class.into()), None).next().is_some()
        })
    }

    /// The mentions that `event` has `filler` in this role: those that say they fill it and denote it.
    fn evidence(&self, event: &NamedNode, role: NamedNodeRef<'_>, filler: &NamedNode) -> Result<Vec<NamedNode>> {
        let denoting: BTreeSet<_> = self.objects(filler, external::GAF_DENOTED_BY)?.into_iter().collect();
        let mut found = Vec::new();
        for quad in self.store.quads(None, Some(property::IN_EVENT), Some(event.into()), None) {
            let NamedOrBlankNode::NamedNode(mention) = quad?.subject else { continue };
            let fills = self
                .objects(&mention, property::FILLS_ROLE)?
                .iter()
                .any(|filled| filled.as_ref() == role || self.ontology.is_subproperty(filled.as_str(), role.as_str()));
            if fills && denoting.contains(&mention) {
                found.push(mention);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn objects(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Result<Vec<NamedNode>> {
        let mut found = Vec::new();
        for quad in self.store.quads(Some(subject.into()), Some(predicate), None, None) {
            if let Term::NamedNode(object) = quad?.object {
                found.push(object);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The literal of a property, as text.
    fn text(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Result<Option<String>> {
        Ok(match self.store.object(&subject.clone().into(), predicate)? {
            Some(Term::Literal(literal)) => Some(literal.value().to_owned()),
            _ => None,
        })
    }

    fn number(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Result<usize> {
        Ok(self.text(subject, predicate)?.and_then(|number| number.parse().ok()).unwrap_or_default())
    }

    /// Writes the sentence a mention stands in, the mention marked, and its article.
    fn quote(&self, output: &mut impl Write, mention: &NamedNode) -> Result<()> {
        let Some(Term::NamedNode(sentence)) = self.store.object(&mention.clone().into(), property::IN_SENTENCE)? else {
            return Ok(());
        };
        let Some(words) = self.text(&sentence, property::TEXT)? else { return Ok(()) };
        let begin = self.number(&sentence, property::BEGIN_INDEX)?;
        let (from, to) = (self.number(mention, property::BEGIN_INDEX)?, self.number(mention, property::END_INDEX)?);
        let characters: Vec<char> = words.chars().collect();
        let cut = |from: usize, to: usize| -> String {
            let range = from.min(characters.len())..to.min(characters.len());
            characters.get(range).unwrap_or_default().iter().map(|c| if c.is_control() { ' ' } else { *c }).collect()
        };
        let (from, to) = (from.saturating_sub(begin), to.saturating_sub(begin));
        let (on, off) = self.marks.mention;
        writeln!(output, "  {}{on}{}{off}{}", cut(0, from), cut(from, to), cut(to, usize::MAX))?;
        if let Some(Term::NamedNode(article)) = self.store.object(&mention.clone().into(), property::IN_ARTICLE)? {
            let (on, off) = self.marks.source;
            let date = self.text(&article, property::PUBLISHED)?.map(|date| format!(", {date}")).unwrap_or_default();
            writeln!(
                output,
                "    {on}{}{date}  {}{off}",
                self.label(&article)?,
                self.prefixes.shorten(article.as_str())
            )?;
        }
        Ok(())
    }

    /// The name of a term of the ontology.
    fn term(&self, term: NamedNodeRef<'_>) -> String {
        self.ontology.label(term.as_str()).map_or_else(|| self.prefixes.shorten(term.as_str()), str::to_owned)
    }

    fn show(&self, term: &Term) -> Result<String> {
        Ok(match term {
            Term::NamedNode(node) => self.describe(node)?,
            Term::Literal(literal) => literal.value().replace(char::is_control, " "),
            Term::BlankNode(node) => node.to_string(),
        })
    }

    /// A thing in a few words: its name, or what it is, when, and the numbers of a report.
    fn describe(&self, thing: &NamedNode) -> Result<String> {
        if let Some(label) = self.ontology.label(thing.as_str()) {
            return Ok(label.to_owned());
        }
        let label = self.label(thing)?;
        if !label.is_empty() {
            return Ok(format!("{label}  {}", self.prefixes.shorten(thing.as_str())));
        }
        let mut parts = self.types(thing)?;
        if let Some(count) = self.text(thing, property::COUNT_TEXT)? {
            parts.push(count);
            if let Some(Term::NamedNode(outcome)) = self.store.object(&thing.clone().into(), property::OUTCOME)? {
                parts.push(self.term(outcome.as_ref()));
            }
        }
        for predicate in [property::EARLIEST, property::LATEST, property::BEGIN_EARLIEST] {
            if let Some(date) = self.text(thing, predicate)?
                && !parts.contains(&date)
            {
                parts.push(date);
            }
        }
        Ok(format!("{}  {}", parts.join(", "), self.prefixes.shorten(thing.as_str())).trim_start().to_owned())
    }

    /// Its best name; empty if it has none.
    fn label(&self, thing: &NamedNode) -> Result<String> {
        for predicate in NAMES {
            if let Some(name) = self.text(thing, predicate)? {
                return Ok(name.replace(char::is_control, " "));
            }
        }
        Ok(String::new())
    }
}
