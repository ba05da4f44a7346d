//! The triples of a document as compact JSON-LD: what a script reads without an RDF library.
//!
//! [`compact`] gives each thing an object with short names: prefixes stand in a context inside the document, so that nothing has to be
//! fetched to read it; a property whose values are all IRIs, or all of one datatype, says so once, in the context.
//! (JSON-LD 1.1, sections 3.1, 4.2 and 9; no blank nodes, no lists: the store has none.)

use crate::sparql::Prefixes;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedOrBlankNode, Quad, Term};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The document of some triples; in which graph each stands is not said.
pub(super) fn compact(quads: &[Quad], prefixes: &Prefixes) -> Value {
    let names = Names::of(quads, prefixes);
    let mut values: BTreeMap<&str, Vec<&Term>> = BTreeMap::new();
    let mut things: BTreeMap<String, BTreeMap<&str, Vec<&Term>>> = BTreeMap::new();
    for quad in quads {
        let property = quad.predicate.as_str();
        values.entry(property).or_default().push(&quad.object);
        let subject = match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => names.short(node.as_str()),
            NamedOrBlankNode::BlankNode(node) => node.to_string(),
        };
        let said = things.entry(subject).or_default().entry(property).or_default();
        if !said.contains(&&quad.object) {
            said.push(&quad.object);
        }
    }
    let kinds: BTreeMap<&str, Kind<'_>> =
        values.iter().map(|(property, values)| (*property, Kind::of(property, values))).collect();
    let mut nodes: Vec<Value> = things
        .iter()
        .map(|(subject, properties)| {
            let mut node = Map::from_iter([("@id".to_owned(), json!(subject))]);
            for (property, terms) in properties {
                let Some(kind) = kinds.get(property) else { continue };
                let key = if *kind == Kind::Type { "@type".to_owned() } else { names.short(property) };
                let mut said: Vec<Value> = terms.iter().map(|term| kind.value(term, &names)).collect();
                let value = if said.len() == 1 { said.remove(0) } else { Value::Array(said) };
                node.insert(key, value);
            }
            Value::Object(node)
        })
        .collect();
    let mut context = Map::new();
    for (property, kind) in &kinds {
        let declared = match kind {
            Kind::Iris => "@id".to_owned(),
            Kind::All(datatype) => names.short(datatype),
            Kind::Type | Kind::Mixed => continue,
        };
        context.insert(names.short(property), json!({ "@id": property, "@type": declared }));
    }
    for (name, iri) in names.used() {
        context.insert(name.to_owned(), json!(iri));
    }
    let mut document = Map::from_iter([("@context".to_owned(), Value::Object(context))]);
    match (nodes.pop(), nodes.is_empty()) {
        (Some(Value::Object(only)), true) => document.extend(only),
        (last, _) => {
            nodes.extend(last);
            document.insert("@graph".to_owned(), Value::Array(nodes));
        }
    }
    Value::Object(document)
}

/// What the values of a property have in common.
#[derive(Debug, PartialEq, Eq)]
enum Kind<'t> {
    /// The property is that of classes.
    Type,
    Iris,
    /// Literals of this datatype, which has no form of its own in JSON.
    All(&'t str),
    Mixed,
}

impl<'t> Kind<'t> {
    fn of(property: &str, values: &[&'t Term]) -> Self {
        let are_iris = values.iter().all(|value| !matches!(value, Term::Literal(_)));
        if property == rdf::TYPE.as_str() && are_iris {
            return Self::Type;
        }
        if are_iris {
            return Self::Iris;
        }
        let mut datatypes = values.iter().map(|value| match value {
            Term::Literal(literal) if literal.language().is_none() && native(literal).is_none() => {
                Some(literal.datatype().as_str())
            }
            _ => None,
        });
        match datatypes.next().flatten() {
            Some(first) if datatypes.all(|other| other == Some(first)) => Self::All(first),
            _ => Self::Mixed,
        }
    }

    fn value(&self, term: &Term, names: &Names<'_>) -> Value {
        match (term, self) {
            (Term::NamedNode(node), Self::Type | Self::Iris) => json!(names.short(node.as_str())),
            (Term::BlankNode(node), Self::Type | Self::Iris) => json!(node.to_string()),
            (Term::NamedNode(node), _) => json!({ "@id": names.short(node.as_str()) }),
            (Term::BlankNode(node), _) => json!({ "@id": node.to_string() }),
            (Term::Literal(literal), Self::All(_)) => json!(literal.value()),
            (Term::Literal(literal), _) => native(literal).unwrap_or_else(|| match literal.language() {
                Some(language) => json!({ "@value": literal.value(), "@language": language }),
                None => json!({ "@value": literal.value(), "@type": names.short(literal.datatype().as_str()) }),
            }),
        }
    }
}

/// The literal as JSON has it, if it comes back from there just so.
fn native(literal: &Literal) -> Option<Value> {
    let (text, datatype) = (literal.value(), literal.datatype());
    if literal.language().is_some() {
        return None;
    }
    if datatype == xsd::STRING {
        return Some(json!(text));
    }
    if datatype == xsd::BOOLEAN {
        return matches!(text, "true" | "false").then(|| json!(text == "true"));
    }
    // Every number of a script is a double.
    let number = text.parse::<i64>().ok().filter(|number| number.unsigned_abs() < 1 << 53)?;
    (datatype == xsd::INTEGER && number.to_string() == text).then(|| json!(number))
}

/// Short names of IRIs, and which prefixes they need.
struct Names<'p> {
    prefixes: Vec<(&'p str, &'p str)>,
    used: RefCell<BTreeSet<(&'p str, &'p str)>>,
}

impl<'p> Names<'p> {
    fn of(quads: &[Quad], prefixes: &'p Prefixes) -> Self {
        // `geo:1,2` is an IRI by itself: where such a one stands, `geo` is no prefix.
        let mut schemes = BTreeSet::new();
        let mut note = |iri: &str| {
            if let Some((scheme, _)) = iri.split_once(':').filter(|(scheme, _)| !scheme.starts_with("http")) {
                schemes.insert(scheme.to_owned());
            }
        };
        for quad in quads {
            note(quad.predicate.as_str());
            if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
                note(subject.as_str());
            }
            match &quad.object {
                Term::NamedNode(object) => note(object.as_str()),
                Term::Literal(literal) => note(literal.datatype().as_str()),
                Term::BlankNode(_) => {}
            }
        }
        let prefixes = prefixes.iter().filter(|(name, _)| !schemes.contains(*name)).collect();
        Self { prefixes, used: RefCell::default() }
    }

    fn short(&self, iri: &str) -> String {
        let fitting = self.prefixes.iter().filter_map(|(name, namespace)| {
            let local = iri.strip_prefix(namespace)?;
            // After `//` a processor takes the whole for an IRI.
            (!local.starts_with("//")).then_some((name, namespace, local))
        });
        match fitting.min_by_key(|(.., local)| local.len()) {
            Some((name, namespace, local)) => {
                self.used.borrow_mut().insert((name, namespace));
                format!("{name}:{local}")
            }
            None => iri.to_owned(),
        }
    }

    fn used(&self) -> BTreeSet<(&'p str, &'p str)> {
        self.used.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

    use super::{Prefixes, Quad, compact};
    use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParser};
    use std::collections::BTreeSet;

    fn read(format: RdfFormat, text: &str) -> Vec<Quad> {
        RdfParser::from_format(format).for_slice(text).map(Result::unwrap).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = r#"
            PREFIX bg: <https://w3id.org/belligraph/ontology#>
            PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
            <http://b/event/a/h1> a bg:Battle, bg:Event ; bg:place <http://b/place/x>, <geo:1,2> ;
              bg:earliest "2016-01-01"^^xsd:date ; bg:min 5, 007 ; bg:isBackground true ;
              bg:text "plain", "with a language"@en, "of a type"^^<http://e/t> ; <http://b/p> <http://b/place/x>, "mixed" ;
              bg:latest "2016-01-02"^^xsd:date, "about 2016" .
            <http://b/place/x> bg:text "X" ; <http://b/place///y> <http://b/event/a/h1> .
        "#;
        let quads = read(RdfFormat::Turtle, text);
        let document = compact(&quads, &Prefixes::of_base("http://b/"));
        let again = read(RdfFormat::JsonLd { profile: JsonLdProfileSet::default() }, &document.to_string());
        let set = |quads: &[Quad]| quads.iter().map(Quad::to_string).collect::<BTreeSet<_>>();
        assert_eq!(set(&again), set(&quads), "{document:#}");
        assert_eq!(document["@context"]["bg:earliest"]["@type"], "xsd:date");
        assert_eq!(document["@graph"][0]["bg:earliest"], "2016-01-01");
        assert_eq!(document["@graph"][0]["bg:isBackground"], true);
        assert!(document["@context"]["geo"].is_null());
        let one = compact(quads.get(..1).unwrap(), &Prefixes::of_base("http://b/"));
        assert_eq!((&one["@id"], &one["@type"]), (&"event:a/h1".into(), &"bg:Battle".into()));
    }
}
