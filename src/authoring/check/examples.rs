//! The sentences of the frames, run: each example evokes its frame, no counter-example does.

use super::finding::Findings;
use super::graph::Graph;
use crate::article::Article;
use crate::extract::Extractor;
use crate::extract::trace::Verdict;
use crate::language::Pipeline;
use crate::ontology::Frame;
use rayon::prelude::*;

/// Runs all of them and tells how many there were.
pub(super) fn check(graph: &Graph, findings: &mut Findings<'_>) -> usize {
    let extractor = Extractor::new(graph.ontology);
    let language = Pipeline::embedded();
    let sentences: Vec<(&Frame, &str, bool)> = graph
        .ontology
        .frames()
        .iter()
        .flat_map(|frame| {
            let examples = frame.examples.iter().map(move |e| (frame, e.as_ref(), true));
            examples.chain(frame.counter_examples.iter().map(move |e| (frame, e.as_ref(), false)))
        })
        .collect();
    let wrong: Vec<(&Frame, &str, bool, String)> = sentences
        .par_iter()
        .filter_map(|&(frame, sentence, expected)| {
            let reason = run(&extractor, language, frame, sentence);
            (reason.is_none() != expected).then(|| (frame, sentence, expected, reason.unwrap_or_default()))
        })
        .collect();
    for (frame, sentence, expected, reason) in wrong {
        let hint = format!("see `belligraph parse \"{sentence}\"`");
        // Long sentences are broken over no lines, so that their beginning finds them.
        if expected {
            let message = format!("the example \"{sentence}\" does not evoke it: {reason}");
            findings.about("example-silent", &frame.iri, sentence, message, &hint);
        } else {
            let message = format!("the counter-example \"{sentence}\" evokes it");
            findings.about("counter-example-evokes", &frame.iri, sentence, message, &hint);
        }
    }
    sentences.len()
}

/// Why a sentence does not evoke a frame; none if it does.
fn run(extractor: &Extractor, language: &Pipeline, frame: &Frame, sentence: &str) -> Option<String> {
    let article = Article { body: sentence.to_owned(), ..Article::default() };
    let document = language.analyse("", sentence);
    let (_, trace) = extractor.trace(&article, &document);
    let mut own = trace.attempts.iter().filter(|a| a.frame == frame.iri).peekable();
    if own.peek().is_none() {
        return Some("none of its words is read as one of its triggers".to_owned());
    }
    let mut reasons: Vec<String> = Vec::new();
    for attempt in own {
        if matches!(attempt.verdict, Verdict::Fired { .. }) {
            return None;
        }
        reasons.push(format!("`{}`: {}", document.form(attempt.trigger), attempt.verdict.reason(&document)));
    }
    reasons.dedup();
    Some(reasons.join("; "))
}
