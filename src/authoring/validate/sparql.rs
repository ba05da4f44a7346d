//! Constraints written in SPARQL: the query asked with the focus node in place of `$this`.

use super::ValidationError;
use super::graph::Graph;
use super::shapes::SparqlConstraint;
use crate::sparql::{Query, SubstitutionError, evaluator};
use oxigraph::sparql::QueryResults;
use oxrdf::{Literal, Term, Variable};
use spargebra::algebra::{Expression, GraphPattern};
use std::collections::BTreeMap;

/// A row of a query's results: the variables that are bound.
pub(super) type Row = BTreeMap<String, Term>;

/// The rows that the query of a constraint gives for a focus node.
pub(super) fn rows(
    graph: &dyn Graph,
    constraint: &SparqlConstraint,
    focus: &Term,
) -> Result<Vec<Row>, ValidationError> {
    let this = Variable::new_unchecked("this");
    let mut query = Query::from(constraint.query.clone());
    let substituted = match query.set(&this, focus) {
        Ok(()) | Err(SubstitutionError::NoVariable(..)) => true,
        // A blank node, or a literal where there cannot be one: the value is joined to the rows instead.
        Err(_) => false,
    };
    let mut prepared = evaluator().for_query(query.algebra().clone());
    if !substituted {
        prepared = prepared.substitute_variable(this, focus.clone());
    }
    if prepared.dataset().is_default_dataset() {
        prepared.dataset_mut().set_default_graph_as_union();
    }
    let failed = |source| ValidationError::Sparql { constraint: constraint.node.to_string(), source };
    let database = graph.database()?;
    let mut rows = Vec::new();
    if let QueryResults::Solutions(solutions) = prepared.on_store(&database).execute().map_err(failed)? {
        for solution in solutions {
            let solution = solution.map_err(failed)?;
            let row: Row = solution.iter().map(|(name, term)| (name.as_str().to_owned(), term.clone())).collect();
            // The union of the graphs is a bag: a statement of two graphs gives its row twice.
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Why `$this` cannot be put into a query beforehand, if so (SHACL, appendix A).
pub(super) fn unsuitable(pattern: &GraphPattern) -> Option<&'static str> {
    use GraphPattern as P;
    let inner = match pattern {
        P::Minus { .. } => return Some("`MINUS` may not be used in a constraint; write FILTER NOT EXISTS"),
        P::Service { .. } => return Some("`SERVICE` may not be used in a constraint"),
        P::Values { .. } => return Some("`VALUES` may not be used in a constraint; write FILTER … IN"),
        P::Extend { variable, .. } if variable.as_str() == "this" => return Some("`$this` may not be bound anew"),
        P::Project { variables, .. } if !variables.iter().any(|v| v.as_str() == "this") => {
            return Some("each SELECT of a constraint, inner ones too, must select `$this`");
        }
        P::Bgp { .. } | P::Path { .. } => return None,
        P::Join { left, right }
        | P::Lateral { left, right }
        | P::LeftJoin { left, right, .. }
        | P::Union { left, right } => {
            return unsuitable(left).or_else(|| unsuitable(right));
        }
        P::Filter { expr, inner } => return unsuitable_filter(expr).or_else(|| unsuitable(inner)),
        P::Graph { inner, .. }
        | P::Extend { inner, .. }
        | P::OrderBy { inner, .. }
        | P::Project { inner, .. }
        | P::Distinct { inner }
        | P::Reduced { inner }
        | P::Slice { inner, .. }
        | P::Group { inner, .. } => inner,
    };
    unsuitable(inner)
}

/// The same of the patterns in a filter.
fn unsuitable_filter(expression: &Expression) -> Option<&'static str> {
    match expression {
        Expression::Exists(pattern) => unsuitable(pattern),
        Expression::Not(inner) => unsuitable_filter(inner),
        Expression::And(left, right) | Expression::Or(left, right) => {
            unsuitable_filter(left).or_else(|| unsuitable_filter(right))
        }
        _ => None,
    }
}

/// A message with the values of a row in place of `{?name}` and `{$name}`.
pub(super) fn fill(message: &Literal, row: &Row, focus: &Term) -> Literal {
    let shown = |term: &Term| match term {
        Term::Literal(literal) => literal.value().to_owned(),
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::BlankNode(node) => node.to_string(),
    };
    let mut text = message.value().to_owned();
    let focus = ("this".to_owned(), focus.clone());
    for (name, term) in row.iter().chain([(&focus.0, &focus.1)]) {
        for sign in ['?', '$'] {
            text = text.replace(&format!("{{{sign}{name}}}"), &shown(term));
        }
    }
    match message.language() {
        Some(language) => Literal::new_language_tagged_literal_unchecked(text, language),
        None => Literal::new_typed_literal(text, message.datatype().into_owned()),
    }
}
