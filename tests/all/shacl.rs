//! The validator: articles at the gate, stores and files, and the W3C's SHACL suite in `../shared/w3c/shacl`, skipped where
//! that is absent.
//!
//! A report is compared as the suite asks: each result by its focus node, path, value, severity, component, shape and
//! constraint, and by its messages where the expected one has some; how often each occurs counts.

#![expect(clippy::print_stderr, reason = "what was skipped, and how many of the suite passed, is told")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::article::Article;
use belligraph::authoring::validate::{Classes, Finding, Gate, MemoryGraph, Severity, Shapes, StoreGraph, Validator};
use belligraph::ontology::{Ontology, terms::property};
use belligraph::pipeline::Chain;
use belligraph::store::{ArticleGraph, RunDescription, Store};
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{BlankNode, Graph, Literal, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Triple};
use oxttl::TurtleParser;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const BASE: &str = "file:///suite/";

/// The tests that do not pass, each with the reason. The rest of both parts of the suite does.
const KNOWN: &[(&str, &str)] = &[
    ("sparql/component/optional-001", COMPONENTS),
    ("sparql/component/propertyValidator-select-001", COMPONENTS),
    ("sparql/component/validator-001", COMPONENTS),
    ("sparql/pre-binding/shapesGraph-001", "`$shapesGraph` is optional, and the shapes are not in the store"),
];
const COMPONENTS: &str = "constraint components written in SPARQL are not supported, and said to be so";

fn sh(name: &str) -> oxrdf::NamedNode {
    oxrdf::NamedNode::new_unchecked(format!("http://www.w3.org/ns/shacl#{name}"))
}

fn mf(name: &str) -> oxrdf::NamedNode {
    oxrdf::NamedNode::new_unchecked(format!("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#{name}"))
}

fn sht(name: &str) -> oxrdf::NamedNode {
    oxrdf::NamedNode::new_unchecked(format!("http://www.w3.org/ns/shacl-test#{name}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/w3c/shacl")
}

/// The triples of a file of the suite. Blank nodes keep their names where they have some, so that what a report says of them can
/// be compared.
fn read(iri: &str) -> Vec<Triple> {
    let path = root().join(iri.strip_prefix(BASE).unwrap());
    let text = fs::read_to_string(&path).unwrap();
    let parser = TurtleParser::new().with_base_iri(iri).unwrap();
    parser.for_slice(text.as_bytes()).map(|triple| triple.unwrap_or_else(|e| panic!("{iri}: {e}"))).collect()
}

fn object<'g>(graph: &'g Graph, subject: TermRef<'_>, predicate: NamedNodeRef<'_>) -> Option<TermRef<'g>> {
    match subject {
        TermRef::NamedNode(node) => graph.object_for_subject_predicate(node, predicate),
        TermRef::BlankNode(node) => graph.object_for_subject_predicate(node, predicate),
        TermRef::Literal(_) => None,
    }
}

fn objects(graph: &Graph, subject: TermRef<'_>, predicate: NamedNodeRef<'_>) -> Vec<Term> {
    let subject = match subject {
        TermRef::NamedNode(node) => NamedOrBlankNode::from(node.into_owned()),
        TermRef::BlankNode(node) => node.into_owned().into(),
        TermRef::Literal(_) => return Vec::new(),
    };
    graph.objects_for_subject_predicate(&subject, predicate).map(TermRef::into_owned).collect()
}

fn list(graph: &Graph, mut head: Term) -> Vec<Term> {
    let mut members = Vec::new();
    while let Some(first) = object(graph, head.as_ref(), rdf::FIRST) {
        members.push(first.into_owned());
        head = object(graph, head.as_ref(), rdf::REST).unwrap().into_owned();
    }
    members
}

/// A path, or another node, in one line, whatever its blank nodes are called.
fn shown(graph: &Graph, node: TermRef<'_>) -> String {
    if !matches!(node, TermRef::BlankNode(_)) {
        return node.to_string();
    }
    let members = list(graph, node.into_owned());
    if !members.is_empty() {
        return format!("({})", members.iter().map(|m| shown(graph, m.as_ref())).collect::<Vec<_>>().join(" "));
    }
    let TermRef::BlankNode(blank) = node else { unreachable!() };
    let mut parts: Vec<String> =
        graph.triples_for_subject(blank).map(|t| format!("{} {}", t.predicate, shown(graph, t.object))).collect();
    parts.sort();
    format!("[{}]", parts.join("; "))
}

/// The results of a report, one line each, with how often each occurs; `with_messages` says which have messages that count.
fn results(graph: &Graph, report: TermRef<'_>, same_names: bool) -> BTreeMap<String, (usize, Vec<String>)> {
    let mut found: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for result in objects(graph, report, sh("result").as_ref()) {
        let mut line = String::new();
        for property in ["focusNode", "value", "resultSeverity", "sourceConstraintComponent", "sourceShape"] {
            let value = object(graph, result.as_ref(), sh(property).as_ref());
            let value = value.map(|value| match value {
                TermRef::BlankNode(_) if !same_names => "_".to_owned(),
                other => other.to_string(),
            });
            let _ = write!(line, "{property} {} ", value.unwrap_or_default());
        }
        if let Some(path) = object(graph, result.as_ref(), sh("resultPath").as_ref()) {
            let _ = write!(line, "path {}", shown(graph, path));
        }
        let mut messages: Vec<String> =
            objects(graph, result.as_ref(), sh("resultMessage").as_ref()).iter().map(ToString::to_string).collect();
        messages.sort();
        let entry = found.entry(line).or_default();
        entry.0 += 1;
        entry.1.extend(messages);
    }
    found
}

/// Runs a test; the reason if it fails.
fn run(file: &str, manifest: &Graph, test: TermRef<'_>) -> Result<(), String> {
    let action = object(manifest, test, mf("action").as_ref()).unwrap();
    let iri = |name: &str| match object(manifest, action, sht(name).as_ref()) {
        Some(TermRef::NamedNode(node)) => node.as_str().to_owned(),
        other => panic!("{file}: {other:?}"),
    };
    let (data, shapes) = (iri("dataGraph"), iri("shapesGraph"));
    let expected = object(manifest, test, mf("result").as_ref()).unwrap();
    let own: Vec<Triple> = manifest.iter().map(oxrdf::TripleRef::into_owned).collect();
    let of = |iri: &str| if iri == file { own.clone() } else { read(iri) };
    let data_graph = MemoryGraph::new(of(&data));
    let shapes_read = Shapes::new(of(&shapes));
    let is_failure = expected == sht("Failure").as_ref().into();
    let shapes_read = match shapes_read {
        Ok(shapes) => shapes,
        Err(_) if is_failure => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let classes = Classes::new(&shapes_read, &data_graph).map_err(|e| e.to_string())?;
    let mut actual = Graph::new();
    let report = BlankNode::new_unchecked("the-report");
    let mut minted = 0;
    let validator = Validator::new(&shapes_read, &classes, &data_graph);
    let done = validator.run(|result| {
        let triples = result.write(&report, &mut || {
            minted += 1;
            BlankNode::new_unchecked(format!("result-{minted}"))
        });
        actual.extend(triples);
        Ok(())
    });
    match done {
        Ok(_) if is_failure => return Err("it should fail".to_owned()),
        Err(_) if is_failure => return Ok(()),
        Err(error) => return Err(error.to_string()),
        Ok(_) => {}
    }
    let same_names = data == file && shapes == file;
    let found = results(&actual, report.as_ref().into(), same_names);
    let wanted = results(manifest, expected, same_names);
    let mut difference = String::new();
    for (line, (count, messages)) in &wanted {
        match found.get(line) {
            Some((same, _)) if same != count => {
                let _ = writeln!(difference, "  {same} times, not {count}: {line}");
            }
            Some((_, given)) if !messages.is_empty() && given != messages => {
                let _ = writeln!(difference, "  messages {given:?}, not {messages:?}: {line}");
            }
            Some(_) => {}
            None => {
                let _ = writeln!(difference, "  missing: {line}");
            }
        }
    }
    for line in found.keys().filter(|line| !wanted.contains_key(*line)) {
        let _ = writeln!(difference, "  too much: {line}");
    }
    let conforms = object(manifest, expected, sh("conforms").as_ref()).map(|c| c.to_string().contains("true"));
    if conforms != Some(found.is_empty()) {
        let _ = writeln!(difference, "  conforms is {}", found.is_empty());
    }
    if difference.is_empty() { Ok(()) } else { Err(difference) }
}

/// Runs a manifest and those it includes: how many tests there were, and which failed.
fn suite(iri: &str, failures: &mut BTreeMap<String, String>) -> usize {
    let manifest: Graph = read(iri).into_iter().collect();
    let own = oxrdf::NamedNode::new_unchecked(iri);
    let own = TermRef::from(own.as_ref());
    let mut count = 0;
    for included in objects(&manifest, own, mf("include").as_ref()) {
        if let Term::NamedNode(included) = included {
            count += suite(included.as_str(), failures);
        }
    }
    for entries in objects(&manifest, own, mf("entries").as_ref()) {
        for test in list(&manifest, entries) {
            count += 1;
            if let Err(reason) = run(iri, &manifest, test.as_ref()) {
                let name = test.to_string().replace(BASE, "").replace(['<', '>'], "");
                failures.insert(name, reason);
            }
        }
    }
    count
}

#[test]
fn the_suite_of_the_w3c_passes() {
    if !root().exists() {
        eprintln!("skipped: `{}` is not there", root().display());
        return;
    }
    let mut failures = BTreeMap::new();
    let core = suite(&format!("{BASE}core/manifest.ttl"), &mut failures);
    let failed_core = failures.len();
    let sparql = suite(&format!("{BASE}sparql/manifest.ttl"), &mut failures);
    eprintln!(
        "SHACL Core: {} of {core} pass; SHACL-SPARQL: {} of {sparql}",
        core - failed_core,
        sparql - (failures.len() - failed_core)
    );
    let unknown: Vec<String> = failures
        .iter()
        .filter(|(name, _)| !KNOWN.iter().any(|(known, _)| known == name))
        .map(|(name, reason)| format!("{name}:\n{reason}"))
        .collect();
    assert!(unknown.is_empty(), "{} fail:\n{}", unknown.len(), unknown.join("\n"));
    let mended: Vec<_> = KNOWN.iter().filter(|(known, _)| !failures.contains_key(*known)).collect();
    assert!(mended.is_empty(), "these pass now: {mended:?}");
}

const BASE_OF_STORE: &str = "http://localhost:7878/";

/// What a seed article puts into a store.
fn article() -> ArticleGraph {
    static CHAIN: LazyLock<Chain> = LazyLock::new(|| Chain::new(Ontology::embedded()));
    let headline = "Shelling kills at least 12 civilians in Benghazi";
    let body = "Shelling by the militants killed at least 12 civilians in Benghazi on Friday.";
    let read = Article { headline: headline.to_owned(), body: body.to_owned(), ..Article::default() };
    CHAIN.graph(&CHAIN.read(read, BASE_OF_STORE))
}

fn gate() -> Gate {
    Gate::new(Ontology::embedded(), BASE_OF_STORE).unwrap()
}

#[test]
fn what_an_article_says_passes_the_gate() {
    assert_eq!(gate().check(&article()).unwrap(), []);
}

#[test]
fn a_violation_names_node_message_and_sentence() {
    let mut broken = article();
    let mut reports = 0;
    for triple in &mut broken.triples {
        if triple.predicate == property::MAX.into_owned() || triple.predicate == property::MIN.into_owned() {
            triple.object = Literal::new_typed_literal("-1", xsd::NON_NEGATIVE_INTEGER).into();
            reports += 1;
        }
    }
    assert!(reports > 0, "the article counts no victims");
    let findings = gate().check(&broken).unwrap();
    assert_eq!(findings.len(), reports);
    let Finding { result, sentence } = &findings[0];
    assert!(result.focus.to_string().contains("/report/"), "{}", result.focus);
    assert_eq!(result.message(), "a report has a least number, no greater than its greatest");
    assert_eq!(result.severity(), Severity::Violation);
    assert!(sentence.as_ref().unwrap().contains("at least 12 civilians"), "{sentence:?}");
}

/// A graph as a store gives it and as it is in memory breaks the same, whatever graphs its statements stand in.
#[test]
fn a_store_and_a_file_break_the_same() {
    let shapes = r#"
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        :S a sh:NodeShape ; sh:targetClass :C ; sh:targetSubjectsOf :p ; sh:targetObjectsOf :p ;
            sh:property [ sh:path [ sh:zeroOrMorePath [ sh:inversePath :p ] ] ; sh:maxCount 2 ] ,
                [ sh:path :p ; sh:maxCount 1 ; sh:severity sh:Warning ] ;
            sh:sparql [ sh:message "{$this} is {?value} too" ;
                sh:select "SELECT $this ?value { $this <http://example.org/q> ?value . FILTER(?value > 1) }" ] .
    "#;
    let data = r"
        @prefix : <http://localhost:7878/article/a#> . @prefix e: <http://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        e:D rdfs:subClassOf e:C . :1 a e:C, e:D ; e:p :2, :3 ; e:q 1, 2, 3 . :2 e:p :3 . :3 e:p :1 . :4 a e:D .
    ";
    let turtle = |text: &str| TurtleParser::new().for_slice(text).map(Result::unwrap).collect::<Vec<Triple>>();
    let shapes = Shapes::new(turtle(shapes)).unwrap();
    let store = Store::in_memory(BASE_OF_STORE).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    let triples = turtle(data);
    for (name, triples) in [("a", &triples), ("b", &triples)] {
        let article = oxrdf::NamedNode::new(format!("{BASE_OF_STORE}article/{name}")).unwrap();
        run.replace_article(&ArticleGraph::new(article, triples.clone())).unwrap();
    }
    run.finish().unwrap();
    let found = |graph: &dyn belligraph::authoring::validate::Graph| {
        let classes = Classes::new(&shapes, graph).unwrap();
        let mut lines = Vec::new();
        Validator::new(&shapes, &classes, graph)
            .run(|result| {
                lines.push(format!("{} {} {:?}", result.focus, result.message(), result.value));
                Ok(())
            })
            .unwrap();
        lines.sort();
        lines
    };
    let in_store = found(&StoreGraph::new(&store));
    assert_eq!(in_store, found(&MemoryGraph::new(triples)));
    assert_eq!(in_store.iter().filter(|line| line.contains("too")).count(), 2, "{in_store:#?}");
    assert_eq!(in_store.len(), 6, "{in_store:#?}");
}

#[test]
fn broken_shapes_are_told_all_at_once() {
    let shapes = r#"
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> .
        :A a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path ( :p ) ; sh:minCount "many" ] ; sh:nodeKind "IRI" .
        :B a sh:NodeShape ; sh:targetNode :x ; sh:pattern "(" ; sh:in :list .
    "#;
    let shapes = TurtleParser::new().for_slice(shapes).map(Result::unwrap);
    let error = Shapes::new(shapes).unwrap_err().to_string();
    for wrong in [
        "at least two",
        "`sh:minCount` takes a whole number",
        "`sh:nodeKind` takes an IRI",
        "`(` is no pattern",
        "a list",
    ] {
        assert!(error.contains(wrong), "{wrong} is not in: {error}");
    }
}

/// Runs the program: its exit code, what it printed, and what it told.
fn run_program(arguments: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_belligraph")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn an_article_that_breaks_a_shape_is_rejected_as_a_whole_and_the_others_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let shape = r#"
        @prefix bg: <https://w3id.org/belligraph/ontology#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        <http://example.org/shape> a sh:NodeShape ; sh:targetClass bg:ArmedClash ;
            sh:property [ sh:path bg:initiator ; sh:minCount 1 ; sh:message "a clash has somebody who clashes" ] .
    "#;
    fs::create_dir(path("strict")).unwrap();
    fs::write(path("strict/shape.ttl"), shape).unwrap();
    let good = "Army clashes with rebels\n\nThe army clashed with rebels near the airport on Friday.\n";
    let bad = "News of the day\n\nThere were clashes near the airport.\n";
    fs::create_dir(path("articles")).unwrap();
    fs::write(path("articles/good.txt"), good).unwrap();
    fs::write(path("articles/bad.txt"), bad).unwrap();
    let (store, strict, articles) = (path("store.db"), path("strict"), path("articles"));
    let (code, printed, told) = run_program(&["--store", &store, "--ontology", &strict, "load", &articles]);
    assert_eq!(code, 1, "{told}");
    assert!(printed.contains("articles: 1 (1 new, 0 changed, 0 as before), 1 rejected"), "{printed}");
    for part in ["News of the day", "nothing of it is stored", "a clash has somebody who clashes", "There were clashes"]
    {
        assert!(told.contains(part), "{part} is not in: {told}");
    }
    let (code, checked, _) = run_program(&["--store", &store, "--ontology", &strict, "validate"]);
    assert_eq!((code, checked.contains("all conform")), (0, true), "{checked}");
    let (code, ..) = run_program(&["--store", &store, "--ontology", &strict, "load", "--no-validate", &articles]);
    assert_eq!(code, 0);
    let (code, report, _) = run_program(&["--store", &store, "--ontology", &strict, "validate", "--format", "turtle"]);
    assert_eq!(code, 1);
    let report: Graph = TurtleParser::new().for_slice(&report).map(Result::unwrap).collect();
    assert_eq!(report.triples_for_predicate(sh("result").as_ref()).count(), 1);
    assert_eq!(report.triples_for_predicate(sh("conforms").as_ref()).count(), 1);
}
