//! Reads articles in every format, packing and encoding, and everything that is not an article.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where its premises fail")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use belligraph::article::{Article, ColumnMap, Format, Input, ReadError, ReadOptions, read, read_bytes};
use jiff::civil::date;
use proptest::prelude::*;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers")
}

fn one(name: &str, bytes: impl Into<Vec<u8>>, options: ReadOptions) -> Article {
    let mut articles = all(name, bytes, options);
    assert_eq!(articles.len(), 1, "{name}");
    articles.remove(0).unwrap()
}

fn all(name: &str, bytes: impl Into<Vec<u8>>, options: ReadOptions) -> Vec<Result<Article, ReadError>> {
    read_bytes(name, bytes, options).collect()
}

fn failure(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let mut articles = all(name, bytes, ReadOptions::default());
    assert_eq!(articles.len(), 1, "{name}: {articles:?}");
    articles.remove(0).expect_err("no article").to_string()
}

fn expected() -> Article {
    let text = fs::read_to_string(samples().join("article.txt")).unwrap();
    let (_, text) = text.split_once("\n\n").unwrap();
    let (headline, body) = text.split_once("\n\n").unwrap();
    Article {
        id: Some("ew-42".into()),
        headline: headline.into(),
        body: body.trim_end().into(),
        publisher: Some("Example Wire".into()),
        author: Some("A. Writer".into()),
        published: Some(date(2018, 3, 9)),
        url: Some("https://wire.example/2018/qasr-lam".into()),
        language: Some("en".into()),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn one_article_in_every_format_and_packing() {
    for name in ["article.txt", "article.md", "article.json", "article.jsonl", "article.csv", "article.tsv"] {
        let bytes = fs::read(samples().join(name)).unwrap();
        assert_eq!(one(name, bytes.clone(), ReadOptions::default()), expected(), "{name}");
        assert_eq!(one(&format!("{name}.gz"), gzip(&bytes), ReadOptions::default()), expected(), "{name}.gz");
        let packed = zstd::encode_all(bytes.as_slice(), 1).unwrap();
        assert_eq!(one(&format!("{name}.zst"), packed, ReadOptions::default()), expected(), "{name}.zst");
        if Path::new(name).extension().is_none_or(|extension| extension != "md") {
            // What has no name is known by its content.
            assert_eq!(one("-", bytes, ReadOptions::default()), expected(), "{name} without a name");
        }
    }
}

#[test]
fn a_web_page_gives_its_main_text() {
    let bytes = fs::read(samples().join("article.html")).unwrap();
    for name in ["article.html", "saved page", "page.txt"] {
        let article = one(name, bytes.clone(), ReadOptions::default());
        assert_eq!(article, Article { id: None, ..expected() }, "{name}");
    }
}

#[test]
fn feeds_give_an_article_for_each_item() {
    for name in ["rss.xml", "atom.xml"] {
        let bytes = fs::read(samples().join(name)).unwrap();
        let articles = all(name, bytes, ReadOptions::default());
        let first = articles.into_iter().next().unwrap().unwrap();
        let language = first.language.clone();
        assert_eq!(Article { language: Some("en".into()), ..first }, expected(), "{name}");
        assert_eq!(language.is_some(), name == "rss.xml");
    }
    let bytes = fs::read(samples().join("rss.xml")).unwrap();
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&warnings);
    let options = ReadOptions { published: Some(date(2018, 3, 12)), ..ReadOptions::default() };
    let reader = read_bytes("rss.xml", bytes, options);
    let articles: Vec<Article> =
        reader.on_warning(move |warning| into.lock().unwrap().push(warning.to_string())).map(Result::unwrap).collect();
    assert_eq!(articles[1].headline, "Convoy attacked & looted");
    assert_eq!(articles[1].body, "Gunmen attacked a convoy\u{A0}on Monday.");
    assert_eq!(articles[1].published, None, "a date that cannot be read is not replaced by the default");
    let warnings = warnings.lock().unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("rss.xml: unreadable date `soon`"), "{}", warnings[0]);
}

#[test]
fn encodings_are_decoded() {
    let text = fs::read_to_string(samples().join("article.txt")).unwrap();
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let utf16: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let marked = format!("\u{FEFF}{text}").into_bytes();
    for bytes in [windows.into_owned(), utf16, marked] {
        assert_eq!(one("a.txt", bytes, ReadOptions::default()), expected());
    }
    for name in ["article.json", "article.csv", "article.tsv"] {
        let text = fs::read_to_string(samples().join(name)).unwrap();
        let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [windows.into_owned(), utf16, format!("\u{FEFF}{text}").into_bytes()] {
            assert_eq!(one(name, bytes, ReadOptions::default()), expected(), "{name}");
        }
    }
    let page = "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head>\
                <body><p>Война продолжается.</p></body></html>";
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode(page);
    assert_eq!(one("a.html", cyrillic.into_owned(), ReadOptions::default()).body, "Война продолжается.");
}

#[test]
fn one_bad_line_costs_only_itself() {
    let lines = concat!(
        r#"{"id": 1, "text": "One."}"#,
        "\n\n",
        r#"{"id": 2, "text": "Two"#,
        "\n",
        r#"["id", 3]"#,
        "\n",
        r#"{"id": 4, "story": "Four."}"#,
        "\r\n",
        r#"{"id": 5, "text": {"a": 1}}"#,
        "\n",
        r#"{"id": 6, "text": "Six.", "date": "someday"}"#,
    );
    let outcomes = all("a.jsonl", lines, ReadOptions::default());
    let ids: Vec<_> = outcomes.iter().flatten().map(|article| article.id.clone().unwrap()).collect();
    assert_eq!(ids, ["1", "6"]);
    let errors: Vec<String> =
        outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(errors.len(), 4, "{errors:#?}");
    assert!(errors[0].starts_with("a.jsonl:3: not valid JSON: EOF while parsing a string at column "), "{}", errors[0]);
    assert!(errors[0].ends_with("(each line must be one JSON object)"), "{}", errors[0]);
    assert!(errors[1].starts_with("a.jsonl:4: a JSON list where an object was expected"), "{}", errors[1]);
    assert_eq!(
        errors[2],
        "a.jsonl:5: no text: it has the fields `id`, `story` (name the field that holds it with `--map body=NAME`)"
    );
    assert!(errors[3].starts_with("a.jsonl:6: `text` is an object, not a text"), "{}", errors[3]);
}

#[test]
fn lists_and_sequences_of_objects() {
    let two = r#"{"text": "One {\"}."}, {"text": "Two ]."}"#;
    let spread = "{\n \"text\": \"One {\\\"}.\"\n}\n{\n \"text\": \"Two ].\"\n}\n";
    for (name, bytes) in [
        ("a.json", format!("[{two}]")),
        ("a.json", spread.to_owned()),
        ("a.jsonl", spread.to_owned()),
        ("a.jsonl", format!("[{two}]")),
        ("news.json", format!("{{\"status\": \"ok\", \"articles\": [{two}]}}")),
    ] {
        let bodies: Vec<String> =
            all(name, bytes.clone(), ReadOptions::default()).into_iter().map(|article| article.unwrap().body).collect();
        assert_eq!(bodies, ["One {\"}.", "Two ]."], "{name}: {bytes}");
    }
    let outcomes =
        all("a.json", "[{\"text\": \"One.\"},\n{\"text\": Two},\n{\"text\": \"Three.\"}", ReadOptions::default());
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    assert!(outcomes[1].as_ref().is_err_and(|error| error.place.line == Some(2)), "{outcomes:?}");
    let outcomes = all("a.json", "[{\"text\": \"One.\"},\n{\"text\": \"Two", ReadOptions::default());
    assert!(
        outcomes[1].as_ref().is_err_and(|error| error.to_string().contains("a.json:2: not valid JSON: the input ends"))
    );
}

#[test]
fn fields_by_other_names() {
    let mut columns = ColumnMap::default();
    for map in ["body=content.parts", "headline=Kopf", "published=meta.0.when"] {
        columns.insert(map.parse().unwrap());
    }
    let options = ReadOptions { columns, ..ReadOptions::default() };
    let json =
        r#"{"Kopf": "Head", "content": {"parts": ["One.", "Two."]}, "meta": [{"when": "3 May 2015"}], "title": "no"}"#;
    let article = one("a.jsonl", json, options.clone());
    assert_eq!((article.headline.as_str(), article.body.as_str()), ("Head", "One.\n\nTwo."));
    assert_eq!(article.published, Some(date(2015, 5, 3)));
    let article = one("a.csv", "content.parts;Kopf\n\"One; \"\"two\"\".\";Head\n", options);
    assert_eq!((article.headline.as_str(), article.body.as_str()), ("Head", "One; \"two\"."));
}

#[test]
fn rows_of_another_width_are_reported_with_their_line() {
    let outcomes = all("a.csv", "title,text\nA,\"One\nline.\"\nB\nC,Three.\n", ReadOptions::default());
    assert_eq!(outcomes[0].as_ref().unwrap().body, "One\nline.");
    let error = outcomes[1].as_ref().unwrap_err();
    assert!(error.to_string().starts_with("a.csv:4: a row of 1 cells under a header of 2"), "{error}");
    assert_eq!(outcomes[2].as_ref().unwrap().body, "Three.");
}

#[test]
fn what_is_no_article_is_said_to_be_none() {
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a.txt", b"".to_vec(), "a.txt: empty: there is nothing to read"),
        ("a.txt", b" \n\t\r\n".to_vec(), "a.txt: empty: there is nothing to read"),
        ("a.jsonl", b"\n\n".to_vec(), "a.jsonl: empty: there is nothing to read"),
        ("a.json", b"[]".to_vec(), "a.json: empty: there is nothing to read"),
        ("a.csv", b"title,text\n".to_vec(), "a.csv: empty: there is nothing to read"),
        ("a.html", b"<html><script>1</script></html>".to_vec(), "a.html: no article text found in the page"),
        ("a.txt", b"%PDF-1.7 \x00\x01".to_vec(), "a.txt: a PDF document, not text"),
        ("a.txt", vec![0, 1, 2, 3, 4, 5, 6, 7, 200, 0, 0], "a.txt: binary data, not text"),
        ("a.jsonl", b"\x89PNG\r\n\x1a\n\x00\x00".to_vec(), "a.jsonl: a PNG image, not text"),
        (
            "a.xml",
            b"<?xml version='1.0'?><kml/>".to_vec(),
            "a.xml: XML, but neither a feed nor a page: its root is `kml`",
        ),
        ("a.rss", b"<rss><channel/></rss>".to_vec(), "a.rss: not a readable feed: no items in it"),
        ("a.csv", b"a,b\n1,2\n".to_vec(), "a.csv: no text: it has the fields `a`, `b`"),
        ("a.gz", gzip(&gzip(b"text")), "a.gz: data compressed twice, not text"),
        ("a.json", b"null".to_vec(), "a.json:1: not valid JSON: unexpected `n`"),
        ("a.jsonl", b"{\"text\": \"  \"}".to_vec(), "a.jsonl:1: no text: headline and body are blank"),
    ];
    for (name, bytes, message) in cases {
        let error = failure(name, bytes);
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn what_was_readable_before_the_damage_is_read() {
    let line =
        |number: u64| format!("{{\"id\": {number}, \"text\": \"{:x}\"}}\n", number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let lines: String = (0..20_000).map(line).collect();
    for (packed, kind) in [(gzip(lines.as_bytes()), "gzip"), (zstd::encode_all(lines.as_bytes(), 1).unwrap(), "zstd")] {
        let mut outcomes = all("a.jsonl", &packed[..packed.len() / 2], ReadOptions::default());
        let error = outcomes.pop().unwrap().unwrap_err().to_string();
        assert!(
            error.contains(&format!("damaged {kind} data")) && error.contains("fetch or compress it again"),
            "{error}"
        );
        assert!(outcomes.len() > 1000 && outcomes.iter().all(Result::is_ok), "{kind}: {}", outcomes.len());
        let error = failure("a.txt", &packed[..6]);
        assert!(error.contains(&format!("damaged {kind} data")), "{error}");
    }
}

#[test]
fn no_article_is_larger_than_allowed() {
    let options = || ReadOptions { max_bytes: 1000, ..ReadOptions::default() };
    let long = "x".repeat(2000);
    let message = "larger than the limit of 1000 bytes for one article (raise it with `--max-size`)";
    for (name, bytes) in [
        ("a.txt", long.clone()),
        ("a.html", format!("<html><body><p>{long}")),
        ("a.xml", format!("<rss><item><title>{long}</title></item></rss>")),
    ] {
        let error = all(name, bytes.clone(), options()).remove(0).unwrap_err().to_string();
        assert_eq!(error, format!("{name}: {message}"));
        let error = all(name, gzip(bytes.as_bytes()), options()).remove(0).unwrap_err().to_string();
        assert_eq!(error, format!("{name}: {message}"), "unpacked size counts");
    }
    for (name, bytes) in [
        ("a.jsonl", format!("{{\"text\": \"{long}\"}}\n{{\"text\": \"Short.\"}}\n")),
        ("a.json", format!("[{{\"text\": \"{long}\"}},\n{{\"text\": \"Short.\"}}]")),
    ] {
        let outcomes = all(name, bytes, options());
        assert_eq!(outcomes[0].as_ref().unwrap_err().to_string(), format!("{name}:1: {message}"));
        assert_eq!(outcomes[1].as_ref().unwrap().body, "Short.");
    }
    let unclosed = format!("title,text\nA,\"{}", "x\n".repeat(200_000));
    let error = all("a.csv", unclosed, options()).remove(0).unwrap_err().to_string();
    assert!(error.starts_with("a.csv:2: a row larger than the limit of 1000 bytes"), "{error}");
}

#[test]
fn directories_are_read_sorted_without_what_is_no_article() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::create_dir_all(path("b/empty")).unwrap();
    fs::create_dir(path(".hidden")).unwrap();
    for name in
        ["c.txt", "a.txt", "b/b.md", "README.md", "b/readme.txt", ".x.txt", ".hidden/a.txt", "d.docx", "LICENSE", "e"]
    {
        fs::write(path(name), format!("{name}\n\nBody.\n")).unwrap();
    }
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&warnings);
    let reader = read([Input::Path(directory.path().into())], ReadOptions::default());
    let meter = reader.meter();
    let headlines: Vec<String> = reader
        .on_warning(move |warning| into.lock().unwrap().push(warning.to_string()))
        .map(|article| article.unwrap().headline)
        .collect();
    assert_eq!(headlines, ["a.txt", "b/b.md", "c.txt", "e"]);
    assert_eq!((meter.read(), meter.total()), (meter.total(), 49));
    assert!(warnings.lock().unwrap()[0].contains("left out 1 files of other kinds, such as"));
    let error = read([Input::Path(path("b/empty"))], ReadOptions::default()).next().unwrap().unwrap_err();
    assert_eq!(error.reason(), "directory without articles");
    let named = read([Input::Path(path("README.md"))], ReadOptions::default()).next().unwrap();
    assert!(named.is_ok(), "a file that is named is read");
}

#[test]
fn inputs_that_cannot_be_opened_do_not_stop_the_others() {
    let inputs = [
        Input::Path("/no/such/file.txt".into()),
        Input::Path(samples().join("article.txt")),
        Input::Url("http://[::1".into()),
        Input::Path(samples().join("article.md")),
    ];
    let outcomes: Vec<_> = read(inputs, ReadOptions::default()).collect();
    let error = outcomes[0].as_ref().unwrap_err().to_string();
    assert_eq!(error, "/no/such/file.txt: no such file or directory (check the spelling of the path)");
    assert!(outcomes[1].is_ok() && outcomes[3].is_ok());
    assert!(outcomes[2].as_ref().unwrap_err().to_string().starts_with("http://[::1: not a web address"));
}

#[test]
fn example_articles_are_read() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles");
    let files = fs::read_dir(&directory).unwrap().count();
    let articles: Vec<Article> =
        read([Input::Path(directory)], ReadOptions::default()).collect::<Result<_, _>>().unwrap();
    assert_eq!(articles.len(), files - 1, "all but the README");
    for article in &articles {
        assert!(article.id.is_some() && article.published.is_some() && article.publisher.is_some(), "{article:?}");
        assert!(!article.headline.is_empty() && !article.body.is_empty(), "{article:?}");
    }
    let mut keys: Vec<String> = articles.iter().map(Article::key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), articles.len());
}

#[test]
fn absurdly_nested_input_is_survived() {
    let nested = |depth: usize| format!("<html><body>{}<p>Text of the page.", "<div>".repeat(depth));
    assert_eq!(one("a.html", nested(500), ReadOptions::default()).body, "Text of the page.");
    assert!(failure("a.html", nested(100_000)).contains("nested more than 512 deep"));
    assert_eq!(one("a.html", format!("<html><body>{}Text", "<p>".repeat(5_000)), ReadOptions::default()).body, "Text");
    assert!(failure("a.json", "[".repeat(100_000)).contains("empty"));
    assert!(failure("a.json", format!("{{\"text\":{}", "[".repeat(100_000))).contains("not valid JSON"));
    assert!(failure("a.jsonl", format!("{{\"text\":{}\n", "[".repeat(100_000))).contains("not valid JSON"));
    for (name, bytes) in [
        ("a.md", "> ".repeat(5_000)),
        ("a.md", "[".repeat(5_000)),
        ("a.md", "*a **a ".repeat(5_000)),
        ("a.xml", format!("<rss>{}", "<item>".repeat(5_000))),
        ("a.xml", format!("<rss><item><description>{}", "<b>".repeat(5_000))),
    ] {
        let started = std::time::Instant::now();
        let _ = read_bytes(name, bytes.as_str(), ReadOptions::default()).on_warning(drop).count();
        assert!(started.elapsed().as_secs() < 20, "{}", &bytes[..20]);
    }
}

fn every_way(bytes: &[u8]) {
    for format in Format::ALL.into_iter().map(Some).chain([None]) {
        let options = ReadOptions { format, max_bytes: 1 << 16, ..ReadOptions::default() };
        for outcome in read_bytes("a", bytes, options).on_warning(drop) {
            match outcome {
                Ok(article) => {
                    let key = article.key();
                    assert!(key.len() <= 65 && key.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric()));
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        every_way(&bytes);
        every_way(&gzip(&bytes));
    }

    #[test]
    fn no_text_panics(text in r#"[-a-z<>{}\[\]":,;&#!?/=.\n\r\t \u{A0}“é日]{0,200}"#) {
        every_way(text.as_bytes());
    }

    #[test]
    fn no_damaged_sample_panics(
        sample in prop::sample::select(vec![
            "article.txt", "article.md", "article.html", "article.json", "article.csv", "rss.xml", "atom.xml",
        ]),
        cut in 0.0..1.0_f64,
        patches in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 0..8),
    ) {
        let mut bytes = fs::read(samples().join(sample)).unwrap();
        for (at, byte) in patches {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = byte;
        }
        bytes.truncate((cut * bytes.len() as f64) as usize);
        every_way(&bytes);
    }

    #[test]
    fn text_is_a_slice_of_the_file(text in "[a-z. \n\r\u{A0}“]{0,200}") {
        let options = ReadOptions { format: Some(Format::Text), ..ReadOptions::default() };
        for article in read_bytes("a.txt", text.as_str(), options).on_warning(drop).flatten() {
            prop_assert!(text.contains(&article.headline) && text.contains(&article.body));
        }
    }
}
