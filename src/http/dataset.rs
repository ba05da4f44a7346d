//! What the server says of itself and of what it holds: SPARQL 1.1 Service Description at the endpoint, `VoID` at
//! `/.well-known/void`, and the whole store at `/dump.nq` and the like.

use super::addresses::rooted;
use super::context::Context;
use super::failure::Failure;
use super::latest::Made;
use super::negotiation::{GRAPH, Representation, SUFFIXES, negotiate};
use super::statistics::{self, Statistics};
use super::things::serialize;
use super::validators::Validators;
use super::{form, stream, things};
use crate::ontology::terms::NAMESPACE;
use crate::sparql::{DefaultGraph, Format};
use crate::store::{Checkpoint, DumpError};
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, HOST, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{GraphName, Literal, NamedNode, Quad, Term};
use spargeo::GEOSPARQL_EXTENSION_FUNCTIONS;
use std::sync::Arc;
use tokio::task::spawn_blocking;

const SD: &str = "http://www.w3.org/ns/sparql-service-description#";
const VOID: &str = "http://rdfs.org/ns/void#";
const DCTERMS: &str = "http://purl.org/dc/terms/";
const FORMATS: &str = "http://www.w3.org/ns/formats/";

const RESULT_FORMATS: [&str; 10] = [
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "N-Quads",
    "TriG",
    "JSON-LD",
    "RDF_XML",
];

/// The vocabularies that the graph is written in, besides our own.
const VOCABULARIES: [&str; 9] = [
    "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "http://www.w3.org/ns/prov#",
    "https://schema.org/",
    "http://www.opengis.net/ont/geosparql#",
    "http://www.w3.org/2006/time#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "http://groundedannotationframework.org/gaf#",
    "http://purl.org/dc/terms/",
];

/// The description of the endpoint.
pub(super) async fn service(context: &Context, format: Option<&str>, headers: &HeaderMap) -> Result<Response, Failure> {
    let chosen = negotiate(headers, format, GRAPH)?;
    let counted = counted(context).await?;
    let statistics = &counted.what;
    let endpoint = endpoint(context, headers)?;
    let mut said = Said::default();
    let service = node(&format!("{}#service", endpoint.as_str()))?;
    said.add(&service, rdf::TYPE.as_str(), node(&format!("{SD}Service"))?);
    said.add(&service, &format!("{SD}endpoint"), endpoint);
    said.add(&service, &format!("{DCTERMS}title"), Literal::from("Belligraph"));
    said.add(&service, &format!("{DCTERMS}license"), node(&context.settings().licence)?);
    said.add(&service, &format!("{SD}supportedLanguage"), node(&format!("{SD}SPARQL11Query"))?);
    if context.settings().tokens.is_some() {
        said.add(&service, &format!("{SD}supportedLanguage"), node(&format!("{SD}SPARQL11Update"))?);
    }
    if context.settings().default_graph == DefaultGraph::Union {
        said.add(&service, &format!("{SD}feature"), node(&format!("{SD}UnionDefaultGraph"))?);
    }
    if !context.settings().limits.services.allowed.is_empty() {
        said.add(&service, &format!("{SD}feature"), node(&format!("{SD}BasicFederatedQuery"))?);
    }
    for name in RESULT_FORMATS {
        said.add(&service, &format!("{SD}resultFormat"), node(&format!("{FORMATS}{name}"))?);
    }
    for (function, _) in GEOSPARQL_EXTENSION_FUNCTIONS {
        said.add(&service, &format!("{SD}extensionFunction"), function.into_owned());
        said.add(&function.into_owned(), rdf::TYPE.as_str(), node(&format!("{SD}Function"))?);
    }
    let dataset = node(&format!("{}.well-known/void#dataset", context.base()))?;
    let default = node(&format!("{}.well-known/void#default-graph", context.base()))?;
    said.add(&service, &format!("{SD}defaultDataset"), dataset.clone());
    said.add(&dataset, rdf::TYPE.as_str(), node(&format!("{SD}Dataset"))?);
    said.add(&dataset, &format!("{SD}defaultGraph"), default.clone());
    said.add(&default, rdf::TYPE.as_str(), node(&format!("{SD}Graph"))?);
    let triples = if context.settings().default_graph == DefaultGraph::Union {
        statistics.triples
    } else {
        statistics.graphs.iter().find(|(name, _)| name.is_none()).map_or(0, |(_, count)| *count)
    };
    said.add(&default, &format!("{VOID}triples"), number(triples));
    let comment = "Each article has a graph of its own, named like the article; they are too many to be listed here.";
    said.add(&dataset, rdfs::COMMENT.as_str(), Literal::new_language_tagged_literal_unchecked(comment, "en"));
    for (name, count) in &statistics.graphs {
        let Some(name) = name else { continue };
        let graph = node(&format!("{}.well-known/void#graph-{}", context.base(), short(context.base(), name)))?;
        said.add(&dataset, &format!("{SD}namedGraph"), graph.clone());
        said.add(&graph, rdf::TYPE.as_str(), node(&format!("{SD}NamedGraph"))?);
        said.add(&graph, &format!("{SD}name"), node(name)?);
        said.add(&graph, &format!("{VOID}triples"), number(*count));
    }
    said.respond(context, &counted, chosen, headers)
}

/// A name in the form of a fragment.
fn short(base: &str, name: &str) -> String {
    let name = name.strip_prefix(base).unwrap_or(name);
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// The address of the endpoint as the client knows it: under the base if that is where it asks, else at the host it names.
fn endpoint(context: &Context, headers: &HeaderMap) -> Result<NamedNode, Failure> {
    let base = context.base();
    let authority = base.split('/').nth(2).unwrap_or_default();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or(authority);
    if host == authority {
        return node(&format!("{base}sparql"));
    }
    // The scheme is what the proxy says it was asked by.
    let scheme = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok());
    let scheme = scheme.filter(|scheme| *scheme == "https").unwrap_or("http");
    let address = format!("{scheme}://{host}{}", rooted("/sparql"));
    NamedNode::new(address).map_err(|_| Failure::bad(format!("`{host}` is no host")))
}

/// The description of the data.
pub(super) async fn void(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let asked = form::parameter(parameters.as_deref(), "format")?;
    let chosen = negotiate(&headers, asked.as_deref(), GRAPH)?;
    let counted = counted(&context).await?;
    let said = describe(&context, &counted, endpoint(&context, &headers)?)?;
    said.respond(&context, &counted, chosen, &headers)
}

fn describe(context: &Context, counted: &Made<Statistics>, endpoint: NamedNode) -> Result<Said, Failure> {
    let (base, statistics) = (context.base(), &counted.what);
    let void = |name: &str| format!("{VOID}{name}");
    let mut said = Said::default();
    let document = node(&format!("{base}.well-known/void"))?;
    let dataset = node(&format!("{base}.well-known/void#dataset"))?;
    said.add(&document, rdf::TYPE.as_str(), node(&void("DatasetDescription"))?);
    said.add(&document, "http://xmlns.com/foaf/0.1/primaryTopic", dataset.clone());
    said.add(&dataset, rdf::TYPE.as_str(), node(&void("Dataset"))?);
    said.add(&dataset, &format!("{DCTERMS}title"), Literal::from("Belligraph"));
    let description = "Events, actors, places, tolls and control of territory, read from news about armed conflict; \
        each fact with the sentence it was read from.";
    said.add(
        &dataset,
        &format!("{DCTERMS}description"),
        Literal::new_language_tagged_literal_unchecked(description, "en"),
    );
    said.add(&dataset, &format!("{DCTERMS}license"), node(&context.settings().licence)?);
    if let Some(modified) = counted.changed {
        let modified = Literal::new_typed_literal(format!("{modified:.0}"), xsd::DATE_TIME);
        said.add(&dataset, &format!("{DCTERMS}modified"), modified);
    }
    // What is served at an address is named by the one that this document was asked for at.
    let served = endpoint.as_str().strip_suffix("sparql").unwrap_or(base).to_owned();
    said.add(&dataset, &void("sparqlEndpoint"), endpoint);
    said.add(&dataset, &void("uriSpace"), Literal::from(base));
    for (suffix, format) in DUMPS {
        said.add(&dataset, &void("dataDump"), node(&format!("{served}dump.{suffix}"))?);
        said.add(&dataset, &void("feature"), node(&format!("{FORMATS}{format}"))?);
    }
    said.add(&dataset, &void("vocabulary"), node(NAMESPACE)?);
    for vocabulary in VOCABULARIES {
        said.add(&dataset, &void("vocabulary"), node(vocabulary)?);
    }
    for example in &statistics.examples {
        said.add(&dataset, &void("exampleResource"), node(example)?);
    }
    said.add(&dataset, &void("triples"), number(statistics.triples));
    said.add(&dataset, &void("classes"), number(statistics.classes.len()));
    said.add(&dataset, &void("properties"), number(statistics.properties.len()));
    said.add(&dataset, &void("documents"), number(statistics.articles));
    for (kind, name, counted, lists) in [
        ("class", "class", "entities", &statistics.classes),
        ("property", "property", "triples", &statistics.properties),
    ] {
        for (i, (iri, count)) in lists.iter().enumerate() {
            let part = node(&format!("{base}.well-known/void#{kind}-{i}"))?;
            said.add(&dataset, &void(&format!("{kind}Partition")), part.clone());
            said.add(&part, &void(name), node(iri)?);
            said.add(&part, &void(counted), number(*count));
        }
    }
    Ok(said)
}

/// The suffixes of dumps, and the names of their formats.
const DUMPS: [(&str, &str); 3] = [("nq", "N-Quads"), ("trig", "TriG"), ("ttl", "Turtle")];

/// The whole store in one document.
pub(super) async fn dump(
    State(context): State<Context>,
    Path(suffix): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let known = SUFFIXES.iter().find(|(known, format)| *known == suffix && format.triples().is_some());
    let names = || DUMPS.map(|(suffix, _)| format!("/dump.{suffix}")).join(", ");
    let (_, format) = known.ok_or_else(|| Failure::missing(format!("there are {}", names())))?;
    let representation = GRAPH.iter().find(|one| one.format == *format).copied();
    let representation = representation.ok_or_else(|| Failure::missing(names()))?;
    let checkpoint = context.checkpoint();
    let validators =
        Validators::of(&[checkpoint.revision().as_bytes(), b"dump", suffix.as_bytes()], checkpoint.changed());
    if validators.are_known(&headers) {
        return Ok(validators.settle(Response::new(Body::empty()), &headers));
    }
    let rdf = format.triples().ok_or_else(|| Failure::missing(names()))?;
    let prefixes = context.prefixes().clone();
    let body = stream::whole(&context, move |output| {
        let prefixes = if things::has_prefixes(rdf) { prefixes.iter().collect() } else { Vec::new() };
        checkpoint.store().dump(output, rdf, None, prefixes).map_err(|error| match error {
            DumpError::Write(error) => Failure::of_output(&error),
            error => Failure::fault(error),
        })?;
        Ok(())
    })
    .await?;
    let mut response = validators.settle(stream::response(body, representation), &headers);
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"belligraph.{suffix}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn node(iri: &str) -> Result<NamedNode, Failure> {
    NamedNode::new(iri).map_err(Failure::fault)
}

fn number(count: usize) -> Literal {
    Literal::from(count as u64)
}

/// A small document in the making.
#[derive(Debug, Default)]
struct Said {
    quads: Vec<Quad>,
}

impl Said {
    fn add(&mut self, subject: &NamedNode, predicate: &str, object: impl Into<Term>) {
        let predicate = NamedNode::new_unchecked(predicate);
        self.quads.push(Quad::new(subject.clone(), predicate, object, GraphName::DefaultGraph));
    }

    fn respond(
        &self,
        context: &Context,
        counted: &Made<Statistics>,
        chosen: Representation,
        request: &HeaderMap,
    ) -> Result<Response, Failure> {
        let format =
            chosen.format.triples().unwrap_or_else(|| Format::Turtle.triples().unwrap_or(oxrdfio::RdfFormat::Turtle));
        let body = serialize(&self.quads, format, context.prefixes())?;
        let validators = Validators::of(&[&body], counted.changed);
        let mut response = validators.settle(stream::response(Body::from(body), chosen), request);
        things::link(response.headers_mut(), &context.settings().licence, "license", None);
        response.headers_mut().append(VARY, HeaderValue::from_static("host, x-forwarded-proto"));
        Ok(response)
    }
}

/// What there is in the store.
async fn counted(context: &Context) -> Result<Arc<Made<Statistics>>, Failure> {
    let context = context.clone();
    let count = |checkpoint: &Checkpoint| statistics::count(checkpoint.store());
    let counted = spawn_blocking(move || context.statistics().of(&context.checkpoint(), count));
    counted.await.map_err(Failure::fault)?
}
