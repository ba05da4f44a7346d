//! Queries over a store: parameters reach everywhere, limits hold, formats are what they say.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::sparql::{
    DefaultGraph, Format, Options, Prefixes, Query, SparqlError, SubstitutionError, TableStyle, evaluate, explain,
    parse_value, saved,
};
use belligraph::store::{ArticleGraph, RunDescription, Store};
use oxrdf::{NamedNode, Triple, Variable};
use oxttl::TurtleParser;
use std::path::Path;
use std::time::{Duration, Instant};

const BASE: &str = "http://localhost:7878/";

const ARTICLE: &str = r#"
@prefix : <http://localhost:7878/> .
@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
<event/a/1> a bg:Battle ; bg:place <place/benghazi> ; bg:initiator <actor/lna> ; bg:rank 1 ; bg:earliest "2017-12-29"^^xsd:date .
<event/a/2> a bg:Siege ; bg:place <place/benghazi> ; bg:initiator <actor/lna> ; bg:rank 2 ; bg:earliest "2017-07-01"^^xsd:date .
<event/a/3> a bg:Battle ; bg:place <place/derna> ; bg:initiator <actor/isis> ; bg:rank 3 .
<article/a> rdfs:label "A <b>\"headline\"</b>,\nin two lines"@en ; bg:body "bell \u0007 and \u001B[31mred" .
<place/benghazi> geo:asWKT "POINT(20.07 32.12)"^^geo:wktLiteral .
<place/derna> geo:asWKT "POINT(22.64 32.77)"^^geo:wktLiteral .
"#;

fn store() -> Store {
    let store = Store::in_memory(BASE).unwrap();
    let parser = TurtleParser::new().with_base_iri(BASE).unwrap();
    let triples: Vec<Triple> = parser.for_slice(ARTICLE).map(Result::unwrap).collect();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(NamedNode::new(format!("{BASE}article/a")).unwrap(), triples)).unwrap();
    run.finish().unwrap();
    store
}

fn ask(store: &Store, text: &str, parameters: &[(&str, &str)], format: Format) -> String {
    let prefixes = Prefixes::of_base(BASE);
    let mut query = Query::parse(text, &prefixes).unwrap();
    for (name, value) in parameters {
        query.set(&Variable::new(*name).unwrap(), &parse_value(value, &prefixes).unwrap()).unwrap();
    }
    let results = evaluate(store, &query, Options::default()).unwrap();
    let mut text = Vec::new();
    results.write(&mut text, format, &prefixes, TableStyle::default()).unwrap();
    String::from_utf8(text).unwrap()
}

fn csv(text: &str, parameters: &[(&str, &str)]) -> String {
    ask(&store(), text, parameters, Format::Csv).replace("\r\n", "\n").replace(BASE, "")
}

#[test]
fn a_parameter_reaches_every_part_of_a_query() {
    let where_ = [("where", "place:benghazi")];
    for (query, parameters, expected) in [
        ("SELECT ?e { ?e bg:place ?where } ORDER BY ?e", &where_[..], "e\nevent/a/1\nevent/a/2\n"),
        (
            "SELECT ?where ?e { ?e bg:place ?where } ORDER BY DESC(?e)",
            &where_,
            "where,e\nplace/benghazi,event/a/2\nplace/benghazi,event/a/1\n",
        ),
        ("SELECT * { ?e bg:place ?where } ORDER BY DESC(?e) LIMIT 1", &where_, "e,where\nevent/a/2,place/benghazi\n"),
        ("SELECT (COUNT(*) AS ?n) { { SELECT ?e { ?e bg:place ?where } } }", &where_, "n\n2\n"),
        ("SELECT (COUNT(*) AS ?n) { { SELECT ?e ?where { ?e bg:place ?where } } ?e a bg:Battle }", &where_, "n\n1\n"),
        (
            "SELECT ?where (COUNT(*) AS ?n) { ?e bg:place ?where } GROUP BY ?where",
            &where_,
            "where,n\nplace/benghazi,2\n",
        ),
        (
            "SELECT ?where (COUNT(*) AS ?n) { ?e bg:place ?where ; a ?c } GROUP BY ?where ?c HAVING (?n > 1)",
            &where_,
            "where,n\n",
        ),
        ("SELECT ?e { ?e bg:place ?p FILTER(?p = ?where) } ORDER BY ?e", &where_, "e\nevent/a/1\nevent/a/2\n"),
        ("SELECT ?e { ?e bg:rank ?r FILTER NOT EXISTS { ?e bg:place ?where } }", &where_, "e\nevent/a/3\n"),
        ("SELECT ?e ?where { ?e bg:place ?where MINUS { ?x bg:place ?where ; a bg:Siege } }", &where_, "e,where\n"),
        (
            "SELECT ?e ?where { ?e bg:place ?where MINUS { ?x bg:place ?where ; a bg:Siege } }",
            &[("where", "place:derna")],
            "e,where\nevent/a/3,place/derna\n",
        ),
        (
            "SELECT ?e ?b { ?e bg:rank ?r OPTIONAL { ?e bg:place ?where BIND(true AS ?b) } } ORDER BY ?r",
            &where_,
            "e,b\nevent/a/1,true\nevent/a/2,true\nevent/a/3,\n",
        ),
        (
            "SELECT ?e { { ?e bg:place ?where ; a bg:Siege } UNION { ?e bg:rank 1 ; bg:place ?where } } ORDER BY ?e",
            &where_,
            "e\nevent/a/1\nevent/a/2\n",
        ),
        (
            "SELECT ?e { VALUES (?where ?c) { (place:benghazi bg:Siege) (place:derna bg:Battle) } ?e a ?c ; bg:place ?where }",
            &where_,
            "e\nevent/a/2\n",
        ),
        ("SELECT ?e { ?e bg:place ?p BIND(?p AS ?where) } ORDER BY ?e", &where_, "e\nevent/a/1\nevent/a/2\n"),
        ("SELECT (IF(BOUND(?where), 'set', 'free') AS ?s) {}", &where_, "s\nset\n"),
        ("SELECT (IF(BOUND(?where), 'set', 'free') AS ?s) {}", &[], "s\nfree\n"),
        (
            "SELECT ?e { ?e bg:rank ?r FILTER(?r >= ?least) } ORDER BY ?r",
            &[("least", "2")],
            "e\nevent/a/2\nevent/a/3\n",
        ),
        ("SELECT ?e { ?e bg:earliest ?d FILTER(?d < ?before) }", &[("before", "2017-08-01")], "e\nevent/a/2\n"),
        (
            "SELECT ?e { ?e bg:place ?where ; ?role ?who }",
            &[("where", "place:derna"), ("role", "bg:initiator"), ("who", "actor:isis")],
            "e\nevent/a/3\n",
        ),
        ("SELECT ?e { GRAPH ?g { ?e bg:rank 1 } }", &[("g", "article:a")], "e\nevent/a/1\n"),
        ("SELECT ?e { ?e (bg:place|bg:initiator)+ ?where } ORDER BY ?e", &[("where", "place:derna")], "e\nevent/a/3\n"),
        ("ASK { ?e bg:place ?where ; a bg:Siege }", &where_, "true"),
        ("ASK { ?e bg:place ?where ; a bg:Siege }", &[("where", "place:derna")], "false"),
    ] {
        assert_eq!(csv(query, parameters), expected, "{query} {parameters:?}");
    }
}

#[test]
fn a_parameter_reaches_templates_and_descriptions() {
    let store = store();
    let built = ask(
        &store,
        "CONSTRUCT { ?where bg:hosts ?e } { ?e bg:place ?where ; a bg:Siege }",
        &[("where", "place:benghazi")],
        Format::NTriples,
    );
    assert_eq!(
        built,
        format!("<{BASE}place/benghazi> <https://w3id.org/belligraph/ontology#hosts> <{BASE}event/a/2> .\n")
    );
    for query in ["DESCRIBE ?what", "DESCRIBE ?what { ?what bg:rank ?r }"] {
        let described = ask(&store, query, &[("what", r"event:a\/3")], Format::NTriples);
        assert_eq!(described.lines().count(), 4, "{described}");
    }
}

#[test]
fn a_value_cannot_change_what_the_query_is() {
    let hostile = "x' } UNION { ?s ?p ?o } #";
    assert_eq!(csv("SELECT ?e { ?e bg:body ?text }", &[("text", hostile)]), "e\n");
}

#[test]
fn wrong_parameters_are_told() {
    let prefixes = Prefixes::of_base(BASE);
    let set = |text: &str, name: &str, value: &str| {
        let mut query = Query::parse(text, &prefixes).unwrap();
        query.set(&Variable::new(name).unwrap(), &parse_value(value, &prefixes).unwrap())
    };
    let error = set("SELECT ?a { ?a ?b [] }", "c", "1").unwrap_err();
    assert_eq!(error.to_string(), "the query has no variable `?c`; it has `?a`, `?b`");
    for (query, name) in
        [("SELECT ?a { ?a ?b 1 }", "a"), ("SELECT ?a { ?a ?b 1 }", "b"), ("SELECT * { GRAPH ?g {} }", "g")]
    {
        assert!(matches!(set(query, name, "text"), Err(SubstitutionError::NotAnIri(..))), "{query}");
    }
}

#[test]
fn tables_are_readable_and_harmless() {
    let store = store();
    let table =
        ask(&store, "SELECT ?e ?r ?d { ?e bg:rank ?r OPTIONAL { ?e bg:earliest ?d } } ORDER BY ?r", &[], Format::Table);
    insta::assert_snapshot!(table);
    let table = ask(&store, "SELECT ?text { article:a rdfs:label|bg:body ?text } ORDER BY ?text", &[], Format::Table);
    assert!(!table.contains(['\u{7}', '\u{1b}']), "{table:?}");
    insta::assert_snapshot!(table);
}

#[test]
fn pages_escape_everything() {
    let page = ask(
        &store(),
        "SELECT ?t (IRI('javascript:alert(1)') AS ?js) ?e { article:a rdfs:label ?t . ?e bg:rank 1 }",
        &[],
        Format::Html,
    );
    assert!(!page.contains("<b>"), "{page}");
    assert!(!page.contains("href=\"javascript"), "{page}");
    assert!(page.contains("&lt;b&gt;&quot;headline&quot;&lt;/b&gt;"), "{page}");
    assert!(page.contains("<a href=\"http://localhost:7878/event/a/1\">"), "{page}");
}

#[test]
fn every_format_fits_some_results_and_refuses_the_others() {
    let store = store();
    let prefixes = Prefixes::of_base(BASE);
    for (text, refusing) in [
        ("SELECT ?e { ?e bg:rank 1 }", 6),
        ("ASK { ?e bg:rank 1 }", 6),
        ("CONSTRUCT { ?e bg:rank 1 } { ?e bg:rank 1 }", 0),
    ] {
        let query = Query::parse(text, &prefixes).unwrap();
        let mut refused = 0;
        for format in Format::ALL {
            let mut written = Vec::new();
            let results = evaluate(&store, &query, Options::default()).unwrap();
            if results.write(&mut written, format, &prefixes, TableStyle::default()).is_ok() {
                assert!(!written.is_empty());
            } else {
                assert!(written.is_empty());
                refused += 1;
            }
        }
        assert_eq!(refused, refusing, "{text}");
    }
}

#[test]
fn geosparql_functions_are_known() {
    let query = "SELECT ?p { ?p geo:asWKT ?w FILTER(geof:distance(?w, 'POINT(20.1 32.1)'^^geo:wktLiteral, uom:metre) < 10000) }";
    assert_eq!(csv(query, &[]), "p\nplace/benghazi\n");
}

#[test]
fn the_default_graph_is_the_union_unless_asked_otherwise() {
    let store = store();
    let prefixes = Prefixes::of_base(BASE);
    let count = |text: &str, default_graph| {
        let query = Query::parse(text, &prefixes).unwrap();
        let results = evaluate(&store, &query, Options { default_graph, ..Options::default() }).unwrap();
        results.into_rows().1.count()
    };
    assert_eq!(count("SELECT * { ?e bg:rank ?r }", DefaultGraph::Union), 3);
    assert_eq!(count("SELECT * { ?e bg:rank ?r }", DefaultGraph::Unnamed), 0);
    assert_eq!(count("SELECT * FROM <article/a> { ?e bg:rank ?r }", DefaultGraph::Union), 3);
    assert_eq!(count("SELECT * FROM graph:log { ?e bg:rank ?r }", DefaultGraph::Union), 0);
}

#[test]
fn a_query_ends_with_its_time() {
    let store = store();
    let prefixes = Prefixes::of_base(BASE);
    // Joined by look-ups, which read the store; a sort or a cross product does not.
    let text = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?p ?d . ?e ?p ?f . ?g ?p ?h . ?i ?p ?j . ?k ?p ?l . ?m ?p ?o . ?q ?p ?r }";
    let query = Query::parse(text, &prefixes).unwrap();
    let timeout = Some(Duration::from_millis(100));
    let began = Instant::now();
    let error = match evaluate(&store, &query, Options { timeout, ..Options::default() }) {
        Ok(results) => results.into_rows().1.find_map(Result::err).unwrap(),
        Err(error) => error,
    };
    assert!(matches!(error, SparqlError::TimedOut(_)), "{error}");
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_plan_has_a_line_for_each_step() {
    let store = store();
    let query = Query::parse("SELECT ?e { ?e bg:rank ?r FILTER(?r > 1) }", &Prefixes::of_base(BASE)).unwrap();
    let mut plan = Vec::new();
    explain(&store, &query, Options::default(), &mut plan).unwrap();
    let plan = String::from_utf8(plan).unwrap();
    assert!(plan.lines().next().unwrap().ends_with("results: 2"), "{plan}");
    assert!(plan.lines().count() >= 4, "{plan}");
}

#[test]
fn the_embedded_queries_are_the_folder_and_parse() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .map(|entries| {
            entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "rq")).collect::<Vec<_>>()
        })
        .unwrap_or_default()
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let embedded: Vec<_> = saved::EMBEDDED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(embedded, files, "list every file of queries/ in src/sparql/saved.rs, in order");
    let prefixes = Prefixes::of_base(BASE);
    for (name, text) in saved::EMBEDDED {
        let query = saved::SavedQuery::new(*name, *text);
        assert!(!query.title.is_empty() && query.title != *name, "{name} has no title");
        assert!(!query.description.is_empty(), "{name} has no description");
        let mut parsed = Query::parse(text, &prefixes).map_err(|error| format!("{name}: {error}")).unwrap();
        for parameter in &query.parameters {
            assert!(!parameter.description.is_empty(), "{name}: {} has no description", parameter.name);
            let value = parse_value(parameter.default.as_deref().unwrap_or("actor:x"), &prefixes).unwrap();
            parsed
                .set(&Variable::new(parameter.name.as_str()).unwrap(), &value)
                .map_err(|error| format!("{name}: {error}"))
                .unwrap();
        }
    }
}

#[test]
fn headers_of_saved_queries_are_read() {
    let text = "# title: Who fought whom\n# description: Pairs of actors,\n#   most frequent first.\n# param: ?place — where — place:benghazi\n# param: from -- first day\nSELECT * {}\n# param: not — this";
    let query = saved::SavedQuery::new("who", text);
    assert_eq!(query.title, "Who fought whom");
    assert_eq!(query.description, "Pairs of actors, most frequent first.");
    let parameters: Vec<_> =
        query.parameters.iter().map(|p| (p.name.as_str(), p.description.as_str(), p.default.as_deref())).collect();
    assert_eq!(parameters, [("place", "where", Some("place:benghazi")), ("from", "first day", None)]);
}

#[test]
fn what_only_reads_and_tells_is_light() {
    let prefixes = Prefixes::of_base(BASE);
    let is_light = |text: &str| Query::parse(text, &prefixes).unwrap().is_light();
    for light in [
        "ASK { ?s a bg:Battle }",
        "SELECT ?p ?o { <a> ?p ?o } LIMIT 5",
        "SELECT * { ?e bg:initiator <a> OPTIONAL { ?e bg:latest ?day } OPTIONAL { ?e bg:place ?place } }",
        "SELECT * { ?e bg:initiator <a> ; bg:latest ?day }",
        "SELECT * { { ?e bg:initiator <a> } UNION { GRAPH ?g { ?e bg:target <a> } } }",
        "DESCRIBE <a>",
    ] {
        assert!(is_light(light), "{light}");
    }
    for heavy in [
        "SELECT * { ?a ?b ?c . ?c ?d ?e . ?e ?f ?g }",
        "SELECT * { ?a ?b ?c FILTER(?a != ?c) }",
        "SELECT * { ?a ?b ?c OPTIONAL { ?c ?d ?e . ?e ?f ?g } }",
        "SELECT * { ?a ?b ?c OPTIONAL { ?c ?d ?e FILTER(?e != ?a) } }",
        "SELECT DISTINCT ?a { ?a ?b ?c }",
        "SELECT * { ?a ?b ?c } ORDER BY ?a",
        "SELECT * { ?a ?b ?c } OFFSET 1000000",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }",
        "SELECT * { ?a bg:partOf+ ?c }",
        "SELECT * { ?a ?b ?c MINUS { ?a a bg:Battle } }",
        "SELECT * { VALUES ?a { 1 2 } VALUES ?b { 1 2 } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DESCRIBE ?s { ?s ?p ?o }",
    ] {
        assert!(!is_light(heavy), "{heavy}");
    }
}
