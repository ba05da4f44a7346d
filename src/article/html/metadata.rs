//! What a page says about itself: schema.org in JSON-LD, then Open Graph and other `meta` elements, then its headings.

use dom_query::Document;
use serde_json::{Map, Value};

use super::blocks;
use crate::article::column::{Column, ColumnMap};

/// What a page says about itself.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) headline: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) author: Option<String>,
    /// All that may be the date of publication, the most trustworthy first.
    pub(super) dates: Vec<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
    pub(super) body: Option<String>,
}

impl Metadata {
    pub(super) fn of(page: &Document) -> Self {
        let linked = linked_data(page);
        let meta = Meta::of(page);
        let attribute = |selector: &str, name: &str| {
            page.select_single(selector)
                .attr(name)
                .map(|value| value.to_string())
                .filter(|value| !value.trim().is_empty())
        };
        let linked_text =
            |column| linked.as_ref().and_then(|object| ColumnMap::default().text_in(column, object)).map(plain);
        let time = [
            attribute("[itemprop=datePublished]", "content"),
            attribute("[itemprop=datePublished]", "datetime"),
            attribute("time[pubdate]", "datetime"),
            attribute("time[datetime]", "datetime"),
        ];
        let dates = linked_text(Column::Published)
            .into_iter()
            .chain(DATES.iter().filter_map(|name| meta.named(name)))
            .chain(time.into_iter().flatten())
            .collect();
        let address = |value: String| value.starts_with("http").then_some(value);
        Self {
            headline: linked_text(Column::Headline).or_else(|| headline(page, &meta)),
            publisher: linked_text(Column::Publisher)
                .or_else(|| meta.first(&["og:site_name", "application-name", "dc.publisher", "citation_publisher"])),
            author: linked_text(Column::Author).or_else(|| {
                // An author may be given as the address of a profile, which is no name.
                meta.first(&["author", "parsely-author", "dc.creator", "article:author"])
                    .filter(|author| !author.contains("://"))
            }),
            dates,
            url: attribute("link[rel=canonical]", "href")
                .and_then(address)
                .or_else(|| meta.named("og:url").and_then(address))
                .or_else(|| linked_text(Column::Url).and_then(address)),
            language: attribute("html", "lang")
                .or_else(|| linked_text(Column::Language))
                .or_else(|| meta.first(&["og:locale", "content-language", "dc.language"]))
                .map(|tag| tag.trim().replace('_', "-")),
            body: linked_text(Column::Body),
        }
    }
}

/// Names of `meta` elements that hold the date of publication.
const DATES: [&str; 16] = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "publication_date",
    "publish_date",
    "publishdate",
    "pubdate",
    "date",
];

fn headline(page: &Document, meta: &Meta) -> Option<String> {
    let social = meta.first(&["og:title", "twitter:title", "parsely-title", "dc.title"]);
    let headings = page.select("h1");
    let heading = match headings.nodes() {
        [only] => Some(blocks::of(only).join(" ")).filter(|text| !text.is_empty()),
        _ => None,
    };
    // Titles for sharing may carry the name of the site after the headline.
    match (social, heading) {
        (Some(social), Some(heading)) => Some(if social.starts_with(&heading) { heading } else { social }),
        (social, heading) => social.or(heading),
    }
    .or_else(|| Some(collapsed(&page.select_single("title").text())).filter(|title| !title.is_empty()))
}

/// The `meta` elements of a page.
struct Meta(Vec<(String, String)>);

impl Meta {
    fn of(page: &Document) -> Self {
        let mut named = Vec::new();
        for element in page.select("meta[content]").nodes() {
            let content = element.attr("content").map(|content| collapsed(&content)).unwrap_or_default();
            if content.is_empty() {
                continue;
            }
            for attribute in ["property", "name", "itemprop", "http-equiv"] {
                if let Some(name) = element.attr(attribute) {
                    named.push((name.to_ascii_lowercase(), content.clone()));
                }
            }
        }
        Self(named)
    }

    fn named(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, content)| content.clone())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.named(name))
    }
}

/// The schema.org article of a page, the publisher put in where it is only referred to.
fn linked_data(page: &Document) -> Option<Map<String, Value>> {
    let mut things = Vec::new();
    for script in page.select("script[type='application/ld+json']").nodes() {
        let text = script.text();
        let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
        if let Ok(value) = serde_json::from_str(text) {
            collect(value, &mut things);
        }
    }
    let at = things.iter().position(is_article)?;
    let mut article = things[at].clone();
    for field in ["publisher", "author"] {
        let id = article.get(field).and_then(|value| value.get("@id")).cloned();
        let is_named = article.get(field).is_some_and(|value| value.get("name").is_some());
        if let (Some(id), false) = (id, is_named) {
            let name = things.iter().find(|thing| thing.get("@id") == Some(&id)).and_then(|thing| thing.get("name"));
            match name.cloned() {
                Some(name) => article.insert(field.to_owned(), name),
                None => article.remove(field),
            };
        }
    }
    Some(article)
}

fn collect(value: Value, things: &mut Vec<Map<String, Value>>) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, things);
            }
        }
        Value::Object(mut thing) => {
            if let Some(graph) = thing.remove("@graph") {
                collect(graph, things);
            }
            things.push(thing);
        }
        _ => {}
    }
}

fn is_article(thing: &Map<String, Value>) -> bool {
    let is_one = |name: &Value| {
        name.as_str().is_some_and(|name| name.ends_with("Article") || name.ends_with("BlogPosting") || name == "Report")
    };
    match thing.get("@type") {
        Some(Value::Array(names)) => names.iter().any(is_one),
        Some(name) => is_one(name),
        None => false,
    }
}

/// Undoes the HTML escapes that JSON-LD should not have and often has.
fn plain(text: String) -> String {
    if text.contains('&') && !text.contains("</") { Document::fragment(text).text().to_string() } else { text }
}

fn collapsed(text: &str) -> String {
    text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
