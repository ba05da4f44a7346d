//! Codes of other schemes: a match that is not exact says why.

use super::finding::Findings;
use super::graph::{Graph, TermKind};
use crate::ontology::terms::{class, external, short};
use oxrdf::NamedNodeRef;

const NOTES: [NamedNodeRef<'static>; 3] = [
    NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#editorialNote"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#scopeNote"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#note"),
];

pub(super) fn check(graph: &Graph, findings: &mut Findings<'_>) {
    for (subject, kind) in graph.terms() {
        if kind != TermKind::Class || !graph.ontology.is_subclass(&subject.name, class::EVENT.as_str()) {
            continue;
        }
        // Codes of schemes, not likenesses to classes of other ontologies.
        let inexact: Vec<&str> = [external::SKOS_CLOSE_MATCH, external::SKOS_BROAD_MATCH]
            .into_iter()
            .flat_map(|relation| subject.iris(relation))
            .filter(|concept| graph.subject(concept).is_some_and(|c| c.has(external::SKOS_IN_SCHEME)))
            .collect();
        let notes = NOTES.iter().flat_map(|&note| subject.literals(note)).count();
        if notes < inexact.len() {
            let names: Vec<String> = inexact.iter().map(|c| format!("`{}`", findings.shorten(c))).collect();
            let message = format!("of the codes {} not all have a note that says what differs", names.join(", "));
            let hint = "add a `skos:editorialNote` for each";
            findings.about("unexplained-code", &subject.name, short(inexact[0]), message, hint);
        }
        let coded = graph.ontology.acled(&subject.name).is_some() || graph.ontology.plover(&subject.name).is_some();
        if !coded && subject.name != class::EVENT.as_str() {
            let message = "it has no code of ACLED or PLOVER, nor has a class above it".to_owned();
            findings.about(
                "no-code",
                &subject.name,
                "",
                message,
                "add `skos:exactMatch`, `skos:closeMatch` or `skos:broadMatch`",
            );
        }
    }
}
