//! Shapes against domains and ranges: what a shape asks for can be there.

use super::finding::Findings;
use super::graph::{Graph, Subject};
use crate::ontology::terms::short;
use oxrdf::NamedNodeRef;
use oxrdf::vocab::rdfs;

const THING: &str = "http://www.w3.org/2002/07/owl#Thing";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

macro_rules! shacl {
    ($($name:ident $local:literal)*) => {
        $(const $name: NamedNodeRef<'static> =
            NamedNodeRef::new_unchecked(concat!("http://www.w3.org/ns/shacl#", $local));)*
    };
}

shacl! {
    TARGET_CLASS "targetClass"
    PROPERTY "property"
    PATH "path"
    CLASS "class"
    DATATYPE "datatype"
    MAX_COUNT "maxCount"
}

pub(super) fn check(graph: &Graph, findings: &mut Findings<'_>) {
    for shape in &graph.subjects {
        let targets: Vec<&str> = shape.iris(TARGET_CLASS).collect();
        for property in shape.names(PROPERTY) {
            let Some(asked) = graph.subject(&property) else { continue };
            // A shape may say that there is none of a property.
            if asked.literals(MAX_COUNT).any(|count| count.value() == "0") {
                continue;
            }
            for path in asked.iris(PATH) {
                let Some(term) = graph.subject(path) else { continue };
                domain(graph, shape, &targets, term, findings);
                range(graph, shape, asked, term, findings);
            }
        }
    }
}

/// Whether two classes can have an instance in common by what is declared: one is above the other.
fn meet(graph: &Graph, one: &str, other: &str) -> bool {
    one == THING || other == THING || graph.ontology.is_subclass(one, other) || graph.ontology.is_subclass(other, one)
}

fn domain(graph: &Graph, shape: &Subject, targets: &[&str], term: &Subject, findings: &mut Findings<'_>) {
    let domains: Vec<&str> = term.iris(rdfs::DOMAIN).collect();
    for target in targets {
        // Classes of other vocabularies are not known well enough.
        if !domains.iter().all(|d| graph.ontology.declares(d)) || !graph.ontology.declares(target) {
            continue;
        }
        if !domains.is_empty() && !domains.iter().any(|d| meet(graph, d, target)) {
            let message = format!(
                "asks for `{}` of `{}`; its domain is `{}`",
                findings.shorten(&term.name),
                findings.shorten(target),
                findings.shorten(domains[0])
            );
            let hint = "widen the domain, or ask another class";
            findings.about("wrong-domain", &shape.name, short(&term.name), message, hint);
        }
    }
}

fn range(graph: &Graph, shape: &Subject, asked: &Subject, term: &Subject, findings: &mut Findings<'_>) {
    let ranges: Vec<&str> = term.iris(rdfs::RANGE).collect();
    if ranges.is_empty() {
        return;
    }
    for class in asked.iris(CLASS).filter(|c| graph.ontology.declares(c)) {
        let known = ranges.iter().all(|r| graph.ontology.declares(r) || r.starts_with(XSD));
        if known && !ranges.iter().any(|r| meet(graph, r, class)) {
            let message = format!(
                "asks for values of `{}` in `{}`; its range is `{}`",
                findings.shorten(&term.name),
                findings.shorten(class),
                findings.shorten(ranges[0])
            );
            findings.about("wrong-range", &shape.name, short(&term.name), message, "mend the shape or the range");
        }
    }
    for datatype in asked.iris(DATATYPE).filter(|d| d.starts_with(XSD)) {
        let others = ranges.iter().all(|r| r.starts_with(XSD) || graph.ontology.declares(r));
        if others && !ranges.contains(&datatype) {
            let message = format!(
                "asks for `{}` as `{}`; its range is `{}`",
                findings.shorten(&term.name),
                findings.shorten(datatype),
                findings.shorten(ranges[0])
            );
            findings.about("wrong-range", &shape.name, short(&term.name), message, "mend the shape or the range");
        }
    }
}
