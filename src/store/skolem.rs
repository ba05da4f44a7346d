//! Names for blank nodes: documents people write have them, the store does not.

use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{BlankNode, Graph, NamedNode, NamedOrBlankNode, Term, Triple};

/// Replaces the blank nodes of a document by IRIs `{base}.well-known/genid/{document}-…` (RDF 1.1 Concepts, section
/// 3.5). Their names are those of RDF Dataset Canonicalization (RDFC-1.0), so the same document gives the same IRIs
/// whatever its labels and order. Duplicates are dropped.
///
/// # Examples
///
/// ```
/// use belligraph::store::skolemise;
/// use oxrdf::{BlankNode, NamedNode, Triple};
///
/// let p = NamedNode::new("http://example.org/p")?;
/// let one = skolemise("http://localhost:7878/", "ontology", [Triple::new(BlankNode::new("a")?, p.clone(), p.clone())]);
/// let two = skolemise("http://localhost:7878/", "ontology", [Triple::new(BlankNode::new("b")?, p.clone(), p)]);
/// assert_eq!(one, two);
/// assert_eq!(one[0].subject.to_string(), "<http://localhost:7878/.well-known/genid/ontology-c14n0>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn skolemise(base: &str, document: &str, triples: impl IntoIterator<Item = Triple>) -> Vec<Triple> {
    let mut graph: Graph = triples.into_iter().collect();
    let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
    graph.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    let iri =
        |node: &BlankNode| NamedNode::new_unchecked(format!("{base}.well-known/genid/{document}-{}", node.as_str()));
    let mut named: Vec<Triple> = graph
        .iter()
        .map(|triple| {
            let mut triple = triple.into_owned();
            if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
                triple.subject = iri(node).into();
            }
            if let Term::BlankNode(node) = &triple.object {
                triple.object = iri(node).into();
            }
            triple
        })
        .collect();
    named.sort_by_cached_key(Triple::to_string);
    named
}
