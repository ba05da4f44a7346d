//! The vocabulary: every file parses with two parsers, every term is described, and the constants agree with it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::ontology::embedded::FILES;
use belligraph::ontology::terms::{self, class, concept, property};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNodeRef, Triple};
use oxttl::TurtleParser;
use rio_api::parser::TriplesParser;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn triples(turtle: &str) -> Vec<Triple> {
    TurtleParser::new().for_slice(turtle.as_bytes()).collect::<Result<_, _>>().unwrap()
}

fn all_triples() -> Vec<Triple> {
    FILES.iter().flat_map(|f| triples(f.turtle)).collect()
}

#[test]
fn the_embedded_list_is_the_folder() {
    fn walk(dir: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_some_and(|e| e == "ttl") {
                found.insert(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology");
    let mut found = BTreeSet::new();
    walk(&root, &root, &mut found);
    let listed: BTreeSet<String> = FILES.iter().map(|f| f.path.to_owned()).collect();
    assert_eq!(found, listed);
}

#[test]
fn every_file_reads_the_same_with_two_parsers() {
    for file in FILES {
        let ours = triples(file.turtle).len();
        let mut theirs = 0;
        let mut parser = rio_turtle::TurtleParser::new(file.turtle.as_bytes(), None);
        let result: Result<(), rio_turtle::TurtleError> = parser.parse_all(&mut |_| {
            theirs += 1;
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{}: {e}", file.path));
        assert_eq!(ours, theirs, "{}", file.path);
    }
}

/// The predicates that each named subject has.
fn described() -> BTreeMap<String, BTreeSet<String>> {
    let mut terms = BTreeMap::<String, BTreeSet<String>>::new();
    for t in all_triples() {
        if let oxrdf::NamedOrBlankNode::NamedNode(s) = &t.subject {
            terms.entry(s.as_str().to_owned()).or_default().insert(t.predicate.as_str().to_owned());
        }
    }
    terms
}

#[test]
fn every_constant_is_declared() {
    let terms = described();
    for iri in [class::ALL, property::ALL, concept::ALL].concat() {
        assert!(terms.get(iri.as_str()).is_some_and(|p| p.contains(rdf::TYPE.as_str())), "{iri} is not declared");
    }
}

#[test]
fn every_property_concept_and_basic_class_has_its_constant() {
    let known: BTreeSet<&str> =
        [class::ALL, property::ALL, concept::ALL].concat().iter().map(|i: &NamedNodeRef<'static>| i.as_str()).collect();
    for file in FILES.iter().filter(|f| ["core.ttl", "actors.ttl", "frames.ttl", "schemes.ttl"].contains(&f.path)) {
        for t in triples(file.turtle).iter().filter(|t| t.predicate == rdf::TYPE) {
            let iri = t.subject.to_string();
            let iri = iri.trim_matches(['<', '>']);
            let scheme = t.object.to_string().ends_with("#ConceptScheme>");
            assert!(!iri.starts_with(terms::NAMESPACE) || scheme || known.contains(iri), "{iri} has no constant");
        }
    }
}

#[test]
fn every_term_has_label_definition_example_and_home() {
    let declared: BTreeSet<String> = all_triples()
        .iter()
        .filter(|t| t.predicate == rdf::TYPE)
        .map(|t| t.subject.to_string().trim_matches(['<', '>']).to_owned())
        .collect();
    for (iri, predicates) in described() {
        if !iri.starts_with(terms::NAMESPACE) {
            continue;
        }
        assert!(declared.contains(&iri), "{iri} is used as a subject and not declared");
        for wanted in [
            rdfs::LABEL.as_str(),
            rdfs::IS_DEFINED_BY.as_str(),
            terms::external::SKOS_DEFINITION.as_str(),
            terms::external::SKOS_EXAMPLE.as_str(),
        ] {
            assert!(predicates.contains(wanted), "{iri} lacks {wanted}");
        }
    }
}

#[test]
fn every_term_used_is_declared() {
    let terms_described = described();
    for file in FILES {
        for t in triples(file.turtle) {
            let mut used = vec![t.predicate.as_str().to_owned()];
            if let oxrdf::Term::NamedNode(o) = &t.object {
                used.push(o.as_str().to_owned());
            }
            for iri in used.iter().filter(|i| i.starts_with(terms::NAMESPACE)) {
                assert!(terms_described.contains_key(iri), "{}: {iri} is not declared", file.path);
            }
        }
    }
}
