//! How well articles are read: the figures of `eval`, its gold and its messages.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::article::NumberedLines;
use belligraph::eval::{Evaluation, Gold, Miss, Options, Predictions, Scores};
use belligraph::ontology::Ontology;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn lines(text: &str) -> NumberedLines {
    NumberedLines::of_bytes("test", text, 1 << 20)
}

/// The figures of records given as annotations with what was read.
fn scored(records: &[(Value, Value)]) -> (Scores, Vec<Miss>) {
    let ontology = Ontology::embedded();
    let mut gold = String::new();
    let mut predictions = String::new();
    for (i, (annotations, prediction)) in records.iter().enumerate() {
        let id = i.to_string();
        gold.push_str(&json!({"id": id, "text": "x".repeat(200), "gold": annotations}).to_string());
        gold.push('\n');
        let mut prediction = prediction.clone();
        prediction["id"] = json!(id);
        predictions.push_str(&prediction.to_string());
        predictions.push('\n');
    }
    let gold = Gold::read(lines(&gold), ontology, None);
    let predictions = Predictions::read(lines(&predictions));
    assert!(gold.errors.is_empty() && predictions.errors.is_empty(), "{:?} {:?}", gold.errors, predictions.errors);
    let mut evaluation = Evaluation::new(ontology, Options::default());
    let mut misses = Vec::new();
    for article in &gold.articles {
        misses.extend(evaluation.add(article, predictions.by_id.get(&article.id)));
    }
    (evaluation.scores(), misses)
}

/// Checks figures to six digits.
fn holds(scores: &Scores, wanted: &[(&str, f64)]) {
    for (name, value) in wanted {
        let score = scores.score(name).unwrap_or_else(|| panic!("there is no `{name}`:\n{scores}"));
        assert!((score - value).abs() < 1e-6, "{name} is {score}, not {value}");
    }
}

fn span(start: usize, end: usize) -> Value {
    json!({"field": "body", "start": start, "end": end})
}

fn mention(kind: &str, start: usize, end: usize) -> Value {
    json!({"field": "body", "start": start, "end": end, "type": kind, "text": ""})
}

#[test]
fn entities_are_scored_by_span_and_type() {
    let gold = json!({"entities": [
        {"start": 0, "end": 5, "type": "Organisation"}, {"start": 10, "end": 15, "type": "Location"},
        {"start": 20, "end": 30, "type": "Person"}, {"start": 40, "end": 45, "type": "Temporal"},
    ]});
    let mut headline = mention("Organization", 0, 5);
    headline["field"] = json!("headline");
    let read = json!({"mentions": [
        mention("Organization", 0, 5), mention("Place", 11, 15), mention("Place", 20, 30), mention("Time", 40, 45),
        headline, mention("Event", 70, 75), mention("Person", 80, 90),
    ]});
    let (scores, misses) =
        scored(&[(gold, read), (json!({"killed": 1}), json!({"mentions": [mention("Place", 0, 9)]}))]);
    holds(
        &scores,
        &[
            ("entities.micro.exact.P", 1.0 / 4.0),
            ("entities.micro.exact.R", 1.0 / 3.0),
            ("entities.micro.overlap.P", 2.0 / 4.0),
            ("entities.micro.overlap.R", 2.0 / 3.0),
            ("entities.untyped.exact", 4.0 / 7.0),
            ("entities.untyped.overlap.R", 1.0),
            ("entities.types.Place.exact", 0.0),
            ("entities.types.Place.overlap", 2.0 / 3.0),
            ("entities.types.Time.exact", 1.0),
        ],
    );
    assert_eq!(scores.score("entities.types.Event.exact"), None);
    let told: Vec<&str> = misses.iter().map(|m| m.message.as_str()).collect();
    assert_eq!(
        told[..3],
        ["Person was read as Place", "Place of another extent", "Person that the gold does not have"],
        "{told:?}"
    );
}

#[test]
fn relations_are_scored_by_type_and_both_sides() {
    let told = |kind: &str, subject: (usize, usize), object: (usize, usize)| json!({"type": kind, "subject": span(subject.0, subject.1), "object": span(object.0, object.1)});
    let gold = json!({"relations": [
        {"type": "FightingAgainst", "source": [0, 5], "target": [10, 15]},
        {"type": "InChargeOf", "source": [20, 30], "target": [0, 5]},
        {"type": "CoLocated", "source": [0, 5], "target": [10, 15]},
        {"type": "memberOf", "source": [50, 55], "target": [60, 65]},
    ]});
    let read = json!({"relations": [
        told("opposes", (12, 14), (0, 5)), told("memberOf", (60, 62), (50, 55)), told("controls", (20, 30), (0, 5)),
        told("locatedIn", (0, 5), (10, 15)),
    ]});
    let (scores, misses) = scored(&[(gold, read)]);
    holds(
        &scores,
        &[
            ("relations.micro", 2.0 * (1.0 / 2.0) * (1.0 / 3.0) / (5.0 / 6.0)),
            ("relations.types.opposes", 1.0),
            ("relations.types.leads", 0.0),
            ("relations.types.memberOf", 0.0),
            ("relations.leads_or_controls", 1.0),
        ],
    );
    assert_eq!(misses.len(), 3);
}

#[test]
fn event_types_are_scored_in_two_schemes() {
    let clash = json!({"event_type": "Battles", "sub_event_type": "Armed clash", "plover": "FIGHT"});
    let remote = json!({"event_type": "Remote violence", "plover": "ASSAULT"});
    let riots = json!({"event_type": "Riots/Protests"});
    let (scores, misses) = scored(&[
        (
            clash,
            json!({"events": [{"acled": "Battles/Government regains territory", "plover": "ASSAULT"},
                                  {"acled": "Battles/Armed clash"}]}),
        ),
        (remote, json!({"events": [{"acled": "Explosions/Remote violence/Shelling/artillery/missile attack"}]})),
        (riots, json!({"events": [{"acled": "Protests/Peaceful protest"}]})),
    ]);
    holds(
        &scores,
        &[
            ("event_type.type.top1", 1.0),
            ("event_type.subtype.top1", 0.0),
            ("event_type.subtype.any", 1.0),
            ("event_type.root.top1", 0.5),
            ("event_type.labels.Battles", 0.0),
            ("event_type.labels.Riots/Protests", 1.0),
        ],
    );
    assert_eq!(misses.len(), 2);
    assert!(misses[0].message.starts_with("`Battles`, `Armed clash` expected"), "{}", misses[0].message);
}

#[test]
fn roles_and_actors_are_scored_by_name() {
    let role = |role: &str, name: &str| json!({"role": role, "name": name});
    let fight = json!({"source_actors": ["Serb forces"], "target_actors": ["ethnic Albanians"],
                       "actor": ["Boko Haram - Wilayat Gharb Ifriqiyyah", "Police Forces of Kenya (2013-)"]});
    let pact = json!({"source_actors": ["Jordan", "Britain"], "target_actors": [], "reciprocal": true});
    let (scores, misses) = scored(&[
        (
            fight,
            json!({"events": [
                {"participants": [role("initiator", "Serb troops"), role("supporter", "Boko Haram")]},
                {"participants": [role("target", "three Albanians")]}], "mentions": [{"text": "Kenyan police"}]}),
        ),
        (pact, json!({"events": [{"participants": [role("initiator", "Jordan"), role("target", "Britain")]}]})),
    ]);
    holds(
        &scores,
        &[
            ("roles.source.top", 1.0),
            ("roles.target.top", 0.0),
            ("roles.target.any", 1.0),
            ("roles.all_roles.top", 0.5),
            ("roles.all_roles.any", 0.5),
            ("actor.main", 0.5),
            ("actor.participant", 0.5),
            ("actor.any", 1.0),
        ],
    );
    let told: Vec<&str> = misses.iter().map(|m| m.figure).collect();
    assert_eq!(told, ["roles.target.top", "actor.main"]);
}

#[test]
fn places_and_dates_are_those_of_the_first_event() {
    let at = |names: &[&str]| names.iter().map(|name| json!({"name": name})).collect::<Value>();
    let gold = |name: Value, date: &str| json!({"location": name, "date": date});
    let (scores, _) = scored(&[
        (
            gold(json!("Maiduguri"), "2016-04-15"),
            json!({"events": [{"places": at(&["Borno State"]), "time": {"earliest": "2016-04-14", "latest": "2016-04-17"}},
                              {"places": at(&["the city of Maidüguri"])}]}),
        ),
        (
            gold(json!(["Deir Ezzor", "Aleppo"]), "2016-04-20"),
            json!({"events": [{"places": at(&["Ezzor", "Aleppo"]), "time": {"earliest": "2016-04-21"}}]}),
        ),
        (
            gold(json!("Qarah"), "2016-05-01"),
            json!({"events": [{"places": at(&["Qarah"]), "time": {"earliest": "2016-04-01", "latest": "2016-05-30"}}]}),
        ),
    ]);
    holds(
        &scores,
        &[
            ("location.first", 1.0 / 3.0),
            ("location.top", 2.0 / 3.0),
            ("location.any", 1.0),
            ("location.top_lenient", 2.0 / 3.0),
            ("date.top", 1.0 / 3.0),
            ("date.top_within1", 2.0 / 3.0),
        ],
    );
}

#[test]
fn tolls_are_scored_by_their_largest_figure_their_sum_and_their_parts() {
    let toll = |min: u64, victims: &str| json!({"outcome": "killed", "victims": victims, "min": min});
    let one = |tolls: &[Value]| json!({"events": [{"modality": "actual", "casualties": tolls}]});
    let (scores, misses) = scored(&[
        (
            json!({"killed": 10}),
            json!({"events": [{"casualties": [toll(10, "unknown"), toll(4, "civilian")]},
                              {"modality": "planned", "casualties": [toll(50, "unknown")]}]}),
        ),
        (json!({"killed": {"min": 19, "max": 20}}), one(&[toll(21, "unknown")])),
        (json!({"killed": 0}), json!({"events": [{}]})),
        (
            json!({"killed": 22, "killed_by_group": {"civilians": 6, "noncivilians": 15}}),
            one(&[toll(6, "civilian"), toll(16, "combatant")]),
        ),
    ]);
    holds(
        &scores,
        &[
            ("killed.max_exact", 1.0 / 3.0),
            ("killed.max_within10", 2.0 / 3.0),
            ("killed.top_sum_exact", 1.0 / 3.0),
            ("killed.top_sum_within10", 2.0 / 3.0),
            ("killed.combined_exact", 2.0 / 3.0),
            ("killed.combined_within10", 1.0),
            ("killed.zero", 1.0),
            ("killed_by_group.civilians.exact", 1.0),
            ("killed_by_group.noncivilians.exact", 0.0),
        ],
    );
    assert_eq!(misses[0].message, "19 to 20 expected, the largest figure is 21");
    assert_eq!(scores.score("injured.max_exact"), None);
}

#[test]
fn bad_lines_of_gold_are_told_and_the_others_scored() {
    let good = r#"{"id": "a", "text": "Five died.", "gold": {"killed": 5, "kiled": 4}}"#;
    let text = [
        good,
        "{",
        "[]",
        r#"{"text": "x", "gold": {}}"#,
        r#"{"id": "b", "gold": {}}"#,
        r#"{"id": "c", "text": "x"}"#,
        good,
        r#"{"id": "d", "text": "x", "gold": {"entities": [{"start": 0, "end": 2, "type": "Person"}]}}"#,
        r#"{"id": "e", "text": "x", "gold": {"entities": [{"start": "0", "end": 1, "type": "Person"}]}}"#,
        r#"{"id": "f", "text": "x", "gold": {"killed": "many"}}"#,
        r#"{"id": "g", "text": "x", "gold": {"date": "31/02/2016"}}"#,
        r#"{"id": "h", "text": "x", "gold": {"event_type": "FIGTH"}}"#,
        "",
        r#"{"id": 7, "body": "x", "gold": {"killed": null, "location": ["a", "b"]}}"#,
    ];
    let gold = Gold::read(lines(&text.join("\n")), Ontology::embedded(), None);
    let ids: Vec<&str> = gold.articles.iter().map(|article| article.id.as_str()).collect();
    assert_eq!(ids, ["a", "7"]);
    assert_eq!(gold.odd_keys.iter().next().map(|(key, near)| (key.as_str(), *near)), Some(("kiled", "killed")));
    let told: Vec<String> = gold.errors.iter().map(ToString::to_string).collect();
    let wanted = [
        "line 2: not valid JSON: EOF while parsing an object at column 1 (each line must be one whole JSON object)",
        "line 3: not a JSON object (each line must be one whole JSON object)",
        "line 4: it has no `id` (give each article an `id` of its own)",
        "line 5: it has no `text` (put the article into `text`, and its headline into `headline`)",
        "line 6: it has no `gold` (put the annotations into an object `gold`)",
        "line 7: `a` is the `id` of an earlier line too (give each article an `id` of its own)",
        "line 8: `gold.entities[0]` is 0 to 2, but the text has 1 characters (offsets count Unicode characters of `text`, not bytes, and not the headline)",
        "line 9: `gold.entities[0].start`: invalid type: string \"0\", expected usize",
        "line 10: `gold.killed`: a number of people, or {\"min\": …, \"max\": …}",
        "line 11: `gold.date`: no date: `31/02/2016` (write it as in 2016-07-03)",
        "line 12: `gold.event_type` has `FIGTH`, which is no event type of PLOVER or ACLED (is it `FIGHT`?)",
    ];
    assert_eq!(told, wanted);
}

/// Where the evaluation sets are that are no part of this repository, if they are there.
fn shared() -> Option<PathBuf> {
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval"))
        .filter(|folder| folder.join("score.py").is_file())
}

/// Numbers that look like chance and are always the same.
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A prediction that is like the gold and wrong in many ways.
fn disturbed(record: &Value, noise: &mut Noise) -> Value {
    let gold = &record["gold"];
    let moved = |noise: &mut Noise, at: &Value| {
        let at = at.as_u64().unwrap() + noise.below(4) / 3;
        at.saturating_sub(noise.below(8) / 7 * 9)
    };
    let list = |value: &Value| -> Vec<Value> {
        match value {
            Value::Array(items) => items.clone(),
            Value::Null => Vec::new(),
            other => vec![other.clone()],
        }
    };
    let mut mentions = Vec::new();
    for entity in list(&gold["entities"]) {
        let kinds = [entity["type"].as_str().unwrap(), "Organization", "Place", "Person", "Weapon"];
        let start = moved(noise, &entity["start"]);
        let kind = if noise.below(3) == 0 { noise.one(&kinds) } else { kinds[0] };
        let text = ["he", "the government of Syria", "fighters"];
        let field = noise.one(&["body", "body", "body", "headline"]);
        mentions.push(json!({"type": kind, "start": start, "end": moved(noise, &entity["end"]).max(start + 1),
                             "field": field, "text": noise.one(&text)}));
    }
    let kinds = ["opposes", "supports", "memberOf", "leads", "controls", "alliedWith", "locatedIn"];
    let relations: Vec<Value> = list(&gold["relations"])
        .iter()
        .map(|r| {
            let side = |side: &Value| json!({"start": side[0], "end": side[1], "field": "body"});
            let (one, other) = if noise.below(3) == 0 { ("source", "target") } else { ("target", "source") };
            json!({"type": noise.one(&kinds), "subject": side(&r[one]), "object": side(&r[other])})
        })
        .collect();
    let mut events = Vec::new();
    for _ in 0..noise.below(4) {
        let own = gold["event_type"].as_str().unwrap_or("ASSAULT").to_owned();
        let some = |noise: &mut Noise, names: &Value, role: &str| -> Vec<Value> {
            let names = list(names);
            let kept = names.iter().filter(|_| noise.below(3) > 0).map(|name| name.as_str().unwrap().to_owned());
            let kept: Vec<String> =
                kept.chain(["Syrian Democratic Forces", "Aleppo", "army"].map(ToOwned::to_owned)).collect();
            kept.into_iter().map(|name| json!({"name": format!("the {name}"), "role": role})).collect()
        };
        let mut participants = some(noise, &gold["source_actors"], "initiator");
        participants.extend(some(noise, &gold["target_actors"], "target"));
        participants.extend(some(noise, &gold["actor"], "participant"));
        let rotation = noise.below(participants.len() as u64) as usize;
        participants.rotate_left(rotation);
        let mut places = some(noise, &gold["location"], "");
        places.truncate(noise.below(3) as usize);
        let mut casualties = Vec::new();
        for outcome in ["killed", "injured", "captured"] {
            for number in
                [gold[outcome].as_u64().unwrap_or(3), gold["killed_by_group"]["civilians"].as_u64().unwrap_or(2)]
            {
                let number = number + noise.below(5) / 4 - noise.below(3) / 2 * number.min(1);
                let victims = noise.one(&["civilian", "combatant", "unknown"]);
                if noise.below(3) > 0 {
                    casualties.push(json!({"outcome": outcome, "victims": victims, "min": number}));
                }
            }
        }
        let published = record["published"].as_str().unwrap_or("2016-01-01");
        let latest = gold["date"].as_str().unwrap_or(published);
        let time = if noise.below(4) == 0 { Value::Null } else { json!({"earliest": published, "latest": latest}) };
        let plover = if noise.below(2) == 0 { own } else { "ACCUSE".to_owned() };
        events.push(json!({
            "type": "X", "plover": plover, "modality": noise.one(&["actual", "alleged", "planned"]), "time": time,
            "participants": participants, "places": places, "casualties": casualties,
        }));
    }
    json!({"id": record["id"], "mentions": mentions, "events": events, "relations": relations})
}

/// The numbers in an object with their paths.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found)),
        Value::Number(number) => found.push((path.to_owned(), number.as_f64().unwrap())),
        _ => {}
    }
}

#[test]
fn the_figures_are_those_of_the_scorer_in_python() {
    let Some(shared) = shared() else { return };
    let folder = TempDir::new().unwrap();
    for set in ["fakes-dev", "plover-dev", "re3d-dev"] {
        let gold = shared.join(format!("{set}.jsonl"));
        let mut noise = Noise(7);
        let mut predictions = String::new();
        for (i, line) in fs::read_to_string(&gold).unwrap().lines().enumerate() {
            let record: Value = serde_json::from_str(line).unwrap();
            if i % 20 != 19 {
                predictions.push_str(&disturbed(&record, &mut noise).to_string());
                predictions.push('\n');
            }
        }
        predictions += "{\"id\": \"of no article\"}\n";
        let file = folder.path().join(format!("{set}.jsonl"));
        fs::write(&file, predictions).unwrap();
        for all in [false, true] {
            let mut python = Command::new("python3");
            python.arg(shared.join("score.py")).args([&gold, &file]).arg("--json");
            let mut ours = Command::new(env!("CARGO_BIN_EXE_belligraph"));
            ours.args(["eval", "--format", "json", "--predictions"]).args([&file, &gold]);
            if all {
                python.arg("--all-annotations");
                ours.arg("--all-annotations");
            }
            let (theirs, ours) = (read(&mut python), read(&mut ours));
            let (mut wanted, mut found) = (Vec::new(), Vec::new());
            leaves(&theirs, "", &mut wanted);
            leaves(&ours, "", &mut found);
            assert!(wanted.len() > 20);
            let paths = |leaves: &[(String, f64)]| {
                let mut paths: Vec<String> = leaves.iter().map(|(path, _)| path.clone()).collect();
                paths.sort();
                paths
            };
            assert_eq!(paths(&wanted), paths(&found), "{set}");
            for (path, value) in wanted {
                let (_, other) = found.iter().find(|(p, _)| *p == path).unwrap();
                assert!((value - other).abs() < 5e-5, "{set}{path}: {other}, but the scorer says {value}");
            }
        }
    }
}

fn read(command: &mut Command) -> Value {
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The files of `tests/gold`.
fn gold_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn the_annotated_articles_are_read_as_well_as_they_were() {
    for file in gold_files() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
        command.args(["eval", "--floors"]).arg(file.with_file_name("floors.json")).arg(&file);
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let missed: Vec<&str> = told.lines().filter(|line| line.starts_with("FAIL")).collect();
        let name = file.display();
        assert!(output.status.success(), "{name}: {}{}", missed.join("\n"), String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("\nfloors\nok "), "{name}: {told}");
    }
}

#[test]
fn the_annotated_examples_are_the_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for line in fs::read_to_string(root.join("tests/gold/articles.jsonl")).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap();
        let article = fs::read_to_string(root.join(format!("seeds/articles/{id}.txt"))).unwrap();
        for part in ["headline", "text"] {
            assert!(article.contains(record[part].as_str().unwrap()), "{part} of {id} is another; annotate it anew");
        }
    }
}

#[test]
fn eval_tells_errors_floors_and_bad_lines() {
    let folder = TempDir::new().unwrap();
    let article = json!({"id": "a1", "headline": "Blast in Aden", "text": "A bomb killed 12 people in Aden on Monday.",
                         "published": "2018-02-27", "gold": {"killed": 13, "location": "Aden"}});
    fs::write(folder.path().join("mine.jsonl"), format!("{article}\n{{\n")).unwrap();
    let floors = json!({"mine": {"killed.max_exact": 0.5, "location.first": 1.0, "date.top": 0.1}});
    fs::write(folder.path().join("floors.json"), floors.to_string()).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
        let output = command.current_dir(folder.path()).arg("eval").args(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&["--errors=killed", "--floors", "floors.json", "mine.jsonl"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        err,
        "rejected: mine.jsonl: line 2: not valid JSON: EOF while parsing an object at column 1 (each line must be one whole JSON object)\n"
    );
    let told = "\
a1  Blast in Aden
  killed.max_exact: 13 expected, the largest figure is 12
    read: A bomb killed [12 people] in Aden on Monday.
";
    assert!(out.starts_with(told), "{out}");
    assert!(out.contains("* first                              1.000      1\n"), "{out}");
    let floors = "\
floors
FAIL date.top: not there: nothing was scored (floor 0.1)
FAIL killed.max_exact: 0.000 (floor 0.5)
ok location.first: 1.000 (floor 1)
";
    assert!(out.ends_with(floors), "{out}");
    let (code, out, _) = run(&["--format", "json", "--errors", "mine.jsonl"]);
    assert_eq!(code, Some(1));
    let scores: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(scores["location"]["first"], json!({"n": 1, "score": 1.0}));
    assert_eq!(
        (&scores["errors"][0]["figure"], &scores["records"]["rejected"]),
        (&json!("killed.max_exact"), &json!(1))
    );
    for (arguments, message) in [
        (&["none.jsonl"][..], "error: cannot read none.jsonl: no such file or directory"),
        (&["."], "error: cannot read .: cannot be read: it is a directory; name its files"),
        (&["--floors", "none.json", "mine.jsonl"], "error: cannot read `none.json`"),
        (
            &["--floors", "mine.jsonl", "mine.jsonl"],
            "error: cannot use `mine.jsonl`\n  because: the floors are no JSON",
        ),
        (&["--errors=deaths", "mine.jsonl"], "error: invalid value 'deaths' for '--errors"),
    ] {
        let (code, _, err) = run(arguments);
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}
