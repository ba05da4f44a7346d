//! The order of the modules: which part of the program may know which other, held by reading the sources.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and those it may name, besides itself. A module that is not here may name none.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("article", &[]),
    ("language", &["article"]),
    ("ontology", &["article", "language"]),
    ("facts", &["article", "language", "ontology"]),
    ("lexicon", &["article", "language", "ontology", "facts"]),
    ("extract", &["article", "language", "ontology", "facts", "lexicon"]),
    ("graph", &["article", "language", "ontology", "facts", "lexicon", "extract"]),
    ("store", &["ontology"]),
    ("sparql", &["ontology", "store"]),
    ("pipeline", &["article", "language", "ontology", "facts", "lexicon", "extract", "graph", "store", "sparql"]),
    (
        "authoring",
        &["article", "language", "ontology", "facts", "lexicon", "extract", "graph", "store", "sparql", "pipeline"],
    ),
    (
        "eval",
        &["article", "language", "ontology", "facts", "lexicon", "extract", "graph", "store", "sparql", "pipeline"],
    ),
    (
        "http",
        &[
            "article",
            "language",
            "ontology",
            "facts",
            "lexicon",
            "extract",
            "graph",
            "store",
            "sparql",
            "pipeline",
            "authoring",
            "eval",
        ],
    ),
    (
        "cli",
        &[
            "article",
            "language",
            "ontology",
            "facts",
            "lexicon",
            "extract",
            "graph",
            "store",
            "sparql",
            "pipeline",
            "authoring",
            "eval",
            "http",
        ],
    ),
];

/// The modules that may name Oxigraph, whose interfaces change from one version to the next.
const MAY_NAME_OXIGRAPH: &[&str] = &["ontology", "graph", "store", "sparql", "authoring", "http"];

/// What may be asynchronous: the server, the reader of web pages, and the command that starts the server.
const MAY_BE_ASYNC: &[&str] = &["http/", "article/web.rs", "cli/serve.rs"];

/// A line of code that is no comment.
struct Line {
    /// Path below `src`, with slashes.
    file: String,
    number: usize,
    text: String,
}

impl Line {
    /// The module at the top of the crate that the line belongs to.
    fn module(&self) -> &str {
        self.file.split('/').next().unwrap().trim_end_matches(".rs")
    }

    fn place(&self) -> String {
        format!("src/{}:{}: {}", self.file, self.number, self.text.trim())
    }
}

fn lines() -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut lines = Vec::new();
    for path in files {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        for (i, text) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if !text.trim_start().starts_with("//") {
                lines.push(Line { file: file.clone(), number: i + 1, text: text.to_owned() });
            }
        }
    }
    assert!(lines.len() > 1000, "the sources were not found");
    lines
}

/// The first segments of the paths that begin with `root` in a line: of `crate::a::B` and `crate::{a, c::D}`, `a` and `c`.
fn named<'t>(text: &'t str, root: &str) -> BTreeSet<&'t str> {
    let name = |text: &'t str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices(root) {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + root.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let items = group.split(|c: char| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                c == ',' && depth == 0
            });
            names.extend(items.map(|item| name(item.trim_start())));
        } else {
            names.insert(name(rest));
        }
    }
    names.remove("");
    names
}

#[test]
fn paths_are_read_alone_and_in_groups() {
    assert_eq!(named("use crate::store::{Store, x};", "crate::"), BTreeSet::from(["store"]));
    assert_eq!(named("use crate::{facts::{A, B}, store};", "crate::"), BTreeSet::from(["facts", "store"]));
    assert_eq!(named("f(crate::graph::g(), crate::run())", "crate::"), BTreeSet::from(["graph", "run"]));
    assert_eq!(named("other_crate::x", "crate::"), BTreeSet::new());
}

#[test]
fn modules_depend_one_way() {
    let modules: BTreeSet<&str> = MAY_NAME.iter().map(|(module, _)| *module).collect();
    let wrong: Vec<String> = lines()
        .iter()
        .filter(|line| line.module() != "lib" && line.module() != "main")
        .filter(|line| {
            let own = line.module();
            assert!(modules.contains(own), "`src/{own}` has no place in the order of the modules");
            let allowed = MAY_NAME.iter().find(|(module, _)| *module == own).unwrap().1;
            named(&line.text, "crate::")
                .iter()
                .any(|name| *name != own && modules.contains(name) && !allowed.contains(name))
        })
        .map(Line::place)
        .collect();
    assert!(wrong.is_empty(), "against the order of the modules:\n{}", wrong.join("\n"));
}

#[test]
fn the_order_itself_has_no_circle() {
    for (at, (module, allowed)) in MAY_NAME.iter().enumerate() {
        for name in *allowed {
            let earlier = MAY_NAME[..at].iter().any(|(earlier, _)| earlier == name);
            assert!(earlier, "`{module}` may name `{name}`, which does not come before it");
        }
    }
}

#[test]
fn oxigraph_stays_at_the_edges() {
    let wrong: Vec<String> = lines()
        .iter()
        .filter(|line| !named(&line.text, "oxigraph::").is_empty())
        .filter(|line| !MAY_NAME_OXIGRAPH.contains(&line.module()))
        .map(Line::place)
        .collect();
    assert!(wrong.is_empty(), "only {MAY_NAME_OXIGRAPH:?} may name `oxigraph`:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let printing = ["print!", "println!", "eprint!", "eprintln!", "dbg!", "stdout()", "stderr()"];
    let wrong: Vec<String> = lines()
        .iter()
        // A build script speaks to cargo by printing.
        .filter(|line| line.module() != "cli" && !line.file.ends_with("/build.rs"))
        .filter(|line| printing.iter().any(|what| line.text.contains(what)))
        .map(Line::place)
        .collect();
    assert!(wrong.is_empty(), "only `cli` prints:\n{}", wrong.join("\n"));
}

#[test]
fn only_what_waits_for_the_network_is_asynchronous() {
    let waiting = ["async ", ".await", "tokio::"];
    let wrong: Vec<String> = lines()
        .iter()
        .filter(|line| !MAY_BE_ASYNC.iter().any(|place| line.file.starts_with(place)))
        .filter(|line| waiting.iter().any(|what| line.text.contains(what)))
        .map(Line::place)
        .collect();
    assert!(wrong.is_empty(), "only {MAY_BE_ASYNC:?} may be asynchronous:\n{}", wrong.join("\n"));
}

#[test]
fn main_only_starts() {
    let main = lines().iter().filter(|line| line.file == "main.rs").map(|line| line.number).max();
    assert!(main.unwrap() < 40);
}
