//! The pages of things: events, actors, places, articles, and whatever else has an IRI.

use super::accounts::{
    self, Account, Fact, Holding, accounts, bookkeeping, capitalized, column, column_part, facts, holdings,
};
use super::ask::Graph;
use super::casualties::Report;
use super::described::{Thing, describe};
use super::evidence::{self, Mark, Piece, Sentence, Span, evidence as evidence_of, marked};
use super::layout::Layout;
use super::links::{Link, Links};
use super::map::Map;
use super::parts::{self, Part};
use super::pictures::{events_page, map, map_of, timeline};
use super::timeline::Timeline;
use super::{page, when};
use crate::http::failure::Failure;
use crate::ontology::terms::{class, external, property};
use askama::Template;
use oxrdf::{NamedNode, NamedNodeRef, Term};
use std::collections::BTreeMap;

/// How many events, accounts of others, sentences and situations a page shows at first.
const EVENTS: usize = 15;
const OTHERS: usize = 12;
const SENTENCES: usize = 12;
const SITUATIONS: usize = 100;

/// The page of a thing, or a part of it. None if nothing is said of it.
pub(super) fn thing(graph: &Graph<'_>, iri: NamedNodeRef<'_>, part: Option<Part>) -> Result<Option<String>, Failure> {
    let iri = iri.into_owned();
    let thing = describe(graph, [&iri])?.remove(&iri);
    if let Some(part) = part {
        return parts::part(graph, &iri, thing.as_ref(), part).map(Some);
    }
    let Some(thing) = thing else { return other(graph, &iri, None) };
    if thing.is_a(class::EVENT) || thing.is_a(class::UNREALIZED_EVENT) {
        event(graph, &iri)
    } else if thing.is_a(class::ARTICLE) {
        article(graph, &thing).map(Some)
    } else if thing.is_a(class::ACTOR) || thing.is_a(class::PLACE) {
        entity(graph, &thing).map(Some)
    } else {
        other(graph, &iri, Some(&thing))
    }
}

/// Where a question about a thing is put, `?this` being the thing.
fn ask(graph: &Graph<'_>, question: &str, thing: &NamedNode) -> String {
    let question = question.replace("?this", &graph.prefixes.shorten(thing.as_str()));
    Links::to("sparql", [("query", question.as_str())])
}

fn layout(graph: &Graph<'_>, iri: &NamedNode, title: String, description: String) -> Layout {
    Layout::new("", title, description).with_data(&graph.links.page(iri.as_ref()))
}

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage {
    layout: Layout,
    crumb: String,
    modality: String,
    is_background: bool,
    definition: String,
    sentences: Vec<Sentence>,
    reports: Vec<Report>,
    facts: Vec<Fact>,
    holdings: Vec<Holding>,
    others: Vec<Account>,
    other_count: usize,
    more_others: String,
    map: Option<Map>,
    article: Link,
    article_source: String,
    inverse: String,
    ask: String,
}

fn event(graph: &Graph<'_>, iri: &NamedNode) -> Result<Option<String>, Failure> {
    let Some(account) = accounts(graph, std::slice::from_ref(iri))?.pop() else { return Ok(None) };
    let thing = &account.thing;
    let this = [("this", Term::from(iri.clone()))];
    let (others, other_count) =
        column_part(graph, include_str!("queries/other-accounts.rq"), "other", &this, (0, OTHERS))?;
    let changed = column(graph, include_str!("queries/begun-or-ended.rq"), "situation", &this)?;
    let sentences = evidence_of(graph, [iri])?.remove(iri).unwrap_or_default();
    let places = thing.values(property::PLACE).iter().filter_map(|value| value.iri());
    let points = graph.ask_of(include_str!("queries/event-points.rq"), "place", places)?;
    let finest = graph.vocabulary.finest(thing.types()).unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    let time = when::HAPPENED.words(thing);
    let mut row = |label: &str, text: String| {
        if !text.is_empty() {
            let values = vec![Link { text, href: String::new() }];
            rows.push(Fact { label: label.to_owned(), definition: String::new(), values });
        }
    };
    row("Kind", account.kind.clone());
    row("When", if time.is_empty() { "no date is told".to_owned() } else { time.clone() });
    row("Date worked out", when::basis(graph, thing));
    row("Began", when::BEGAN.words(thing));
    row("Ended", when::ENDED.words(thing));
    let mut hidden = bookkeeping();
    hidden.extend([property::IN_ARTICLE, property::WOULD_BE, property::IS_BACKGROUND]);
    rows.extend(facts(graph, thing, &hidden)?);
    let title = account.title();
    let description = if time.is_empty() { title.clone() } else { format!("{title}, {time}") };
    let article_source = sentences.first().map(|sentence| sentence.source.clone()).unwrap_or_default();
    let event = EventPage {
        layout: layout(graph, iri, title, description),
        crumb: if time.is_empty() { "Event".to_owned() } else { format!("Event · {time}") },
        modality: account.modality.clone(),
        is_background: thing.is_true(property::IS_BACKGROUND),
        definition: graph.vocabulary.definition(&finest).to_owned(),
        sentences,
        reports: account.reports.clone(),
        facts: rows,
        holdings: holdings(graph, &changed)?,
        others: accounts(graph, &others)?,
        more_others: if other_count > OTHERS { alike(thing, &finest) } else { String::new() },
        other_count,
        map: Map::of(super::pictures::points(graph, &points), "Where it happened"),
        article: account.article.clone(),
        article_source,
        inverse: parts::address(graph, iri, Part::links(1)),
        ask: ask(graph, include_str!("queries/ask-event.rq"), iri),
    };
    page(&event).map(Some)
}

/// Where the events of the same kind, place and days are listed.
fn alike(event: &Thing, kind: &str) -> String {
    let place = event.iri_of(property::PLACE).map(NamedNode::as_str).unwrap_or_default();
    let day = |bound| event.text(bound).and_then(|day| day.get(..10)).unwrap_or_default();
    let (from, to) = (day(property::EARLIEST), day(property::LATEST));
    Links::to("events", [("type", kind), ("place", place), ("from", from), ("to", to)])
}

#[derive(Template)]
#[template(path = "entity.html")]
struct EntityPage {
    layout: Layout,
    crumb: String,
    note: String,
    aliases: String,
    timeline: Option<Timeline>,
    control: Vec<Holding>,
    control_title: &'static str,
    events: Vec<Account>,
    more_events: String,
    event_count: usize,
    tolls: Vec<Toll>,
    ties: Vec<Holding>,
    more_situations: String,
    situation_count: usize,
    sentences: Vec<Sentence>,
    more_sentences: String,
    sentence_count: usize,
    inverse: String,
    map: Option<Map>,
    facts: Vec<Fact>,
    ask: String,
}

/// A casualty report with the event it is of.
struct Toll {
    event: Link,
    when: String,
    report: Report,
}

fn entity(graph: &Graph<'_>, thing: &Thing) -> Result<String, Failure> {
    let iri = &thing.iri;
    let is_place = thing.is_a(class::PLACE);
    let name = thing.name().unwrap_or_else(|| graph.prefixes.shorten(iri.as_str()));
    let parameter = if is_place { "place" } else { "actor" };
    let all = include_str!("queries/events.rq");
    let (latest, event_count) = column_part(graph, all, "event", &[(parameter, iri.clone().into())], (0, EVENTS))?;
    let events = accounts(graph, &latest)?;
    let (situations, situation_count) = parts::situations(graph, iri, (0, SITUATIONS))?;
    let (control, ties): (Vec<_>, Vec<_>) = holdings(graph, &situations)?.into_iter().partition(|one| one.is_control);
    let (sentences, sentence_count) = parts::sentences(graph, iri, (0, SENTENCES))?;
    let around = if is_place { "around" } else { "actor" };
    let of = [(around, Term::from(iri.clone()))];
    let own_map = if is_place { map_of(graph, iri, &name)? } else { None };
    let events_map = map(graph, &of, &format!("Where events of {name} happened"))?;
    let lasting: Vec<Holding> = control.iter().chain(&ties).filter(|one| one.has_time()).cloned().collect();
    let kind = graph.vocabulary.finest(thing.types()).map(|class| capitalized(graph.vocabulary.label(class)));
    let mut aliases: Vec<String> = [external::SKOS_ALT_LABEL, property::ACRONYM, property::NAME]
        .into_iter()
        .flat_map(|names| thing.values(names))
        .filter_map(|value| value.text().map(str::to_owned))
        .filter(|alias| !alias.eq_ignore_ascii_case(&name))
        .collect();
    aliases.sort();
    aliases.dedup();
    let more = |is_more, part| if is_more { parts::address(graph, iri, part) } else { String::new() };
    let note = thing.text(super::SCOPE_NOTE).unwrap_or_default().to_owned();
    let mut hidden = bookkeeping();
    hidden.extend([property::ACRONYM, super::SCOPE_NOTE]);
    let tolls = events.iter().flat_map(|event| {
        event.reports.iter().map(|report| Toll {
            event: Link { text: event.kind.clone(), href: event.page.clone() },
            when: event.when.clone(),
            report: report.clone(),
        })
    });
    let entity = EntityPage {
        layout: layout(graph, iri, name.clone(), format!("{name}: events, ties and the words of the articles.")),
        crumb: kind.unwrap_or_else(|| if is_place { "Place" } else { "Actor" }.to_owned()),
        note,
        aliases: aliases.join(", "),
        timeline: timeline(graph, &of, &lasting, &format!("Events of {name} with a date, and what lasted"))?,
        control,
        control_title: if is_place { "Who controlled it" } else { "What it controlled" },
        tolls: tolls.collect(),
        events,
        more_events: if event_count > EVENTS { events_page(parameter, iri) } else { String::new() },
        event_count,
        ties,
        sentences,
        more_situations: more(situation_count > SITUATIONS, Part::situations(1)),
        situation_count,
        more_sentences: more(sentence_count > SENTENCES, Part::sentences(1)),
        sentence_count,
        inverse: parts::address(graph, iri, Part::links(1)),
        map: if is_place { own_map.or(events_map) } else { events_map },
        facts: facts(graph, thing, &hidden)?,
        ask: ask(
            graph,
            if is_place { include_str!("queries/ask-place.rq") } else { include_str!("queries/ask-actor.rq") },
            iri,
        ),
    };
    page(&entity)
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    layout: Layout,
    source: String,
    url: Link,
    headline: Vec<Piece>,
    body: Vec<Piece>,
    events: Vec<Account>,
    holdings: Vec<Holding>,
    map: Option<Map>,
    timeline: Option<Timeline>,
    inverse: String,
    ask: String,
}

fn article(graph: &Graph<'_>, thing: &Thing) -> Result<String, Failure> {
    let iri = &thing.iri;
    let this = [("this", Term::from(iri.clone()))];
    let rows = graph.ask(include_str!("queries/article.rq"), &this)?;
    let text = |name: &str| rows.first().and_then(|row| row.text(name)).unwrap_or_default();
    let mut spans: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for row in graph.ask(include_str!("queries/article-mentions.rq"), &this)? {
        let (Some(field), Some(begin), Some(end)) = (row.text("field"), row.number("begin"), row.number("end")) else {
            continue;
        };
        let (Some(denoted), Some(what)) = (row.iri("thing"), row.iri("what")) else { continue };
        let mark = Mark {
            class: evidence::class_of(what.as_str()),
            note: graph.vocabulary.label(what.as_str()).to_owned(),
            href: graph.links.page(denoted.as_ref()),
            id: format!("{field}={begin},{end}"),
        };
        spans.entry(field.to_owned()).or_default().push(Span { begin, end, mark });
    }
    let mut marks = |field: &str| marked(text(field), spans.remove(field).unwrap_or_default());
    let (headline, body) = (marks("headline"), marks("body"));
    let events = column(graph, include_str!("queries/article-events.rq"), "event", &this)?;
    let mut events = accounts(graph, &events)?;
    for event in &mut events {
        // Every one is of this article.
        event.article = Link::default();
    }
    let situations = column(graph, include_str!("queries/article-situations.rq"), "situation", &this)?;
    let mut holdings = holdings(graph, &situations)?;
    for holding in &mut holdings {
        holding.article = Link::default();
    }
    let of = [("article", Term::from(iri.clone()))];
    let title = if text("headline").is_empty() { "An article without headline" } else { text("headline") };
    let lasting: Vec<Holding> = holdings.iter().filter(|one| one.has_time()).cloned().collect();
    let url = text("url");
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let article = ArticlePage {
        layout: layout(graph, iri, title.to_owned(), format!("What was read from “{title}”.")),
        source: rows.first().map(evidence::source).unwrap_or_default(),
        url: if is_web { Link { text: url.to_owned(), href: url.to_owned() } } else { Link::default() },
        headline: if headline.is_empty() { vec![Piece { text: title.to_owned(), mark: None }] } else { headline },
        body,
        map: map(graph, &of, "Where its events happened")?,
        timeline: timeline(graph, &of, &lasting, "When its events happened")?,
        events,
        holdings,
        inverse: parts::address(graph, iri, Part::links(1)),
        ask: ask(graph, include_str!("queries/ask-article.rq"), iri),
    };
    page(&article)
}

#[derive(Template)]
#[template(path = "thing.html")]
struct OtherPage {
    layout: Layout,
    crumb: String,
    holdings: Vec<Holding>,
    sentences: Vec<Sentence>,
    facts: Vec<Fact>,
    inverse: Vec<Fact>,
    inverse_count: usize,
    more_inverse: String,
    ask: String,
}

fn other(graph: &Graph<'_>, iri: &NamedNode, thing: Option<&Thing>) -> Result<Option<String>, Failure> {
    let inverse = parts::inverse(graph, iri, (0, parts::LINKS))?;
    if thing.is_none() && inverse.is_empty() {
        return Ok(None);
    }
    let inverse_count = parts::inverse_count(graph, iri)?;
    let kind = thing.and_then(|thing| graph.vocabulary.finest(thing.types()));
    let is_term = graph.vocabulary.knows(iri.as_ref());
    let unknown = if is_term { "Term of the ontology" } else { "Thing" };
    let kind = kind.map_or_else(|| unknown.to_owned(), |class| capitalized(graph.vocabulary.label(class)));
    let holdings = holdings(graph, std::slice::from_ref(iri))?;
    let named = thing
        .and_then(Thing::name)
        .or_else(|| holdings.first().map(|one| format!("{} {} {}", one.subject.text, one.relation, one.object.text)));
    let title = named.unwrap_or_else(|| graph.prefixes.shorten(iri.as_str()).replace('\\', ""));
    let title = if is_term { capitalized(&title) } else { title };
    let other = OtherPage {
        layout: layout(graph, iri, title.clone(), title),
        crumb: kind,
        sentences: evidence_of(graph, [iri])?.remove(iri).unwrap_or_default(),
        facts: match thing {
            Some(thing) if holdings.is_empty() => facts(graph, thing, &accounts::labels())?,
            Some(thing) => facts(graph, thing, &bookkeeping())?,
            None => Vec::new(),
        },
        inverse,
        inverse_count,
        more_inverse: if inverse_count > parts::LINKS {
            parts::address(graph, iri, Part::links(2))
        } else {
            String::new()
        },
        holdings,
        ask: ask(graph, include_str!("queries/ask-event.rq"), iri),
    };
    page(&other).map(Some)
}
