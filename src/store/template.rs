//! What the templates of an update come to: quads to remove and to insert for each solution of its `WHERE` (SPARQL 1.1 Update,
//! section 3.1.3).
//!
//! [`delete`] and [`insert`] give the quad of a pattern for a solution, or none where a variable is unbound or bound to what cannot stand
//! there. Oxigraph does the same inside, but tells nobody which quads they were; who wants to know would have to compare whole graphs.

use oxigraph::sparql::QuerySolution;
use oxrdf::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Variable};
use spargebra::term::{
    GraphNamePattern, GroundQuadPattern, GroundTermPattern, NamedNodePattern, Quad as Given, QuadPattern, TermPattern,
};
use std::collections::{BTreeSet, HashMap};

/// New blank nodes for those of a template or of data: other ones for each solution.
#[derive(Debug, Default)]
pub(super) struct Fresh(HashMap<BlankNode, BlankNode>);

impl Fresh {
    fn of(&mut self, node: &BlankNode) -> BlankNode {
        self.0.entry(node.clone()).or_default().clone()
    }

    /// The quad of `INSERT DATA` with its blank nodes made new.
    pub(super) fn quad(&mut self, given: &Given) -> Quad {
        let subject = match &given.subject {
            NamedOrBlankNode::NamedNode(node) => node.clone().into(),
            NamedOrBlankNode::BlankNode(node) => NamedOrBlankNode::from(self.of(node)),
        };
        let object = match &given.object {
            Term::BlankNode(node) => self.of(node).into(),
            other => other.clone(),
        };
        Quad::new(subject, given.predicate.clone(), object, super::update::target(&given.graph_name))
    }
}

/// What is removed for a solution.
pub(super) fn delete(pattern: &GroundQuadPattern, solution: &QuerySolution) -> Option<Quad> {
    let term = |term: &GroundTermPattern| match term {
        GroundTermPattern::NamedNode(node) => Some(node.clone().into()),
        GroundTermPattern::Literal(literal) => Some(literal.clone().into()),
        GroundTermPattern::Variable(variable) => solution.get(variable).cloned(),
    };
    let (subject, object) = (term(&pattern.subject)?, term(&pattern.object)?);
    quad(subject, &pattern.predicate, object, &pattern.graph_name, solution)
}

/// What is inserted for a solution.
pub(super) fn insert(pattern: &QuadPattern, solution: &QuerySolution, fresh: &mut Fresh) -> Option<Quad> {
    let mut term = |term: &TermPattern| match term {
        TermPattern::NamedNode(node) => Some(node.clone().into()),
        TermPattern::BlankNode(node) => Some(fresh.of(node).into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        TermPattern::Variable(variable) => solution.get(variable).cloned(),
    };
    let (subject, object) = (term(&pattern.subject)?, term(&pattern.object)?);
    quad(subject, &pattern.predicate, object, &pattern.graph_name, solution)
}

fn quad(
    subject: Term,
    predicate: &NamedNodePattern,
    object: Term,
    graph: &GraphNamePattern,
    solution: &QuerySolution,
) -> Option<Quad> {
    let subject: NamedOrBlankNode = match subject {
        Term::NamedNode(node) => node.into(),
        Term::BlankNode(node) => node.into(),
        Term::Literal(_) => return None,
    };
    let predicate = match predicate {
        NamedNodePattern::NamedNode(node) => node.clone(),
        NamedNodePattern::Variable(variable) => named(solution.get(variable)?)?,
    };
    let graph = match graph {
        GraphNamePattern::NamedNode(node) => node.clone().into(),
        GraphNamePattern::DefaultGraph => GraphName::DefaultGraph,
        GraphNamePattern::Variable(variable) => named(solution.get(variable)?)?.into(),
    };
    Some(Quad::new(subject, predicate, object, graph))
}

fn named(term: &Term) -> Option<NamedNode> {
    if let Term::NamedNode(node) = term { Some(node.clone()) } else { None }
}

/// The variables of an operation's templates: what its `WHERE` has to be asked for.
pub(super) fn variables(delete: &[GroundQuadPattern], insert: &[QuadPattern]) -> Vec<Variable> {
    let mut found = BTreeSet::new();
    let mut shared = |predicate: &NamedNodePattern, graph: &GraphNamePattern| {
        let predicate = if let NamedNodePattern::Variable(variable) = predicate { Some(variable) } else { None };
        let graph = if let GraphNamePattern::Variable(variable) = graph { Some(variable) } else { None };
        found.extend(predicate.into_iter().chain(graph).cloned());
    };
    for quad in delete {
        shared(&quad.predicate, &quad.graph_name);
    }
    for quad in insert {
        shared(&quad.predicate, &quad.graph_name);
    }
    for term in delete.iter().flat_map(|quad| [&quad.subject, &quad.object]) {
        if let GroundTermPattern::Variable(variable) = term {
            found.insert(variable.clone());
        }
    }
    for term in insert.iter().flat_map(|quad| [&quad.subject, &quad.object]) {
        if let TermPattern::Variable(variable) = term {
            found.insert(variable.clone());
        }
    }
    found.into_iter().collect()
}
