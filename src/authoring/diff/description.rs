//! What is said of each term, in a form that does not depend on the names of blank nodes.

use oxrdf::graph::{CanonicalizationAlgorithm, Graph};
use oxrdf::vocab::rdf;
use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The descriptions of an ontology.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    /// By the IRI of the subject.
    pub(super) named: BTreeMap<String, Description>,
    /// Blank nodes that nothing leads to, written out, with how often each occurs.
    pub(super) unnamed: BTreeMap<String, usize>,
}

/// What is said of one term.
#[derive(Debug, Default)]
pub(super) struct Description {
    /// Property and value, the value as it is written, with what hangs on blank nodes.
    pub(super) statements: BTreeSet<(String, String)>,
    plain: Vec<(NamedNode, Term)>,
    /// The canonical form, if blank nodes are shared or go in circles, so that the statements do not tell all.
    canonical: Option<BTreeSet<String>>,
}

impl Description {
    pub(super) fn objects<'d>(&'d self, predicate: NamedNodeRef<'d>) -> impl Iterator<Item = Term> + use<'d> {
        self.plain.iter().filter(move |(p, _)| p.as_ref() == predicate).map(|(_, object)| object.clone())
    }

    pub(super) fn object(&self, predicate: NamedNodeRef<'_>) -> Option<Term> {
        self.plain.iter().find(|(p, _)| p.as_ref() == predicate).map(|(_, object)| object.clone())
    }

    pub(super) fn has_type(&self, class: NamedNodeRef<'_>) -> bool {
        self.objects(rdf::TYPE).any(|object| object == class.into_owned().into())
    }

    /// The literal of a property, English if there is one.
    pub(super) fn text(&self, predicate: NamedNodeRef<'_>) -> Option<String> {
        let literals = self.plain.iter().filter(|(p, _)| p.as_ref() == predicate);
        let mut literals: Vec<&Literal> =
            literals.filter_map(|(_, o)| if let Term::Literal(l) = o { Some(l) } else { None }).collect();
        literals.sort_by_key(|literal| {
            (literal.language() != Some("en"), literal.language().is_some(), literal.value().to_owned())
        });
        literals.first().map(|literal| literal.value().to_owned())
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.statements == other.statements && self.canonical == other.canonical
    }
}

/// Describes every subject.
pub(super) fn describe(triples: &[Triple]) -> Descriptions {
    let mut below: HashMap<&str, Vec<&Triple>> = HashMap::new();
    let mut led_to: HashMap<&str, usize> = HashMap::new();
    for triple in triples {
        if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
            below.entry(node.as_str()).or_default().push(triple);
        }
        if let Term::BlankNode(node) = &triple.object {
            *led_to.entry(node.as_str()).or_default() += 1;
        }
    }
    let writer = Writer { below: &below, led_to: &led_to };
    let mut found = Descriptions::default();
    let mut roots = BTreeSet::new();
    for triple in triples {
        match &triple.subject {
            NamedOrBlankNode::NamedNode(subject) => {
                let description = found.named.entry(subject.as_str().to_owned()).or_default();
                let value = writer.written(&triple.object, &mut Vec::new());
                if description.statements.insert((triple.predicate.as_str().to_owned(), value)) {
                    description.plain.push((triple.predicate.clone(), triple.object.clone()));
                }
            }
            NamedOrBlankNode::BlankNode(node) if !led_to.contains_key(node.as_str()) => {
                roots.insert(node.as_str());
            }
            NamedOrBlankNode::BlankNode(_) => {}
        }
    }
    for root in roots {
        let text = writer.bracketed(root, &mut vec![root.to_owned()]);
        *found.unnamed.entry(text).or_default() += 1;
    }
    for (subject, description) in &mut found.named {
        description.canonical = writer.canonical(subject, &description.plain);
    }
    found
}

struct Writer<'t> {
    below: &'t HashMap<&'t str, Vec<&'t Triple>>,
    led_to: &'t HashMap<&'t str, usize>,
}

impl Writer<'_> {
    /// A value as it is compared and shown.
    fn written(&self, term: &Term, above: &mut Vec<String>) -> String {
        let Term::BlankNode(node) = term else { return term.to_string() };
        if above.iter().any(|name| name == node.as_str()) {
            return "[…]".to_owned();
        }
        above.push(node.as_str().to_owned());
        let text = match self.list(node.as_str()) {
            Some(members) => {
                let members: Vec<String> = members.into_iter().map(|member| self.written(member, above)).collect();
                format!("( {} )", members.join(" "))
            }
            None => self.bracketed(node.as_str(), above),
        };
        above.pop();
        text
    }

    /// The members of a well-formed list.
    fn list(&self, head: &str) -> Option<Vec<&Term>> {
        let mut members = Vec::new();
        let mut at = head.to_owned();
        loop {
            let [one, other] = &**self.below.get(at.as_str())? else { return None };
            let (first, rest) = if one.predicate.as_ref() == rdf::FIRST { (one, other) } else { (other, one) };
            if first.predicate.as_ref() != rdf::FIRST || rest.predicate.as_ref() != rdf::REST {
                return None;
            }
            members.push(&first.object);
            match &rest.object {
                Term::NamedNode(node) if node.as_ref() == rdf::NIL => return Some(members),
                Term::BlankNode(node) if members.len() <= self.below.len() => node.as_str().clone_into(&mut at),
                _ => return None,
            }
        }
    }

    fn bracketed(&self, node: &str, above: &mut Vec<String>) -> String {
        let triples = self.below.get(node).map(Vec::as_slice).unwrap_or_default();
        let mut parts: Vec<String> = triples
            .iter()
            .map(|triple| format!("{} {}", triple.predicate, self.written(&triple.object, above)))
            .collect();
        parts.sort();
        format!("[ {} ]", parts.join(" ; "))
    }

    /// The statements below a subject in canonical form; none if no blank node is led to twice.
    fn canonical(&self, subject: &str, plain: &[(NamedNode, Term)]) -> Option<BTreeSet<String>> {
        let subject = NamedNode::new_unchecked(subject);
        let mut graph = Graph::new();
        let mut waiting: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut is_shared = false;
        let mut wait = |term: &Term, waiting: &mut Vec<String>| {
            if let Term::BlankNode(node) = term {
                is_shared |= self.led_to.get(node.as_str()).is_some_and(|count| *count > 1);
                if seen.insert(node.as_str().to_owned()) {
                    waiting.push(node.as_str().to_owned());
                }
            }
        };
        for (predicate, object) in plain {
            graph.insert(&Triple::new(subject.clone(), predicate.clone(), object.clone()));
            wait(object, &mut waiting);
        }
        while let Some(node) = waiting.pop() {
            for triple in self.below.get(node.as_str()).into_iter().flatten() {
                graph.insert(*triple);
                wait(&triple.object, &mut waiting);
            }
        }
        if !is_shared {
            return None;
        }
        graph.canonicalize(CanonicalizationAlgorithm::Rdfc10 {
            hash_algorithm: oxrdf::graph::CanonicalizationHashAlgorithm::Sha256,
        });
        Some(graph.iter().map(|triple| triple.to_string()).collect())
    }
}
