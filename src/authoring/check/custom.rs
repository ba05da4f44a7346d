//! Checks that authors write themselves: SPARQL queries that return `?entity ?property ?value`, as ROBOT's reports do.
//!
//! A query begins with comments that say its title, its level and a hint. Each row it gives is a finding.
//!
//! ```sparql
//! # title: An event class has a salience
//! # level: warning
//! # hint: add `bg:salience`
//! SELECT ?entity ?property ?value WHERE {
//!   ?entity rdfs:subClassOf bg:Event .
//!   FILTER NOT EXISTS { ?entity bg:salience ?value }
//! }
//! ```

use super::finding::{Findings, Level};
use super::graph::Graph;
use crate::sparql::Prefixes;
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use oxrdf::{GraphName, Quad, Term};
use std::path::{Path, PathBuf};

/// Why custom checks cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CustomError {
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is no query.
    #[error("`{path}` is no SPARQL query; it must select ?entity, ?property and ?value")]
    Query {
        /// The path.
        path: PathBuf,
        /// Why; none if it is a query of another form.
        source: Option<oxigraph::sparql::SparqlSyntaxError>,
    },
    /// A query failed.
    #[error("the check `{path}` failed")]
    Evaluation {
        /// The path.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A check as it was read.
#[derive(Clone, Debug)]
pub(super) struct Custom {
    path: PathBuf,
    name: String,
    title: Option<String>,
    level: Level,
    hint: String,
    query: String,
}

/// Reads files, and the `.rq` and `.sparql` files of folders.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Custom>, CustomError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CustomError::Read { path, source }
    };
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(failed(path))? {
                let file = entry.map_err(failed(path))?.path();
                if file.extension().is_some_and(|e| e == "rq" || e == "sparql") {
                    inside.push(file);
                }
            }
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    let mut checks = Vec::new();
    for path in files {
        let query = std::fs::read_to_string(&path).map_err(failed(&path))?;
        let header = |key: &str| {
            let comments = query.lines().map_while(|line| line.strip_prefix('#'));
            let mut values = comments.filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(':'));
            values.next().map(|value| value.trim().to_owned())
        };
        checks.push(Custom {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            title: header("title"),
            level: header("level").and_then(|l| Level::from_name(&l.to_lowercase())).unwrap_or(Level::Warning),
            hint: header("hint").unwrap_or_default(),
            query,
            path,
        });
    }
    Ok(checks)
}

/// Runs the checks over all statements of the ontology.
pub(super) fn run(checks: &[Custom], graph: &Graph, findings: &mut Findings<'_>) -> Result<(), CustomError> {
    if checks.is_empty() {
        return Ok(());
    }
    let failure = |path: &Path, source: Box<dyn std::error::Error + Send + Sync>| CustomError::Evaluation {
        path: path.to_owned(),
        source,
    };
    let store = Store::new().map_err(|e| failure(Path::new("a store in memory"), e.into()))?;
    let quads = graph.ontology.statements().into_iter().map(|s| {
        let t = s.triple;
        Quad::new(t.subject, t.predicate, t.object, GraphName::DefaultGraph)
    });
    store.extend(quads).map_err(|e| failure(Path::new("a store in memory"), e.into()))?;
    let prefixes = Prefixes::of_base(crate::graph::DEFAULT_BASE);
    for check in checks {
        let mut evaluator = SparqlEvaluator::new();
        for (prefix, iri) in prefixes.iter() {
            evaluator = evaluator.with_prefix(prefix, iri).map_err(|e| failure(&check.path, e.into()))?;
        }
        let query = evaluator
            .parse_query(&check.query)
            .map_err(|source| CustomError::Query { path: check.path.clone(), source: Some(source) })?;
        let results = query.on_store(&store).execute().map_err(|e| failure(&check.path, e.into()))?;
        let QueryResults::Solutions(solutions) = results else {
            return Err(CustomError::Query { path: check.path.clone(), source: None });
        };
        for solution in solutions {
            let solution = solution.map_err(|e| failure(&check.path, e.into()))?;
            let Some(entity) = solution.get("entity") else { continue };
            let subject = match entity {
                Term::NamedNode(node) => node.as_str().to_owned(),
                Term::BlankNode(node) => graph.owner(&format!("_:{}", node.as_str())).to_owned(),
                Term::Literal(literal) => literal.value().to_owned(),
            };
            let shown = |name: &str| {
                solution.get(name).map(|term| match term {
                    Term::NamedNode(node) => format!("`{}`", findings.shorten(node.as_str())),
                    Term::BlankNode(_) => "[…]".to_owned(),
                    Term::Literal(literal) => format!("\"{}\"", literal.value()),
                })
            };
            let mut message = check.title.clone().unwrap_or_else(|| check.name.clone());
            if let Some(property) = shown("property") {
                message = format!("{message}: {property}");
            }
            if let Some(value) = shown("value") {
                message = format!("{message} {value}");
            }
            let words = match solution.get("value") {
                Some(Term::Literal(literal)) => literal.value().to_owned(),
                Some(Term::NamedNode(node)) => crate::ontology::terms::short(node.as_str()).to_owned(),
                _ => String::new(),
            };
            let place = graph.place(&subject, &words);
            findings.add(check.level, &check.name, &subject, place, message, &check.hint);
        }
    }
    Ok(())
}
