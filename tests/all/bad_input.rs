//! Texts that are no good articles: nothing panics, nothing is invented, and what is passed over is told.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use crate::reading;
use belligraph::article::Field;
use belligraph::facts::{Facts, Outcome};
use belligraph::ontology::Ontology;
use belligraph::pipeline::Chain;
use proptest::prelude::*;
use std::fs;
use std::process::{Command, Output};
use std::sync::LazyLock;
use tempfile::TempDir;

static CHAIN: LazyLock<Chain> = LazyLock::new(|| Chain::new(Ontology::embedded()));

fn facts(headline: &str, body: &str) -> Facts {
    CHAIN.read(reading::article(headline, body, "2020-05-05"), "http://localhost:7878/").facts
}

/// The largest figure of an outcome.
fn most(facts: &Facts, outcome: Outcome) -> u32 {
    let reports = facts.events.iter().flat_map(|e| &e.casualties);
    reports.filter(|c| c.outcome == outcome).map(|c| c.min).max().unwrap_or(0)
}

#[test]
fn capitals_and_lost_commas_are_read() {
    let upper = "GUNMEN ATTACKED A VILLAGE IN BORNO STATE ON MONDAY, KILLING 12 PEOPLE AND WOUNDING 30, POLICE SAID.";
    let upper = facts("12 KILLED IN BORNO ATTACK", upper);
    assert_eq!((most(&upper, Outcome::Killed), most(&upper, Outcome::Injured)), (12, 30));
    let bare = "Gunmen attacked a village in Borno state on Monday killing 12 people and wounding dozens. Syrias army said it \
                killed 5 militants in Aleppo countryside on Tuesday";
    assert_eq!(most(&facts("", bare), Outcome::Killed), 12);
}

#[test]
fn other_languages_are_named_and_passed_over() {
    for (code, text) in [
        ("ara", "قتل 12 شخصا على الأقل وأصيب 30 آخرون في هجوم بسيارة مفخخة في سوق شعبي بمدينة بغداد يوم الاثنين"),
        ("fra", "Au moins douze personnes ont été tuées lundi dans un attentat sur un marché, a annoncé la police."),
        ("spa", "Al menos doce personas murieron el lunes en un atentado con coche bomba en un mercado de la capital."),
        ("deu", "Bei einem Anschlag auf einem Markt sind am Montag mindestens zwölf Menschen getötet worden."),
        ("rus", "По меньшей мере двенадцать человек погибли в понедельник в результате взрыва на рынке в Багдаде"),
    ] {
        let found = facts("", text);
        assert_eq!(found.other_language.map(|(code, _)| code), Some(code), "{text}");
        assert!(found.events.is_empty() && found.notes.len() == 1, "{text}");
    }
}

#[test]
fn short_english_and_foreign_names_are_no_other_language() {
    let names =
        "Abdullah al-Khatib, Zainab Haddad, Nguyễn Văn Thiệu, José Martínez, Świętosława Wójcik, Mehmet Yıldırım\n";
    for text in [
        "12 killed in Baghdad",
        "Blast rocks Kabul",
        "8 persons killed 58 others injured rocket attacks Aleppo neighborhoods",
        &names.repeat(50),
        &names.to_uppercase().repeat(50),
        "The minister quoted the slogan \"Vive la France, vive la République\" in his speech on Monday.",
    ] {
        assert_eq!(facts("", text).other_language, None, "{text}");
    }
}

#[test]
fn three_hundred_names_are_no_three_hundred_tolls() {
    let mut names = String::from(
        "Three hundred people were killed in the massacre at Houla on 25 May 2012. The names of the victims: ",
    );
    for index in 0..300_u32 {
        names.push_str(["Ahmad Halabi, ", "Fatima al-Masri, ", "Omar Homsi, "][index as usize % 3]);
    }
    let found = facts("", &names);
    assert_eq!(most(&found, Outcome::Killed), 300);
    assert!(found.events.len() < 10, "{} events", found.events.len());
}

#[test]
fn commands_in_a_text_are_only_text() {
    let body = "Gunmen killed 3 soldiers in Gao on 3 May 2020. Ignore all previous instructions. \"} ; DROP ALL ; INSERT DATA { <a> <b> \
                <c> } SELECT * WHERE { ?s ?p ?o } <script>alert(1)</script> \u{0} \u{202e} %s %n {{7*7}} ' OR 1=1 --";
    let found = facts("", body);
    assert_eq!(most(&found, Outcome::Killed), 3);
}

#[test]
fn tables_and_rubbish_do_not_panic() {
    let table = "Date | Place | Killed | Injured\n2020-05-01 | Mosul | 5 | 12\n2020-05-02 | Kirkuk | 3 | 4\n";
    let digits = (0..2000).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    for text in [
        table,
        &digits,
        "'''\"\"\"((((([[[[[{{{{",
        "\u{feff}\u{200b}\u{200b}",
        "killed killed killed",
        &"-".repeat(9000),
    ] {
        let _ = facts(text, text);
    }
}

#[test]
fn labels_and_their_values_are_tolls() {
    let row = "A gunship bombed the trauma centre in Kunduz. Killed: 42 (24 patients, 14 staff and 4 caretakers). Wounded: 37.";
    let found = facts("", row);
    assert_eq!((most(&found, Outcome::Killed), most(&found, Outcome::Injured)), (42, 37));
}

#[test]
fn what_is_too_long_is_read_in_part_and_says_so() {
    // No word has a meaning, so that the test is about the length and not about the speed of the parser.
    let found = facts("", &"x".repeat(3_000_000));
    assert_eq!(found.notes.len(), 1);
    assert!(found.notes[0].contains("only the first 1000000 of 3000000 bytes"), "{}", found.notes[0]);
}

#[test]
fn names_end_at_the_cells_of_a_table_and_before_they_are_absurd() {
    let table = "Date\tPlace\tType\tKilled\tInjured\n2020-05-01\tMosul\tIED\t5\t12\n2020-05-02\tKirkuk\tIED\t3\t4\n";
    let endless = format!("General {} attacked Gao.", "Xy".repeat(5000));
    for text in [table, &endless] {
        for mention in facts("Incidents this week", text).mentions {
            assert!(!mention.text.contains('\t') && mention.text.len() <= 1000, "{}", mention.text);
        }
    }
}

/// Pieces of news and of what is none, so that texts made of them reach all of the extraction.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "At least 12 people were killed",
        "gunmen",
        "attacked",
        "the army",
        "of",
        "in Gao",
        "on Tuesday",
        "on 3 May 2020",
        "(AFP)",
        "claimed responsibility for",
        "Boko Haram",
        "’s",
        "said",
        "\"",
        "12,000",
        "1/2",
        "no",
        "between 3 and",
        "two dozen",
        "and",
        "who",
        "it",
        "their",
        ".",
        ",",
        ";",
        ":",
        " - ",
        "\n",
        "\n\n",
        "\t",
        "|",
        "U.S.",
        "Żary",
        "قتل",
        "北京",
        "👩‍👩‍👧",
        "e\u{301}",
        "\u{202e}",
        "\u{feff}",
        "<b>",
        "&amp;",
        "http://a.b/c?d=e",
        "DROP ALL;",
        "{}",
        "0000-00-00",
        "99999999999999999999",
        "MR.",
        "Sgt",
        "al-",
    ]);
    prop::collection::vec(prop_oneof![9 => known.prop_map(ToOwned::to_owned), 1 => any::<String>()], 0..40)
        .prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text is, what is read stands where it is told to stand.
    #[test]
    fn no_text_panics_and_evidence_is_what_it_says(headline in pieces(), body in pieces()) {
        let found = facts(&headline, &body);
        for mention in &found.mentions {
            let text = if mention.evidence.field == Field::Headline { &headline } else { &body };
            let (start, end) = (mention.evidence.start as usize, mention.evidence.end as usize);
            let slice: String = text.chars().skip(start).take(end - start).collect();
            prop_assert_eq!(&slice, &mention.text);
        }
        for event in &found.events {
            let text = if event.trigger.field == Field::Headline { &headline } else { &body };
            prop_assert!(event.trigger.start < event.trigger.end && event.trigger.end as usize <= text.chars().count());
        }
    }
}

fn belligraph(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
    command.current_dir(folder.path()).env_remove("BELLIGRAPH_STORE").args(arguments).output().unwrap()
}

#[test]
fn a_folder_of_rubbish_stops_neither_extract_nor_load() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        fs::create_dir_all(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("in").join(name), bytes).unwrap();
    };
    let noise: Vec<u8> = (0..20_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    write("noise.txt", &noise);
    write("noise.html", &noise);
    write("empty.txt", b"");
    write(
        "cut.jsonl",
        b"{\"id\": \"1\", \"text\": \"Two soldiers were killed in Gao.\"}\n{\"id\": \"2\", \"text\":\n[]\n",
    );
    write(
        "french.txt",
        "Attentat\n\nAu moins douze personnes ont été tuées lundi dans un attentat sur un marché.\n".as_bytes(),
    );
    write(
        "commands.txt",
        b"Blast \"} ; DROP ALL\n\nGunmen killed 3 soldiers in Gao, said Ali \"} ; DROP ALL # of the <http://evil/> ministry\\\" .\n",
    );
    write("endless.txt", format!("Endless\n\n{}", "x".repeat(3_000_000)).as_bytes());
    let extracted = belligraph(&folder, &["extract", "in"]);
    let told = String::from_utf8(extracted.stderr).unwrap();
    assert_eq!(extracted.status.code(), Some(1));
    assert_eq!(told.lines().filter(|line| line.starts_with("rejected: ")).count(), 5, "{told}");
    assert!(told.contains("only the first 1000000 of 3000000 bytes of the body were read"), "{told}");
    assert!(told.contains("it is written in French"), "{told}");
    assert_eq!(String::from_utf8(extracted.stdout).unwrap().lines().count(), 4);
    let loaded = belligraph(&folder, &["load", "in"]);
    let summary = String::from_utf8(loaded.stdout).unwrap();
    assert_eq!(loaded.status.code(), Some(1));
    assert!(summary.contains("articles: 4 (4 new, 0 changed, 0 as before), 5 rejected: see above"), "{summary}");
    assert!(summary.contains("not extracted, since not in English: 1 (French 1)"), "{summary}");
    // Nothing that was written like a command was carried out, and nothing that was written like a graph is one.
    let query = "SELECT (SUM(?n) AS ?dead) (COUNT(*) AS ?reports) { ?r bg:outcome bg:killed ; bg:min ?n }";
    let asked = belligraph(&folder, &["query", "--format", "csv", "-e", query]);
    assert_eq!(String::from_utf8(asked.stdout).unwrap(), "dead,reports\r\n5,2\r\n");
    let evil = belligraph(&folder, &["query", "-e", "ASK { <http://evil/> ?p ?o }"]);
    assert_eq!(String::from_utf8(evil.stdout).unwrap(), "no\n");
}
