//! The things that the store's IRIs name, and the documents on them.
//!
//! A thing is no document: its address answers 303 with the document that suits `Accept` best, or its neighbours, each with a
//! suffix (`.ttl`, `.html` …) and a form that no longer depends on `Accept`. A graph is a document's worth of triples by itself: its
//! document is what it holds.

use super::addresses::{ONTOLOGY, encode_letters, iris_of, origin, rooted};
use super::context::Context;
use super::description::{describe, is_graph, is_known};
use super::failure::Failure;
use super::negotiation::{DOCUMENT, Representation, SUFFIXES, negotiate, none_of, suffix};
use super::pages::Part;
use super::validators::Validators;
use super::{form, graphs, jsonld, pages, stream};
use crate::sparql::{Format, Prefixes};
use crate::store::{Store, XmlCharacters};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_TYPE, LINK, LOCATION, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use oxrdf::{GraphName, NamedNode, NamedNodeRef, Quad};
use oxrdfio::{RdfFormat, RdfSerializer};
use std::sync::Arc;

/// Answers at the address of a thing or of its document.
pub(super) async fn about(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let path = uri.path().to_owned();
    let unknown = Failure::missing(format!("nothing is known of `{path}`"));
    let found = {
        let path = path.clone();
        context.read(move |context, store| find(context.base(), store, &path)).await?
    };
    match found {
        None => Err(unknown),
        Some(Found::Thing) => redirect(&context, &path, parameters.as_deref(), &headers),
        Some(Found::Document { path, thing, format }) => {
            let page = page(parameters.as_deref())?;
            let part = part(parameters.as_deref(), page)?;
            document(&context, Document { path, thing, format, page, part }, &headers).await?.ok_or(unknown)
        }
    }
}

enum Found {
    Thing,
    Document {
        /// Of the thing.
        path: String,
        thing: NamedNode,
        format: Format,
    },
}

/// What stands at a path: a thing, or a document on one. A thing whose IRI ends like a suffix is a thing.
fn find(base: &str, store: &Store, path: &str) -> Result<Option<Found>, Failure> {
    if known_at(base, store, path)?.is_some() {
        return Ok(Some(Found::Thing));
    }
    if let Some((path, ending)) = path.rsplit_once('.')
        && let Some((_, format)) = SUFFIXES.iter().find(|(suffix, _)| *suffix == ending)
        && let Some(thing) = known_at(base, store, path)?
    {
        return Ok(Some(Found::Document { path: path.to_owned(), thing, format: *format }));
    }
    Ok(None)
}

/// The thing at a path, if anything is known of it.
fn known_at(base: &str, store: &Store, path: &str) -> Result<Option<NamedNode>, Failure> {
    for thing in iris_of(base, path) {
        if is_known(store, thing.as_ref())? {
            return Ok(Some(thing));
        }
    }
    Ok(None)
}

fn page(parameters: Option<&str>) -> Result<usize, Failure> {
    let Some(page) = form::parameter(parameters, "page")? else { return Ok(1) };
    let number = page.parse().ok().filter(|page| (1..1_000_000).contains(page));
    number.ok_or_else(|| Failure::bad(format!("`{page}` is not the number of a page")))
}

/// The part of its page for people that is asked for. None for the whole of it, which has the first of each.
fn part(parameters: Option<&str>, page: usize) -> Result<Option<Part>, Failure> {
    match form::parameter(parameters, "part")?.filter(|part| !part.is_empty()) {
        Some(name) => {
            let part = Part::named(&name, page);
            part.map(Some)
                .ok_or_else(|| Failure::bad(format!("`{name}` is no part: use links, sentences or situations")))
        }
        None => Ok((page > 1).then(|| Part::links(page))),
    }
}

/// 303 from the thing to its document.
pub(super) fn redirect(
    context: &Context,
    path: &str,
    parameters: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let asked = form::parameter(parameters, "format")?;
    let chosen = negotiate(headers, asked.as_deref(), DOCUMENT)?;
    let ending = suffix(chosen.format).ok_or_else(|| none_of(DOCUMENT))?;
    let path = rooted(path);
    let mut location = format!("{path}.{ending}");
    let rest: Vec<&str> =
        parameters.unwrap_or_default().split('&').filter(|p| !p.is_empty() && !p.starts_with("format=")).collect();
    if !rest.is_empty() {
        location = format!("{location}?{}", rest.join("&"));
    }
    let mut response = Response::new(Body::from(format!("see {location}\n")));
    *response.status_mut() = StatusCode::SEE_OTHER;
    let head = response.headers_mut();
    head.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    head.insert(VARY, HeaderValue::from_static("accept"));
    if let Ok(location) = HeaderValue::try_from(location) {
        head.insert(LOCATION, location);
    }
    for (ending, format) in suffixes() {
        link(head, &format!("{path}.{ending}"), "describedby", Some(format));
    }
    link(head, &context.settings().licence, "license", None);
    Ok(response)
}

/// One suffix for each format.
fn suffixes() -> impl Iterator<Item = (&'static str, Format)> {
    SUFFIXES.iter().filter(|(ending, format)| suffix(*format) == Some(ending)).copied()
}

pub(super) fn link(head: &mut HeaderMap, target: &str, relation: &str, format: Option<Format>) {
    let media_type = format.and_then(|format| DOCUMENT.iter().find(|one| one.format == format));
    let kind = media_type.map(|one| format!("; type=\"{}\"", one.media_type)).unwrap_or_default();
    let value = format!("<{}>; rel=\"{relation}\"{kind}", encode_letters(target));
    if let Ok(value) = HeaderValue::try_from(value) {
        head.append(LINK, value);
    }
}

pub(super) struct Document {
    /// Of the thing.
    pub(super) path: String,
    pub(super) thing: NamedNode,
    pub(super) format: Format,
    pub(super) page: usize,
    /// Of a page for people.
    pub(super) part: Option<Part>,
}

/// The document on a thing in one form.
pub(super) async fn document(
    context: &Context,
    document: Document,
    request: &HeaderMap,
) -> Result<Option<Response>, Failure> {
    let Document { path, thing, format, page, part } = document;
    let path = rooted(&path);
    let representation = DOCUMENT.iter().find(|one| one.format == format).copied();
    let representation = representation.ok_or_else(|| none_of(DOCUMENT))?;
    let checkpoint = context.checkpoint();
    let modified = checkpoint.changed();
    let whole = {
        let thing = thing.clone();
        context.read(move |_, store| whole_graph(store, &thing)).await?
    };
    let mut response = if let Some(graph) = whole.filter(|_| format != Format::Html) {
        let version = {
            let (checkpoint, graph) = (Arc::clone(&checkpoint), graph.clone());
            context.read(move |_, _| Ok(checkpoint.store().version(graph.as_ref().into())?)).await?
        };
        let parts = [checkpoint.revision().as_bytes(), thing.as_str().as_bytes(), format.name().as_bytes()];
        let validators = Validators::of_version(&version.map(|of| of.name).unwrap_or_default(), &parts, modified);
        if validators.are_known(request) {
            validators.settle(Response::new(Body::empty()), request)
        } else {
            let written = move |output: &mut _| graphs::write(checkpoint.store(), graph.as_ref(), format, output);
            let body = stream::whole(context, written).await?;
            validators.settle(Response::new(body), request)
        }
    } else {
        let made = {
            let thing = thing.clone();
            let context = context.clone();
            // A document asks as much of the store as a query does.
            let turn = context.turn().await?;
            let wanted = Wanted { format, page, part, path: path.clone() };
            let make = move || {
                let _turn = turn;
                let store = checkpoint.store();
                // An article is changed as a whole, under the condition that it is as the client has read it.
                let is_changed = store.graphs().is_article(thing.as_ref());
                let version = if is_changed { store.version(thing.as_ref().into())? } else { None };
                Ok::<_, Failure>(make(&context, store, &thing, &wanted)?.map(|made| (made, version)))
            };
            tokio::task::spawn_blocking(make).await.map_err(Failure::fault)??
        };
        let Some(((body, continues), version)) = made else { return Ok(None) };
        let validators = match version {
            Some(version) => Validators::of_version(&version.name, &[&body], modified),
            None => Validators::of(&[&body], modified),
        };
        let mut response = validators.settle(Response::new(Body::from(body)), request);
        let ending = suffix(format).unwrap_or_default();
        if continues {
            link(response.headers_mut(), &format!("{path}.{ending}?page={}", page + 1), "next", None);
        }
        if page > 1 {
            link(response.headers_mut(), &format!("{path}.{ending}?page={}", page - 1), "prev", None);
        }
        response
    };
    describe_document(context, response.headers_mut(), &path, &thing, representation);
    Ok(Some(response))
}

/// The graph whose triples are the document on a thing: the graph itself, or that of the ontology.
fn whole_graph(store: &Store, thing: &NamedNode) -> Result<Option<NamedNode>, Failure> {
    let ontology = store.graphs().ontology();
    if thing.as_str() == ONTOLOGY {
        return Ok(is_graph(store, ontology)?.then(|| ontology.into_owned()));
    }
    let is_whole = !store.graphs().is_article(thing.as_ref()) && is_graph(store, thing.as_ref())?;
    Ok(is_whole.then(|| thing.clone()))
}

fn describe_document(
    context: &Context,
    head: &mut HeaderMap,
    path: &str,
    thing: &NamedNode,
    representation: Representation,
) {
    if let Ok(content_type) = HeaderValue::try_from(representation.content_type()) {
        head.insert(CONTENT_TYPE, content_type);
    }
    for (ending, format) in suffixes().filter(|(_, format)| *format != representation.format) {
        link(head, &format!("{path}.{ending}"), "alternate", Some(format));
    }
    link(head, thing.as_str(), "describes", None);
    link(head, &rooted("/.well-known/void"), "describedby", None);
    link(head, &context.settings().licence, "license", None);
}

/// What is wanted of the document on a thing.
struct Wanted {
    format: Format,
    page: usize,
    part: Option<Part>,
    /// Where it is, without its ending.
    path: String,
}

/// The property that leads from a page to the next: a document read without its headers still says that it goes on.
const NEXT: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/1999/xhtml/vocab#next");

/// The bytes of a document, and whether it has another page.
fn make(
    context: &Context,
    store: &Store,
    thing: &NamedNode,
    wanted: &Wanted,
) -> Result<Option<(Vec<u8>, bool)>, Failure> {
    let Wanted { format, page, part, path } = wanted;
    if *format == Format::Html {
        return Ok(Some((pages::thing(context, store, thing.as_ref(), *part)?.into_bytes(), false)));
    }
    let Some(mut description) = describe(store, thing.as_ref(), *page, context.settings().limits.timeout)? else {
        return Ok(None);
    };
    if description.continues {
        let document = |page: usize| {
            let parameters = if page > 1 { format!("?page={page}") } else { String::new() };
            let address = format!("{}{path}.{}{parameters}", origin(store.base()), suffix(*format).unwrap_or_default());
            NamedNode::new(address).map_err(Failure::fault)
        };
        description.quads.push(Quad::new(document(*page)?, NEXT, document(page + 1)?, GraphName::DefaultGraph));
    }
    let format = format.triples().ok_or_else(|| none_of(DOCUMENT))?;
    Ok(Some((serialize(&description.quads, format, context.prefixes())?, description.continues)))
}

/// Whether documents of a format say in which graph a triple stands. JSON-LD could, but who reads it wants triples.
pub(super) fn names_graphs(format: RdfFormat) -> bool {
    matches!(format, RdfFormat::NQuads | RdfFormat::TriG)
}

/// Quads as a document.
pub(super) fn serialize(quads: &[Quad], format: RdfFormat, prefixes: &Prefixes) -> Result<Vec<u8>, Failure> {
    if matches!(format, RdfFormat::JsonLd { .. }) {
        let mut document = serde_json::to_vec_pretty(&jsonld::compact(quads, prefixes)).map_err(Failure::fault)?;
        document.push(b'\n');
        return Ok(document);
    }
    let mut serializer = serializer(format, prefixes).for_writer(XmlCharacters::of(Vec::new(), format));
    for quad in quads {
        if names_graphs(format) {
            serializer.serialize_quad(quad).map_err(Failure::fault)?;
        } else {
            serializer.serialize_triple(quad.as_ref()).map_err(Failure::fault)?;
        }
    }
    Ok(serializer.finish().map_err(Failure::fault)?.into_inner())
}

/// A serializer that writes IRIs short where the format can.
pub(super) fn serializer(format: RdfFormat, prefixes: &Prefixes) -> RdfSerializer {
    let serializer = RdfSerializer::from_format(format);
    if has_prefixes(format) { prefixes.declared_by(serializer) } else { serializer }
}

/// Whether documents of a format declare prefixes.
pub(super) fn has_prefixes(format: RdfFormat) -> bool {
    matches!(format, RdfFormat::Turtle | RdfFormat::TriG | RdfFormat::JsonLd { .. })
}
