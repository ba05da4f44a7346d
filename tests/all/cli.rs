//! The program as a person runs it: what it prints, where, and with which exit code.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::store::{ArticleGraph, RunDescription, Store};
use oxrdf::{Literal, NamedNode, Triple};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder to work in, with a small store in it.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new(articles: usize) -> Self {
        let place = Self { directory: TempDir::new().unwrap() };
        let store = Store::open_or_create(place.path("belligraph.db"), None).unwrap();
        let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
        for i in 0..articles {
            let article = NamedNode::new(format!("http://localhost:7878/article/a{i}")).unwrap();
            let rank = NamedNode::new("https://w3id.org/belligraph/ontology#rank").unwrap();
            let triples = vec![Triple::new(article.clone(), rank, Literal::from(i as u64))];
            run.replace_article(&ArticleGraph::new(article, triples)).unwrap();
        }
        run.finish().unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
        command.args(arguments).current_dir(self.directory.path()).env_remove("BELLIGRAPH_STORE").stdin(Stdio::null());
        command
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        told(&self.command(arguments).output().unwrap())
    }
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_command_has_help_with_examples() {
    let place = Place::new(0);
    let (code, help, _) = place.run(&["--help"]);
    assert_eq!(code, Some(0));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands: Vec<_> = commands.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands.iter().filter(|command| *command != "help") {
        let (code, help, _) = place.run(&[command, "--help"]);
        assert_eq!(code, Some(0), "{command}");
        assert!(help.contains("Examples:\n  "), "{command}: {help}");
        let (code, page, _) = place.run(&["man", command]);
        assert_eq!(code, Some(0), "{command}");
        assert!(page.starts_with(".ie"), "{command}: {page}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = place.run(&["completions", shell]);
        assert_eq!(code, Some(0));
        assert!(script.contains("belligraph"));
    }
}

#[test]
fn wrong_use_is_told_and_gives_two() {
    let place = Place::new(1);
    for (arguments, message) in [
        (&["query", "-e", "SELECT"][..], "error: the query cannot be parsed"),
        (&["query", "no-such-query"], "error: there is no query `no-such-query`"),
        (&["query", "no-such-file.rq"], "error: cannot read the query `no-such-file.rq`\n  because: No such file"),
        (&["query", "-e", "ASK {}", "--param", "x=1"], "error: the query has no variable `?x`; it has none"),
        (&["query", "-e", "ASK {}", "--format", "turtle"], "error: `turtle` is no format for solutions"),
        (
            &["--store", "nowhere.db", "query", "-e", "ASK {}"],
            "error: there is no store at `nowhere.db`; make one with",
        ),
        (&["update", "-e", "CLEAR ALL"], "error: `CLEAR ALL` clears all graphs of all users; name the graphs to clear"),
        (&["dump", "--graph", "graph:none"], "error: the store has no graph"),
        (&["man", "none"], "error: there is no command `none`"),
        (&["query"], "error: the following required arguments"),
        (&["nonsense"], "error: unrecognized subcommand"),
    ] {
        let (code, out, err) = place.run(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {err}");
        assert!(err.starts_with(message), "{arguments:?}: {err}");
        assert_eq!(out, "", "{arguments:?}");
    }
}

#[test]
fn queries_come_from_the_line_a_file_a_folder_and_standard_input() {
    let place = Place::new(3);
    fs::create_dir(place.path("queries")).unwrap();
    let text = "# title: Ranks\n# description: Articles by rank.\n# param: least — the least rank — 1\nSELECT ?a ?r { ?a bg:rank ?r FILTER(?r >= ?least) } ORDER BY ?r";
    fs::write(place.path("queries/ranks.rq"), text).unwrap();
    let expected = "a,r\r\nhttp://localhost:7878/article/a1,1\r\nhttp://localhost:7878/article/a2,2\r\n";
    for query in ["ranks", "queries/ranks.rq"] {
        let (code, out, err) = place.run(&["query", query, "--format", "csv"]);
        assert_eq!((code, out.as_str()), (Some(0), expected), "{query}: {err}");
    }
    let (_, out, _) = place.run(&["query", "ranks", "--param", "least=2", "--format", "csv"]);
    assert_eq!(out.lines().count(), 2);
    let mut child =
        place.command(&["query", "-", "-f", "tsv"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let (code, out, _) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, out.lines().count()), (Some(0), 3));
    let (code, out, _) = place.run(&["query", "--list"]);
    assert_eq!(code, Some(0));
    let shown = "ranks  Ranks\n    Articles by rank.\n    --param least=…  the least rank [default: 1]\n";
    assert!(out.contains(shown), "{out}");
    let (code, out, _) = place.run(&["query", "ranks"]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(out);
}

#[test]
fn an_update_is_found_by_the_next_query() {
    let place = Place::new(2);
    let (code, out, err) =
        place.run(&["update", "-e", "INSERT DATA { GRAPH <my/notes> { article:a1 rdfs:comment 'look closer' } }"]);
    assert_eq!((code, out.as_str()), (Some(0), "1 inserted, 0 removed\n"), "{err}");
    let (_, out, _) = place.run(&["query", "-e", "SELECT ?t { article:a1 rdfs:comment ?t }", "--format", "csv"]);
    assert_eq!(out, "t\r\nlook closer\r\n");
    let (code, out, _) = place.run(&["remove", "a1", "article:a7"]);
    assert_eq!(code, Some(1));
    assert_eq!(out, "removed http://localhost:7878/article/a1\nnot in the store: http://localhost:7878/article/a7\n");
}

#[test]
fn a_dump_and_a_backup_hold_what_the_store_holds() {
    let place = Place::new(5);
    let (code, plain, _) = place.run(&["dump"]);
    assert_eq!(code, Some(0));
    for name in ["d.nq", "d.nq.gz", "d.nq.zst"] {
        assert_eq!(place.run(&["dump", "--output", name]).0, Some(0));
        let bytes = fs::read(place.path(name)).unwrap();
        let mut text = String::new();
        match name.rsplit('.').next() {
            Some("gz") => std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*bytes), &mut text).unwrap(),
            Some("zst") => std::io::Read::read_to_string(&mut zstd::Decoder::new(&*bytes).unwrap(), &mut text).unwrap(),
            _ => std::io::Read::read_to_string(&mut &*bytes, &mut text).unwrap(),
        };
        assert_eq!(text, plain, "{name}");
    }
    let (_, turtle, _) = place.run(&["dump", "--format", "turtle", "--graph", "article:a3"]);
    insta::assert_snapshot!(turtle);
    assert_eq!(place.run(&["backup", "copies/one"]).0, Some(0));
    assert_eq!(place.run(&["--store", "copies/one", "dump"]).1, plain);
    assert_eq!(place.run(&["backup", "copies/one"]).0, Some(2));
    assert_eq!(place.run(&["optimize"]).0, Some(0));
    assert_eq!(place.run(&["optimize", "--rewrite"]).0, Some(0));
    assert_eq!(place.run(&["dump"]).1, plain);
}

#[test]
fn a_reader_that_stops_is_no_fault() {
    let place = Place::new(2000);
    let mut child = place.command(&["dump"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.ends_with(".\n"));
    let output = child.wait_with_output().unwrap();
    assert_eq!(told(&output), (Some(0), String::new(), String::new()));
}

#[test]
fn a_full_disk_is_told() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let place = Place::new(10);
    for arguments in [
        &["dump"][..],
        &["query", "-e", "SELECT * { ?s ?p ?o }"],
        &["query", "--list"],
        &["man"],
        &["completions", "bash"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = place.command(arguments).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let (code, _, err) = told(&output);
        if arguments.contains(&"--list") && code == Some(0) {
            // Nothing to list, so nothing was written.
            continue;
        }
        assert_eq!(code, Some(2), "{arguments:?}: {err}");
        assert!(err.contains("No space left on device"), "{arguments:?}: {err}");
        assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    }
}

#[test]
fn a_query_that_does_not_look_at_the_clock_ends_in_time_too() {
    let place = Place::new(10);
    let values: String = (0..1000).map(|i: u32| i.to_string() + " ").collect();
    let query = format!(
        "SELECT (MAX(?a + ?b + ?c + ?d) AS ?m) {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} VALUES ?c {{ {values} }} VALUES ?d {{ {values} }} }}"
    );
    fs::write(place.path("hostile.rq"), query).unwrap();
    let began = Instant::now();
    let (code, out, err) = place.run(&["query", "hostile.rq", "--timeout", "500ms"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.starts_with("error: the query took longer than 0.5 s"), "{err}");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_store_in_use_is_told_with_who_uses_it() {
    let place = Place::new(1);
    let store = Store::open(place.path("belligraph.db"), belligraph::store::Access::Write).unwrap();
    let (code, _, err) = place.run(&["query", "-e", "ASK {}"]);
    assert_eq!(code, Some(2));
    let expected = format!("error: the store at `belligraph.db` is being written by process {}", std::process::id());
    assert!(err.starts_with(&expected), "{err}");
    drop(store);
    assert_eq!(place.run(&["query", "-e", "ASK {}"]).1, "yes\n");
}

const STORY: &str = "Army retakes a town\n\nThe Libyan National Army captured Derna from Islamic State on Friday. Twelve militants and one soldier were killed.\n";

#[test]
fn an_article_is_loaded_counted_explained_and_extracted_again() {
    let place = Place { directory: TempDir::new().unwrap() };
    fs::create_dir(place.path("news")).unwrap();
    fs::write(place.path("news/one.txt"), STORY).unwrap();
    fs::write(place.path("news/two.json"), "{ not json").unwrap();
    let (code, out, err) = place.run(&["load", "--dry-run", "--published", "2018-07-01", "news/one.txt"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.starts_with("nothing was stored: this was a dry run\narticles: 1 (1 new, 0 changed, 0 as before)\n"),
        "{out}"
    );
    assert!(!place.path("belligraph.db").exists());
    let (code, out, err) = place.run(&["load", "--published", "2018-07-01", "news"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("rejected: news/two.json"), "{err}");
    assert!(out.contains("articles: 1 (1 new, 0 changed, 0 as before), 1 rejected"), "{out}");
    assert!(out.contains("killed: 13"), "{out}");
    let (code, out, _) = place.run(&["load", "--published", "2018-07-01", "news/one.txt"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("articles: 1 (0 new, 0 changed, 1 as before)"), "{out}");
    let (code, out, err) = place.run(&["stats", "--verify"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("articles: 1, 0 of them stale"), "{out}");
    let before = place.run(&["dump"]).1;
    let (code, out, err) = place.run(&["reextract"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("articles: 1 (0 new, 0 changed, 1 as before)"), "{out}");
    let articles =
        |dump: &str| dump.lines().filter(|line| !line.contains("/graph/log> .")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(articles(&place.run(&["dump"]).1), articles(&before));
    let (code, out, _) = place.run(&["reextract", "--stale"]);
    assert_eq!((code, out.lines().next()), (Some(0), Some("articles: 0 (0 new, 0 changed, 0 as before)")));
    let (code, out, err) = place.run(&["explain", "libyan national army"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("Libyan National Army  actor:libyan-national-army\n"), "{out}");
    assert!(out.contains("\n    Army retakes a town, 2018-07-01  article:"), "{out}");
    assert!(out.lines().any(|line| line.starts_with("  ") && line.contains('[') && line.contains(']')), "{out}");
    assert_eq!(place.run(&["explain", "nobody of this name"]).0, Some(2));
    for query in ["who-fought-whom", "open-sieges", "actors-by-events"] {
        assert_eq!(place.run(&["query", query]).0, Some(0), "{query}");
    }
}
