//! The W3C's SPARQL 1.1 suites of queries, updates and result formats, through the endpoint.

use super::manifest::{Known, LABEL, MF, Manifest, QT, UT, file, graph, name, suites, text, value};
use super::server::{ADMIN, Server, encode};
use oxigraph::sparql::QueryResults;
use oxrdf::dataset::CanonicalizationAlgorithm;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{BlankNode, Dataset, Graph, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, Triple, Variable};
use oxrdfio::RdfFormat;
use sparesults::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use std::collections::BTreeMap;
use std::path::Path;

/// Solutions: the variables and the rows, in order.
type Rows = Vec<BTreeMap<String, Term>>;

#[test]
fn the_query_suite() {
    run("query", "SPARQL 1.1 Query");
}

#[test]
fn the_update_suite() {
    run("update", "SPARQL 1.1 Update");
}

#[test]
fn the_result_format_suites() {
    run("results", "SPARQL 1.1 Query Results CSV, TSV and JSON");
}

fn run(part: &str, suite: &str) {
    let Some(root) = suites() else { return };
    let server = Server::writable(&["--default-graph", "unnamed", "--timeout", "20"]);
    let mut known = Known::read();
    let top = Manifest::read(&root, &format!("sparql/sparql11/manifest-sparql11-{part}.ttl"));
    for manifest in top.included(&root) {
        for test in manifest.entries() {
            let kind = manifest.value(&test, rdf::TYPE.as_str(), "").unwrap();
            let outcome = match kind.rsplit('#').next().unwrap() {
                "QueryEvaluationTest" | "CSVResultFormatTest" => query(&server, &root, &manifest, &test),
                "UpdateEvaluationTest" => update(&server, &root, &manifest, &test),
                "PositiveSyntaxTest11" => syntax(&server, &root, &manifest, &test, "query", true),
                "NegativeSyntaxTest11" => syntax(&server, &root, &manifest, &test, "query", false),
                "PositiveUpdateSyntaxTest11" => syntax(&server, &root, &manifest, &test, "update", true),
                "NegativeUpdateSyntaxTest11" => syntax(&server, &root, &manifest, &test, "update", false),
                other => panic!("`{other}` is a new kind of test"),
            };
            let name = name(&manifest, &test);
            // What is laid at Oxigraph's door must fail there too, without anything of ours around it.
            let outcome = match outcome {
                Err(why) if known.blames_oxigraph(&name) && kind.ends_with("QueryEvaluationTest") => {
                    match bare(&root, &manifest, &test) {
                        Err(_) => Err(why),
                        Ok(()) => panic!("{name} fails here and not in Oxigraph: {why}"),
                    }
                }
                outcome => outcome,
            };
            known.note(name, outcome);
        }
    }
    known.judge(suite);
}

/// Whether a query or an update is taken for one. What is well-formed may still be refused for other reasons.
fn syntax(
    server: &Server,
    root: &Path,
    manifest: &Manifest,
    test: &Term,
    kind: &str,
    is_good: bool,
) -> Result<(), String> {
    let iri = manifest.value(test, MF, "action").unwrap();
    let text = with_base(&text(root, &iri), &iri);
    let answer = server.admin("POST", "/sparql", &format!("application/sparql-{kind}"), text.as_bytes());
    let is_malformed = answer.status == 400 && answer.text().contains("cannot be parsed");
    if is_malformed == is_good { Err(format!("{} {}", answer.status, answer.text())) } else { Ok(()) }
}

fn with_base(text: &str, iri: &str) -> String {
    format!("BASE <{iri}>\n{text}")
}

/// Makes the store hold these documents and nothing else.
fn fill(server: &Server, root: &Path, default: &[String], named: &[(String, String)]) {
    let mut update = String::from("DROP ALL ;\nINSERT DATA {\n");
    for document in default {
        triples(root, document, &mut update);
    }
    for (name, document) in named {
        update.push_str(&format!("GRAPH <{name}> {{\n"));
        triples(root, document, &mut update);
        update.push_str("}\n");
    }
    update.push('}');
    for (name, _) in named {
        update.push_str(&format!(" ;\nCREATE SILENT GRAPH <{name}>"));
    }
    let answer = server.admin("POST", "/sparql", "application/sparql-update", update.as_bytes());
    assert_eq!(answer.status, 200, "{}\n{update}", answer.text());
}

fn triples(root: &Path, document: &str, update: &mut String) {
    for triple in &graph(root, document) {
        update.push_str(&format!("{triple} .\n"));
    }
}

fn query(server: &Server, root: &Path, manifest: &Manifest, test: &Term) -> Result<(), String> {
    let action = manifest.one(test, MF, "action").unwrap();
    let iri = manifest.value(&action, QT, "query").unwrap();
    let query = with_base(&text(root, &iri), &iri);
    let data: Vec<String> = manifest.all(&action, QT, "data").iter().map(value).collect();
    let named: Vec<String> = manifest
        .all(&action, QT, "graphData")
        .iter()
        .map(|data| manifest.value(data, QT, "graph").unwrap_or_else(|| value(data)))
        .collect();
    let mut graphs: Vec<(String, String)> = named.iter().map(|iri| (iri.clone(), iri.clone())).collect();
    // The store has graphs of its own besides, which no test knows: name those that the test is about. Without any,
    // the default graph is the one without a name.
    let mut target = "/sparql?x".to_owned();
    let says = query.to_ascii_uppercase();
    if says.contains("FROM") {
        graphs.extend(data.iter().map(|iri| (iri.clone(), iri.clone())));
    } else if says.contains("GRAPH") {
        for iri in &data {
            graphs.push((format!("{iri}#default"), iri.clone()));
            target.push_str(&format!("&default-graph-uri={}", encode(&format!("{iri}#default"))));
        }
        for iri in if named.is_empty() { vec!["urn:none".to_owned()] } else { named } {
            target.push_str(&format!("&named-graph-uri={}", encode(&iri)));
        }
    }
    fill(server, root, &data, &graphs);
    let ask = |format: &str| {
        let answer =
            server.admin("POST", &format!("{target}&format={format}"), "application/sparql-query", query.as_bytes());
        if answer.status == 200 && answer.complete {
            Ok(answer)
        } else {
            Err(format!("{} {}", answer.status, answer.text()))
        }
    };
    let expected_iri = manifest.value(test, MF, "result").unwrap();
    let expected_text = text(root, &expected_iri);
    let extension = expected_iri.rsplit('.').next().unwrap();
    let is_ordered = says.contains("ORDER BY");
    match extension {
        "csv" => {
            let answer = ask("csv")?;
            same(&table(&answer.text()), &table(&expected_text))
        }
        "srx" | "srj" | "tsv" => {
            let (name, format) = match extension {
                "tsv" => ("tsv", QueryResultsFormat::Tsv),
                _ if extension == "srx" => ("json", QueryResultsFormat::Xml),
                _ => ("json", QueryResultsFormat::Json),
            };
            let own = if name == "tsv" { QueryResultsFormat::Tsv } else { QueryResultsFormat::Json };
            let answer = ask(name)?;
            same_results(&rows(&answer.body, own), &rows(expected_text.as_bytes(), format), is_ordered)
        }
        "ttl" | "rdf" => {
            let expected = graph(root, &expected_iri);
            if let Some(expected) = result_set(&expected) {
                return same_results(&rows(&ask("json")?.body, QueryResultsFormat::Json), &expected, is_ordered);
            }
            let answer = ask("ntriples")?;
            let found = super::manifest::parse(&answer.text(), RdfFormat::NTriples, "http://none/");
            same_quads(dataset(&found), dataset(&expected))
        }
        other => panic!("{}: `{other}`", file(root, &expected_iri).display()),
    }
}

/// The same query test by Oxigraph alone, in memory.
fn bare(root: &Path, manifest: &Manifest, test: &Term) -> Result<(), String> {
    let action = manifest.one(test, MF, "action").unwrap();
    let iri = manifest.value(&action, QT, "query").unwrap();
    let store = oxigraph::store::Store::new().unwrap();
    for data in manifest.all(&action, QT, "data") {
        store.extend(graph(root, &value(&data)).iter().map(|t| t.in_graph(oxrdf::GraphNameRef::DefaultGraph))).unwrap();
    }
    for data in manifest.all(&action, QT, "graphData") {
        let document = manifest.value(&data, QT, "graph").unwrap_or_else(|| value(&data));
        let name = NamedNode::new(&document).unwrap();
        store.insert_named_graph(&name).unwrap();
        store.extend(graph(root, &document).iter().map(|t| t.in_graph(&name))).unwrap();
    }
    let evaluator = oxigraph::sparql::SparqlEvaluator::new();
    let query = evaluator.parse_query(&with_base(&text(root, &iri), &iri)).map_err(|e| e.to_string())?;
    let results = query.on_store(&store).execute().map_err(|e| e.to_string())?;
    let found = match results {
        QueryResults::Boolean(truth) => Results::Truth(truth),
        QueryResults::Solutions(solutions) => {
            let names = solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
            let rows = solutions.map(|solution| {
                let solution = solution.map_err(|e| e.to_string())?;
                Ok(solution.iter().map(|(name, term)| (name.as_str().to_owned(), plain(term.clone()))).collect())
            });
            Results::Solutions(names, rows.collect::<Result<_, String>>()?)
        }
        QueryResults::Graph(_) => return Err("triples".to_owned()),
    };
    let expected_iri = manifest.value(test, MF, "result").unwrap();
    let expected = match expected_iri.rsplit('.').next().unwrap() {
        "srx" => rows(text(root, &expected_iri).as_bytes(), QueryResultsFormat::Xml),
        "srj" => rows(text(root, &expected_iri).as_bytes(), QueryResultsFormat::Json),
        "tsv" => rows(text(root, &expected_iri).as_bytes(), QueryResultsFormat::Tsv),
        _ => result_set(&graph(root, &expected_iri)).ok_or("no result set")?,
    };
    same_results(&found, &expected, text(root, &iri).to_ascii_uppercase().contains("ORDER BY"))
}

fn update(server: &Server, root: &Path, manifest: &Manifest, test: &Term) -> Result<(), String> {
    let state = |node: &Term| {
        let default: Vec<String> = manifest.all(node, UT, "data").iter().map(value).collect();
        let named = manifest
            .all(node, UT, "graphData")
            .into_iter()
            .map(|data| (manifest.value(&data, LABEL, "").unwrap(), manifest.value(&data, UT, "graph").unwrap()));
        (default, named.collect::<Vec<_>>())
    };
    let action = manifest.one(test, MF, "action").unwrap();
    let (default, named) = state(&action);
    fill(server, root, &default, &named);
    let iri = manifest.value(&action, UT, "request").unwrap();
    let answer =
        server.admin("POST", "/sparql", "application/sparql-update", with_base(&text(root, &iri), &iri).as_bytes());
    if answer.status != 200 {
        return Err(format!("{} {}", answer.status, answer.text()));
    }
    let (default, named) = state(&manifest.one(test, MF, "result").unwrap());
    let mut expected = Dataset::new();
    for document in default {
        expected.extend(graph(root, &document).iter().map(|t| t.into_owned().in_graph(GraphName::DefaultGraph)));
    }
    for (name, document) in named {
        let name = NamedNode::new(name).unwrap();
        expected.extend(graph(root, &document).iter().map(|t| t.into_owned().in_graph(name.clone())));
    }
    same_quads(held(server), expected)
}

/// What the store holds besides its own books.
fn held(server: &Server) -> Dataset {
    let answer = server.request("GET", "/dump.nq", &[("Authorization", &format!("Bearer {ADMIN}"))], b"");
    assert!(answer.status == 200 && answer.complete, "{answer:?}");
    let parser = oxrdfio::RdfParser::from_format(RdfFormat::NQuads);
    let quads = parser.for_slice(&answer.body).map(Result::unwrap);
    let is_own = |quad: &Quad| matches!(&quad.graph_name, GraphName::NamedNode(node) if node.as_str().starts_with("http://localhost:7878/graph/"));
    quads.filter(|quad| !is_own(quad)).collect()
}

fn dataset(graph: &Graph) -> Dataset {
    graph.iter().map(|triple| triple.into_owned().in_graph(GraphName::DefaultGraph)).collect()
}

fn same_quads(found: Dataset, expected: Dataset) -> Result<(), String> {
    let canonical = |dataset: Dataset| {
        let mut dataset: Dataset = dataset
            .iter()
            .map(|quad| {
                let quad = quad.into_owned();
                Quad { object: plain(quad.object), ..quad }
            })
            .collect();
        dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
        dataset
    };
    let show = |dataset: &Dataset| dataset.iter().map(|quad| format!("{quad} .\n")).collect::<String>();
    let (found, expected) = (canonical(found), canonical(expected));
    if found == expected { Ok(()) } else { Err(format!("found\n{}expected\n{}", show(&found), show(&expected))) }
}

/// Numbers by their value: the database keeps them so.
fn plain(term: Term) -> Term {
    let Term::Literal(literal) = &term else { return term };
    let datatype = literal.datatype();
    let value = literal.value();
    let value = if datatype == xsd::DECIMAL || datatype == xsd::INTEGER {
        let (sign, digits) = value.strip_prefix('-').map_or(("", value.trim_start_matches('+')), |rest| ("-", rest));
        let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
        let digits = digits.trim_start_matches('0');
        format!("{sign}{}", if digits.is_empty() { "0" } else { digits })
    } else if datatype == xsd::DOUBLE || datatype == xsd::FLOAT {
        value.parse::<f64>().map_or_else(|_| value.to_owned(), |number| format!("{number:e}"))
    } else {
        return term;
    };
    Literal::new_typed_literal(value, datatype.into_owned()).into()
}

enum Results {
    Truth(bool),
    Solutions(Vec<String>, Rows),
}

fn rows(bytes: &[u8], format: QueryResultsFormat) -> Results {
    let shown = || String::from_utf8_lossy(bytes).into_owned();
    let parsed =
        QueryResultsParser::from_format(format).for_slice(bytes).unwrap_or_else(|e| panic!("{e}: {}", shown()));
    match parsed {
        SliceQueryResultsParserOutput::Boolean(truth) => Results::Truth(truth),
        SliceQueryResultsParserOutput::Solutions(solutions) => {
            let names = solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
            let rows = solutions.map(|solution| {
                let solution = solution.unwrap_or_else(|e| panic!("{e}: {}", shown()));
                let bound = solution
                    .iter()
                    .map(|(name, term): (&Variable, &Term)| (name.as_str().to_owned(), plain(term.clone())));
                bound.collect::<BTreeMap<_, _>>()
            });
            Results::Solutions(names, rows.collect())
        }
    }
}

fn same_results(found: &Results, expected: &Results, is_ordered: bool) -> Result<(), String> {
    match (found, expected) {
        (Results::Truth(found), Results::Truth(expected)) => same(found, expected),
        (Results::Solutions(names, found), Results::Solutions(expected_names, expected)) => {
            let sorted = |names: &[String]| {
                let mut names = names.to_vec();
                names.sort();
                names
            };
            // Results without a row need not say what their columns would be.
            if !expected.is_empty() || !expected_names.is_empty() {
                same(&sorted(names), &sorted(expected_names))?;
            }
            same_quads(as_quads(found, is_ordered), as_quads(expected, is_ordered))
        }
        _ => Err("a truth value where solutions are wanted, or the other way round".to_owned()),
    }
}

/// The rows of a CSV document by their columns, sorted: blank nodes without their names, numbers by their value.
fn table(text: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cell = |cell: &str| match cell.parse::<f64>() {
        _ if cell.starts_with("_:") => "_:".to_owned(),
        Ok(number) => number.to_string(),
        Err(_) => cell.to_owned(),
    };
    let mut rows: Vec<Vec<(String, String)>> = reader
        .records()
        .map(|record| {
            let mut row: Vec<_> = names.iter().cloned().zip(record.unwrap().iter().map(cell)).collect();
            row.sort();
            row
        })
        .collect();
    rows.sort();
    rows
}

/// Results in the vocabulary that some of the suites write them in.
fn result_set(graph: &Graph) -> Option<Results> {
    let rs =
        |name: &str| NamedNode::new(format!("http://www.w3.org/2001/sw/DataAccess/tests/result-set#{name}")).unwrap();
    let set = graph.subjects_for_predicate_object(rdf::TYPE, &rs("ResultSet")).next()?;
    if let Some(truth) = graph.object_for_subject_predicate(set, &rs("boolean")) {
        return Some(Results::Truth(truth.to_string().contains("true")));
    }
    let names = graph.objects_for_subject_predicate(set, &rs("resultVariable"));
    let names = names.map(|name| value(&name.into_owned())).collect();
    let node = |term: oxrdf::TermRef<'_>| match term.into_owned() {
        Term::BlankNode(node) => NamedOrBlankNode::from(node),
        other => panic!("{other} has no properties"),
    };
    let mut solutions: Vec<(usize, BTreeMap<String, Term>)> = Vec::new();
    for solution in graph.objects_for_subject_predicate(set, &rs("solution")) {
        let solution = node(solution);
        let index = graph.object_for_subject_predicate(&solution, &rs("index"));
        let index = index.map_or(0, |index| value(&index.into_owned()).parse().unwrap());
        let mut row = BTreeMap::new();
        for binding in graph.objects_for_subject_predicate(&solution, &rs("binding")) {
            let binding = node(binding);
            let of = |name: &str| graph.object_for_subject_predicate(&binding, &rs(name)).unwrap().into_owned();
            row.insert(value(&of("variable")), plain(of("value")));
        }
        solutions.push((index, row));
    }
    solutions.sort_by_key(|(index, _)| *index);
    Some(Results::Solutions(names, solutions.into_iter().map(|(_, row)| row).collect()))
}

/// Solutions as a graph, so that they can be compared whatever their blank nodes are called.
fn as_quads(rows: &Rows, is_ordered: bool) -> Dataset {
    let named = |name: &str| NamedNode::new(format!("urn:column:{name}")).unwrap();
    let mut quads = Dataset::new();
    for (i, row) in rows.iter().enumerate() {
        let solution: NamedOrBlankNode = BlankNode::default().into();
        let number = if is_ordered { i as u64 } else { 0 };
        let mut triples = vec![Triple::new(solution.clone(), named("row"), Literal::from(number))];
        triples.extend(row.iter().map(|(name, term)| Triple::new(solution.clone(), named(name), term.clone())));
        quads.extend(triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)));
    }
    quads
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?}, expected {expected:?}")) }
}
