//! Terms: declared, described, connected.

use super::finding::Findings;
use super::graph::{Graph, Subject, TermKind, namespace};
use crate::ontology::terms::{self, class, external};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{Literal, NamedNodeRef, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const DEPRECATED: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#deprecated");
const REPLACED_BY: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://purl.org/dc/terms/isReplacedBy");
const EXAMPLE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#example");

/// How many undeclared terms are compared with all declared ones.
const GUESSES: usize = 20;

pub(super) fn check(graph: &Graph, findings: &mut Findings<'_>) {
    undeclared(graph, findings);
    let referred = graph.referred();
    for (subject, kind) in graph.terms() {
        described(subject, kind, findings);
        named(subject, kind, findings);
        connected(graph, subject, kind, findings);
        let program = [class::ALL, terms::property::ALL, terms::concept::ALL];
        let named = program.iter().any(|all| all.iter().any(|iri| iri.as_str() == subject.name));
        if kind != TermKind::Concept && !named && !referred.contains(subject.name.as_str()) && !is_event(graph, subject)
        {
            let hint = "remove it, or use it in a frame, a shape or another term";
            findings.about("unused", &subject.name, "", "nothing refers to it".to_owned(), hint);
        }
    }
    same_texts(graph, findings);
    headers(graph, findings);
}

/// Events are made of classes whether or not another term names them.
fn is_event(graph: &Graph, subject: &Subject) -> bool {
    graph.ontology.is_subclass(&subject.name, class::EVENTUALITY.as_str())
}

fn undeclared(graph: &Graph, findings: &mut Findings<'_>) {
    let mut namespaces = graph.namespaces();
    namespaces.retain(|space| !BUILT_IN.contains(&space.as_str()));
    let is_declared = |iri: &str| graph.subject(iri).is_some_and(|s| s.has(rdf::TYPE));
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut guesses = 0;
    for subject in &graph.subjects {
        for said in &subject.said {
            let object = match &said.object {
                Term::NamedNode(node) => Some(node.as_str()),
                _ => None,
            };
            for iri in std::iter::once(said.predicate.as_str()).chain(object) {
                if is_declared(iri) || !namespaces.contains(namespace(iri)) {
                    continue;
                }
                let owner = graph.owner(&subject.name);
                if !seen.insert((owner, iri)) {
                    continue;
                }
                guesses += 1;
                let near = if guesses <= GUESSES { nearest(graph, iri) } else { None };
                let hint = match near {
                    Some(near) => format!("is `{}` meant?", findings.shorten(near)),
                    None => "declare it, or mend its name".to_owned(),
                };
                let message = format!("`{}` is not declared", findings.shorten(iri));
                findings.about("undeclared", owner, terms::short(iri), message, &hint);
            }
        }
    }
}

/// The declared term of the same namespace whose name differs least.
fn nearest<'g>(graph: &'g Graph, iri: &str) -> Option<&'g str> {
    let (space, local) = (namespace(iri), terms::short(iri));
    let candidates = graph.terms().map(|(s, _)| s.name.as_str()).filter(|name| namespace(name) == space);
    let near = candidates.filter(|name| terms::short(name).len().abs_diff(local.len()) <= 2);
    near.map(|name| (distance(terms::short(name), local), name)).filter(|(d, _)| *d <= 2).min().map(|(_, name)| name)
}

/// The number of letters to put in, take out or change (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

fn described(subject: &Subject, kind: TermKind, findings: &mut Findings<'_>) {
    let name = &subject.name;
    let labels = if kind == TermKind::Concept && !subject.has(rdfs::LABEL) {
        texts(subject, &[external::SKOS_PREF_LABEL])
    } else {
        texts(subject, &[rdfs::LABEL])
    };
    let definitions = texts(subject, &[external::SKOS_DEFINITION, rdfs::COMMENT]);
    if labels.is_empty() {
        findings.about("missing-label", name, "", "it has no label".to_owned(), "add `rdfs:label \"…\"@en`");
    }
    for language in repeated(&labels) {
        let message = format!("it has several labels in the language `{language}`");
        findings.about("several-labels", name, "label", message, "keep one, and make the others `skos:altLabel`");
    }
    if definitions.is_empty() {
        let hint = "add `skos:definition \"…\"@en`: what it is, and what not";
        findings.about("missing-definition", name, "", "it has no definition".to_owned(), hint);
    }
    for language in repeated(&texts(subject, &[external::SKOS_DEFINITION])) {
        let message = format!("it has several definitions in the language `{language}`");
        findings.about("several-definitions", name, "definition", message, "join them");
    }
    if let Some(text) = definitions.iter().map(|l| l.value()).find(|t| t.starts_with(char::is_lowercase)) {
        let message = format!("the definition begins with a small letter: `{}`", beginning(text));
        findings.about("lower-case-definition", name, beginning(text), message, "");
    }
    for said in &subject.said {
        if let Term::Literal(literal) = &said.object {
            let text = literal.value();
            if text != text.trim() || text.contains(['\n', '\t', '\r']) || text.contains("  ") {
                let message = format!("stray white space in `{}`", beginning(text.trim()));
                findings.about("stray-whitespace", name, beginning(text.trim()), message, "remove it");
            }
        }
    }
    if kind == TermKind::Concept {
        return;
    }
    if !subject.has(EXAMPLE) {
        let hint = "add `skos:example \"…\"@en`: what a reader would recognise";
        findings.about("missing-example", name, "", "it has no example".to_owned(), hint);
    }
    if !subject.has(rdfs::IS_DEFINED_BY) {
        let message = "it does not say in which ontology it is defined".to_owned();
        findings.about("missing-home", name, "", message, "add `rdfs:isDefinedBy` with the IRI of your ontology");
    }
}

fn texts<'s>(subject: &'s Subject, predicates: &[NamedNodeRef<'s>]) -> Vec<&'s Literal> {
    predicates.iter().flat_map(|&p| subject.literals(p)).collect()
}

/// The languages in which there are several different texts.
fn repeated(texts: &[&Literal]) -> BTreeSet<String> {
    let mut by_language: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for literal in texts {
        by_language.entry(literal.language().unwrap_or_default()).or_default().insert(literal.value());
    }
    by_language.into_iter().filter(|(_, all)| all.len() > 1).map(|(language, _)| language.to_owned()).collect()
}

/// The first words of a text.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    text[..end].split('\n').next().unwrap_or_default()
}

/// Namespaces that are not an author's to add to.
const BUILT_IN: [&str; 6] = [
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/ns/shacl#",
];

fn named(subject: &Subject, kind: TermKind, findings: &mut Findings<'_>) {
    let name = &subject.name;
    if BUILT_IN.contains(&namespace(name)) {
        let message = "it is declared in a namespace of a vocabulary that others define".to_owned();
        findings.about("built-in-term", name, "", message, "declare it in a namespace of your own");
    }
    let local = terms::short(name);
    if [".owl", ".ttl", ".rdf", ".n3", ".nt", ".jsonld"].iter().any(|end| local.ends_with(end)) {
        let message = format!("its name ends in `{local}`, like a file's");
        findings.about("file-in-name", name, "", message, "leave the ending out");
    }
    let first = local.chars().next();
    let wrong = match kind {
        TermKind::Class => first.is_some_and(char::is_lowercase),
        TermKind::Property => first.is_some_and(char::is_uppercase),
        TermKind::Concept => false,
    };
    if kind != TermKind::Concept && (wrong || local.contains(['_', '-'])) {
        let message = format!("`{local}` is named otherwise than other terms of its kind");
        findings.about("naming", name, "", message, "name classes `LikeThis` and properties `likeThis`");
    }
}

fn connected(graph: &Graph, subject: &Subject, kind: TermKind, findings: &mut Findings<'_>) {
    let (name, ontology) = (&subject.name, graph.ontology);
    let deprecated = is_deprecated(subject);
    if deprecated && !subject.has(REPLACED_BY) && !subject.has(rdfs::SEE_ALSO) {
        let hint = "add `dcterms:isReplacedBy`, or `rdfs:seeAlso` with what to use";
        findings.about("unreplaced", name, "deprecated", "it does not say what replaces it".to_owned(), hint);
    }
    let denied = |l: &Literal| matches!(l.value(), "false" | "0");
    if !deprecated && (subject.has(REPLACED_BY) || subject.literals(DEPRECATED).any(|l| !denied(l))) {
        let message =
            "it names what replaces it, or a value other than true or false, and is not deprecated".to_owned();
        findings.about("misused-replacement", name, "", message, "write `owl:deprecated true`, or leave both out");
    }
    if !deprecated {
        for said in &subject.said {
            if let Term::NamedNode(node) = &said.object
                && said.predicate != REPLACED_BY.as_str()
                && graph.subject(node.as_str()).is_some_and(is_deprecated)
            {
                let message = format!("refers to `{}`, which is deprecated", findings.shorten(node.as_str()));
                let hint = "refer to what replaces it";
                findings.about("deprecated-used", name, terms::short(node.as_str()), message, hint);
            }
        }
    }
    let parent = if kind == TermKind::Class { rdfs::SUB_CLASS_OF } else { external::RDFS_SUB_PROPERTY_OF };
    let parents: Vec<&str> = subject.iris(parent).collect();
    for one in &parents {
        let above =
            |other: &&&str| *other != one && (ontology.is_subclass(other, one) || ontology.is_subproperty(other, one));
        if let Some(other) = parents.iter().find(above) {
            let message =
                format!("`{}` is already above its parent `{}`", findings.shorten(one), findings.shorten(other));
            findings.about("redundant-parent", name, terms::short(one), message, "keep the nearer parent");
        }
    }
    match kind {
        TermKind::Class if parents.is_empty() => {
            let hint = "an event class goes below `bg:Event` or a finer class";
            findings.about("no-parent", name, "", "it has no parent".to_owned(), hint);
        }
        TermKind::Property => {
            let line = || {
                let own = std::iter::once(name.as_str());
                own.chain(ontology.superproperties(name).iter().map(AsRef::as_ref))
            };
            let says = |p: NamedNodeRef<'static>| line().any(|n| graph.subject(n).is_some_and(|s| s.has(p)));
            for (what, predicate) in [("domains", rdfs::DOMAIN), ("ranges", rdfs::RANGE)] {
                let own: BTreeSet<&str> = subject.iris(predicate).collect();
                if own.len() > 1 {
                    let message = format!("it has {} {what}, and what has it would be of all of them", own.len());
                    findings.about("several-domains", name, "", message, "name one class above them");
                }
            }
            if !says(rdfs::DOMAIN) {
                let hint = "add `rdfs:domain`, `owl:Thing` if it is for anything";
                findings.about("missing-domain", name, "", "it has no domain".to_owned(), hint);
            }
            if !says(rdfs::RANGE) {
                let message = "it has no range".to_owned();
                findings.about("missing-range", name, "", message, "add `rdfs:range`: a class or a datatype");
            }
        }
        _ => {}
    }
}

fn is_deprecated(subject: &Subject) -> bool {
    let boolean = oxrdf::vocab::xsd::BOOLEAN;
    subject.literals(DEPRECATED).any(|l| l.datatype() == boolean && matches!(l.value(), "true" | "1"))
}

fn same_texts(graph: &Graph, findings: &mut Findings<'_>) {
    let rules = [
        ("same-label", rdfs::LABEL, "rename one of them"),
        ("same-definition", external::SKOS_DEFINITION, "say what tells them apart"),
    ];
    for (rule, predicate, hint) in rules {
        let mut first: HashMap<(TermKind, &str, &str), &str> = HashMap::new();
        for (subject, kind) in graph.terms().filter(|(_, kind)| *kind != TermKind::Concept) {
            for literal in subject.literals(predicate) {
                let key = (kind, literal.language().unwrap_or_default(), literal.value());
                let other = *first.entry(key).or_insert(&subject.name);
                if other != subject.name {
                    let message =
                        format!("`{}` is also said of `{}`", beginning(literal.value()), findings.shorten(other));
                    findings.about(rule, &subject.name, beginning(literal.value()), message, hint);
                }
            }
        }
    }
}

fn headers(graph: &Graph, findings: &mut Findings<'_>) {
    let sources = graph.ontology.sources();
    let layers: BTreeSet<usize> = sources.iter().map(|s| s.layer).collect();
    for layer in layers {
        let with_terms = graph.terms().find_map(|(subject, kind)| {
            let said =
                subject.said.iter().find(|s| s.predicate == rdf::TYPE.as_str() && sources[s.source].layer == layer)?;
            (kind != TermKind::Concept).then_some(said.source)
        });
        let Some(file) = with_terms else { continue };
        let header = graph
            .of_type(external::OWL_ONTOLOGY)
            .find(|s| s.said.iter().any(|said| sources[said.source].layer == layer));
        let Some(header) = header else {
            let hint =
                "begin with `<IRI> a owl:Ontology ; dcterms:title …; dcterms:description …; dcterms:license … .`";
            let message = "there are terms and no description of their ontology".to_owned();
            findings.at("missing-header", "", &sources[file].path, None, message, hint);
            continue;
        };
        let wanted = [
            ("title", external::DCTERMS_TITLE),
            ("description", external::DCTERMS_DESCRIPTION),
            ("license", external::DCTERMS_LICENSE),
        ];
        for (what, predicate) in wanted {
            if !header.has(predicate) {
                let message = format!("the ontology has no {what}");
                findings.about("missing-header", &header.name, "", message, &format!("add `dcterms:{what}`"));
            }
        }
        if !header.has(external::OWL_VERSION_INFO) {
            let message = "the ontology has no version".to_owned();
            findings.about("missing-version", &header.name, "", message, "add `owl:versionInfo \"1.0.0\"`");
        }
    }
}
