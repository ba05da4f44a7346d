//! How a query was evaluated: its plan, with the number of results and the time of each step.

use super::format::WriteError;
use super::{Options, Query, evaluator, prepare};
use crate::store::Store;
use oxigraph::sparql::QueryResults;
use serde_json::Value;
use std::io::{self, Write};

/// Evaluates a query to its end and writes its plan: a line for each step, those it draws on indented below it.
///
/// # Errors
///
/// If the evaluation fails or takes too long, or the writing fails.
pub fn explain(store: &Store, query: &Query, options: Options, writer: &mut impl Write) -> Result<(), WriteError> {
    let (prepared, deadline) = prepare(evaluator(), store, query, options);
    let (results, explanation) = prepared.on_store(store.database()).compute_statistics().explain();
    let results = results.map_err(|error| deadline.judge(error))?;
    let count = match results {
        QueryResults::Boolean(_) => 1,
        QueryResults::Solutions(mut solutions) => {
            solutions.try_fold(0_usize, |count, solution| solution.map(|_| count + 1)).map_err(|e| deadline.judge(e))?
        }
        QueryResults::Graph(mut triples) => {
            triples.try_fold(0_usize, |count, triple| triple.map(|_| count + 1)).map_err(|e| deadline.judge(e))?
        }
    };
    let mut json = Vec::new();
    explanation.write_in_json(&mut json)?;
    let explanation: Value = serde_json::from_slice(&json).map_err(io::Error::from)?;
    if let Some(seconds) = explanation["planning duration in seconds"].as_f64() {
        writeln!(writer, "planned in {:.3} ms; results: {count}", seconds * 1000.0)?;
    }
    writeln!(writer, "{:>10} {:>12}  step", "results", "time in ms")?;
    step(writer, &explanation["plan"], 0)?;
    Ok(())
}

fn step(writer: &mut impl Write, node: &Value, depth: usize) -> io::Result<()> {
    let results = node["number of results"].as_u64().map(|n| n.to_string()).unwrap_or_default();
    let time = node["duration in seconds"].as_f64().map(|s| format!("{:.3}", s * 1000.0)).unwrap_or_default();
    let name = node["name"].as_str().unwrap_or_default();
    writeln!(writer, "{results:>10} {time:>12}  {:indent$}{name}", "", indent = depth * 2)?;
    for child in node["children"].as_array().into_iter().flatten() {
        step(writer, child, depth + 1)?;
    }
    Ok(())
}
