//! `/search`: actors, places and articles by the words in their names and texts.

use super::evidence::{Mark, Piece};
use super::layout::Layout;
use super::links::Links;
use super::vocabulary::Vocabulary;
use super::{Asked, HTML, page};
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::form;
use crate::http::latest::Made;
use crate::sparql::search::{Category, Found, Hit, Index};
use crate::store::{Checkpoint, Store};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use oxrdf::NamedNodeRef;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// How many hits a page has.
const PAGE: usize = 20;

/// The longest search, in characters.
const LONGEST: usize = 200;

/// How many other names of a hit are told.
const ALIASES: usize = 6;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    layout: Layout,
    words: String,
    summary: String,
    tabs: Vec<Tab>,
    hits: Vec<Shown>,
    next: String,
    previous: String,
}

struct Tab {
    label: &'static str,
    count: usize,
    href: String,
    is_current: bool,
}

struct Shown {
    href: String,
    label: String,
    kind: String,
    aliases: String,
    pieces: Vec<Piece>,
}

/// Answers a search. Without words it is a form.
pub(super) async fn search(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let parameter = |name| form::parameter(parameters.as_deref(), name);
    let words = parameter("q")?.unwrap_or_default().trim().to_owned();
    if words.chars().count() > LONGEST {
        return Err(Failure::bad(format!("a search may be {LONGEST} characters long; search for fewer words")));
    }
    let only = match parameter("category")?.filter(|name| !name.is_empty()) {
        Some(name) => {
            let known = Category::of_name(&name);
            Some(known.ok_or_else(|| Failure::bad(format!("`{name}` is not a category: actor, place or article")))?)
        }
        None => None,
    };
    let number = parameter("page")?.filter(|page| !page.is_empty()).map_or(Some(1), |page| page.parse().ok());
    let number = number.filter(|page| (1..10_000_000).contains(page));
    let number = number.ok_or_else(|| Failure::bad("pages of a search are numbered from 1 on"))?;
    let asked = Asked { uri: &uri, headers: &headers, media_type: HTML };
    let searched = context.clone();
    let made = if words.is_empty() {
        None
    } else {
        Some(spawn_blocking(move || index(&searched)).await.map_err(Failure::fault)??)
    };
    let checkpoint = context.checkpoint();
    // What is found follows from the index, what is told of it from the store.
    let of = format!("{} {}", checkpoint.revision(), made.as_ref().map_or("", |made| made.revision.as_str()));
    let validators = asked.validators(&of, checkpoint.changed());
    if validators.are_known(&headers) {
        return Ok(asked.respond(&validators, String::new()));
    }
    let make = move |context: &Context, store: &Store| {
        let found = match &made {
            Some(made) => made.what.find(&words, only, PAGE, (number - 1) * PAGE).map_err(Failure::fault)?,
            None => Found::default(),
        };
        let graph = super::graph(context, store)?;
        let types = types(&graph, &found)?;
        write(&graph.links, &graph.vocabulary, &words, only, number, found, &types)
    };
    let page = context.compose_of(checkpoint, make).await?;
    Ok(asked.respond(&validators, page))
}

/// The index, of the store as it is now or was a while ago.
pub(super) fn index(context: &Context) -> Result<Arc<Made<Arc<Index>>>, Failure> {
    let make = |checkpoint: &Checkpoint| Index::of(checkpoint.store()).map_err(Failure::fault);
    context.index().of(&context.checkpoint(), make)
}

/// The classes of what was found.
fn types(
    graph: &super::ask::Graph<'_>,
    found: &Found,
) -> Result<std::collections::BTreeMap<String, Vec<String>>, Failure> {
    let iris: Vec<_> = found.hits.iter().filter_map(|hit| oxrdf::NamedNode::new(&hit.iri).ok()).collect();
    let mut types: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for row in graph.ask_of(include_str!("queries/types.rq"), "thing", &iris)? {
        if let (Some(thing), Some(class)) = (row.iri("thing"), row.iri("type")) {
            types.entry(thing.as_str().to_owned()).or_default().push(class.as_str().to_owned());
        }
    }
    Ok(types)
}

fn write(
    links: &Links,
    vocabulary: &Vocabulary,
    words: &str,
    only: Option<Category>,
    number: usize,
    found: Found,
    types: &std::collections::BTreeMap<String, Vec<String>>,
) -> Result<String, Failure> {
    let address = |category: Option<Category>, page: usize| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let category = category.map(Category::name).unwrap_or_default();
        Links::to("search", [("q", words), ("category", category), ("page", &page)])
    };
    let all: usize = found.counts.values().sum();
    let count = only.map_or(all, |category| found.counts.get(&category).copied().unwrap_or(0));
    let start = (number - 1) * PAGE;
    let summary = match (words.is_empty(), all, found.is_fuzzy) {
        (true, ..) => String::new(),
        (_, 0, _) => "Nothing is called so, and no article has all these words.".to_owned(),
        (_, _, true) => "Nothing has just these words. These names are spelled alike:".to_owned(),
        _ if start >= count => format!("{count} results; this page has none."),
        _ if count == 1 => "1 result.".to_owned(),
        _ if count <= PAGE => format!("{count} results."),
        _ => format!("{count} results, here {} to {}.", start + 1, count.min(start + PAGE)),
    };
    let tabs = [
        (None, "All"),
        (Some(Category::Actor), "Actors"),
        (Some(Category::Place), "Places"),
        (Some(Category::Article), "Articles"),
    ];
    let tabs = tabs.map(|(category, label)| Tab {
        label,
        count: category.map_or(all, |category| found.counts.get(&category).copied().unwrap_or(0)),
        href: address(category, 1),
        is_current: category == only,
    });
    let title = if words.is_empty() { "Search".to_owned() } else { format!("Search: {words}") };
    let mut layout = Layout::new("search", title, "Actors, places and articles by the words in their names and texts.");
    words.clone_into(&mut layout.searched);
    page(&SearchPage {
        layout,
        words: words.to_owned(),
        summary,
        tabs: tabs.into(),
        hits: found.hits.into_iter().map(|hit| shown(links, vocabulary, hit, types)).collect(),
        next: if number * PAGE < count { address(only, number + 1) } else { String::new() },
        previous: if number > 1 { address(only, number - 1) } else { String::new() },
    })
}

fn shown(
    links: &Links,
    vocabulary: &Vocabulary,
    hit: Hit,
    types: &std::collections::BTreeMap<String, Vec<String>>,
) -> Shown {
    let types = types.get(&hit.iri).map(Vec::as_slice).unwrap_or_default();
    let finest = vocabulary.finest(types.iter().map(String::as_str));
    let mut aliases = hit.aliases;
    let more = aliases.len().saturating_sub(ALIASES);
    aliases.truncate(ALIASES);
    let aliases = aliases.join(", ");
    Shown {
        href: links.page(NamedNodeRef::new_unchecked(&hit.iri)),
        kind: finest.map_or_else(|| hit.category.name().to_owned(), |class| vocabulary.label(class).to_owned()),
        label: hit.label,
        aliases: if more > 0 { format!("{aliases} and {more} more") } else { aliases },
        pieces: pieces(&hit.snippet, &hit.highlighted),
    }
}

/// A snippet with what was searched for marked.
fn pieces(snippet: &str, highlighted: &[std::ops::Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut take = |range: std::ops::Range<usize>, mark: Option<Mark>| {
        if let Some(text) = snippet.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), mark });
        }
    };
    for range in highlighted {
        take(at..range.start, None);
        take(range.clone(), Some(Mark { class: "self", ..Mark::default() }));
        at = range.end;
    }
    take(at..snippet.len(), None);
    pieces
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn snippets_are_cut_where_they_are_marked() {
        let texts: Vec<_> = pieces("an Über raid", std::slice::from_ref(&(3..8)))
            .into_iter()
            .map(|p| (p.text, p.mark.is_some()))
            .collect();
        let expected = [("an ", false), ("Über", true), (" raid", false)];
        assert_eq!(texts, expected.map(|(text, marked)| (text.to_owned(), marked)));
    }
}
