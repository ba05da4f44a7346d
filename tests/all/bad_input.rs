//! Texts that are no good articles: nothing panics, nothing is invented, and what is passed over is told.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::article::Article;
use belligraph::facts::{Facts, Outcome};
use belligraph::ontology::Ontology;
use belligraph::pipeline::Chain;
use std::sync::LazyLock;

static CHAIN: LazyLock<Chain> = LazyLock::new(|| Chain::new(Ontology::embedded()));

fn facts(headline: &str, body: &str) -> Facts {
    let article = Article {
        headline: headline.to_owned(),
        body: body.to_owned(),
        published: Some("2020-05-05".parse().unwrap()),
        ..Article::default()
    };
    CHAIN.read(article, "http://localhost:7878/").facts
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
