//! `belligraph parse` and `train` as a person uses them: the formats that are written, what is kept of the text, and what is
//! said of treebanks with faults.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::language::conllu::{self, Tree};
use belligraph::language::train::{self, TrainError};
use belligraph::language::{Pipeline, Upos};
use proptest::prelude::*;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Runs the program with a standard input: exit code, standard output, standard error.
fn run(arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
    command.args(arguments).current_dir(folder.path()).env_remove("BELLIGRAPH_STORE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments does not wait for the input.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A sentence in CoNLL-U, of words with their head and relation.
fn sentence(words: &[(&str, &str, &str)]) -> String {
    let row = |(i, (form, head, relation)): (usize, &(&str, &str, &str))| {
        format!("{}\t{form}\t{form}\tNOUN\tNN\t_\t{head}\t{relation}\t_\t_\n", i + 1)
    };
    format!("{}\n", words.iter().enumerate().map(row).collect::<String>())
}

fn refused(text: &str) -> String {
    conllu::parse(text).unwrap_err().to_string()
}

#[test]
fn words_that_are_no_tree_are_refused_by_sentence_line_and_reason() {
    let good = sentence(&[("Rebels", "2", "nsubj"), ("fled", "0", "root")]);
    assert_eq!(conllu::parse(&good).unwrap().len(), 1);
    let named = |words| format!("{good}# sent_id = s-2\n{}", sentence(words));
    for (words, told) in [
        (&[("a", "2", "dep"), ("b", "1", "dep"), ("c", "0", "root")][..], "line 5: word 1 `a` depends on itself"),
        (&[("a", "0", "root"), ("b", "2", "dep")], "line 6: word 2 `b` is its own head"),
        (&[("a", "0", "root"), ("b", "0", "root")], "line 6: word 2 `b` is a second root beside word 1 `a`"),
        (&[("a", "2", "dep"), ("b", "1", "dep")], "line 5: no word of the sentence is its root"),
        (&[("a", "0", "root"), ("b", "7", "dep")], "line 6: the head `7` of word 2 `b` lies outside"),
    ] {
        let error = refused(&named(words));
        assert!(error.contains(told) && error.contains("(sentence `s-2`)"), "{error}");
    }
}

#[test]
fn what_is_no_conllu_is_refused_with_a_hint() {
    let rows = |rows: &[&str]| -> String {
        let row = |row: &&str| format!("{row}\t_\tX\t_\t_\t0\troot\t_\t_\n");
        rows.iter().map(row).collect::<String>() + "\n"
    };
    for (text, told) in [
        (
            rows(&["1\ta"]).replace("root", "nsbj"),
            "line 1: the relation `nsbj` of `a` is none of Universal Dependencies",
        ),
        (rows(&["1\ta"]).replace("\t0\t", "\t_\t"), "`a` has no head"),
        (rows(&["1\ta"]).replace("root", "_"), "`a` has no relation"),
        (rows(&["1\ta"]).replace("\t0\t", "\t-1\t"), "the head `-1` of `a` is no number"),
        (rows(&["1\ta"]).replace('X', "NOUNS"), "unknown part of speech `NOUNS`"),
        (rows(&["1\ta", "a.b\tc"]), "line 2: `a.b` is no word number"),
        (rows(&["1\t"]), "line 1: word `1` has an empty form"),
        (rows(&["2\ta"]), "word `2` is out of order: the next word of the sentence is `1`"),
        (rows(&["1-3\ta", "1\tb", "2-4\tc"]), "line 3: the words `2-4` overlap with those of the token of line 1"),
        (rows(&["1-2\ta", "1\tb"]), "line 1: the token has words up to 2, the sentence only 1"),
        (rows(&["2-1\ta"]), "do not begin at the next word"),
        (rows(&["x-y\ta"]), "`x-y` is no range of words such as `1-2`"),
        (rows(&["1\ta"]).replace('\t', " "), "divided by spaces: between two of them must stand one tab"),
        (format!("{} \t\n", rows(&["1\ta"]).trim_end()), "line 1: 11 columns"),
        (format!("{}  \n", rows(&["1\ta"])), "line 3: only white space"),
        ("Rebels fled.\n".to_owned(), "is the file CoNLL-U?"),
    ] {
        let error = refused(&text);
        assert!(error.contains(told), "{told:?} is not in {error:?}");
    }
    assert_eq!(conllu::parse(&format!("\u{FEFF}{}", rows(&["1\ta"]))).unwrap().len(), 1);
}

#[test]
fn words_alone_are_read_whatever_is_said_of_them() {
    let text = "1\tRebels\t_\t_\t_\t_\t_\t_\t_\t_\n2\tfled\t_\tVERBS\t_\t_\t2\tnobody\t_\tSpaceAfter=No\n\n";
    let trees = conllu::parse_tokens(text).unwrap();
    assert_eq!(trees[0].text(), "Rebels fled");
    assert!(conllu::parse_tokens("Rebels fled\n").is_err());
}

#[test]
fn training_refuses_what_it_cannot_learn_from() {
    let one = sentence(&[("Rebels", "2", "nsubj"), ("fled", "0", "root")]);
    let trees = conllu::parse(&one.repeat(20)).unwrap();
    for few in [0, 1, 19] {
        let error = train::train(&trees[..few], &mut |_| ()).unwrap_err();
        assert!(matches!(error, TrainError::TooFew { found } if found == few), "{error}");
    }
    let mut cycle = trees.clone();
    cycle[4].words[1].head = Some(0);
    cycle[4].id.push_str("s-5");
    let error = train::train(&cycle, &mut |_| ()).unwrap_err().to_string();
    assert_eq!(error, "sentence 5 `s-5`: no word of the sentence is its root, with the head 0");
    cycle[4].words.clear();
    assert!(train::train(&cycle, &mut |_| ()).unwrap_err().to_string().contains("no words"));
}

#[test]
fn training_finds_out_first_where_its_models_go() {
    let folder = TempDir::new().unwrap();
    let treebank = folder.path().join("few.conllu");
    let empty = folder.path().join("empty.conllu");
    fs::write(&treebank, sentence(&[("Rebels", "2", "nsubj"), ("fled", "0", "root")]).repeat(20)).unwrap();
    fs::write(&empty, "\n").unwrap();
    let trained = |treebank: &Path, to: &Path| {
        train::run(&[treebank.to_owned()], to, "some", &mut |_| ()).map_err(|error| error.to_string())
    };
    let told = trained(&empty, folder.path()).unwrap_err();
    assert!(told.contains("empty.conllu` holds no sentence"), "{told}");
    let told = trained(&treebank, &treebank.join("models")).unwrap_err();
    assert!(told.contains("few.conllu"), "{told}");
    let models = folder.path().join("new").join("models");
    trained(&treebank, &models).unwrap();
    let mut files: Vec<_> = fs::read_dir(&models).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["some-accurate.bglang", "some-fast.bglang", "some-words.bglang"]);
    // Models of other files than those in the program, as a person names them.
    let (code, shown, told) =
        run(&["parse", "--fast", "--models", models.join("some").to_str().unwrap()], b"Rebels fled");
    assert_eq!(code, Some(0), "{told}");
    assert!(shown.contains("2\tfled\tfled\tNOUN\tNN\t_\t0\troot\t"), "{shown}");
}

/// The text as it comes back out of CoNLL-U.
fn rebuilt(text: &str) -> (String, Vec<Tree>) {
    let trees = conllu::trees(&Pipeline::embedded_fast().analyse_text(text));
    let again = conllu::parse(&trees.iter().map(conllu::write_tree).collect::<String>()).unwrap();
    assert_eq!(again, trees, "{text:?}");
    (conllu::text_of(&again), again)
}

/// That the text is kept character by character, and that every position is where the characters stand.
fn kept(text: &str) {
    let (found, trees) = rebuilt(text);
    if trees.is_empty() {
        // Without a word there is nothing to which white space could be written.
        return;
    }
    assert_eq!(found, text);
    let characters: Vec<char> = text.chars().collect();
    for tree in &trees {
        assert_eq!(characters[tree.range().unwrap()].iter().collect::<String>(), tree.source());
        for token in &tree.tokens {
            assert_eq!(characters[token.range.clone().unwrap()].iter().collect::<String>(), token.form);
            for (i, range) in token.words.clone().zip(tree.word_ranges(token).unwrap()) {
                assert_eq!(characters[range].iter().collect::<String>(), tree.words[i].form);
            }
        }
    }
}

#[test]
fn the_text_can_be_put_together_from_conllu() {
    for text in [
        "Rebels fled.",
        "Rebels fled. ",
        "  Rebels \t fled.\r\n\r\n\r\nThey don't know\u{A0}why.\n",
        "\u{FEFF}Rebels\u{200B} fled\u{200B}again\u{0}now\u{2028}and\u{85}then \u{3000}.\u{2029}",
        "Ein\u{2060} Wort _ | \\s \\ # \u{B}",
        "Mortars hit\nAleppo's\nold 🇸🇾 town\u{301}.\n \nتل أبيض",
    ] {
        kept(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_text_can_be_put_together_from_conllu(
        parts in proptest::collection::vec(
            prop_oneof![
                "[A-Za-z']{1,6}", "[ \\t\\r\\n|\\\\_.,#=-]", any::<char>().prop_map(String::from),
                proptest::char::range('\0', '\u{AD}').prop_map(String::from),
                proptest::char::range('\u{2000}', '\u{206F}').prop_map(String::from), Just("\u{FEFF}".to_owned()),
            ],
            0..60,
        )
    ) {
        kept(&parts.concat());
    }
}

#[test]
fn conllu_says_what_follows_a_token_and_where_it_stands() {
    let (code, shown, told) = run(&["parse", "--fast"], "É,\u{200B} they don't\n\nflee.".as_bytes());
    assert_eq!(code, Some(0), "{told}");
    let misc = |form: &str| {
        let row = shown.lines().find(|line| line.split('\t').nth(1) == Some(form)).unwrap();
        row.split('\t').next_back().unwrap().to_owned()
    };
    assert!(shown.starts_with("# newdoc\n# newpar\n# sent_id = 1\n# text = É, they don't\n"), "{shown}");
    assert_eq!(misc("É"), "SpaceAfter=No|TokenRange=0:1");
    assert_eq!(misc(","), "SpacesAfter=\\u200B\\s|TokenRange=1:2");
    assert_eq!(misc("they"), "TokenRange=4:8");
    assert_eq!(misc("don't"), "SpacesAfter=\\n\\n|TokenRange=9:14");
    assert_eq!(misc("n't"), "_");
    assert!(shown.contains("\n\n# newpar\n# sent_id = 2\n# text = flee.\n"), "{shown}");
}

#[test]
fn json_says_where_words_stand_and_which_token_they_are_of() {
    let (code, shown, told) = run(&["parse", "--fast", "-f", "json"], "É!\n\nThey don't flee.".as_bytes());
    assert_eq!(code, Some(0), "{told}");
    let sentences: Vec<serde_json::Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = sentences.last().unwrap();
    assert_eq!((&last["text"], &last["start"], &last["end"]), (&"They don't flee.".into(), &4.into(), &20.into()));
    assert_eq!(last["paragraph"], true);
    let found = |i: usize| {
        let word = &last["words"][i];
        (
            word["form"].as_str().unwrap().to_owned(),
            [&word["start"], &word["end"], &word["token"]].map(|n| n.as_u64().unwrap()),
        )
    };
    assert_eq!(found(1), ("do".to_owned(), [9, 11, 2]));
    assert_eq!(found(2), ("n't".to_owned(), [11, 14, 2]));
    assert_eq!(found(3), ("flee".to_owned(), [15, 19, 3]));
    assert_eq!(
        last["multiword"],
        serde_json::json!([{ "token": 2, "form": "don't", "words": [2, 3], "start": 9, "end": 14 }])
    );
}

#[test]
fn a_tree_is_drawn_without_doubt_where_lines_meet() {
    let (code, shown, told) = run(&["parse", "-f", "tree"], b"Rebels seized the town of Kobani from the army.");
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(shown.lines().filter(|line| line.contains('▶')).count(), 9);
    assert_eq!(shown.lines().filter(|line| line.contains('●')).count(), 1);
    // The verb is the head of its subject above it and of words below it, all on the line that goes on to it.
    assert!(shown.lines().any(|line| line.contains("┴──● seized") && line.contains('┬')), "{shown}");
    for line in shown.lines() {
        let picture = line.split(['▶', '●']).next().unwrap();
        let corner = picture.trim_start().trim_start_matches(['│', ' ']);
        assert!(!corner.contains("─╰") && !corner.contains("─╭") && !corner.contains("─├"), "{shown}");
    }
}

#[test]
fn given_words_are_kept() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("given.conllu");
    let text = "# newdoc id = d\n# sent_id = s\n1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_\n1\tdo\t_\t_\t_\t_\t_\t_\t_\t_\n\
        2\tnot\t_\t_\t_\t_\t_\t_\t_\t_\n3\tNewYork.\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No|TokenRange=6:14\n\n";
    fs::write(&path, text).unwrap();
    let given = path.to_str().unwrap();
    let (code, shown, told) = run(&["parse", "--fast", "--gold-tokens", given], b"");
    assert_eq!(code, Some(0), "{told}");
    let trees = conllu::parse(&shown).unwrap();
    assert!(
        shown.starts_with("# newdoc id = d\n# newpar\n# sent_id = s\n# text = don't NewYork.\n1-2\tdon't\t"),
        "{shown}"
    );
    let forms: Vec<&str> = trees[0].words.iter().map(|word| word.form.as_str()).collect();
    assert_eq!(forms, ["do", "not", "NewYork."]);
    assert_ne!(trees[0].words[0].upos, Upos::X);
    let (_, shown, _) = run(&["parse", "--fast", "--gold-tokens", "-f", "json"], text.as_bytes());
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&json["words"][0]["start"], &json["words"][2]["start"]), (&serde_json::Value::Null, &6.into()));

    for (arguments, told) in [
        (&["parse", "--gold-tokens", "-f", "reading", given][..], "`--format reading` is made from running text"),
        (&["parse", "--gold-tokens", "Rebels fled."], "`Rebels fled.` is no file"),
        (&["parse", "--evaluate", given, "-f", "json"], "cannot be used with"),
        (&["parse", "--evaluate", given], "given.conllu"),
        (&["parse", "--models", "nowhere/english", given], "`nowhere/english-words.bglang`: `--models` wants"),
    ] {
        let (code, _, error) = run(arguments, b"");
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains(told), "{told:?} is not in {error:?}");
    }
    fs::write(&path, "1 do not\n").unwrap();
    let (_, _, error) = run(&["parse", "--gold-tokens", given], b"");
    assert!(error.contains(given) && error.contains("CoNLL-U line 1"), "{error}");
}

#[test]
fn input_that_is_no_text_is_named_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("latin.txt");
    fs::write(&path, b"Rebels\nfled to \xC9vry.").unwrap();
    let (code, _, told) = run(&["parse", path.to_str().unwrap()], b"");
    assert_eq!(code, Some(2));
    assert!(told.contains("latin.txt` is not UTF-8: byte 16 (line 2)") && told.contains("iconv"), "{told}");
    let (_, _, told) = run(&["parse"], b"\xFF");
    assert!(told.contains("standard input is not UTF-8"), "{told}");
    let (code, _, told) = run(&["parse", "Kobani"], b"");
    assert_eq!(code, Some(2));
    assert!(told.contains("cannot read `Kobani`: one word is taken for the name of a file"), "{told}");
    assert!(told.contains("echo 'Kobani' | belligraph parse"), "{told}");
}
