//! The prefixes that need no declaration, and IRIs written short with them.

use crate::ontology::terms;
use crate::store::vocabulary;
use oxrdf::NamedNode;
use oxrdfio::RdfSerializer;
use spargebra::SparqlParser;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

const WELL_KNOWN: [(&str, &str); 17] = [
    ("bg", terms::NAMESPACE),
    ("bgs", vocabulary::NAMESPACE),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("gaf", "http://groundedannotationframework.org/gaf#"),
    ("geo", "http://www.opengis.net/ont/geosparql#"),
    ("geof", "http://www.opengis.net/def/function/geosparql/"),
    ("nif", "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("sem", "http://semanticweb.cs.vu.nl/2009/11/sem/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("time", "http://www.w3.org/2006/time#"),
    ("uom", "http://www.opengis.net/def/uom/OGC/1.0/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// Prefixes for what a store mints, each the name of a path under its base.
const MINTED: [&str; 8] = ["actor", "article", "event", "graph", "place", "report", "run", "situation"];

/// Prefix names and their IRIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    base: String,
    list: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    parser: Parser,
}

/// The parser that knows the prefixes, made when it is first needed. It follows from them, so they are equal whether or not it was.
#[derive(Clone, Default)]
struct Parser(OnceLock<SparqlParser>);

impl fmt::Debug for Parser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parser")
    }
}

impl PartialEq for Parser {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Parser {}

impl Prefixes {
    /// The well-known ones and those of a store with this base: `place:` for `{base}place/`, and so on; `bgr:` for
    /// whatever else is under the base.
    ///
    /// # Examples
    ///
    /// ```
    /// let prefixes = belligraph::sparql::Prefixes::of_base("http://localhost:7878/");
    /// assert_eq!(prefixes.shorten("http://localhost:7878/place/benghazi"), "place:benghazi");
    /// assert_eq!(prefixes.shorten("http://localhost:7878/event/a-1/h12"), r"event:a-1\/h12");
    /// assert_eq!(prefixes.shorten("http://example.org/x"), "<http://example.org/x>");
    /// ```
    pub fn of_base(base: &str) -> Self {
        let known = WELL_KNOWN.into_iter().map(|(name, iri)| (name.into(), iri.into()));
        let minted = MINTED.into_iter().map(|name| (name.into(), format!("{base}{name}/").into()));
        let list = known.chain(minted).chain([("bgr".into(), base.to_owned().into())]).collect();
        Self { base: base.to_owned(), list, parser: Parser::default() }
    }

    /// The base IRI.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The names and their IRIs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(name, iri)| (&**name, &**iri))
    }

    /// A parser of queries and updates that knows them; relative IRIs are relative to the base.
    pub(super) fn parser(&self) -> SparqlParser {
        let make = || {
            let mut parser = SparqlParser::new();
            if let Ok(with_base) = parser.clone().with_base_iri(&self.base) {
                parser = with_base;
            }
            for (name, iri) in self.iter() {
                if let Ok(with_prefix) = parser.clone().with_prefix(name, iri) {
                    parser = with_prefix;
                }
            }
            parser
        };
        self.parser.0.get_or_init(make).clone()
    }

    /// The same serializer, which writes IRIs short with them where its format can.
    pub fn declared_by(&self, serializer: RdfSerializer) -> RdfSerializer {
        let plain = RdfSerializer::from_format(serializer.format());
        self.iter().try_fold(serializer, |serializer, (name, iri)| serializer.with_prefix(name, iri)).unwrap_or(plain)
    }

    /// An IRI as short as can be and still valid in a query.
    pub fn shorten(&self, iri: &str) -> String {
        let mut best: Option<(&str, &str)> = None;
        for (name, namespace) in self.iter() {
            if let Some(local) = iri.strip_prefix(namespace)
                && best.is_none_or(|(_, shortest)| local.len() < shortest.len())
            {
                best = Some((name, local));
            }
        }
        match best.and_then(|(name, local)| Some((name, escape_local(local)?))) {
            Some((name, local)) => format!("{name}:{local}"),
            None => format!("<{iri}>"),
        }
    }

    /// The IRI of a prefixed name. None if the prefix is not known.
    pub fn expand(&self, name: &str) -> Option<NamedNode> {
        let (prefix, local) = name.split_once(':')?;
        let (_, namespace) = self.iter().find(|(name, _)| *name == prefix)?;
        NamedNode::new(format!("{namespace}{}", local.replace('\\', ""))).ok()
    }
}

/// The local part of a prefixed name (`PN_LOCAL` of SPARQL 1.1), with escapes where it needs them. None if it cannot be one.
fn escape_local(local: &str) -> Option<String> {
    let mut escaped = String::with_capacity(local.len());
    let last = local.chars().count().saturating_sub(1);
    for (i, c) in local.chars().enumerate() {
        let plain =
            c.is_alphanumeric() || matches!(c, '_' | ':') || (i > 0 && c == '-') || (i > 0 && i < last && c == '.');
        if !plain {
            if !matches!(c, '_'..='_' | '~' | '.' | '-' | '!' | '$' | '&' | '\'' | '('..=',' | ';' | '=' | '/' | '?' | '#' | '@' | '%')
            {
                return None;
            }
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Some(escaped)
}
