//! `belligraph explain`: what is known of a thing, and the words it was read from.

mod account;
mod view;

use self::account::Account;
use self::view::View;
use super::output::Output;
use super::{Global, Outcome, terminal};
use crate::ontology::terms::{external, property};
use crate::sparql::{Prefixes, parse_value};
use crate::store::{Access, Store};
use anyhow::{Result, bail};
use clap::Args;
use oxrdf::vocab::rdfs;
use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::BTreeMap;
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
        let view = View { store: &store, prefixes: &prefixes, ontology: super::ontology::load(global)? };
        let found = match parse_value(&self.what, &prefixes)? {
            Term::NamedNode(node) => vec![node],
            _ => named(&store, &self.what)?,
        };
        let Some(thing) = found.first() else {
            bail!("nothing in the store is named `{}`", self.what);
        };
        let mut output = Output::stdout()?;
        let limit = if self.limit == 0 { usize::MAX } else { self.limit };
        let account = Account::of(&view, thing)?;
        if account.is_empty() {
            bail!("the store says nothing of `{}`", thing.as_str());
        }
        let marks = if terminal::colour() { Marks::COLOUR } else { Marks::PLAIN };
        marks.write(&mut output, &view, &account, limit)?;
        if found.len() > 1 {
            writeln!(output, "\nalso named so:")?;
            for other in found.iter().skip(1).take(10) {
                writeln!(output, "  {}  {}", view.label(other)?, prefixes.shorten(other.as_str()))?;
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

    /// Writes what is known of a thing, and of at most `limit` facts the sentences.
    fn write(&self, output: &mut impl Write, view: &View<'_>, account: &Account, limit: usize) -> Result<()> {
        let (on, off) = self.title;
        writeln!(output, "{on}{}{off}  {}", account.title, account.iri)?;
        if !account.types.is_empty() {
            writeln!(output, "{}", account.types.join(", "))?;
        }
        if !account.values.is_empty() {
            writeln!(output)?;
        }
        for (name, values) in &account.values {
            writeln!(output, "{name}: {}", values.join(", "))?;
        }
        for fact in account.facts.iter().take(limit) {
            let (on, off) = self.fact;
            writeln!(output, "\n{on}{}{off}", fact.text)?;
            for mention in fact.evidence.iter().take(3) {
                self.quote(output, view, mention)?;
            }
        }
        if account.facts.len() > limit {
            writeln!(output, "\n{} more facts: see --limit", account.facts.len() - limit)?;
        }
        Ok(())
    }

    /// Writes the sentence a mention stands in, the mention marked, and its article.
    fn quote(&self, output: &mut impl Write, view: &View<'_>, mention: &NamedNode) -> Result<()> {
        let Some(Term::NamedNode(sentence)) = view.store.object(&mention.clone().into(), property::IN_SENTENCE)? else {
            return Ok(());
        };
        let Some(words) = view.text(&sentence, property::TEXT)? else { return Ok(()) };
        let begin = view.number(&sentence, property::BEGIN_INDEX)?;
        let (from, to) = (view.number(mention, property::BEGIN_INDEX)?, view.number(mention, property::END_INDEX)?);
        let characters: Vec<char> = words.chars().collect();
        let cut = |from: usize, to: usize| -> String {
            let range = from.min(characters.len())..to.min(characters.len());
            characters.get(range).unwrap_or_default().iter().map(|c| if c.is_control() { ' ' } else { *c }).collect()
        };
        let (from, to) = (from.saturating_sub(begin), to.saturating_sub(begin));
        let (on, off) = self.mention;
        writeln!(output, "  {}{on}{}{off}{}", cut(0, from), cut(from, to), cut(to, usize::MAX))?;
        if let Some(Term::NamedNode(article)) = view.store.object(&mention.clone().into(), property::IN_ARTICLE)? {
            let (on, off) = self.source;
            let date = view.text(&article, property::PUBLISHED)?.map(|date| format!(", {date}")).unwrap_or_default();
            writeln!(
                output,
                "    {on}{}{date}  {}{off}",
                view.label(&article)?,
                view.prefixes.shorten(article.as_str())
            )?;
        }
        Ok(())
    }
}

/// Things named so: by exactly this name first, then by names that begin so, then by names that contain it.
fn named(store: &Store, text: &str) -> Result<Vec<NamedNode>> {
    let wanted = text.to_lowercase();
    let mut ranks = BTreeMap::<NamedNode, (u8, usize)>::new();
    for predicate in NAMES {
        for quad in store.quads(None, Some(predicate), None, None) {
            let quad = quad?;
            let (NamedOrBlankNode::NamedNode(thing), Term::Literal(name)) = (quad.subject, quad.object) else {
                continue;
            };
            // Terms of the ontology are not what the articles are about.
            if !thing.as_str().starts_with(store.base()) {
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
