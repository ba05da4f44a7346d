//! The first page: what is in the graph, where and when it happened, and ways in.

use super::accounts::{Account, accounts, column_part};
use super::ask::{Graph, Row};
use super::casualties::grouped;
use super::evidence;
use super::layout::Layout;
use super::links::{Link, Links};
use super::map::Map;
use super::timeline::Timeline;
use super::{page, pictures, when};
use crate::http::failure::Failure;
use askama::Template;
use oxrdf::Literal;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    layout: Layout,
    summary: String,
    counts: Vec<Count>,
    counts_nothing: bool,
    map: Option<Map>,
    timeline: Option<Timeline>,
    events: Vec<Account>,
    actors: Vec<Count>,
    articles: Vec<Article>,
    all_actors: String,
    all_articles: String,
}

struct Count {
    label: String,
    number: String,
    href: String,
}

struct Article {
    text: String,
    href: String,
    source: String,
}

/// Makes it.
pub(super) fn home(graph: &Graph<'_>) -> Result<String, Failure> {
    let counts = graph.ask(include_str!("queries/counts.rq"), &[])?;
    let counts = counts.first();
    let latest = [
        ("realized", Literal::from(true).into()),
        ("dated", Literal::from(true).into()),
        ("most", Literal::from(3).into()),
    ];
    let (latest, _) = column_part(graph, include_str!("queries/events.rq"), "event", &latest, (0, 12))?;
    let busiest = graph.ask(include_str!("queries/busiest.rq"), &[])?;
    let articles = graph.ask(include_str!("queries/latest-articles.rq"), &[])?;
    let number = |name: &str| counts.and_then(|row| row.number(name)).unwrap_or(0);
    let home = Home {
        layout: Layout::new(
            "home",
            "Belligraph",
            "Events, actors and places of armed conflict, as read from news articles.",
        ),
        summary: summary(counts),
        counts: [
            ("Articles", "articles", asked(include_str!("queries/ask-articles.rq"))),
            ("Events", "events", Links::to("events", [])),
            ("Planned, feared, denied", "unrealized", Links::to("events", [("modality", "unrealized")])),
            ("Actors in them", "actors", asked(include_str!("queries/ask-actors.rq"))),
            ("Places", "places", asked(include_str!("queries/ask-places.rq"))),
            ("Situations", "situations", String::new()),
        ]
        .into_iter()
        .map(|(label, name, href)| Count { label: label.to_owned(), number: grouped(number(name) as u64), href })
        .collect(),
        counts_nothing: number("articles") == 0,
        map: pictures::map(graph, &[], "Where events happened, by place")?,
        timeline: pictures::timeline(graph, &[], &[], "When events happened, as far as a date is known")?,
        events: accounts(graph, &latest)?,
        actors: busiest
            .iter()
            .filter_map(|row| {
                let Link { text, href } = link(graph, row, "actor", "label")?;
                Some(Count { label: text, href, number: row.text("events")?.to_owned() })
            })
            .collect(),
        all_actors: asked(include_str!("queries/ask-actors.rq")),
        all_articles: asked(include_str!("queries/ask-articles.rq")),
        articles: articles
            .iter()
            .filter_map(|row| {
                let Link { text, href } = link(graph, row, "article", "headline")?;
                Some(Article { text, href, source: evidence::source(row) })
            })
            .collect(),
    };
    page(&home)
}

/// Where a question is put.
fn asked(question: &str) -> String {
    Links::to("sparql", [("query", question)])
}

fn link(graph: &Graph<'_>, row: &Row, iri: &str, text: &str) -> Option<Link> {
    Some(Link { text: row.text(text)?.to_owned(), href: graph.links.page(row.iri(iri)?.as_ref()) })
}

fn summary(counts: Option<&Row>) -> String {
    let Some(row) = counts else { return String::new() };
    let articles = row.number("articles").unwrap_or(0);
    let publishers = row.number("publishers").unwrap_or(0);
    let plural =
        |count: usize, one: &str| format!("{} {one}{}", grouped(count as u64), if count == 1 { "" } else { "s" });
    let mut summary = plural(articles, "article");
    if publishers > 0 {
        summary = format!("{summary} of {}", plural(publishers, "publisher"));
    }
    if let (Some(first), Some(last)) = (row.date("first"), row.date("last")) {
        summary = format!("{summary}, published {}", when::between(first, last));
    }
    format!(
        "{summary}, read into a graph of who did what to whom, where, when and with how many dead. Each fact leads back to the sentence it was read from."
    )
}
