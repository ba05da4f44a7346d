//! The seeds: every file parses, every actor is named and of a known kind, no two actors answer to one name unnoticed,
//! and the example articles are whole.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::article::{self, Article, Format, Input, ReadOptions};
use belligraph::ontology::embedded::FILES;
use belligraph::ontology::terms::{NAMESPACE, property};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use rio_api::parser::TriplesParser;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ACTOR: &str = "urn:belligraph:actor:";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    paths.sort();
    paths
}

/// Every triple of the actor files, with the name of its file.
fn actor_triples() -> Vec<(String, Triple)> {
    let mut all = Vec::new();
    for path in files("actors", "ttl") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read(&path).unwrap();
        for triple in TurtleParser::new().for_slice(&text) {
            all.push((name.clone(), triple.unwrap_or_else(|e| panic!("{name}: {e}"))));
        }
    }
    all
}

fn subject(triple: &Triple) -> &NamedNode {
    match &triple.subject {
        NamedOrBlankNode::NamedNode(node) => node,
        NamedOrBlankNode::BlankNode(node) => panic!("{node} in the seeds"),
    }
}

fn skos(name: &str) -> String {
    format!("{SKOS}{name}")
}

/// The classes under `bg:Actor`, itself included.
fn actor_classes() -> BTreeSet<String> {
    let mut above = BTreeMap::<String, Vec<String>>::new();
    for file in FILES {
        for triple in TurtleParser::new().for_slice(file.turtle.as_bytes()).map(Result::unwrap) {
            if let (NamedOrBlankNode::NamedNode(sub), Term::NamedNode(sup)) = (&triple.subject, &triple.object)
                && triple.predicate == rdfs::SUB_CLASS_OF
            {
                above.entry(sub.as_str().to_owned()).or_default().push(sup.as_str().to_owned());
            }
        }
    }
    let mut known = BTreeSet::from([format!("{NAMESPACE}Actor")]);
    while let Some(class) = above
        .iter()
        .find(|(c, sup)| !known.contains(*c) && sup.iter().any(|s| known.contains(s)))
        .map(|(c, _)| c.clone())
    {
        known.insert(class);
    }
    known
}

#[test]
fn actor_files_read_the_same_with_two_parsers() {
    let mut ours = BTreeMap::<String, usize>::new();
    for (file, _) in actor_triples() {
        *ours.entry(file).or_default() += 1;
    }
    for path in files("actors", "ttl") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read(&path).unwrap();
        let mut theirs = 0;
        let result: Result<(), rio_turtle::TurtleError> = rio_turtle::TurtleParser::new(text.as_slice(), None)
            .parse_all(&mut |_| {
                theirs += 1;
                Ok(())
            });
        result.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(ours.get(&name), Some(&theirs), "{name}");
    }
}

#[test]
fn every_actor_has_one_preferred_name_and_a_kind() {
    let classes = actor_classes();
    let mut names = BTreeMap::<String, usize>::new();
    let mut kinds = BTreeMap::<String, usize>::new();
    let mut actors = BTreeSet::new();
    for (file, triple) in actor_triples() {
        let actor = subject(&triple).as_str().to_owned();
        assert!(actor.starts_with(ACTOR), "{file}: {actor}");
        if triple.predicate == rdf::TYPE {
            let Term::NamedNode(class) = &triple.object else { panic!("{file}: kind of {actor}") };
            assert!(classes.contains(class.as_str()), "{file}: {actor} is a {class}, which is no class of actors");
            *kinds.entry(actor.clone()).or_default() += 1;
        }
        if triple.predicate.as_str() == skos("prefLabel") {
            *names.entry(actor.clone()).or_default() += 1;
        }
        actors.insert(actor);
    }
    assert!(actors.len() >= 220, "{} actors", actors.len());
    for actor in &actors {
        assert_eq!(names.get(actor), Some(&1), "{actor} needs one preferred name");
        assert!(kinds.contains_key(actor), "{actor} needs a kind");
    }
}

#[test]
fn an_actor_is_described_in_one_file_and_refers_to_known_ones() {
    let triples = actor_triples();
    let mut home = BTreeMap::<&str, &str>::new();
    for (file, triple) in &triples {
        let actor = subject(triple).as_str();
        assert_eq!(*home.entry(actor).or_insert(file), file, "{actor} stands in two files");
    }
    for (file, triple) in &triples {
        if let Term::NamedNode(object) = &triple.object
            && object.as_str().starts_with(ACTOR)
        {
            assert!(home.contains_key(object.as_str()), "{file}: {object} is described nowhere");
            assert_ne!(object, subject(triple), "{file}: refers to itself");
        }
    }
}

#[test]
fn only_declared_properties_are_used_and_each_fact_once() {
    let declared: BTreeSet<NamedNode> = FILES
        .iter()
        .flat_map(|file| TurtleParser::new().for_slice(file.turtle.as_bytes()).map(Result::unwrap))
        .filter_map(|triple| match triple.subject {
            NamedOrBlankNode::NamedNode(node) => Some(node),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect();
    let mut seen = BTreeSet::new();
    for (file, triple) in actor_triples() {
        let predicate = &triple.predicate;
        let known = declared.contains(predicate)
            || *predicate == rdf::TYPE
            || ["prefLabel", "altLabel", "scopeNote"].iter().any(|name| predicate.as_str() == skos(name));
        assert!(known, "{file}: {predicate} is not declared");
        assert!(seen.insert(triple.to_string()), "{file}: {triple} twice");
    }
}

#[test]
fn no_name_means_two_actors_unless_both_say_so() {
    let ambiguous = property::AMBIGUOUS_LABEL.as_str();
    let naming = [skos("prefLabel"), skos("altLabel"), property::ACRONYM.as_str().to_owned(), ambiguous.to_owned()];
    // Per name in small letters: who answers to it, and whether that is flagged.
    let mut bearers = BTreeMap::<String, BTreeMap<String, bool>>::new();
    for (file, triple) in actor_triples() {
        if !naming.iter().any(|p| p == triple.predicate.as_str()) {
            continue;
        }
        let Term::Literal(name) = &triple.object else { panic!("{file}: {triple}") };
        let name = name.value();
        assert!(!name.is_empty() && name.trim() == name && !name.contains("  "), "{file}: `{name}`");
        assert!(!name.to_lowercase().starts_with("the "), "{file}: `{name}` begins with an article");
        let flagged = triple.predicate.as_str() == ambiguous;
        *bearers.entry(name.to_lowercase()).or_default().entry(subject(&triple).as_str().to_owned()).or_default() |=
            flagged;
    }
    for (name, actors) in bearers.iter().filter(|(_, actors)| actors.len() > 1) {
        assert!(actors.values().all(|flagged| *flagged), "`{name}` is not flagged by all of {actors:?}");
    }
}

#[test]
fn countries_are_codes_and_dates_are_dates() {
    for (file, triple) in actor_triples() {
        let Term::Literal(value) = &triple.object else { continue };
        let predicate = triple.predicate.as_ref();
        if predicate == property::COUNTRY_CODE {
            let code = value.value();
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{file}: {triple}");
        }
        if [property::FOUNDED, property::DISSOLVED].contains(&predicate) {
            let kind = match value.value().len() {
                4 => "gYear",
                7 => "gYearMonth",
                _ => "date",
            };
            let datatype = format!("http://www.w3.org/2001/XMLSchema#{kind}");
            assert_eq!(value.datatype().as_str(), datatype, "{file}: {triple}");
            let day = format!("{}{}", value.value(), &"-01-01"[value.value().len().min(10) - 4..]);
            assert!(day.parse::<jiff::civil::Date>().is_ok(), "{file}: {triple}");
        }
    }
}

fn articles() -> Vec<(String, Article)> {
    files("articles", "txt")
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let options = ReadOptions { format: Some(Format::Text), ..ReadOptions::default() };
            let mut read: Vec<Article> = article::read([Input::Path(path)], options)
                .map(|a| a.unwrap_or_else(|e| panic!("{name}: {e}")))
                .collect();
            assert_eq!(read.len(), 1, "{name}");
            (name, read.remove(0))
        })
        .collect()
}

#[test]
fn every_example_article_is_whole() {
    let articles = articles();
    assert!(articles.len() >= 32, "{} articles", articles.len());
    assert!(articles.iter().filter(|(name, _)| name.starts_with("libya-")).count() >= 10);
    for (name, article) in &articles {
        assert_eq!(article.id.as_deref(), Some(name.as_str()));
        assert_eq!(article.publisher.as_deref(), Some("Belligraph examples"), "{name}");
        let date = article.published.unwrap_or_else(|| panic!("{name} has no date")).to_string();
        assert!(name.contains(&date), "{name} was published on {date}");
        assert!(!article.headline.is_empty(), "{name} has no headline");
        let words = article.body.split_whitespace().count();
        assert!((150..=500).contains(&words), "{name} has {words} words");
        assert!(!article.body.contains("\n\n\n") && !article.body.ends_with('\n'), "{name} has empty paragraphs");
    }
}

#[test]
fn the_folder_of_articles_says_what_it_is() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles/README.md")).unwrap();
    assert!(readme.contains("examples, not a source"));
    for (name, _) in articles() {
        assert!(!name.contains(char::is_whitespace), "{name}");
    }
    // The pairs it lists exist.
    let known: BTreeSet<String> = articles().into_iter().map(|(name, _)| name).collect();
    for quoted in readme.split('`').skip(1).step_by(2).filter(|q| q.contains("-20")) {
        assert!(known.contains(quoted), "`{quoted}` is listed and does not exist");
    }
}
