//! Checking: every node a shape is for, against every constraint of the shape.

use super::graph::Graph;
use super::path::Path;
use super::result::ValidationResult;
use super::shapes::{Bound, Constraint, Shape, ShapeId, Shapes, SparqlConstraint, Target};
use super::{ValidationError, values, vocabulary as sh};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{Literal, NamedNode, Term};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// How many nodes are checked at a time; only so many are in memory, with what they break.
const BATCH: usize = 2048;
/// Fewer nodes than this are not worth a second thread.
const ALONE: usize = 256;

/// The classes that shapes name, each with those below it.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    below: BTreeMap<String, Vec<Term>>,
}

impl Classes {
    /// Reads the hierarchy below the classes of the shapes from the graph that has it.
    ///
    /// # Errors
    ///
    /// If the graph cannot be read.
    pub fn new(shapes: &Shapes, graph: &dyn Graph) -> Result<Self, ValidationError> {
        let mut below = BTreeMap::new();
        for class in &shapes.classes {
            let mut found: Vec<Term> = vec![NamedNode::new_unchecked(class).into()];
            let mut at = 0;
            while at < found.len() {
                for narrower in graph.subjects(rdfs::SUB_CLASS_OF, &found[at])? {
                    if !found.contains(&narrower) {
                        found.push(narrower);
                    }
                }
                at += 1;
            }
            below.insert(class.clone(), found);
        }
        Ok(Self { below })
    }

    /// The class itself, first, and all below it.
    fn of<'c>(&'c self, class: &'c Term) -> &'c [Term] {
        match class {
            Term::NamedNode(node) => self.below.get(node.as_str()).map(Vec::as_slice).unwrap_or_default(),
            _ => std::slice::from_ref(class),
        }
    }
}

/// What a validation looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Focus nodes, counted once for each shape that is for them.
    pub nodes: u64,
    /// Results.
    pub results: u64,
}

/// Checks a graph against shapes.
#[derive(Clone, Copy)]
pub struct Validator<'v> {
    shapes: &'v Shapes,
    classes: &'v Classes,
    graph: &'v dyn Graph,
}

impl std::fmt::Debug for Validator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Validator").field("shapes", &self.shapes.count()).finish_non_exhaustive()
    }
}

/// The shapes and nodes that led to the one being checked, so that shapes which name themselves come to an end.
#[derive(Clone, Copy)]
struct Trail<'t> {
    shape: ShapeId,
    focus: &'t Term,
    outer: Option<&'t Trail<'t>>,
}

impl Trail<'_> {
    fn holds(&self, shape: ShapeId, focus: &Term) -> bool {
        (self.shape == shape && self.focus == focus) || self.outer.is_some_and(|outer| outer.holds(shape, focus))
    }
}

/// Where results go; nowhere when only the answer counts, and then the first violation settles it.
type Results<'r> = Option<&'r mut Vec<ValidationResult>>;

impl<'v> Validator<'v> {
    /// Checks `graph`, in which the classes are arranged as `classes` has it.
    pub fn new(shapes: &'v Shapes, classes: &'v Classes, graph: &'v dyn Graph) -> Self {
        Self { shapes, classes, graph }
    }

    /// Checks every node that a shape is for, and hands what it breaks to `sink`, in the order of the shapes.
    ///
    /// # Errors
    ///
    /// If the graph cannot be read or a query fails; also the first of the sink.
    pub fn run(
        &self,
        mut sink: impl FnMut(ValidationResult) -> Result<(), ValidationError>,
    ) -> Result<Checked, ValidationError> {
        let mut checked = Checked::default();
        let mut batch: Vec<Term> = Vec::new();
        for (id, shape) in self.shapes.shapes.iter().enumerate() {
            if shape.deactivated {
                continue;
            }
            let mut flush = |batch: &mut Vec<Term>| {
                checked.nodes += batch.len() as u64;
                for results in self.check_all(id, batch)? {
                    checked.results += results.len() as u64;
                    results.into_iter().try_for_each(&mut sink)?;
                }
                batch.clear();
                Ok::<(), ValidationError>(())
            };
            for at in 0..shape.targets.len() {
                self.each_focus(&shape.targets, at, &mut |focus| {
                    batch.push(focus);
                    if batch.len() >= BATCH { flush(&mut batch) } else { Ok(()) }
                })?;
            }
            flush(&mut batch)?;
        }
        Ok(checked)
    }

    fn check_all(&self, shape: ShapeId, batch: &[Term]) -> Result<Vec<Vec<ValidationResult>>, ValidationError> {
        let one = |focus: &Term| {
            let mut results = Vec::new();
            self.check(shape, focus, None, Some(&mut results))?;
            Ok(results)
        };
        if batch.len() < ALONE { batch.iter().map(one).collect() } else { batch.par_iter().map(one).collect() }
    }

    /// Visits the nodes of one of a shape's targets that are in none before it.
    fn each_focus(
        &self,
        targets: &[Target],
        at: usize,
        visit: &mut dyn FnMut(Term) -> Result<(), ValidationError>,
    ) -> Result<(), ValidationError> {
        let earlier = &targets[..at];
        let mut visit = |focus: Term| {
            for target in earlier {
                if self.is_target(&focus, target)? {
                    return Ok(());
                }
            }
            visit(focus)
        };
        match &targets[at] {
            Target::Node(node) => visit(node.clone()),
            Target::SubjectsOf(property) => self.graph.each_subject(property.as_ref(), None, &mut visit),
            Target::ObjectsOf(property) => self.graph.each_object(property.as_ref(), &mut visit),
            Target::Class(class) => {
                let classes = self.classes.of(class);
                for (i, class) in classes.iter().enumerate() {
                    self.graph.each_subject(rdf::TYPE, Some(class), &mut |focus| {
                        // An instance of several of them was met at the first.
                        if i > 0 && self.has_type(&focus, &classes[..i])? {
                            return Ok(());
                        }
                        visit(focus)
                    })?;
                }
                Ok(())
            }
        }
    }

    fn is_target(&self, node: &Term, target: &Target) -> Result<bool, ValidationError> {
        match target {
            Target::Node(target) => Ok(target == node),
            Target::Class(class) => self.has_type(node, self.classes.of(class)),
            Target::SubjectsOf(property) => Ok(!self.graph.objects(node, property.as_ref())?.is_empty()),
            Target::ObjectsOf(property) => Ok(!self.graph.subjects(property.as_ref(), node)?.is_empty()),
        }
    }

    fn has_type(&self, node: &Term, classes: &[Term]) -> Result<bool, ValidationError> {
        if matches!(node, Term::Literal(_)) {
            return Ok(false);
        }
        match classes {
            [] => Ok(false),
            [class] => self.graph.contains(node, rdf::TYPE, class),
            classes => Ok(self.graph.objects(node, rdf::TYPE)?.iter().any(|class| classes.contains(class))),
        }
    }

    /// Checks one node against one shape: whether it conforms.
    fn check(
        &self,
        id: ShapeId,
        focus: &Term,
        outer: Option<&Trail<'_>>,
        mut results: Results<'_>,
    ) -> Result<bool, ValidationError> {
        let shape = &self.shapes.shapes[id];
        if shape.deactivated || outer.is_some_and(|outer| outer.holds(id, focus)) {
            return Ok(true);
        }
        let trail = Trail { shape: id, focus, outer };
        let found;
        let values = match &shape.path {
            None => std::slice::from_ref(focus),
            Some(path) => {
                found = path.values(self.graph, focus)?;
                &*found
            }
        };
        let mut conforms = true;
        for constraint in &shape.constraints {
            let checking = Checking { validator: self, shape, focus, values, trail: &trail };
            conforms &= checking.constraint(constraint, results.as_deref_mut())?;
            if !conforms && results.is_none() {
                return Ok(false);
            }
        }
        Ok(conforms)
    }
}

/// One shape at one focus node.
struct Checking<'c> {
    validator: &'c Validator<'c>,
    shape: &'c Shape,
    focus: &'c Term,
    values: &'c [Term],
    trail: &'c Trail<'c>,
}

impl Checking<'_> {
    /// Notes a violation, unless only the answer counts.
    fn violation(&self, results: &mut Results<'_>, component: &str, value: Option<&Term>, detail: &dyn Fn() -> String) {
        if let Some(results) = results {
            results.push(ValidationResult {
                focus: self.focus.clone(),
                path: self.shape.path.clone(),
                value: value.cloned(),
                severity: self.shape.severity.clone(),
                component: NamedNode::new_unchecked(format!("{}{component}ConstraintComponent", sh::NAMESPACE)),
                shape: self.shape.node.clone(),
                shape_name: self.shape.name.clone(),
                constraint: None,
                messages: self.shape.messages.clone(),
                detail: detail(),
                reasons: Vec::new(),
            });
        }
    }

    /// Checks each value on its own.
    fn each(
        &self,
        mut results: Results<'_>,
        component: &str,
        holds: impl Fn(&Term) -> Result<bool, ValidationError>,
        expected: &dyn Fn() -> String,
    ) -> Result<bool, ValidationError> {
        let mut conforms = true;
        for value in self.values {
            if !holds(value)? {
                conforms = false;
                if results.is_none() {
                    break;
                }
                self.violation(&mut results, component, Some(value), expected);
            }
        }
        Ok(conforms)
    }

    fn conforms(&self, shape: ShapeId, node: &Term) -> Result<bool, ValidationError> {
        self.validator.check(shape, node, Some(self.trail), None)
    }

    fn constraint(&self, constraint: &Constraint, mut results: Results<'_>) -> Result<bool, ValidationError> {
        let graph = self.validator.graph;
        match constraint {
            Constraint::Class(class) => {
                let classes = self.validator.classes.of(class);
                self.each(results, "Class", |v| self.validator.has_type(v, classes), &|| format!("is no {class}"))
            }
            Constraint::Datatype(datatype) => {
                let holds = |v: &Term| Ok(values::is_of(v, datatype.as_ref()));
                self.each(results, "Datatype", holds, &|| format!("is no literal of type {datatype}"))
            }
            Constraint::NodeKind(kind) => {
                let holds = |v: &Term| Ok(is_of_kind(v, kind.as_str()));
                self.each(results, "NodeKind", holds, &|| format!("is not of the kind {kind}"))
            }
            Constraint::MinCount(least) => {
                let count = self.values.len() as u64;
                if count < *least {
                    self.violation(&mut results, "MinCount", None, &|| format!("{count} values, {least} at least"));
                }
                Ok(count >= *least)
            }
            Constraint::MaxCount(most) => {
                let count = self.values.len() as u64;
                if count > *most {
                    self.violation(&mut results, "MaxCount", None, &|| format!("{count} values, {most} at most"));
                }
                Ok(count <= *most)
            }
            Constraint::Bound(kind, bound) => {
                let (component, holds, words): (_, fn(Ordering) -> bool, _) = match kind {
                    Bound::MinExclusive => ("MinExclusive", Ordering::is_gt, "greater than"),
                    Bound::MinInclusive => ("MinInclusive", Ordering::is_ge, "at least"),
                    Bound::MaxExclusive => ("MaxExclusive", Ordering::is_lt, "less than"),
                    Bound::MaxInclusive => ("MaxInclusive", Ordering::is_le, "at most"),
                };
                let check = |v: &Term| Ok(values::compare(v, bound).is_some_and(holds));
                self.each(results, component, check, &|| format!("is not {words} {bound}"))
            }
            Constraint::MinLength(least) => {
                let holds = |v: &Term| Ok(length(v).is_some_and(|length| length >= *least));
                self.each(results, "MinLength", holds, &|| format!("is shorter than {least} characters"))
            }
            Constraint::MaxLength(most) => {
                let holds = |v: &Term| Ok(length(v).is_some_and(|length| length <= *most));
                self.each(results, "MaxLength", holds, &|| format!("is longer than {most} characters"))
            }
            Constraint::Pattern(pattern) => {
                let holds = |v: &Term| Ok(text(v).is_some_and(|text| pattern.is_match(text)));
                self.each(results, "Pattern", holds, &|| format!("does not match `{pattern}`"))
            }
            Constraint::LanguageIn(tags) => {
                let holds =
                    |v: &Term| Ok(language(v).is_some_and(|tag| tags.iter().any(|range| in_range(&tag, range))));
                self.each(results, "LanguageIn", holds, &|| format!("is not in one of {}", tags.join(", ")))
            }
            Constraint::UniqueLang => {
                let mut tags = BTreeMap::<String, usize>::new();
                for tag in self.values.iter().filter_map(language) {
                    *tags.entry(tag).or_default() += 1;
                }
                let mut conforms = true;
                for (tag, count) in tags.iter().filter(|(_, count)| **count > 1) {
                    conforms = false;
                    self.violation(&mut results, "UniqueLang", None, &|| format!("{count} values in `{tag}`"));
                }
                Ok(conforms)
            }
            Constraint::Equals(property) => {
                let others = graph.objects(self.focus, property.as_ref())?;
                let missing = |one: &[Term], other: &[Term]| -> Vec<Term> {
                    one.iter().filter(|value| !other.contains(value)).cloned().collect()
                };
                let wrong = [missing(self.values, &others), missing(&others, self.values)].concat();
                for value in &wrong {
                    let detail = || format!("is not a value of both it and {property}");
                    self.violation(&mut results, "Equals", Some(value), &detail);
                }
                Ok(wrong.is_empty())
            }
            Constraint::Disjoint(property) => {
                let others = graph.objects(self.focus, property.as_ref())?;
                let holds = |v: &Term| Ok(!others.contains(v));
                self.each(results, "Disjoint", holds, &|| format!("is a value of {property} too"))
            }
            Constraint::LessThan(property) => self.ordered(results, property, "LessThan", Ordering::is_lt),
            Constraint::LessThanOrEquals(property) => {
                self.ordered(results, property, "LessThanOrEquals", Ordering::is_le)
            }
            Constraint::Not(shape) => {
                let holds = |v: &Term| Ok(!self.conforms(*shape, v)?);
                self.each(results, "Not", holds, &|| format!("conforms to {}", self.name_of(*shape)))
            }
            Constraint::And(shapes) => {
                let holds = |v: &Term| shapes.iter().try_fold(true, |all, shape| Ok(all && self.conforms(*shape, v)?));
                self.each(results, "And", holds, &|| format!("does not conform to all of {}", self.names_of(shapes)))
            }
            Constraint::Or(shapes) => {
                let holds = |v: &Term| shapes.iter().try_fold(false, |any, shape| Ok(any || self.conforms(*shape, v)?));
                self.each(results, "Or", holds, &|| format!("conforms to none of {}", self.names_of(shapes)))
            }
            Constraint::Xone(shapes) => {
                let holds = |v: &Term| {
                    let mut count = 0;
                    for shape in shapes {
                        count += usize::from(self.conforms(*shape, v)?);
                    }
                    Ok(count == 1)
                };
                self.each(results, "Xone", holds, &|| {
                    format!("does not conform to just one of {}", self.names_of(shapes))
                })
            }
            Constraint::Node(shape) => {
                let mut conforms = true;
                for value in self.values {
                    if self.conforms(*shape, value)? {
                        continue;
                    }
                    conforms = false;
                    let Some(results) = results.as_deref_mut() else { break };
                    let detail = || format!("does not conform to {}", self.name_of(*shape));
                    self.violation(&mut Some(results), "Node", Some(value), &detail);
                    // Once more, to tell why.
                    let mut reasons = Vec::new();
                    self.validator.check(*shape, value, Some(self.trail), Some(&mut reasons))?;
                    if let Some(last) = results.last_mut() {
                        last.reasons = reasons;
                    }
                }
                Ok(conforms)
            }
            Constraint::Property(property) => {
                let mut conforms = true;
                for value in self.values {
                    let into = results.as_deref_mut();
                    conforms &= self.validator.check(*property, value, Some(self.trail), into)?;
                    if !conforms && results.is_none() {
                        break;
                    }
                }
                Ok(conforms)
            }
            Constraint::Qualified { shape, min, max, siblings } => {
                let mut count = 0;
                for value in self.values {
                    if self.conforms(*shape, value)? {
                        let mut taken = false;
                        for sibling in siblings {
                            taken = taken || self.conforms(*sibling, value)?;
                        }
                        count += u64::from(!taken);
                    }
                }
                let name = || self.name_of(*shape);
                let too_few = min.is_some_and(|least| count < least);
                let too_many = max.is_some_and(|most| count > most);
                if let Some(least) = min.filter(|_| too_few) {
                    let detail = || format!("{count} values conform to {}, {least} at least", name());
                    self.violation(&mut results, "QualifiedMinCount", None, &detail);
                }
                if let Some(most) = max.filter(|_| too_many) {
                    let detail = || format!("{count} values conform to {}, {most} at most", name());
                    self.violation(&mut results, "QualifiedMaxCount", None, &detail);
                }
                Ok(!too_few && !too_many)
            }
            Constraint::Closed(allowed) => self.closed(allowed, results),
            Constraint::HasValue(wanted) => {
                let holds = self.values.contains(wanted);
                if !holds {
                    self.violation(&mut results, "HasValue", None, &|| format!("{wanted} is not among the values"));
                }
                Ok(holds)
            }
            Constraint::In(allowed) => {
                let list = || allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                self.each(results, "In", |v| Ok(allowed.contains(v)), &|| format!("is none of {}", list()))
            }
            Constraint::Sparql(constraint) => self.sparql(constraint, results),
        }
    }

    /// Every value must stand so to every value of the other property.
    fn ordered(
        &self,
        mut results: Results<'_>,
        property: &NamedNode,
        component: &str,
        holds: fn(Ordering) -> bool,
    ) -> Result<bool, ValidationError> {
        let others = self.validator.graph.objects(self.focus, property.as_ref())?;
        let mut conforms = true;
        for value in self.values {
            for other in &others {
                if !values::compare(value, other).is_some_and(holds) {
                    conforms = false;
                    let detail = || format!("is greater than {other}, the value of {property}");
                    self.violation(&mut results, component, Some(value), &detail);
                }
            }
        }
        Ok(conforms)
    }

    fn closed(&self, allowed: &BTreeSet<NamedNode>, mut results: Results<'_>) -> Result<bool, ValidationError> {
        let mut conforms = true;
        for value in self.values {
            for (predicate, object) in self.validator.graph.outgoing(value)? {
                if allowed.contains(&predicate) {
                    continue;
                }
                conforms = false;
                let Some(results) = results.as_deref_mut() else { return Ok(false) };
                self.violation(&mut Some(results), "Closed", Some(&object), &|| {
                    format!("{predicate} is not allowed here")
                });
                if let Some(last) = results.last_mut() {
                    last.path = Some(Path::Predicate(predicate));
                }
            }
        }
        Ok(conforms)
    }

    fn sparql(&self, constraint: &SparqlConstraint, mut results: Results<'_>) -> Result<bool, ValidationError> {
        let rows = super::sparql::rows(self.validator.graph, constraint, self.focus)?;
        for row in &rows {
            let Some(results) = results.as_deref_mut() else { return Ok(false) };
            let value = row.get("value").or_else(|| self.shape.path.is_none().then_some(self.focus));
            self.violation(&mut Some(results), "SPARQL", value, &|| "the query of the constraint finds it".to_owned());
            let Some(last) = results.last_mut() else { continue };
            last.constraint = Some(constraint.node.clone());
            if let Some(Term::NamedNode(path)) = row.get("path") {
                last.path = Some(Path::Predicate(path.clone()));
            }
            let filled = |message: &Literal| super::sparql::fill(message, row, self.focus);
            if let Some(Term::Literal(message)) = row.get("message") {
                last.messages = vec![message.clone()];
            } else if constraint.messages.is_empty() {
                last.messages = last.messages.iter().map(filled).collect();
            } else {
                last.messages = constraint.messages.iter().map(filled).collect();
            }
        }
        Ok(rows.is_empty())
    }

    fn name_of(&self, shape: ShapeId) -> String {
        let shape = &self.validator.shapes.shapes[shape];
        match &shape.node {
            Term::NamedNode(name) => name.to_string(),
            _ => "the shape inside".to_owned(),
        }
    }

    fn names_of(&self, shapes: &[ShapeId]) -> String {
        let named: Vec<String> = shapes.iter().map(|shape| self.name_of(*shape)).collect();
        if named.iter().all(|name| !name.starts_with('<')) {
            return format!("the {} shapes inside", named.len());
        }
        named.join(", ")
    }
}

fn is_of_kind(term: &Term, kind: &str) -> bool {
    let kind = kind.strip_prefix(sh::NAMESPACE).unwrap_or(kind);
    match term {
        Term::NamedNode(_) => matches!(kind, "IRI" | "BlankNodeOrIRI" | "IRIOrLiteral"),
        Term::BlankNode(_) => matches!(kind, "BlankNode" | "BlankNodeOrIRI" | "BlankNodeOrLiteral"),
        Term::Literal(_) => matches!(kind, "Literal" | "IRIOrLiteral" | "BlankNodeOrLiteral"),
    }
}

/// What `STR` gives for a term.
fn text(term: &Term) -> Option<&str> {
    match term {
        Term::NamedNode(node) => Some(node.as_str()),
        Term::Literal(literal) => Some(literal.value()),
        Term::BlankNode(_) => None,
    }
}

fn length(term: &Term) -> Option<u64> {
    text(term).map(|text| text.chars().count() as u64)
}

fn language(term: &Term) -> Option<String> {
    match term {
        Term::Literal(literal) => literal.language().map(str::to_ascii_lowercase),
        _ => None,
    }
}

/// Basic filtering of RFC 4647, both sides in lower case.
fn in_range(tag: &str, range: &str) -> bool {
    range == "*" || tag.strip_prefix(range).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
