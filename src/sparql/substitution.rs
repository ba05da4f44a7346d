//! A variable's value put into the algebra of a query, everywhere it occurs.
//!
//! Oxigraph's own substitution joins the value to the solutions of the outermost `SELECT`, so it does not reach into subqueries and
//! does nothing for variables that are not selected. Here the variable is replaced. Where it has to stay a variable (a selected column, a
//! grouping key, the two sides of a `MINUS`, which compares them) it is bound to the value there.

use oxrdf::{NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeSet;
use thiserror::Error;

/// Why a value cannot be put into a query.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubstitutionError {
    /// No such variable.
    #[error("the query has no variable `?{0}`; it has {1}")]
    NoVariable(String, String),
    /// A literal where only an IRI can be.
    #[error("`?{0}` stands for a thing in the query, which `{1}` cannot be; give its IRI, as <…> or prefix:name")]
    NotAnIri(String, String),
    /// A blank node names nothing outside its document.
    #[error("a blank node cannot be the value of `?{0}`")]
    BlankNode(String),
}

/// Replaces `variable` by `value`.
pub(super) fn substitute(query: &mut Query, variable: &Variable, value: &Term) -> Result<(), SubstitutionError> {
    let ground = match value {
        Term::NamedNode(node) => GroundTerm::NamedNode(node.clone()),
        Term::Literal(literal) => GroundTerm::Literal(literal.clone()),
        Term::BlankNode(_) => return Err(SubstitutionError::BlankNode(variable.as_str().to_owned())),
    };
    let mut substitution = Substitution { variable, value: ground, found: false, others: BTreeSet::new() };
    let mut changed = query.clone();
    match &mut changed {
        Query::Select { pattern, .. } | Query::Ask { pattern, .. } | Query::Describe { pattern, .. } => {
            substitution.pattern(pattern)?;
        }
        Query::Construct { template, pattern, .. } => {
            template.iter_mut().try_for_each(|triple| substitution.triple(triple))?;
            substitution.pattern(pattern)?;
        }
    }
    if !substitution.found {
        let others: Vec<_> = substitution.others.iter().map(|name| format!("`?{name}`")).collect();
        let others = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
        return Err(SubstitutionError::NoVariable(variable.as_str().to_owned(), others));
    }
    *query = changed;
    Ok(())
}

type Done = Result<(), SubstitutionError>;

struct Substitution<'a> {
    variable: &'a Variable,
    value: GroundTerm,
    found: bool,
    /// What other variables there are, for the message if this one is not.
    others: BTreeSet<String>,
}

impl Substitution<'_> {
    fn is_it(&mut self, variable: &Variable) -> bool {
        if variable == self.variable {
            self.found = true;
            return true;
        }
        // Variables of the parser's own making have names of hexadecimal digits alone.
        if !(variable.as_str().len() >= 16 && variable.as_str().bytes().all(|b| b.is_ascii_hexdigit())) {
            self.others.insert(variable.as_str().to_owned());
        }
        false
    }

    fn node(&self) -> Result<NamedNode, SubstitutionError> {
        match &self.value {
            GroundTerm::NamedNode(node) => Ok(node.clone()),
            GroundTerm::Literal(literal) => {
                Err(SubstitutionError::NotAnIri(self.variable.as_str().to_owned(), literal.to_string()))
            }
        }
    }

    fn constant(&self) -> Expression {
        match &self.value {
            GroundTerm::NamedNode(node) => Expression::NamedNode(node.clone()),
            GroundTerm::Literal(literal) => Expression::Literal(literal.clone()),
        }
    }

    fn subject(&mut self, term: &mut TermPattern) -> Done {
        if let TermPattern::Variable(variable) = term
            && self.is_it(variable)
        {
            *term = TermPattern::NamedNode(self.node()?);
        }
        Ok(())
    }

    fn object(&mut self, term: &mut TermPattern) {
        if let TermPattern::Variable(variable) = term
            && self.is_it(variable)
        {
            *term = match &self.value {
                GroundTerm::NamedNode(node) => TermPattern::NamedNode(node.clone()),
                GroundTerm::Literal(literal) => TermPattern::Literal(literal.clone()),
            };
        }
    }

    fn name(&mut self, name: &mut NamedNodePattern) -> Done {
        if let NamedNodePattern::Variable(variable) = name
            && self.is_it(variable)
        {
            *name = NamedNodePattern::NamedNode(self.node()?);
        }
        Ok(())
    }

    fn triple(&mut self, triple: &mut TriplePattern) -> Done {
        self.subject(&mut triple.subject)?;
        self.name(&mut triple.predicate)?;
        self.object(&mut triple.object);
        Ok(())
    }

    /// Replaces the variable in a pattern; binds it there again if `keep` and it was bound before.
    fn kept(&mut self, pattern: &mut GraphPattern, keep: bool) -> Done {
        let was = binds(pattern, self.variable);
        self.pattern(pattern)?;
        if keep && was && !binds(pattern, self.variable) {
            let inner = Box::new(std::mem::take(pattern));
            *pattern = GraphPattern::Extend { inner, variable: self.variable.clone(), expression: self.constant() };
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &mut GraphPattern) -> Done {
        match pattern {
            GraphPattern::Bgp { patterns } => patterns.iter_mut().try_for_each(|triple| self.triple(triple))?,
            GraphPattern::Path { subject, object, .. } => {
                self.subject(subject)?;
                self.object(object);
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Lateral { left, right } => {
                self.pattern(left)?;
                self.pattern(right)?;
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left)?;
                self.pattern(right)?;
                expression.iter_mut().try_for_each(|expression| self.expression(expression))?;
            }
            GraphPattern::Minus { left, right } => {
                self.kept(left, true)?;
                self.kept(right, true)?;
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr)?;
                self.pattern(inner)?;
            }
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                self.name(name)?;
                self.pattern(inner)?;
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.pattern(inner)?;
                self.expression(expression)?;
                if self.is_it(variable) {
                    // What is computed must come to the value.
                    let (computed, constant) = (Box::new(expression.clone()), Box::new(self.constant()));
                    let same = Expression::SameTerm(computed.clone(), constant.clone());
                    let equal = Expression::Equal(computed, constant);
                    let expr = Expression::Or(Box::new(same), Box::new(equal));
                    *pattern = GraphPattern::Filter { expr, inner: std::mem::take(inner) };
                }
            }
            GraphPattern::Values { variables, bindings } => {
                let column = variables.iter().position(|variable| variable == self.variable);
                for variable in variables.iter() {
                    self.is_it(variable);
                }
                if let Some(column) = column {
                    variables.remove(column);
                    bindings.retain_mut(|row| {
                        let cell = row.remove(column);
                        cell.is_none_or(|cell| cell == self.value)
                    });
                }
            }
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner)?;
                for OrderExpression::Asc(order) | OrderExpression::Desc(order) in expression {
                    self.expression(order)?;
                }
            }
            GraphPattern::Project { inner, variables } => {
                let selected = variables.contains(self.variable);
                self.kept(inner, selected)?;
                if selected && !binds(inner, self.variable) {
                    // Selected and nowhere bound: `DESCRIBE ?x`, or a parameter that is only shown.
                    self.found = true;
                    let pattern = Box::new(std::mem::take(&mut **inner));
                    let (variable, expression) = (self.variable.clone(), self.constant());
                    **inner = GraphPattern::Extend { inner: pattern, variable, expression };
                }
            }
            GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } | GraphPattern::Slice { inner, .. } => {
                self.pattern(inner)?;
            }
            GraphPattern::Group { inner, variables, aggregates } => {
                let is_key = variables.contains(self.variable);
                self.kept(inner, is_key)?;
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn expression(&mut self, expression: &mut Expression) -> Done {
        match expression {
            Expression::NamedNode(_) | Expression::Literal(_) => {}
            Expression::Variable(variable) => {
                if self.is_it(variable) {
                    *expression = self.constant();
                }
            }
            Expression::Bound(variable) => {
                if self.is_it(variable) {
                    *expression = Expression::Literal(true.into());
                }
            }
            Expression::Exists(pattern) => self.pattern(pattern)?,
            Expression::UnaryPlus(one) | Expression::UnaryMinus(one) | Expression::Not(one) => self.expression(one)?,
            Expression::Or(left, right)
            | Expression::And(left, right)
            | Expression::Equal(left, right)
            | Expression::SameTerm(left, right)
            | Expression::Greater(left, right)
            | Expression::GreaterOrEqual(left, right)
            | Expression::Less(left, right)
            | Expression::LessOrEqual(left, right)
            | Expression::Add(left, right)
            | Expression::Subtract(left, right)
            | Expression::Multiply(left, right)
            | Expression::Divide(left, right) => {
                self.expression(left)?;
                self.expression(right)?;
            }
            Expression::If(condition, yes, no) => {
                self.expression(condition)?;
                self.expression(yes)?;
                self.expression(no)?;
            }
            Expression::In(one, list) => {
                self.expression(one)?;
                list.iter_mut().try_for_each(|expression| self.expression(expression))?;
            }
            Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
                list.iter_mut().try_for_each(|expression| self.expression(expression))?;
            }
        }
        Ok(())
    }
}

/// Whether solutions of the pattern may bind the variable (section 18.2.1 of SPARQL 1.1: in-scope variables).
fn binds(pattern: &GraphPattern, variable: &Variable) -> bool {
    let is_it = |term: &TermPattern| matches!(term, TermPattern::Variable(other) if other == variable);
    let names_it = |name: &NamedNodePattern| matches!(name, NamedNodePattern::Variable(other) if other == variable);
    match pattern {
        GraphPattern::Bgp { patterns } => {
            patterns.iter().any(|triple| is_it(&triple.subject) || names_it(&triple.predicate) || is_it(&triple.object))
        }
        GraphPattern::Path { subject, object, .. } => is_it(subject) || is_it(object),
        GraphPattern::Join { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Union { left, right }
        | GraphPattern::Lateral { left, right } => binds(left, variable) || binds(right, variable),
        GraphPattern::Minus { left, .. } => binds(left, variable),
        GraphPattern::Filter { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => binds(inner, variable),
        GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
            names_it(name) || binds(inner, variable)
        }
        GraphPattern::Extend { inner, variable: bound, .. } => bound == variable || binds(inner, variable),
        GraphPattern::Values { variables, .. } | GraphPattern::Project { variables, .. } => {
            variables.contains(variable)
        }
        GraphPattern::Group { variables, aggregates, .. } => {
            variables.contains(variable) || aggregates.iter().any(|(bound, _)| bound == variable)
        }
    }
}
