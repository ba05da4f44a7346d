//! Where an implied triple stands: kept so that each is in exactly one graph as long as anything says it.
//!
//! Articles imply triples about things they share; each article's part is noted in the support graph, and [`settle`] then puts
//! a triple where it belongs by looking only at what says it now. It is called for every triple whose
//! support or other home changed, in the transaction that changed it, so that no count can go wrong: there is none.

use super::layout::{Graphs, vocabulary};
use oxigraph::store::{StorageError, Transaction};
use oxrdf::{GraphName, GraphNameRef, Literal, NamedNode, NamedNodeRef, Quad, QuadRef, Term, Triple};
use oxttl::NQuadsParser;

/// The note that `triple` is implied for graph `home`.
pub(super) fn note(triple: &Triple, home: NamedNodeRef<'_>) -> Literal {
    Literal::new_typed_literal(format!("{triple} {home}"), vocabulary::NQUAD)
}

/// What a note says. None for what is no note.
pub(super) fn noted(note: &Term) -> Option<Quad> {
    let Term::Literal(literal) = note else { return None };
    let line = format!("{} .", literal.value());
    NQuadsParser::new().for_slice(&line).next()?.ok()
}

/// The subject of an article's notes: not the article itself, whose description they would swell.
pub(super) fn noter(article: NamedNodeRef<'_>) -> NamedNode {
    NamedNode::new_unchecked(format!("{}#implied", article.as_str()))
}

/// Puts a triple where it belongs.
pub(super) fn settle(transaction: &mut Transaction<'_>, graphs: &Graphs, triple: &Triple) -> Result<(), StorageError> {
    let said = said_elsewhere(transaction, graphs, triple, None)?;
    let homes = [graphs.known(), graphs.shared()];
    let mut home = None;
    for candidate in homes {
        if !said && home.is_none() && is_noted(transaction, graphs, triple, candidate)? {
            home = Some(candidate);
        }
    }
    for candidate in homes {
        let quad = QuadRef::new(&triple.subject, &triple.predicate, &triple.object, candidate);
        if home == Some(candidate) {
            transaction.insert(quad);
        } else {
            transaction.remove(quad);
        }
    }
    Ok(())
}

/// Whether a graph that is not kept up with the articles says this triple, one besides `graph` if that is given.
pub(super) fn said_elsewhere(
    transaction: &Transaction<'_>,
    graphs: &Graphs,
    triple: &Triple,
    graph: Option<NamedNodeRef<'_>>,
) -> Result<bool, StorageError> {
    let quads = transaction.quads_for_pattern(
        Some(triple.subject.as_ref()),
        Some(triple.predicate.as_ref()),
        Some(triple.object.as_ref()),
        None,
    );
    for quad in quads {
        let home = quad?.graph_name;
        if graph.is_none_or(|graph| home.as_ref() != GraphNameRef::from(graph)) && !graphs.is_implied(home.as_ref()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an article is noted to imply this triple for this graph.
pub(super) fn is_noted(
    transaction: &Transaction<'_>,
    graphs: &Graphs,
    triple: &Triple,
    home: NamedNodeRef<'_>,
) -> Result<bool, StorageError> {
    let note = note(triple, home);
    let support = GraphNameRef::from(graphs.support());
    let mut found =
        transaction.quads_for_pattern(None, Some(vocabulary::IMPLIES), Some(note.as_ref().into()), Some(support));
    Ok(found.next().transpose()?.is_some())
}

/// The triple of a quad, with the graph it is implied for.
pub(super) fn implied(quad: Quad) -> Option<(Triple, NamedNode)> {
    let GraphName::NamedNode(home) = quad.graph_name else { return None };
    Some((Triple::new(quad.subject, quad.predicate, quad.object), home))
}
