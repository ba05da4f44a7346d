//! `/sparql` in a browser: a form to type a query in, the saved ones, and the results as table, map, timeline or chart.
//!
//! All of it is made on the server and works without script; where the bundle of the editor is built in, its script takes the place
//! of the plain field. The query goes the way of every client's, through `evaluation`, as tab-separated values, which keep terms
//! exactly and can be cut after any line.

use super::ask::Graph;
use super::chart::{self, Chart};
use super::layout::Layout;
use super::links::{Link, Links};
use super::map::{Map, Point};
use super::timeline::{Moment, Timeline};
use super::{assets, page, pictures};
use crate::http::context::Context;
use crate::http::evaluation::Question;
use crate::http::failure::Failure;
use crate::http::stream::carry_out;
use crate::http::watchdog::IsAbandoned;
use crate::ontology::terms::external;
use crate::sparql::saved::{self, SavedQuery};
use crate::sparql::{Format, Prefixes};
use crate::store::Store;
use askama::Template;
use axum::http::StatusCode;
use jiff::civil::Date;
use oxrdf::Term;
use oxrdf::vocab::{rdf, rdfs, xsd};
use serde_json::json;
use sparesults::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The most rows that are shown, and the most bytes of results that are read for them; all can be downloaded.
const ROWS: usize = 1000;
const BYTES: usize = 4 * 1024 * 1024;

/// What is typed at first.
const FIRST: &str = include_str!("queries/first.rq");

/// The form and what came of it.
#[derive(Template)]
#[template(path = "sparql.html")]
struct Console {
    layout: Layout,
    query: String,
    /// The saved query it is, if it is one.
    saved: Option<SavedQuery>,
    fields: Vec<Field>,
    list: Vec<Listed>,
    limit: String,
    results: Option<Results>,
    error: String,
    has_editor: bool,
    prefixes: Vec<(String, String)>,
}

/// A parameter as a field of the form.
struct Field {
    name: String,
    description: String,
    value: String,
}

struct Listed {
    name: String,
    title: String,
    description: String,
    is_current: bool,
}

struct Results {
    summary: String,
    is_cut: bool,
    truth: Option<bool>,
    names: Vec<String>,
    rows: Vec<Vec<Cell>>,
    view: &'static str,
    views: Vec<(&'static str, &'static str, String)>,
    map: Option<Map>,
    timeline: Option<Timeline>,
    chart: Option<Chart>,
    downloads: Vec<Link>,
}

struct Cell {
    link: Link,
    is_number: bool,
    language: String,
}

/// What a browser sent.
#[derive(Debug, Default)]
pub(in crate::http) struct Sent {
    parameters: Vec<(String, String)>,
}

impl Sent {
    /// Reads the parameters of an address or a form.
    pub(in crate::http) fn new(encoded: &str) -> Result<Self, Failure> {
        Ok(Self { parameters: crate::http::form::pairs(encoded)? })
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The values of the query's own parameters.
    fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().filter_map(|(name, value)| Some((name.strip_prefix('$')?, value.as_str())))
    }

    /// The address of the same with something else.
    fn with(&self, name: &str, value: &str) -> String {
        let others = self.parameters.iter().filter(|(given, given_value)| given != name && !given_value.is_empty());
        let others = others.map(|(given, value)| (given.as_str(), value.as_str()));
        Links::to("sparql", others.chain([(name, value)]))
    }
}

/// The page without results.
pub(super) fn form(context: &Context, sent: &Sent) -> Result<String, Failure> {
    page(&console(context, sent, None, String::new())?)
}

/// The page with the results of a question, or why there are none, with its status; until it is abandoned.
pub(super) fn results(
    context: &Context,
    store: &Store,
    mut question: Question,
    sent: &Sent,
    is_abandoned: IsAbandoned,
) -> Result<(StatusCode, String), Failure> {
    question.format = Format::Tsv;
    let began = Instant::now();
    let mut output = Bounded::default();
    let answered = carry_out(context, &question, &mut output, is_abandoned);
    let is_cut = output.is_full;
    if let Err(failure) = answered
        && !is_cut
    {
        return Ok((failure.status, page(&console(context, sent, None, failure.message)?)?));
    }
    let took = began.elapsed();
    let graph = super::graph(context, store)?;
    let results = Results::read(&graph, output, took, sent)?;
    Ok((StatusCode::OK, page(&console(context, sent, Some(results), String::new())?)?))
}

fn console(context: &Context, sent: &Sent, results: Option<Results>, error: String) -> Result<Console, Failure> {
    let nowhere = Path::new("");
    let asked = sent.first("saved").map(|name| saved::find(name, nowhere));
    let saved = match asked {
        Some(Ok(saved)) => Some(saved),
        Some(Err(error)) => return Err(Failure::missing(error.to_string())),
        None => None,
    };
    let query = match (sent.first("query"), &saved) {
        (Some(query), _) => query.to_owned(),
        (None, Some(saved)) => saved.text.trim_end().to_owned(),
        (None, None) => FIRST.trim_end().to_owned(),
    };
    // A saved query that was changed still has the parameters its header names.
    let parameters = SavedQuery::new("", query.clone()).parameters;
    let fields = parameters.into_iter().map(|parameter| {
        let given = sent.values().find(|(name, _)| *name == parameter.name).map(|(_, value)| value.to_owned());
        let value = given.or_else(|| parameter.default.filter(|_| results.is_none() && sent.first("query").is_none()));
        Field { name: parameter.name, description: parameter.description, value: value.unwrap_or_default() }
    });
    let list: Vec<Listed> = saved::list(nowhere)
        .map_err(Failure::fault)?
        .into_iter()
        .map(|one| Listed {
            is_current: saved.as_ref().is_some_and(|saved| saved.name == one.name),
            name: one.name,
            title: one.title,
            description: one.description,
        })
        .collect();
    let title = saved.as_ref().map_or_else(|| "Ask the graph in SPARQL".to_owned(), |saved| saved.title.clone());
    Ok(Console {
        layout: Layout::new(
            "sparql",
            title,
            "SPARQL queries over the graph, with their results as table, map, timeline or chart.",
        ),
        fields: fields.collect(),
        query,
        saved,
        list,
        limit: words(context.settings().limits.timeout),
        results,
        error,
        has_editor: assets::has_editor(),
        prefixes: context.prefixes().iter().map(|(name, iri)| (name.to_owned(), iri.to_owned())).collect(),
    })
}

/// The terms that the editor completes, as JSON. Terms of other vocabularies that everybody needs are among them.
pub(super) fn terms(graph: &Graph<'_>) -> Result<String, Failure> {
    let mut terms: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    let common = [rdf::TYPE, rdfs::LABEL, rdfs::SUB_CLASS_OF, external::SKOS_PREF_LABEL, external::SKOS_ALT_LABEL]
        .into_iter()
        .chain([external::GAF_DENOTED_BY, external::GEO_HAS_GEOMETRY, external::GEO_AS_WKT, external::OWL_SAME_AS]);
    for property in common {
        let term = graph.prefixes.shorten(property.as_str());
        terms.insert(term.clone(), json!({ "term": term, "label": "", "kind": "property" }));
    }
    for row in graph.ask(include_str!("queries/terms.rq"), &[])? {
        let Some(term) = row.iri("term").map(|term| graph.prefixes.shorten(term.as_str())) else { continue };
        if term.starts_with('<') {
            continue;
        }
        let text = |name: &str| row.text(name).unwrap_or_default();
        let (label, kind, definition) = (text("label"), text("kind"), text("definition"));
        terms.insert(term.clone(), json!({ "term": term, "label": label, "kind": kind, "definition": definition }));
    }
    serde_json::to_string(&terms.into_values().collect::<Vec<_>>()).map_err(Failure::fault)
}

/// Holds as many whole lines as fit.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + buffer.len() > BYTES {
            self.is_full = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Results {
    fn read(graph: &Graph<'_>, mut output: Bounded, took: Duration, sent: &Sent) -> Result<Self, Failure> {
        let mut is_cut = output.is_full;
        if is_cut {
            let end = output.bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            output.bytes.truncate(end);
        }
        let parser = QueryResultsParser::from_format(QueryResultsFormat::Tsv);
        let (mut truth, mut names, mut rows) = (None, Vec::new(), Vec::new());
        match parser.for_slice(&output.bytes).map_err(Failure::fault)? {
            SliceQueryResultsParserOutput::Boolean(value) => truth = Some(value),
            SliceQueryResultsParserOutput::Solutions(solutions) => {
                names = solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
                for solution in solutions {
                    if rows.len() == ROWS {
                        is_cut = true;
                        break;
                    }
                    rows.push(solution.map_err(Failure::fault)?.values().to_vec());
                }
            }
        }
        let took = words(took);
        let summary = match (truth, rows.len()) {
            (Some(_), _) => format!("Answered in {took}."),
            (None, count) if is_cut => {
                format!("The first {count} rows, in {took}; there are more. A download has all of them.")
            }
            (None, 1) => format!("1 row in {took}."),
            (None, count) => format!("{count} rows in {took}."),
        };
        let map = Map::whole(points(graph, &names, &rows), "Where the results lie");
        let timeline = Timeline::of(&moments(&names, &rows), Vec::new(), "When the results were");
        let chart = Chart::of(&names, &rows, graph.prefixes);
        let kinds = [
            ("table", "Table", true),
            ("map", "Map", map.is_some()),
            ("timeline", "Timeline", timeline.is_some()),
            ("chart", "Chart", chart.is_some()),
        ];
        let views: Vec<_> = kinds
            .into_iter()
            .filter(|kind| kind.2)
            .map(|(name, label, _)| (name, label, sent.with("view", name)))
            .collect();
        let asked = sent.first("view").unwrap_or_default();
        let view = views.iter().map(|(name, ..)| *name).find(|name| *name == asked).unwrap_or("table");
        let downloads = [("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML")];
        let downloads =
            downloads.map(|(format, label)| Link { text: label.to_owned(), href: sent.with("format", format) });
        let cells = rows.into_iter().map(|row| row.into_iter().map(|term| Cell::of(graph, term.as_ref())).collect());
        Ok(Self {
            summary,
            is_cut,
            truth,
            rows: cells.collect(),
            names,
            view,
            views,
            map,
            timeline,
            chart,
            downloads: downloads.into(),
        })
    }
}

impl Cell {
    fn of(graph: &Graph<'_>, term: Option<&Term>) -> Self {
        let (link, language) = match term {
            None => (Link::default(), String::new()),
            Some(Term::NamedNode(node)) => {
                let text = shown(node.as_str(), graph.prefixes);
                (Link { text, href: graph.links.page(node.as_ref()) }, String::new())
            }
            Some(Term::Literal(literal)) => {
                let language = literal.language().unwrap_or_default().to_owned();
                (Link { text: literal.value().to_owned(), href: String::new() }, language)
            }
            Some(term) => (Link { text: term.to_string(), href: String::new() }, String::new()),
        };
        Self { link, is_number: term.and_then(number).is_some(), language }
    }
}

/// An IRI short, as people read it.
pub(super) fn shown(iri: &str, prefixes: &Prefixes) -> String {
    prefixes.shorten(iri).replace('\\', "")
}

/// The number that a term is.
pub(super) fn number(term: &Term) -> Option<f64> {
    let Term::Literal(literal) = term else { return None };
    let is_number = [xsd::INTEGER, xsd::DECIMAL, xsd::DOUBLE, xsd::FLOAT].contains(&literal.datatype());
    is_number.then(|| literal.value().parse::<f64>().ok()).flatten().filter(|number| number.is_finite())
}

fn date(term: &Term) -> Option<Date> {
    let Term::Literal(literal) = term else { return None };
    let is_date = [xsd::DATE, xsd::DATE_TIME].contains(&literal.datatype());
    is_date.then(|| literal.value().get(..10)?.parse().ok()).flatten()
}

/// The first text of a row that is no number, date or place.
fn label(row: &[Option<Term>], prefixes: &Prefixes) -> String {
    let texts = row.iter().flatten().filter_map(|term| match term {
        Term::Literal(literal)
            if number(term).is_none() && date(term).is_none() && pictures::position(literal.value()).is_none() =>
        {
            Some(literal.value().to_owned())
        }
        _ => None,
    });
    let iris = row.iter().flatten().filter_map(|term| match term {
        Term::NamedNode(node) => Some(shown(node.as_str(), prefixes)),
        _ => None,
    });
    texts.chain(iris).next().unwrap_or_default()
}

fn points(graph: &Graph<'_>, names: &[String], rows: &[Vec<Option<Term>>]) -> Vec<Point> {
    let is_point = |term: &Term| match term {
        Term::Literal(literal) => pictures::position(literal.value()),
        _ => None,
    };
    // A name of the place is the better label; it often stands in a column called so.
    let place = names.iter().position(|name| name.to_lowercase().contains("place") || name == "location");
    let measure = chart::measure(names, rows);
    let mut found: BTreeMap<(u64, u64), Point> = BTreeMap::new();
    for row in rows {
        let Some((longitude, latitude)) = row.iter().flatten().find_map(is_point) else { continue };
        let named = place.and_then(|column| match row.get(column)? {
            Some(Term::Literal(literal)) => Some(literal.value().to_owned()),
            _ => None,
        });
        let iri = row.iter().flatten().find_map(|term| match term {
            Term::NamedNode(node) => Some(graph.links.page(node.as_ref())),
            _ => None,
        });
        let point = found.entry((longitude.to_bits(), latitude.to_bits())).or_insert_with(|| Point {
            longitude,
            latitude,
            weight: 0,
            label: named.unwrap_or_else(|| label(row, graph.prefixes)),
            note: String::new(),
            href: iri.unwrap_or_default(),
            is_vague: false,
        });
        let measured = measure.and_then(|column| number(row.get(column)?.as_ref()?));
        if let (Some(number), Some(name)) = (measured, measure.and_then(|column| names.get(column))) {
            point.weight += number.round().max(0.0) as usize;
            point.note = format!("{name} {}", point.weight);
        } else {
            point.weight += 1;
            point.note = if point.weight == 1 { "1 row".to_owned() } else { format!("{} rows", point.weight) };
        }
    }
    found.into_values().collect()
}

fn moments(names: &[String], rows: &[Vec<Option<Term>>]) -> Vec<Moment> {
    let columns = names.len();
    rows.iter()
        .filter_map(|row| {
            let mut dates = row.iter().take(columns).flatten().filter_map(date);
            let earliest = dates.next()?;
            let latest = dates.next().filter(|latest| *latest >= earliest).unwrap_or(earliest);
            Some(Moment { earliest, latest, is_violent: false })
        })
        .collect()
}

fn words(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{} ms", time.as_millis().max(1)),
        seconds if seconds.fract() < 0.05 || seconds >= 100.0 => format!("{seconds:.0} s"),
        seconds => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Bounded, Sent};
    use std::io::Write;

    #[test]
    fn addresses_keep_what_was_sent() -> Result<(), Box<dyn std::error::Error>> {
        let sent = Sent::new("query=SELECT+*&%24place=a%26b&view=map&saved=").map_err(|failure| failure.message)?;
        assert_eq!(sent.with("view", "table"), "/sparql?query=SELECT+*&%24place=a%26b&view=table");
        assert_eq!(sent.values().collect::<Vec<_>>(), [("place", "a&b")]);
        Ok(())
    }

    #[test]
    fn results_have_a_bound() {
        let mut bounded = Bounded::default();
        assert!(bounded.write_all(&vec![b'x'; BYTES]).is_ok());
        assert!(bounded.write_all(b"x").is_err() && bounded.is_full);
    }
}
